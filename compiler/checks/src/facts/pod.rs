//! The container of an app or a job, for rules that look at it alone.

use model::{Entity, Placement};

/// What runs in a pod, and whose it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pod<'a> {
    /// `app` or `job`.
    pub(crate) word: &'static str,
    pub(crate) placement: &'a Placement,
    pub(crate) container: &'a model::Container,
}

impl<'a> Pod<'a> {
    /// That of an app or a job.
    pub(crate) fn of(entity: &'a Entity) -> Option<Self> {
        match entity {
            Entity::App(app) => {
                Some(Self { word: "app", placement: &app.placement, container: &app.container })
            }
            Entity::Job(job) => {
                Some(Self { word: "job", placement: &job.placement, container: &job.container })
            }
            _ => None,
        }
    }

    /// What people call it.
    pub(crate) fn shown(&self) -> String {
        super::place::called(self.word, self.placement)
    }
}
