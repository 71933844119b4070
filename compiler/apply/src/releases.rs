//! What becomes of releases of charts: looked up, rendered where that may have changed, and put to the cluster as a dry
//! run, object by object.

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{self, StreamExt, TryStreamExt};
use http::Method;
use plan::{
    Deployed, Key, Refusal, ReleaseAction, ReleaseId, ReleaseObject, ReleaseStep, WantedRelease, lost,
    release_object,
};
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::cluster::Cluster;
use crate::desired::Desired;
use crate::door::Wanting;
use crate::error::Error;
use crate::helm::{Chart, Charts, Document, Helm, Record, documents, masked, records};
use crate::observe::live;
use crate::request::{Question, segment};

/// As whom Helm writes.
const HELM: &str = "helm";

/// What is known of a release, and what is to be done.
pub(crate) struct Planned {
    /// What is to be done.
    pub(crate) step: ReleaseStep,
    /// The chart, where it was needed to know that.
    pub(crate) chart: Option<Chart>,
    /// What it rendered before, or renders.
    pub(crate) objects: BTreeMap<Key, Value>,
    /// What there is of it.
    pub(crate) live: Vec<Value>,
}

/// What becomes of the releases of a lab: of the wanted ones in their order, and then of those that left it, which are
/// among `known`.
pub(crate) async fn releases(
    cluster: &Cluster,
    desired: &mut Desired,
    known: &BTreeSet<String>,
    consent: bool,
) -> Result<Vec<Planned>, Error> {
    let left = left(desired, known);
    let wanted = desired.wanted.releases().map(|(_, one)| (one.id.clone(), one.values.clone()));
    let all: BTreeMap<ReleaseId, Value> =
        wanted.chain(left.iter().map(|id| (id.clone(), Value::Null))).collect();
    let records = records(cluster, &all.keys().cloned().collect(), &desired.vault).await?;
    let records = masked(records, &all, &mut desired.vault);
    let asking = Asking {
        cluster,
        desired: &*desired,
        records: &records,
        charts: Charts::of_user(),
        helm: OnceCell::new(),
    };
    let wanted: Vec<(String, &WantedRelease)> =
        desired.wanted.releases().map(|(part, one)| (part.component(), one)).collect();
    let steps = stream::iter(wanted).map(|(component, one)| asking.wanted(component, one));
    let mut found: Vec<Planned> = steps.buffered(cluster.at_once.get()).try_collect().await?;
    for id in left {
        if let Some(record) = records.get(&id) {
            found.push(asking.left(id, record, consent).await?);
        }
    }
    Ok(found)
}

/// Releases that the lab had and wants no more. Of a part of a lab it is not known which are of others.
fn left(desired: &Desired, known: &BTreeSet<String>) -> Vec<ReleaseId> {
    if desired.wanted.is_partial || desired.wanted.is_empty() {
        return Vec::new();
    }
    let wanted: BTreeSet<&ReleaseId> = desired.wanted.releases().map(|(_, one)| &one.id).collect();
    let ids = known.iter().filter_map(|one| {
        let (namespace, name) = one.split_once('/')?;
        Some(ReleaseId { namespace: namespace.to_owned(), name: name.to_owned() })
    });
    ids.filter(|id| !wanted.contains(id)).collect()
}

struct Asking<'a> {
    cluster: &'a Cluster,
    desired: &'a Desired,
    records: &'a BTreeMap<ReleaseId, Record>,
    charts: Charts,
    /// Only asked for what it has to know where a chart is rendered.
    helm: OnceCell<Helm>,
}

impl Asking<'_> {
    async fn wanted(&self, component: String, wanted: &WantedRelease) -> Result<Planned, Error> {
        let record = self.records.get(&wanted.id);
        let vault = &self.desired.vault;
        let old = record.map(|one| self.documents(&wanted.id, &one.manifest)).unwrap_or_default();
        let (chart, new) = match record {
            // What Helm was given is what it would be given: it renders the same.
            Some(record) if wanted.is_same(&record.deployed) => (None, None),
            record => {
                let chart = self.charts.chart(wanted, vault).await?;
                let helm = self.helm.get_or_try_init(|| Helm::of(self.cluster, vault)).await?;
                let rendered = helm.rendered(wanted, &chart.path, record.is_none(), vault).await?;
                (Some(chart), Some(self.documents(&wanted.id, &rendered)))
            }
        };
        let (objects, live) = self.objects(&wanted.id, &old, new.as_ref().unwrap_or(&old)).await?;
        let deployed = record.map(|record| &record.deployed);
        let called = match (&chart, deployed) {
            (Some(chart), _) => (chart.name.as_str(), chart.version.as_str()),
            (None, Some(deployed)) => (deployed.chart.as_str(), deployed.version.as_str()),
            (None, None) => ("", ""),
        };
        let action = wanted.action(deployed, &objects, called);
        let step = ReleaseStep {
            id: wanted.id.clone(),
            action,
            component,
            origin: Some(wanted.origin.clone()),
            revision: deployed.map(|deployed| deployed.revision),
            chart: deployed.map(Deployed::chart),
            objects,
        };
        let objects = new.unwrap_or(old).into_iter().map(|one| (one.key, one.object)).collect();
        Ok(Planned { step, chart, objects, live })
    }

    /// A release that left the lab: all that it rendered goes with it, but for what says that it stays.
    async fn left(&self, id: ReleaseId, record: &Record, consent: bool) -> Result<Planned, Error> {
        let old = self.documents(&id, &record.manifest);
        let (objects, live) = self.objects(&id, &old, &[]).await?;
        let is_there = |document: &&Document| {
            objects.iter().any(|one| one.key == document.key && one.action.is_change())
        };
        let lost = lost(old.iter().filter(is_there).map(|one| &one.object)).filter(|_| !consent);
        let action = lost.map_or(ReleaseAction::Uninstall, |why| ReleaseAction::Keep { why });
        let revision = Some(record.deployed.revision);
        let chart = Some(record.deployed.chart());
        let step =
            ReleaseStep { id, action, component: String::new(), origin: None, revision, chart, objects };
        Ok(Planned { step, chart: None, objects: BTreeMap::new(), live })
    }

    fn documents(&self, id: &ReleaseId, manifest: &str) -> Vec<Document> {
        documents(manifest, &id.namespace, self.cluster, &self.desired.vault)
    }

    /// What becomes of the objects of a release: those that it renders, and those that it rendered before.
    async fn objects(
        &self,
        id: &ReleaseId,
        old: &[Document],
        new: &[Document],
    ) -> Result<(Vec<ReleaseObject>, Vec<Value>), Error> {
        let gone = old.iter().filter(|one| !new.iter().any(|other| other.key == one.key));
        let gone = gone.map(|document| self.object(Some(document), None));
        let wanted = new
            .iter()
            .map(|document| self.object(old.iter().find(|one| one.key == document.key), Some(document)));
        let all: Vec<_> = wanted.chain(gone).collect();
        let found = stream::iter(all)
            .buffered(self.cluster.at_once.get())
            .try_collect::<Vec<(ReleaseObject, Option<Value>)>>();
        let found = found.await.map_err(|error| match error {
            Error::Refused(Some(key), Refusal::Forbidden(why)) => {
                Error::Helm(id.clone(), format!("{key}: {why}"))
            }
            error => error,
        })?;
        let (objects, live): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        Ok((objects, live.into_iter().flatten().collect()))
    }

    /// What becomes of one object, and what there is of it.
    async fn object(
        &self,
        old: Option<&Document>,
        new: Option<&Document>,
    ) -> Result<(ReleaseObject, Option<Value>), Error> {
        let document = new.or(old).ok_or(Error::Stopped)?;
        let (key, vault) = (&document.key, &self.desired.vault);
        let live = live(self.cluster, key, &document.object, vault).await?;
        let after = match new {
            Some(new) => self.tried(new).await,
            None => Ok(Value::Null),
        };
        let after = match &after {
            Ok(after) => Ok(after),
            Err(Error::Refused(_, Refusal::Forbidden(_)) | Error::Unreachable(..)) => {
                return Err(after.err().unwrap_or(Error::Stopped));
            }
            Err(Error::Refused(_, refusal)) => Err(refusal.clone()),
            Err(error) => return Err(error.clone()),
        };
        let action =
            release_object(old.map(|one| &one.object), new.map(|one| &one.object), live.as_ref(), after);
        Ok((ReleaseObject { key: key.clone(), action }, live))
    }

    /// What the cluster would make of an object that Helm sends.
    async fn tried(&self, document: &Document) -> Result<Value, Error> {
        let key = &document.key;
        let Some(path) = self.cluster.path(&document.object) else {
            return Err(Error::Refused(Some(key.clone().into()), Refusal::NoKind));
        };
        let question = Question {
            method: Method::PATCH,
            content_type: "application/apply-patch+yaml",
            text: Some(&document.text),
            wanting: Wanting::One(&document.object),
            ..Question::get(format!(
                "{path}/{}?fieldManager={HELM}&force=true&dryRun=All",
                segment(&key.name)
            ))
        };
        self.cluster.ask(&question.about(key), &self.desired.vault).await
    }
}
