//! What apps and jobs have in common.

use std::collections::BTreeMap;

use model::{App, At, Container, DevicePlugin, Health, Job, Map, Placement, Port, SecretRef, plain};

use crate::labels::{self, Role};
use crate::object::Metadata;

static NO_MARKS: BTreeMap<SecretRef, String> = BTreeMap::new();

/// An app or a job, as far as its pods are concerned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Workload<'a> {
    pub(crate) role: Role,
    /// What objects of its own are called.
    pub(crate) name: &'a str,
    /// What its container is called.
    pub(crate) container_name: &'a str,
    pub(crate) placement: &'a Placement,
    pub(crate) container: &'a Container,
    /// The ports, of an app.
    pub(crate) ports: Option<&'a Map<String, Port>>,
    /// Those of them that the container listens on, if it runs beside the app's own.
    listens: Option<&'a [At<String>]>,
    /// The labels that its pods are found by, where they are its own.
    selector: Option<&'a Map<String, At<String>>>,
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
            name: &app.placement.name,
            container_name: &app.placement.name,
            placement: &app.placement,
            container: &app.container,
            ports: Some(&app.ports),
            listens: None,
            selector: Some(&app.selector).filter(|selector| !selector.is_empty()),
            health: app.health.as_ref(),
            plugins,
            marks,
        }
    }

    pub(crate) fn of_job(job: &'a Job, plugins: &'a [&'a DevicePlugin]) -> Self {
        Self {
            role: Role::Job,
            name: &job.placement.name,
            container_name: &job.placement.name,
            placement: &job.placement,
            container: &job.container,
            ports: None,
            listens: None,
            selector: None,
            health: None,
            plugins,
            marks: &NO_MARKS,
        }
    }

    pub(crate) fn name(&self) -> &'a str {
        self.name
    }

    /// The containers beside its own, each as a workload: what is of whole pods is of this one alone.
    pub(crate) fn beside(&self) -> impl Iterator<Item = Workload<'a>> + use<'a> {
        let whole = *self;
        whole.container.beside.iter().map(move |side| Workload {
            name: &side.object,
            container_name: &side.name,
            container: &side.container,
            listens: Some(&side.ports),
            health: side.health.as_ref(),
            ..whole
        })
    }

    /// Whether it is that of a container beside the workload's own.
    pub(crate) const fn is_beside(&self) -> bool {
        self.listens.is_some()
    }

    /// The ports that its container listens on.
    pub(crate) fn own_ports(&self) -> impl Iterator<Item = (&'a String, &'a Port)> + use<'a> {
        let Self { listens, container, .. } = *self;
        let is_named = |ports: &[At<String>], name: &str| ports.iter().any(|port| port.value == name);
        let all = self.ports.into_iter().flatten();
        all.filter(move |(name, _)| match listens {
            Some(listens) => is_named(listens, name),
            None => !container.beside.iter().any(|side| is_named(&side.ports, name)),
        })
    }

    /// The labels that its pods are found by.
    pub(crate) fn selector(&self) -> BTreeMap<String, String> {
        match self.selector {
            Some(own) => plain(own).collect(),
            None => labels::selector(&self.placement.name, self.role),
        }
    }

    /// The labels of its objects.
    pub(crate) fn labels(&self) -> BTreeMap<String, String> {
        labels::workload(&self.placement.name, self.role, &self.placement.component)
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
