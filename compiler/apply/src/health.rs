//! How all that a lab wants is doing, and what else there is beside it.

use std::collections::BTreeSet;

use futures::stream::{self, StreamExt, TryStreamExt};
use plan::{Context, Key, Kind, LOOKED_THROUGH, ReleaseId, Status, images, is_stranger, status};
use serde_json::Value;

use crate::cluster::Cluster;
use crate::desired::Desired;
use crate::error::Error;
use crate::inquire::{Observed, planned};
use crate::observe::{all, named};
use crate::wait::{class, now};

/// What there is of a lab in its cluster.
pub struct Live {
    /// What would be done.
    pub observed: Observed,
    /// How each object is doing that there is of it.
    pub health: Vec<Health>,
    /// What is in the lab's namespaces and is not the lab's.
    pub strangers: Vec<Key>,
}

/// How an object is doing.
pub struct Health {
    /// The component that it is of.
    pub component: String,
    /// Which object.
    pub key: Key,
    /// How far it is.
    pub status: Status,
    /// The images that its pods run.
    pub images: Vec<String>,
}

/// Looks at what there is of a lab.
pub fn live(cluster: &Cluster, desired: &mut Desired) -> Result<Live, Error> {
    cluster.run(async {
        let observed = planned(cluster, desired, false).await?;
        let objects = there(desired, &observed);
        let health = health(cluster, desired, objects).await?;
        let strangers = strangers(cluster, desired).await?;
        Ok(Live { observed, health, strangers })
    })
}

/// What there is of what is wanted, with the component that it is of.
fn there(desired: &Desired, observed: &Observed) -> Vec<(String, Value)> {
    let parts = desired.wanted.objects().map(|(part, _)| desired.wanted.parts[part].component());
    let own =
        parts.zip(&observed.inquiries).filter_map(|(part, inquiry)| Some((part, inquiry.live()?.clone())));
    let released = observed.releases.iter().filter(|one| !one.step.component.is_empty());
    let released =
        released.flat_map(|one| one.live.iter().map(|object| (one.step.component.clone(), object.clone())));
    own.chain(released).collect()
}

async fn health(
    cluster: &Cluster,
    desired: &Desired,
    objects: Vec<(String, Value)>,
) -> Result<Vec<Health>, Error> {
    let has_claims = objects.iter().any(|(_, one)| Kind::of(one).is("", "PersistentVolumeClaim"));
    let mut classes = Vec::new();
    if has_claims {
        classes = all(cluster, &Kind::new("storage.k8s.io", "StorageClass"), &desired.vault).await?;
    }
    let find = |name: Option<&str>| class(&classes, name);
    let context = Context { now: now(), storage_class: &find };
    let health = objects.into_iter().map(|(component, object)| Health {
        component,
        key: Key::of(&object),
        status: status(&object, &context),
        images: images(&object).into_iter().map(str::to_owned).collect(),
    });
    Ok(health.collect())
}

async fn strangers(cluster: &Cluster, desired: &Desired) -> Result<Vec<Key>, Error> {
    let wanted = &desired.wanted;
    let namespaces: BTreeSet<&str> = wanted
        .objects()
        .filter(|(_, one)| one.key.kind.is("", "Namespace"))
        .map(|(_, one)| one.key.name.as_str())
        .collect();
    let releases: BTreeSet<ReleaseId> = wanted
        .releases()
        .map(|(_, one)| one.id.clone())
        .chain(wanted.parts.iter().filter_map(|part| part.release.clone()))
        .collect();
    let id = desired.parent().id();
    let kinds = LOOKED_THROUGH.map(|(group, kind)| Kind::new(group, kind));
    let pairs = namespaces.iter().flat_map(|one| kinds.iter().map(move |kind| (*one, kind)));
    let lists = stream::iter(pairs.collect::<Vec<_>>()).map(|(namespace, kind)| async move {
        Ok::<_, Error>((kind, named(cluster, kind, namespace, &desired.vault).await?))
    });
    let found: Vec<(&Kind, Vec<Value>)> = lists.buffered(cluster.at_once.get()).try_collect().await?;
    let strangers = found.iter().flat_map(|(kind, objects)| {
        let strangers = objects.iter().filter(|object| is_stranger(object, kind, &id, &releases));
        strangers.map(|object| Key { kind: (*kind).clone(), ..Key::of(object) })
    });
    Ok(strangers.collect())
}
