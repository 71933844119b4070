//! What apps and jobs have in common.

use std::collections::BTreeMap;

use model::{App, Container, DevicePlugin, Health, Job, Map, Placement, Port, SecretRef};

use crate::labels::{self, Role};
use crate::object::Metadata;

static NO_MARKS: BTreeMap<SecretRef, String> = BTreeMap::new();

/// An app or a job, as far as its pods are concerned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Workload<'a> {
    pub(crate) role: Role,
    pub(crate) placement: &'a Placement,
    pub(crate) container: &'a Container,
    /// The ports, of an app.
    pub(crate) ports: Option<&'a Map<String, Port>>,
    /// When it is ready, of an app.
    pub(crate) health: Option<&'a Health>,
    /// What hands out devices.
    pub(crate) plugins: &'a [&'a DevicePlugin],
    /// What changes when the value of a secret does. A job runs with the values of its day, and is not run again.
    pub(crate) marks: &'a BTreeMap<SecretRef, String>,
}

impl<'a> Workload<'a> {
    pub(crate) fn of_app(
        app: &'a App,
        plugins: &'a [&'a DevicePlugin],
        marks: &'a BTreeMap<SecretRef, String>,
    ) -> Self {
        Self {
            role: Role::App,
            placement: &app.placement,
            container: &app.container,
            ports: Some(&app.ports),
            health: app.health.as_ref(),
            plugins,
            marks,
        }
    }

    pub(crate) fn of_job(job: &'a Job, plugins: &'a [&'a DevicePlugin]) -> Self {
        Self {
            role: Role::Job,
            placement: &job.placement,
            container: &job.container,
            ports: None,
            health: None,
            plugins,
            marks: &NO_MARKS,
        }
    }

    pub(crate) fn name(&self) -> &'a str {
        &self.placement.name
    }

    /// The labels of its objects.
    pub(crate) fn labels(&self) -> BTreeMap<String, String> {
        labels::workload(self.name(), self.role, &self.placement.component)
    }

    /// The metadata of the object that has the workload's own name.
    pub(crate) fn metadata(&self) -> Metadata {
        Metadata {
            name: self.name().to_owned(),
            namespace: Some(self.placement.namespace.clone()),
            labels: self.labels(),
            annotations: BTreeMap::new(),
        }
    }
}
