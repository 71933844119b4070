//! What ends up in the cluster, as far as names tell.

use std::collections::BTreeMap;

use model::{Component, Placement};
use source::Place;

use crate::facts::{Role, WorkloadFact};
use crate::lab::Lab;

/// What tells objects apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    group: String,
    pub(super) kind: String,
    /// The namespace, if it is in one.
    pub(super) namespace: Option<String>,
    pub(super) name: String,
}

/// An object's origin.
#[derive(Clone, Debug)]
pub(super) struct Object<'a> {
    /// What makes it.
    pub(super) owner: String,
    pub(super) place: &'a Place,
}

/// All objects and releases of Helm, in the order written.
pub(super) fn objects<'a>(lab: &Lab<'a>) -> Vec<(Key, Object<'a>)> {
    let mut all: Vec<(Key, Object<'a>)> = lab.workloads.iter().flat_map(|work| of_workload(work)).collect();
    for manifest in &lab.manifests {
        let key = Key {
            group: manifest.group.clone(),
            kind: manifest.kind.clone(),
            namespace: manifest.namespace.clone(),
            name: manifest.name.clone(),
        };
        let owner = format!("manifest '{}'", manifest.placement.name);
        all.push((key, Object { owner, place: &manifest.placement.place }));
    }
    for release in &lab.releases {
        let placement = &release.placement;
        all.push((
            helm(&placement.namespace, &placement.name),
            Object { owner: release.shown(), place: &placement.place },
        ));
    }
    all.extend(local_releases(lab));
    all
}

fn helm(namespace: &str, name: &str) -> Key {
    let (namespace, name) = (Some(namespace.to_owned()), name.to_owned());
    Key { group: "helm".to_owned(), kind: "Helm release".to_owned(), namespace, name }
}

fn of_workload(work: &WorkloadFact) -> Vec<(Key, Object<'_>)> {
    let name = &work.placement.name;
    let mut made: Vec<(&str, &str, String)> = vec![match work.role {
        Role::App => ("apps", "Deployment", name.clone()),
        Role::Job => ("batch", "Job", name.clone()),
        Role::Scheduled => ("batch", "CronJob", name.clone()),
    }];
    made.extend(work.beside.service.then(|| ("", "Service", name.clone())));
    made.extend(work.beside.secret.then(|| ("", "Secret", format!("{name}-secrets"))));
    made.extend(work.beside.config_map.then(|| ("", "ConfigMap", format!("{name}-files"))));
    let own = work.claims.iter().filter(|claim| claim.own.is_some());
    made.extend(own.map(|claim| ("", "PersistentVolumeClaim", claim.name.clone())));
    let ingresses = work.ingresses.iter().filter_map(|ingress| ingress.object.clone());
    made.extend(ingresses.map(|name| ("networking.k8s.io", "Ingress", name)));
    let object = |(group, kind, name): (&str, &str, String)| {
        let namespace = Some(work.placement.namespace.clone());
        let key = Key { group: group.to_owned(), kind: kind.to_owned(), namespace, name };
        (key, Object { owner: work.shown(), place: &work.placement.place })
    };
    made.into_iter().map(object).collect()
}

/// Helm's releases of what is no chart: one of each directory, called like it unless a chart of it is, in the
/// namespace of what has the directory's name, or else of the first by name.
fn local_releases<'a>(lab: &Lab<'a>) -> Vec<(Key, Object<'a>)> {
    let mut homes: BTreeMap<&Component, &Placement> = BTreeMap::new();
    let workloads = lab.workloads.iter().map(|work| &work.placement);
    let manifests = lab.manifests.iter().filter(|one| one.namespace.is_some()).map(|one| &one.placement);
    for placement in workloads.chain(manifests) {
        let home = homes.entry(&placement.component).or_insert(placement);
        if rank(placement) < rank(home) {
            *home = placement;
        }
    }
    let charts: std::collections::BTreeSet<(&Component, &str)> =
        lab.releases.iter().map(|one| (&one.placement.component, one.placement.name.as_str())).collect();
    let releases = homes.into_iter().map(|(component, home)| {
        let is_taken = charts.contains(&(component, component.name.as_str()));
        let name = if is_taken { format!("{}-objects", component.name) } else { component.name.clone() };
        let owner = format!("the objects of '{}/{}'", component.stage.folder(), component.name);
        (helm(&home.namespace, &name), Object { owner, place: &home.place })
    });
    releases.collect()
}

fn rank(placement: &Placement) -> (bool, &str, &str) {
    (placement.name != placement.component.name, &placement.name, &placement.namespace)
}
