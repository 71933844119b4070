//! What objects in the cluster are called.

use crate::{App, Component};

/// The claim of `volume` of an app or job; what [`crate::VolumeSource::Shared`] names.
pub fn claim_name(workload: &str, volume: &str) -> String {
    format!("{workload}-{volume}")
}

/// The Service by which the numbered pods of an app are found, each by its own name.
pub fn pods_name(app: &str) -> String {
    format!("{app}-pods")
}

/// The role of an app or a job that holds everywhere; no other namespace has one of its name.
pub fn cluster_role_name(namespace: &str, workload: &str) -> String {
    format!("{namespace}:{workload}")
}

/// What objects of a container beside that of an app or job are called.
pub fn side_name(workload: &str, side: &str) -> String {
    format!("{workload}-{side}")
}

/// The Secret with the secrets of an app or job.
pub fn secrets_name(workload: &str) -> String {
    format!("{workload}-secrets")
}

/// The `ConfigMap` with the plain files of an app or job.
pub fn files_name(workload: &str) -> String {
    format!("{workload}-files")
}

/// The object of an app's ingress: the app's name if it has only the one.
pub fn ingress_name(app: &App, ingress: &str) -> String {
    let name = &app.placement.name;
    if app.ingresses.len() == 1 { name.clone() } else { format!("{name}-{ingress}") }
}

/// The helm release of a component's own objects: the component's name unless one of its charts, by these names of
/// releases, has it.
pub fn local_release<'a>(component: &Component, releases: impl IntoIterator<Item = &'a str>) -> String {
    if releases.into_iter().any(|release| release == component.name) {
        format!("{}-objects", component.name)
    } else {
        component.name.clone()
    }
}

/// What decides in which of a component's placements its local chart is released: the least. That of the component's
/// own name comes first, then the others by name.
pub fn home_rank(placement: &crate::Placement) -> (bool, &str, &str) {
    (placement.name != placement.component.name, &placement.name, &placement.namespace)
}

/// The name of the component that makes a stage's namespaces.
pub const NAMESPACES: &str = "namespaces";
