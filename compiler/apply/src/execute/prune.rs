//! Takes away what left the lab: kind by kind, each when the one before is gone, and none that is not what was planned for.

use std::collections::BTreeSet;

use plan::{Action, Context, Key, Pruning, Reason, Refusal, Step, layer, status};
use serde_json::Value;
use tokio::time::Duration;

use super::{Event, Run};
use crate::error::{Error, Stuck};
use crate::inquire::TRIES;
use crate::observe::in_namespace;
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
            let mut going = Vec::new();
            for step in together {
                if self.cluster.is_stopped() {
                    return Err(Error::Stopped);
                }
                if self.is_pruned(step, &pruning).await? {
                    going.push(*step);
                }
            }
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
            let mut left = Vec::new();
            for step in going {
                let Some(path) = self.path_of(step) else { continue };
                let live = self.there(step, &path).await?;
                left.extend(live.filter(|live| is_same(live, step)).map(|live| reason(&live, began)));
            }
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

fn is_same(live: &Value, step: &Step) -> bool {
    live["metadata"]["uid"].as_str() == step.uid.as_deref()
}

fn reason(live: &Value, began: i64) -> Reason {
    let context = Context { now: now(), storage_class: &|_| None };
    let sentence = status(live, &context).sentence().to_owned();
    Reason { key: Key::of(live), sentence, seconds: now().saturating_sub(began) }
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
