//! Does what a plan says, wave by wave, and takes away what left the lab at the end.
//!
//! ```text
//! set: what was and will be ─▶ wave: definitions, classes, rest ─ wait ─▶ … ─▶ prune ─▶ set: what is
//! ```
//!
//! Whatever breaks off leaves a cluster in which the next run finds everything: nothing is there that the set does not
//! know of, and everything that is done is done again without harm.

mod deploy;
mod hooks;
mod prune;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use futures::stream::{self, StreamExt};
use http::Method;
use plan::lease::{Holder, Turn};
use plan::{
    Action, ApplySet, Awaited, Inquiry, Key, Kind, Level, Patience, Phase, Reason, Refusal, ReleaseStep,
    Step, WantedObject, WantedRelease, rank,
};
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use tokio::time::{Duration, sleep, timeout};

use crate::cluster::Cluster;
use crate::desired::Desired;
use crate::error::Error;
use crate::helm::Helm;
use crate::inquire::{Observed, TRIES, inquire};
use crate::nodes;
use crate::observe::live;
use crate::request::{PAUSES, Question, deletion, segment};
use crate::wait::Waiting;

/// How often it is told what takes its time.
const TICK: Duration = Duration::from_secs(1);

/// How something is done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether objects are deleted that take data with them: recreated, or because they left the lab.
    pub consent: bool,
    /// How long is waited.
    pub patience: Patience,
}

/// What happens, as it does.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// These are being applied, and it takes its time.
    Working(&'a [Reason]),
    /// A step is done.
    Done(&'a Step),
    /// A release is.
    Released(&'a ReleaseStep),
    /// These are waited for. It is told again and again, and is new only where something else is in it.
    Waiting(&'a [Reason]),
    /// Somebody seems to apply the lab, and it is looked whether it still does.
    Queued(&'a Holder),
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many objects were made or changed.
    pub applied: usize,
    /// How many were deleted.
    pub pruned: usize,
}

/// Does what was planned since it was this run's turn. What is seen of it is told to `tell`.
pub fn apply(
    cluster: &Cluster,
    turn: &Turn,
    desired: &Desired,
    observed: &Observed,
    options: Options,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Outcome, Error> {
    // A lab that wants nothing is a mistake, and no reason to forget what it had.
    if desired.wanted.is_empty() {
        return Ok(Outcome::default());
    }
    let work = async {
        let parent = desired.parent();
        let mut wanted = ApplySet::of(desired.wanted.objects().map(|(_, one)| &one.key));
        wanted.releases = desired.wanted.releases().map(|(_, one)| one.id.to_string()).collect();
        wanted.domain.clone_from(&desired.wanted.home.domain);
        let before = observed.set.clone().unwrap_or_default();
        // A cluster that knows all of it already need not be told.
        let both = before.clone().union(&wanted);
        if observed.set.as_ref() != Some(&both) {
            cluster.write_set(&parent, &both, &desired.vault).await?;
        }
        let (outcome, has_failed) = (Outcome::default(), Cell::new(false));
        let (begun, helm, tell) = (RefCell::default(), OnceCell::new(), RefCell::new(tell));
        let mut run = Run { cluster, desired, observed, options, outcome, has_failed, begun, helm, tell };
        nodes::apply(cluster, desired, &observed.plan.nodes).await?;
        for wave in desired.wanted.waves() {
            run.wave(&wave).await?;
        }
        let pruned = run.prune().await?;
        let gone = run.uninstall().await?;
        // Whatever is left of the set is still known, and kinds that the cluster does not know now may come back.
        let mut after = wanted.union(&ApplySet::of(observed.members.difference(&pruned)));
        after.kinds.extend(observed.unknown.iter().cloned());
        after.releases.extend(observed.left().filter(|id| !gone.contains(id)));
        // Of a part of the lab it is not known what is there beside it.
        if !desired.wanted.is_partial && after != both {
            cluster.write_set(&parent, &after, &desired.vault).await?;
        }
        Ok(run.outcome)
    };
    cluster.run(cluster.holding(turn, &desired.vault, work))
}

struct Run<'a> {
    cluster: &'a Cluster,
    desired: &'a Desired,
    observed: &'a Observed,
    options: Options,
    outcome: Outcome,
    /// Whether something went wrong, so that nothing else is begun.
    has_failed: Cell<bool>,
    /// What is being applied.
    begun: RefCell<BTreeMap<Key, Begun>>,
    /// Only asked for where there is something to do for it.
    helm: OnceCell<Helm>,
    tell: RefCell<&'a mut dyn FnMut(Event<'_>)>,
}

/// What is said of what is being applied, where nothing else is known.
const BEING_APPLIED: &str = "it is being applied";

/// What is being applied.
struct Begun {
    since: i64,
    /// What is known of it.
    sentence: String,
}

/// An object, and what is known of it.
type Job<'a> = (&'a WantedObject, &'a Step, &'a Inquiry);

impl<'a> Run<'a> {
    /// Applies the parts of a wave, objects and releases in the order that each part needs, and waits until all of it is
    /// ready.
    async fn wave(&mut self, wave: &[usize]) -> Result<(), Error> {
        let parts = &self.desired.wanted.parts;
        let levels: Vec<(usize, Vec<Level>)> =
            wave.iter().map(|part| (*part, parts[*part].levels())).collect();
        for nth in 0..levels.iter().map(|(_, levels)| levels.len()).max().unwrap_or_default() {
            let here = levels.iter().filter_map(|(part, levels)| Some((*part, levels.get(nth)?)));
            let (mut objects, mut releases) = (Vec::new(), Vec::new());
            for (part, level) in here {
                objects.extend(level.has_objects.then_some(part));
                releases.extend(level.releases.iter().map(|release| &parts[part].releases[*release]));
            }
            self.objects(&objects).await?;
            self.releases(&releases).await?;
        }
        Ok(())
    }

    async fn releases(&mut self, releases: &[&'a WantedRelease]) -> Result<(), Error> {
        if releases.is_empty() {
            return Ok(());
        }
        let awaited = self.deploy(releases).await?;
        let waiting = Waiting::of_releases(self.cluster, self.desired, self.options.patience, awaited);
        waiting.until_ready(&mut |event: Event<'_>| self.told(event)).await
    }

    /// Applies the objects of parts, and waits until all of them are ready.
    async fn objects(&mut self, wave: &[usize]) -> Result<(), Error> {
        let observed = self.observed;
        let all = self.desired.wanted.objects().zip(&observed.plan.steps).zip(&observed.inquiries);
        let mut jobs: Vec<Job<'a>> = all
            .filter(|(((part, _), _), _)| wave.contains(part))
            .map(|(((_, wanted), step), inquiry)| (wanted, step, inquiry))
            .collect();
        jobs.sort_by_key(|(wanted, ..)| rank(&wanted.key));
        for phase in Phase::ALL {
            let here = jobs.iter().filter(|(wanted, ..)| Phase::of(&wanted.key.kind) == phase);
            let here: Vec<Job<'a>> = here.copied().collect();
            let awaited = self.phase(&here).await?;
            let waiting = Waiting::new(self.cluster, self.desired, self.options.patience, awaited);
            waiting.until_ready(&mut |event: Event<'_>| self.told(event)).await?;
            if here.iter().any(|(_, step, _)| defines(&step.key.kind) && step.action.is_change()) {
                self.cluster.look_for_kinds().await?;
            }
        }
        Ok(())
    }

    async fn phase(&mut self, jobs: &[Job<'a>]) -> Result<Vec<(Awaited, Value)>, Error> {
        let this = &*self;
        let (done, failure) = self.at_once(jobs.iter().map(|job| this.object(*job))).await;
        for (step, _) in done.iter().filter(|(step, _)| step.action.is_change()) {
            self.outcome.applied += 1;
            self.told(Event::Done(step));
        }
        let awaited = |(_, object): (Step, Value)| (Awaited::new(&object, crate::wait::now()), object);
        failure.map_or_else(|| Ok(done.into_iter().map(awaited).collect()), Err)
    }

    /// Does what can be done at the same time, in this order; what came of it, and what went wrong. What is on its way
    /// when something fails is still done and heard of; nothing else is to be begun.
    async fn at_once<T>(
        &self,
        work: impl Iterator<Item = impl Future<Output = Result<T, Error>>>,
    ) -> (Vec<T>, Option<Error>) {
        let mut running = stream::iter(work).buffered(self.cluster.at_once.get());
        let (mut done, mut failure) = (Vec::new(), None::<Error>);
        loop {
            let result = match timeout(TICK, running.next()).await {
                Ok(Some(result)) => result,
                Ok(None) => return (done, failure),
                Err(_) => {
                    self.told(Event::Working(&self.under_way()));
                    continue;
                }
            };
            match result {
                Ok(one) => done.push(one),
                Err(error) => {
                    self.has_failed.set(true);
                    failure = failure.filter(|one| *one != Error::Stopped).or(Some(error));
                }
            }
        }
    }

    /// Whether nothing else is to be begun.
    fn is_over(&self) -> bool {
        self.cluster.is_stopped() || self.has_failed.get()
    }

    fn told(&self, event: Event<'_>) {
        (self.tell.borrow_mut())(event);
    }

    /// What is being applied, and for how long.
    fn under_way(&self) -> Vec<Reason> {
        let now = crate::wait::now();
        let reason = |(key, begun): (&Key, &Begun)| Reason {
            key: key.clone(),
            sentence: begun.sentence.clone(),
            seconds: now.saturating_sub(begun.since),
        };
        self.begun.borrow().iter().map(reason).collect()
    }

    /// Does one step; the step that it was, and the object as it is then.
    async fn object(&self, job: Job<'a>) -> Result<(Step, Value), Error> {
        self.under_way_while(&job.0.key, self.step(job)).await
    }

    /// Does some work that is seen to be under way.
    async fn under_way_while<T>(&self, key: &Key, work: impl Future<Output = T>) -> T {
        let begun = Begun { since: crate::wait::now(), sentence: BEING_APPLIED.to_owned() };
        self.begun.borrow_mut().insert(key.clone(), begun);
        let done = work.await;
        self.begun.borrow_mut().remove(key);
        done
    }

    async fn step(&self, (wanted, step, inquiry): Job<'a>) -> Result<(Step, Value), Error> {
        if self.is_over() {
            return Err(Error::Stopped);
        }
        let refused = |why: String| Error::Refused(Some(wanted.key.clone().into()), Refusal::Invalid(why));
        let (inquiry, action) = match &step.action {
            // It could not be asked before; what it needs is there now.
            Action::Create { unchecked: Some(_) } => self.inquired_anew(wanted, inquiry).await?,
            action => (inquiry.clone(), action.clone()),
        };
        match &action {
            Action::Nothing if inquiry.adoption().is_none() => {
                return Ok((step.clone(), inquiry.live().cloned().unwrap_or_default()));
            }
            Action::Create { unchecked: Some(why) } => return Err(refused(why.clone())),
            Action::Refused { why } => return Err(refused(why.clone())),
            Action::Recreate { why, .. } if !self.options.consent => {
                return Err(refused(format!(
                    "{why}\n  it would have to be deleted and made anew: --delete-data does that"
                )));
            }
            Action::Recreate { .. } => self.delete_and_wait(step, wanted).await?,
            Action::Create { .. } | Action::Change { .. } | Action::Nothing => {
                self.adopt(step, wanted, &inquiry).await?;
            }
            Action::Prune | Action::Keep { .. } => {}
        }
        let object = self.applied(wanted, &inquiry, matches!(action, Action::Recreate { .. })).await?;
        Ok((Step { action, ..step.clone() }, object))
    }

    /// Asks about an object that could not be asked about before. A kind takes a moment until it is served, and some are
    /// only brought by what was applied meanwhile.
    async fn inquired_anew(
        &self,
        wanted: &WantedObject,
        inquiry: &Inquiry,
    ) -> Result<(Inquiry, Action), Error> {
        let mut pauses = PAUSES.iter().chain(&[10_000]);
        loop {
            let now = live(self.cluster, &wanted.key, &wanted.object, &self.desired.vault).await?;
            let found = inquire(self.cluster, self.desired, wanted, inquiry.clone().again(now)).await?;
            let is_unknown = matches!(found.1, Action::Create { unchecked: Some(_) });
            let lacks_kind = !found.0.lacks_namespace();
            let (true, true, Some(pause)) = (is_unknown, lacks_kind, pauses.next()) else { return Ok(found) };
            if self.cluster.is_stopped() {
                return Err(Error::Stopped);
            }
            self.cluster.pause(Duration::from_millis(*pause)).await;
            self.cluster.look_for_kinds().await?;
        }
    }

    /// Applies an object. Whose its fields are is asked anew where somebody took one since it was planned.
    async fn applied(&self, wanted: &WantedObject, inquiry: &Inquiry, is_new: bool) -> Result<Value, Error> {
        let mut inquiry = inquiry.clone();
        for _ in 0..TRIES {
            match self.applied_once(wanted, &inquiry, is_new).await {
                Err(Error::Refused(_, Refusal::Conflicts(_))) => {}
                other => return other,
            }
            let planned = inquiry.uid().map(str::to_owned);
            let now = live(self.cluster, &wanted.key, &wanted.object, &self.desired.vault).await?;
            let (again, action) = inquire(self.cluster, self.desired, wanted, inquiry.again(now)).await?;
            let is_same = planned.is_none() || again.uid() == planned.as_deref();
            let is_change = matches!(action, Action::Create { .. } | Action::Change { .. } | Action::Nothing);
            if !is_same || !is_change {
                break;
            }
            inquiry = again;
        }
        Err(Error::Refused(Some(wanted.key.clone().into()), Refusal::Outdated))
    }

    async fn applied_once(
        &self,
        wanted: &WantedObject,
        inquiry: &Inquiry,
        is_new: bool,
    ) -> Result<Value, Error> {
        let mut object = inquiry.object();
        // Whatever has taken its name meanwhile is another object.
        if let (Some(uid), false) = (inquiry.uid(), is_new) {
            object["metadata"]["uid"] = uid.into();
        }
        let key = &wanted.key;
        let path = self.cluster.path(&object);
        let path = path.ok_or_else(|| Error::Refused(Some(key.clone().into()), Refusal::NoKind))?;
        let question = Question::apply(&path, &object, inquiry.is_forced(), false).about(key);
        self.cluster.ask(&question, &self.desired.vault).await
    }

    /// Makes what Helm or kubectl made before ours, if there is any. Whoever writes meanwhile comes first.
    async fn adopt(&self, step: &Step, wanted: &WantedObject, inquiry: &Inquiry) -> Result<(), Error> {
        let mut inquiry = inquiry.clone();
        for _ in 0..TRIES {
            match self.adopt_once(wanted, &inquiry).await {
                Err(Error::Refused(_, Refusal::Outdated)) => {}
                other => return other,
            }
            let now = live(self.cluster, &wanted.key, &wanted.object, &self.desired.vault).await?;
            if now.as_ref().and_then(|now| now["metadata"]["uid"].as_str()) != step.uid.as_deref() {
                break;
            }
            inquiry = inquiry.again(now);
        }
        Err(Error::Refused(Some(wanted.key.clone().into()), Refusal::Outdated))
    }

    async fn adopt_once(&self, wanted: &WantedObject, inquiry: &Inquiry) -> Result<(), Error> {
        let version = inquiry.live().and_then(|live| live["metadata"]["resourceVersion"].as_str());
        let (Some(entries), Some(version)) = (inquiry.adoption(), version) else { return Ok(()) };
        let Some(path) = self.cluster.path(&wanted.object) else { return Ok(()) };
        let replace = |path: &str, value: Value| json!({"op": "replace", "path": path, "value": value});
        let document = json!([
            replace("/metadata/managedFields", entries.into()),
            replace("/metadata/resourceVersion", version.into()),
        ]);
        let question = Question {
            method: Method::PATCH,
            content_type: "application/json-patch+json",
            body: Some(&document),
            ..Question::get(format!("{path}/{}", segment(&wanted.key.name)))
                .about(&wanted.key)
                .wanting(&wanted.object)
        };
        self.cluster.ask(&question, &self.desired.vault).await.map(drop)
    }

    async fn delete_and_wait(&self, step: &Step, wanted: &WantedObject) -> Result<(), Error> {
        self.delete(step, None, self.cluster.path(&wanted.object)).await?;
        // From here on it is to be made again, whoever asks to stop; only time ends this.
        let until = crate::wait::now().saturating_add(self.options.patience.timeout);
        while crate::wait::now() <= until {
            match live(self.cluster, &wanted.key, &wanted.object, &self.desired.vault).await? {
                Some(live) if step.uid.as_deref() == live["metadata"]["uid"].as_str() => {}
                _ => return Ok(()),
            }
            sleep(Duration::from_millis(200)).await;
        }
        Err(Error::Refused(Some(wanted.key.clone().into()), Refusal::Ending))
    }

    /// Deletes the object that was planned for, if it is still there, and still in a state if one is said. `path` is that of
    /// its kind.
    async fn delete(&self, step: &Step, version: Option<&str>, path: Option<String>) -> Result<(), Error> {
        let (Some(path), Some(uid)) = (path, &step.uid) else { return Ok(()) };
        let options = deletion(uid, version);
        let question = Question {
            method: Method::DELETE,
            body: Some(&options),
            ..Question::get(format!("{path}/{}", segment(&step.key.name))).about(&step.key)
        };
        match self.cluster.ask(&question, &self.desired.vault).await {
            // It is gone, or it is another one, which nobody planned for.
            Ok(_) | Err(Error::Refused(_, Refusal::NoKind | Refusal::NoNamespace(_))) => Ok(()),
            Err(Error::Refused(_, Refusal::Outdated)) if version.is_none() => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Whether there are more kinds when an object of this one is there.
fn defines(kind: &Kind) -> bool {
    kind.is("apiextensions.k8s.io", "CustomResourceDefinition")
}
