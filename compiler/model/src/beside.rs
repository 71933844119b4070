//! Containers that run before and beside that of an app or a job, in the same pod.

use source::Place;

use crate::{At, Container, Health};

/// A container in the pod of an app or a job that is not the workload's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SideContainer {
    /// Its name.
    pub name: String,
    /// What objects of its own are called: after the workload and it.
    pub object: String,
    /// Whether it keeps running; otherwise the next one waits for its end.
    pub keeps_running: bool,
    /// What runs in it. What is said of whole pods is said by the workload's own container.
    pub container: Container,
    /// The ports of the app that it listens on, by name.
    pub ports: Vec<At<String>>,
    /// When it has started, is ready and alive.
    pub health: Option<Health>,
    /// Where it is declared.
    pub place: Place,
}

impl Container {
    /// It and those beside it.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.beside.iter().map(|side| &side.container))
    }
}
