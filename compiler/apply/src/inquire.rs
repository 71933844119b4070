//! Asks the cluster what would become of each object, and makes a plan of the answers.

use std::collections::BTreeSet;

use futures::stream::{self, StreamExt, TryStreamExt};
use plan::{Action, ApplySet, Inquiry, Key, Kind, Next, Plan, Pruning, Step, WantedObject, Whose};

use crate::cluster::Cluster;
use crate::desired::Desired;
use crate::error::Error;
use crate::nodes;
use crate::observe::{Live, live, observe};
use crate::releases::{Planned, releases};
use crate::request::Question;
use crate::whose::whose;

/// How often an object is looked at anew that somebody changes all the time.
pub(crate) const TRIES: usize = 4;

/// A plan, and what is needed to do it.
pub struct Observed {
    /// What would be done.
    pub plan: Plan,
    /// Whose cluster it is.
    pub whose: Whose,
    /// The lab's set as it was written down.
    pub(crate) set: Option<ApplySet>,
    /// Its members, whether they are wanted or not.
    pub(crate) members: BTreeSet<Key>,
    /// Kinds of it that the cluster does not know now.
    pub(crate) unknown: BTreeSet<Kind>,
    /// What is known where something may be deleted.
    pub(crate) pruning: Pruning,
    /// What is known of the wanted objects, in their order.
    pub(crate) inquiries: Vec<Inquiry>,
    /// What is known of releases: of the wanted ones in their order, and then of those that go.
    pub(crate) releases: Vec<Planned>,
}

impl Observed {
    /// The releases that the lab had and wants no more, as the set has them.
    pub(crate) fn left(&self) -> impl Iterator<Item = String> {
        let is_left = |planned: &&Planned| planned.step.component.is_empty();
        self.releases.iter().filter(is_left).map(|planned| planned.step.id.to_string())
    }
}

/// What would be done to a cluster. `consent` is given to what takes data with it.
pub fn plan(cluster: &Cluster, desired: &mut Desired, consent: bool) -> Result<Observed, Error> {
    cluster.run(planned(cluster, desired, consent))
}

pub(crate) async fn planned(
    cluster: &Cluster,
    desired: &mut Desired,
    consent: bool,
) -> Result<Observed, Error> {
    cluster.look_for_kinds().await?;
    desired.settle(|object| cluster.is_namespaced(object));
    let live = observe(cluster, desired).await?;
    let whose = whose(cluster, desired, live.set.as_ref()).await?;
    let known = live.set.as_ref().map(|set| set.releases.clone()).unwrap_or_default();
    let releases = releases(cluster, desired, &known, consent).await?;
    let desired = &*desired;
    let objects: Vec<(usize, &WantedObject)> = desired.wanted.objects().collect();
    let asked = stream::iter(objects).map(|(part, wanted)| inquired(cluster, desired, &live, part, wanted));
    let found: Vec<(Step, Inquiry)> = asked.buffered(cluster.at_once.get()).try_collect().await?;
    let (mut steps, inquiries): (Vec<Step>, Vec<Inquiry>) = found.into_iter().unzip();
    let pruning = pruning(desired, &live, consent);
    steps.extend(pruning.steps(&live.members));
    let nodes = nodes::planned(cluster, desired).await?;
    let kinds = live.set.iter().flat_map(|set| set.kinds.iter().cloned());
    Ok(Observed {
        plan: Plan {
            lab: desired.wanted.lab.clone(),
            steps,
            releases: releases.iter().map(|planned| planned.step.clone()).collect(),
            nodes: nodes.iter().map(|(step, _)| step.clone()).collect(),
        },
        releases,
        whose,
        members: live.members.iter().map(Key::of).collect(),
        unknown: kinds.filter(|kind| cluster.path_of_all(kind).is_none()).collect(),
        pruning,
        set: live.set,
        inquiries,
    })
}

async fn inquired(
    cluster: &Cluster,
    desired: &Desired,
    live: &Live,
    part: usize,
    wanted: &WantedObject,
) -> Result<(Step, Inquiry), Error> {
    let known = live.objects.get(&wanted.key).cloned();
    let release = desired.wanted.parts[part].release.as_ref();
    let (inquiry, action) =
        inquire(cluster, desired, wanted, Inquiry::new(wanted.object.clone(), known, release)).await?;
    let one = &desired.wanted.parts[part];
    Ok((inquiry.step(&wanted.key, action, &one.component(), &wanted.origin), inquiry))
}

/// Asks until it is known what becomes of an object.
pub(crate) async fn inquire(
    cluster: &Cluster,
    desired: &Desired,
    wanted: &WantedObject,
    mut inquiry: Inquiry,
) -> Result<(Inquiry, Action), Error> {
    let mut tries = 0;
    loop {
        if let Some(action) = inquiry.verdict() {
            return Ok((inquiry, action));
        }
        let ask = inquiry.ask();
        let answer = match cluster.path(&ask.object) {
            None => Err(plan::Refusal::NoKind),
            Some(path) => {
                let question = Question::apply(&path, &ask.object, ask.force, true).about(&wanted.key);
                match cluster.ask(&question.wanting(&wanted.object), &desired.vault).await {
                    Ok(after) => Ok(after),
                    Err(Error::Refused(_, refusal)) => Err(refusal),
                    Err(error) => return Err(error),
                }
            }
        };
        match inquiry.answered(answer) {
            Next::Ask(_) => {}
            Next::Done(action) => return Ok((inquiry, action)),
            Next::Failed(refusal) => return Err(Error::Refused(Some(wanted.key.clone().into()), refusal)),
            Next::Again(refusal) => {
                tries += 1;
                if tries >= TRIES {
                    return Err(Error::Refused(Some(wanted.key.clone().into()), refusal));
                }
                let now = live(cluster, &wanted.key, &wanted.object, &desired.vault).await?;
                inquiry = inquiry.again(now);
            }
        }
    }
}

fn pruning(desired: &Desired, live: &Live, consent: bool) -> Pruning {
    let wanted = desired.wanted.keys();
    let uid = |key: &Key| live.objects.get(key)?["metadata"]["uid"].as_str().map(str::to_owned);
    Pruning {
        id: desired.parent().id(),
        set: live.set.clone().unwrap_or_default(),
        visited: wanted.iter().filter_map(uid).collect(),
        wanted,
        known: desired.wanted.known(),
        consent,
    }
}
