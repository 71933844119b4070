//! Takes away what left the lab: kind by kind, each when the one before is gone, and none that is not what was planned for.

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{self, StreamExt, TryStreamExt};
use plan::{Action, Context, Key, Kind, Pruning, Reason, Refusal, Step, layer, status};
use serde_json::Value;
use tokio::time::Duration;

use super::{Event, Run};
use crate::error::{Error, Stuck};
use crate::inquire::TRIES;
use crate::observe::{in_namespace, names_of_members};
use crate::request::{Question, segment};
use crate::wait::{PAUSES, now};

impl Run<'_> {
    /// Takes away what left the lab; what is gone then.
    pub(super) async fn prune(&mut self) -> Result<BTreeSet<Key>, Error> {
        let mut gone = BTreeSet::new();
        let pruning = Pruning { consent: self.options.consent, ..self.observed.pruning.clone() };
        let steps = self.observed.plan.steps.iter().filter(|step| step.action == Action::Prune);
        let steps: Vec<&Step> = steps.collect();
        for together in steps.chunk_by(|one, other| layer(&one.key) == layer(&other.key)) {
            let this = &*self;
            let deletions = together.iter().map(|step| this.is_pruned(step, &pruning));
            let (pruned, failure) = self.at_once(deletions).await;
            failure.map_or(Ok(()), Err)?;
            let going =
                together.iter().zip(pruned).filter_map(|(step, is_pruned)| is_pruned.then_some(*step));
            let going: Vec<&Step> = going.collect();
            self.until_gone(&going).await?;
            for step in going {
                self.outcome.pruned += 1;
                self.told(Event::Done(step));
                gone.insert(step.key.clone());
            }
        }
        Ok(gone)
    }

    /// Deletes what left the lab, if it is still the object that was planned for and still to go: much may have happened
    /// since then. Whether it is on its way.
    async fn is_pruned(&self, step: &Step, pruning: &Pruning) -> Result<bool, Error> {
        if self.is_over() {
            return Err(Error::Stopped);
        }
        let Some(path) = self.path_of(step) else { return Ok(false) };
        for _ in 0..TRIES {
            let Some(now) = self.there(step, &path).await? else { return Ok(true) };
            let Some(again) = pruning.step(&now) else { return Ok(false) };
            if again.action != Action::Prune || again.uid != step.uid {
                return Ok(false);
            }
            let version = again.resource_version.as_deref();
            match self.delete(step, version, Some(path.clone())).await {
                Err(Error::Refused(_, Refusal::Outdated)) => {}
                other => return other.map(|()| true),
            }
        }
        Err(Error::Refused(Some(step.key.clone().into()), Refusal::Outdated))
    }

    /// Waits until objects are gone: some are kept until whoever looks after them has cleaned up.
    async fn until_gone(&mut self, going: &[&Step]) -> Result<(), Error> {
        let began = now();
        let mut pauses = PAUSES.iter();
        let mut pause = PAUSES[0];
        loop {
            let left = self.left(going, began).await?;
            if left.is_empty() {
                return Ok(());
            }
            if now().saturating_sub(began) >= self.options.patience.timeout {
                return Err(Error::NotGone(left.into_iter().map(kept).collect()));
            }
            self.told(Event::Waiting(&left));
            if self.cluster.is_stopped() {
                return Err(Error::Stopped);
            }
            self.cluster.is_held()?;
            self.cluster.pause(Duration::from_millis(pause)).await;
            pause = pauses.next().copied().unwrap_or(pause);
        }
    }

    /// What is still there of what goes. The members of a kind come in one answer: to ask for each would take as many
    /// questions, again and again.
    async fn left(&self, going: &[&Step], began: i64) -> Result<Vec<Reason>, Error> {
        let kinds: BTreeSet<&Kind> = going.iter().map(|step| &step.key.kind).collect();
        let (id, vault) = (self.desired.parent().id(), &self.desired.vault);
        let lists = stream::iter(kinds).map(|kind| names_of_members(self.cluster, kind, &id, vault));
        let found: Vec<Vec<Value>> = lists.buffered(self.cluster.at_once.get()).try_collect().await?;
        let steps: BTreeMap<&str, &Step> =
            going.iter().filter_map(|step| Some((step.uid.as_deref()?, *step))).collect();
        let left = found.iter().flatten().filter_map(|live| {
            let step = steps.get(live["metadata"]["uid"].as_str()?)?;
            Some(reason(&step.key, live, began))
        });
        Ok(left.collect())
    }

    /// The object of a step, if there is one of its name.
    async fn there(&self, step: &Step, path: &str) -> Result<Option<Value>, Error> {
        let question = Question::get(format!("{path}/{}", segment(&step.key.name))).about(&step.key);
        match self.cluster.ask(&question, &self.desired.vault).await {
            Err(Error::Refused(_, Refusal::NoKind | Refusal::NoNamespace(_))) => Ok(None),
            now => now.map(Some),
        }
    }

    fn path_of(&self, step: &Step) -> Option<String> {
        let path = self.cluster.path_of_all(&step.key.kind)?;
        Some(in_namespace(&path, step.key.namespace.as_deref()))
    }
}

fn reason(key: &Key, live: &Value, began: i64) -> Reason {
    let context = Context { now: now(), storage_class: &|_| None };
    let sentence = status(live, &context).sentence().to_owned();
    Reason { key: key.clone(), sentence, seconds: now().saturating_sub(began) }
}

/// What is not gone in time, and what can be done about it.
fn kept(reason: Reason) -> Stuck {
    let said = if reason.sentence.contains("finalizers") {
        vec![
            "whoever set a finalizer removes it when it has cleaned up: is it running?".to_owned(),
            "if it is not to run any more, remove the finalizer with 'kubectl edit'".to_owned(),
        ]
    } else {
        Vec::new()
    };
    Stuck { reason, origin: None, said }
}
