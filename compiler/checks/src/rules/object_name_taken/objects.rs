//! What ends up in the cluster, as far as names tell.

use std::borrow::Cow;
use std::collections::BTreeMap;

use model::{Component, Form, Placement, names};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::facts::{Role, WorkloadFact};
use crate::lab::Lab;
use crate::rules::owner::Owner;

const RIGHTS: &str = "rbac.authorization.k8s.io";

/// What tells objects apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key<'a> {
    group: &'a str,
    pub(super) kind: &'a str,
    /// The namespace, if it is in one.
    pub(super) namespace: Option<&'a str>,
    pub(super) name: Cow<'a, str>,
}

/// Calls `each` with all objects and releases of Helm, in the order written.
pub(super) fn objects<'a>(lab: &Lab<'a>, mut each: impl FnMut(Key<'a>, Owner<'a>)) {
    for work in &lab.workloads {
        of_workload(work, &mut each);
    }
    for manifest in &lab.manifests {
        let key = Key {
            group: &manifest.group,
            kind: &manifest.kind,
            namespace: manifest.namespace.as_deref(),
            name: manifest.name.as_str().into(),
        };
        each(key, Owner::Manifest(manifest));
    }
    for release in &lab.releases {
        let placement = &release.placement;
        each(helm(&placement.namespace, placement.name.as_str().into()), Owner::Release(release));
    }
    local_releases(lab, &mut each);
}

fn helm<'a>(namespace: &'a str, name: Cow<'a, str>) -> Key<'a> {
    Key { group: "helm", kind: "Helm release", namespace: Some(namespace), name }
}

fn of_workload<'a>(work: &'a WorkloadFact, each: &mut impl FnMut(Key<'a>, Owner<'a>)) {
    let name = work.placement.name.as_str();
    if work.beside.roles.contains(&"ClusterRole") {
        let name = names::cluster_role_name(&work.placement.namespace, name);
        for kind in ["ClusterRole", "ClusterRoleBinding"] {
            let key = Key { group: RIGHTS, kind, namespace: None, name: name.clone().into() };
            each(key, Owner::Workload(work));
        }
    }
    let mut made = |group, kind, name| {
        let namespace = Some(work.placement.namespace.as_str());
        each(Key { group, kind, namespace, name }, Owner::Workload(work));
    };
    match work.role {
        Role::App => made("apps", work.form.kind(), name.into()),
        Role::Job => made("batch", "Job", name.into()),
        Role::Scheduled => made("batch", "CronJob", name.into()),
    }
    if work.beside.service {
        made("", "Service", name.into());
    }
    if work.form == Form::StatefulSet {
        made("", "Service", names::pods_name(name).into());
    }
    if work.scale.is_some() {
        made("autoscaling", "HorizontalPodAutoscaler", name.into());
    }
    if work.beside.account {
        made("", "ServiceAccount", name.into());
    }
    if work.beside.roles.contains(&"Role") {
        made(RIGHTS, "Role", name.into());
        made(RIGHTS, "RoleBinding", name.into());
    }
    for secret in &work.beside.secrets {
        made("", "Secret", secret.as_str().into());
    }
    for config_map in &work.beside.config_maps {
        made("", "ConfigMap", config_map.as_str().into());
    }
    for claim in work.claims.iter().filter(|claim| claim.own.is_some()) {
        made("", "PersistentVolumeClaim", claim.name.as_str().into());
    }
    for ingress in work.ingresses.iter().filter_map(|ingress| ingress.object.as_deref()) {
        made("networking.k8s.io", "Ingress", ingress.into());
    }
}

/// Helm's releases of what is no chart: one of each directory, called like it unless a chart of it is, in the
/// namespace of what has the directory's name, or else of the first by name.
fn local_releases<'a>(lab: &Lab<'a>, each: &mut impl FnMut(Key<'a>, Owner<'a>)) {
    let most = lab.workloads.len() + lab.manifests.len();
    let mut homes: Vec<(&Component, &Placement)> = Vec::with_capacity(most);
    let mut known: FxHashMap<&Component, usize> = FxHashMap::with_capacity_and_hasher(most, FxBuildHasher);
    let workloads = lab.workloads.iter().map(|work| &work.placement);
    let manifests = lab.manifests.iter().filter(|one| one.namespace.is_some()).map(|one| &one.placement);
    for placement in workloads.chain(manifests) {
        let nth = *known.entry(&placement.component).or_insert(homes.len());
        match homes.get_mut(nth) {
            None => homes.push((&placement.component, placement)),
            Some((_, home)) if names::home_rank(placement) < names::home_rank(home) => *home = placement,
            Some(_) => {}
        }
    }
    let mut charts: BTreeMap<&Component, Vec<&str>> = BTreeMap::new();
    for placement in lab.releases.iter().map(|release| &release.placement) {
        charts.entry(&placement.component).or_default().push(&placement.name);
    }
    for (component, home) in homes {
        let beside = charts.get(component).into_iter().flatten().copied();
        let name = names::local_release(component, beside);
        each(helm(&home.namespace, name.into()), Owner::Directory(component, home));
    }
}
