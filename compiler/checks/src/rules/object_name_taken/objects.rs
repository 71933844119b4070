//! What ends up in the cluster, as far as names tell.

use std::borrow::Cow;
use std::fmt;

use model::{Component, Placement};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Place;

use crate::facts::{ReleaseFact, Role, WorkloadFact};
use crate::lab::Lab;

/// What tells objects apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key<'a> {
    group: &'a str,
    pub(super) kind: &'a str,
    /// The namespace, if it is in one.
    pub(super) namespace: Option<&'a str>,
    pub(super) name: Cow<'a, str>,
}

/// An object's origin.
#[derive(Clone, Debug)]
pub(super) struct Object<'a> {
    /// What makes it.
    pub(super) owner: Owner<'a>,
    pub(super) place: &'a Place,
}

/// What makes an object. It is put into words only where there is a problem with it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Owner<'a> {
    Workload(&'a WorkloadFact),
    Manifest(&'a str),
    Release(&'a ReleaseFact),
    Directory(&'a Component),
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workload(work) => f.write_str(&work.shown()),
            Self::Manifest(name) => write!(f, "manifest '{name}'"),
            Self::Release(release) => f.write_str(&release.shown()),
            Self::Directory(one) => write!(f, "the objects of '{}/{}'", one.stage.folder(), one.name),
        }
    }
}

/// All objects and releases of Helm, in the order written.
pub(super) fn objects<'a>(lab: &Lab<'a>) -> Vec<(Key<'a>, Object<'a>)> {
    let mut all = Vec::with_capacity(4 * lab.workloads.len());
    for work in &lab.workloads {
        add_workload(work, &mut all);
    }
    for manifest in &lab.manifests {
        let key = Key {
            group: &manifest.group,
            kind: &manifest.kind,
            namespace: manifest.namespace.as_deref(),
            name: Cow::Borrowed(&manifest.name),
        };
        let owner = Owner::Manifest(&manifest.placement.name);
        all.push((key, Object { owner, place: &manifest.placement.place }));
    }
    for &release in &lab.releases {
        let placement = &release.placement;
        let key = helm(&placement.namespace, Cow::Borrowed(&placement.name));
        all.push((key, Object { owner: Owner::Release(release), place: &placement.place }));
    }
    add_local_releases(lab, &mut all);
    all
}

fn helm<'a>(namespace: &'a str, name: Cow<'a, str>) -> Key<'a> {
    Key { group: "helm", kind: "Helm release", namespace: Some(namespace), name }
}

fn add_workload<'a>(work: &'a WorkloadFact, all: &mut Vec<(Key<'a>, Object<'a>)>) {
    let name = &work.placement.name;
    let mut add = |group, kind, name| {
        let namespace = Some(work.placement.namespace.as_str());
        let object = Object { owner: Owner::Workload(work), place: &work.placement.place };
        all.push((Key { group, kind, namespace, name }, object));
    };
    match work.role {
        Role::App => add("apps", "Deployment", Cow::Borrowed(name)),
        Role::Job => add("batch", "Job", Cow::Borrowed(name)),
        Role::Scheduled => add("batch", "CronJob", Cow::Borrowed(name)),
    }
    if work.beside.service {
        add("", "Service", Cow::Borrowed(name));
    }
    if work.beside.secret {
        add("", "Secret", Cow::Owned(format!("{name}-secrets")));
    }
    if work.beside.config_map {
        add("", "ConfigMap", Cow::Owned(format!("{name}-files")));
    }
    for claim in work.claims.iter().filter(|claim| claim.own.is_some()) {
        add("", "PersistentVolumeClaim", Cow::Borrowed(&claim.name));
    }
    for name in work.ingresses.iter().filter_map(|ingress| ingress.object.as_ref()) {
        add("networking.k8s.io", "Ingress", Cow::Borrowed(name));
    }
}

/// Helm's releases of what is no chart: one of each directory, called like it unless a chart of it is, in the
/// namespace of what has the directory's name, or else of the first by name.
fn add_local_releases<'a>(lab: &Lab<'a>, all: &mut Vec<(Key<'a>, Object<'a>)>) {
    let mut homes: FxHashMap<&Component, &Placement> = FxHashMap::default();
    let workloads = lab.workloads.iter().map(|work| &work.placement);
    let manifests = lab.manifests.iter().filter(|one| one.namespace.is_some()).map(|one| &one.placement);
    for placement in workloads.chain(manifests) {
        let home = homes.entry(&placement.component).or_insert(placement);
        if rank(placement) < rank(home) {
            *home = placement;
        }
    }
    let charts: FxHashSet<(&Component, &str)> =
        lab.releases.iter().map(|one| (&one.placement.component, one.placement.name.as_str())).collect();
    let mut homes: Vec<(&Component, &Placement)> = homes.into_iter().collect();
    homes.sort_unstable_by_key(|(component, _)| *component);
    all.extend(homes.into_iter().map(|(component, home)| {
        let is_taken = charts.contains(&(component, component.name.as_str()));
        let name = if is_taken {
            Cow::Owned(format!("{}-objects", component.name))
        } else {
            Cow::Borrowed(component.name.as_str())
        };
        let object = Object { owner: Owner::Directory(component), place: &home.place };
        (helm(&home.namespace, name), object)
    }));
}

fn rank(placement: &Placement) -> (bool, &str, &str) {
    (placement.name != placement.component.name, &placement.name, &placement.namespace)
}
