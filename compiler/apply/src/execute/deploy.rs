//! Releases of charts: helm installs and upgrades them, and takes away those that left the lab.
//!
//! Helm is not asked to wait: what it brought is waited for as everything else is, so that what does not get ready is
//! named with what the cluster says about it.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;

use futures::future::{Either, select};
use futures::stream::{self, StreamExt};
use http::Method;
use plan::{Awaited, Key, Kind, Origin, Refusal, ReleaseAction, ReleaseId, WantedRelease};
use serde_json::Value;
use tokio::time::Duration;

use super::{Event, Run};
use crate::error::Error;
use crate::helm::{Charts, Helm, Record, documents, has_ended, records};
use crate::observe::live;
use crate::releases::Planned;
use crate::request::{Question, deletion, segment};

/// How long is waited before somebody else's helm is looked at again.
const PAUSE: Duration = Duration::from_secs(1);

impl<'a> Run<'a> {
    /// Deploys releases at once; what is waited for then, with where it is declared.
    pub(super) async fn deploy(
        &mut self,
        releases: &[&'a WantedRelease],
    ) -> Result<Vec<(Awaited, Value, Value, Origin)>, Error> {
        let this = &*self;
        let jobs = releases.iter().filter_map(|wanted| Some((*wanted, this.planned(&wanted.id)?)));
        let work = jobs.map(|(wanted, planned)| async move {
            let objects = this.under_way_while(&named(&wanted.id), this.release(wanted, planned)).await?;
            this.awaited(wanted, &objects).await.map(|awaited| (planned, awaited))
        });
        let (done, failure) = self.at_once(work).await;
        for (planned, _) in done.iter().filter(|(planned, _)| planned.step.action.is_change()) {
            self.outcome.applied += 1;
            self.told(Event::Released(&planned.step));
        }
        let awaited = done.into_iter().flat_map(|(_, awaited)| awaited).collect();
        failure.map_or(Ok(awaited), Err)
    }

    fn planned(&self, id: &ReleaseId) -> Option<&'a Planned> {
        self.observed.releases.iter().find(|planned| planned.step.id == *id)
    }

    /// Does what was planned for a release; its objects.
    async fn release(
        &self,
        wanted: &WantedRelease,
        planned: &Planned,
    ) -> Result<BTreeMap<Key, Value>, Error> {
        if self.is_over() {
            return Err(Error::Stopped);
        }
        match &planned.step.action {
            ReleaseAction::Install { .. } | ReleaseAction::Upgrade { .. } => {}
            ReleaseAction::Refused { why } => return Err(Error::Helm(wanted.id.clone(), why.clone())),
            _ => return Ok(planned.objects.clone()),
        }
        let vault = &self.desired.vault;
        self.free(wanted, planned.step.revision).await?;
        let chart = match &planned.chart {
            Some(chart) => chart.clone(),
            None => Charts::of_user().chart(wanted, vault).await?,
        };
        let helm = self.helm().await?;
        self.cluster.is_held()?;
        let key = named(&wanted.id);
        let deployed = helm.upgrade(wanted, &chart.path, vault);
        let deployed = match select(pin!(deployed), pin!(self.tell_hooks(&wanted.id, &key))).await {
            Either::Left((deployed, _)) => deployed,
            Either::Right(((), _)) => Ok(()),
        };
        if let Err(error) = deployed {
            return Err(self.with_hooks(&wanted.id, error).await);
        }
        // Charts bring kinds, and have objects of them.
        self.cluster.look_for_kinds().await?;
        let record = self.record(&wanted.id).await?;
        let record =
            record.ok_or_else(|| Error::Helm(wanted.id.clone(), "helm left no record of it".into()))?;
        let all = documents(&record.manifest, &wanted.id.namespace, self.cluster, vault);
        Ok(all.into_iter().map(|one| (one.key, one.object)).collect())
    }

    async fn helm(&self) -> Result<&Helm, Error> {
        self.helm.get_or_try_init(|| Helm::of(self.cluster, &self.desired.vault)).await
    }

    /// What is waited for of a release, as it is now. Jobs are not: charts have some that only end with them.
    async fn awaited(
        &self,
        wanted: &WantedRelease,
        objects: &BTreeMap<Key, Value>,
    ) -> Result<Vec<(Awaited, Value, Value, Origin)>, Error> {
        let vault = &self.desired.vault;
        let is_awaited = |key: &&Key| wanted.waits && !key.kind.is("batch", "Job");
        let keys = objects.keys().filter(is_awaited);
        let look = stream::iter(keys).map(|key| async move {
            let object = &objects[key];
            let now = live(self.cluster, key, object, vault).await?;
            let awaited = Awaited::new(object, crate::wait::now());
            Ok((awaited, now.unwrap_or(Value::Null), object.clone(), wanted.origin.clone()))
        });
        let found: Vec<Result<_, Error>> = look.buffered(self.cluster.at_once.get()).collect().await;
        found.into_iter().collect()
    }

    /// Waits until nobody else is at work on a release, and whether it is still as it was planned for. A helm that was
    /// killed is forgotten: at once where that is known, else when it would have given up.
    async fn free(&self, wanted: &WantedRelease, revision: Option<i64>) -> Result<(), Error> {
        loop {
            let Some(record) = self.record(&wanted.id).await? else {
                // What was there may be gone; what was not is not, either.
                return Ok(());
            };
            let now = &record.deployed;
            if revision.is_none_or(|planned| planned != now.revision) && !now.is_pending() {
                return Err(Error::Helm(wanted.id.clone(), other_revision(revision, now.revision)));
            }
            if !now.is_pending() {
                return Ok(());
            }
            if self.cluster.is_stopped() {
                return Err(Error::Stopped);
            }
            let is_late = crate::wait::now().saturating_sub(now.since) > wanted.timeout.saturating_mul(2);
            if is_late || has_ended(&now.process) {
                return self.forget(&wanted.id, &record).await;
            }
            self.cluster.pause(PAUSE).await;
        }
    }

    /// Takes away the record of a revision that nobody will ever end: what is in the cluster stays.
    async fn forget(&self, id: &ReleaseId, record: &Record) -> Result<(), Error> {
        let name = format!("sh.helm.release.v1.{}.v{}", id.name, record.deployed.revision);
        let options = deletion(&record.deployed.uid, None);
        let key = Key { kind: Kind::new("", "Secret"), namespace: Some(id.namespace.clone()), name };
        let path = format!("/api/v1/namespaces/{}/secrets/{}", segment(&id.namespace), segment(&key.name));
        let question =
            Question { method: Method::DELETE, body: Some(&options), ..Question::get(path).about(&key) };
        match self.cluster.ask(&question, &self.desired.vault).await {
            Ok(_) | Err(Error::Refused(_, Refusal::NoKind | Refusal::Outdated)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn record(&self, id: &ReleaseId) -> Result<Option<Record>, Error> {
        records(self.cluster, &[id.clone()].into(), &self.desired.vault).await.map(|mut all| all.remove(id))
    }

    /// Takes away the releases that left the lab; those that are gone.
    pub(super) async fn uninstall(&mut self) -> Result<BTreeSet<String>, Error> {
        let observed = self.observed;
        let mut gone = BTreeSet::new();
        for planned in &observed.releases {
            let step = &planned.step;
            if step.action != ReleaseAction::Uninstall {
                continue;
            }
            if self.cluster.is_stopped() {
                return Err(Error::Stopped);
            }
            match self.record(&step.id).await? {
                None => {}
                Some(now) if Some(now.deployed.revision) != step.revision => continue,
                Some(_) => {
                    self.cluster.is_held()?;
                    self.helm().await?.uninstall(&step.id, &self.desired.vault).await?;
                    self.outcome.pruned += 1;
                    self.told(Event::Released(step));
                }
            }
            gone.insert(step.id.to_string());
        }
        Ok(gone)
    }
}

/// What a release is called among objects.
fn named(id: &ReleaseId) -> Key {
    Key { kind: Kind::new("", "release"), namespace: Some(id.namespace.clone()), name: id.name.clone() }
}

fn other_revision(planned: Option<i64>, now: i64) -> String {
    let planned = planned.map_or_else(|| "none".to_owned(), |planned| planned.to_string());
    format!("somebody else was at work on it: revision {now} is there, and {planned} was; plan again")
}
