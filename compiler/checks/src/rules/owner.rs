//! Whose something is that is told apart by its name in the cluster.

use model::{Component, Placement};
use source::Place;

use crate::facts::{ManifestFact, ReleaseFact, WorkloadFact};

/// What makes an object.
#[derive(Clone, Copy, Debug)]
pub(super) enum Owner<'a> {
    /// An app or a job.
    Workload(&'a WorkloadFact),
    /// A manifest.
    Manifest(&'a ManifestFact),
    /// A release of somebody's chart.
    Release(&'a ReleaseFact),
    /// A directory with objects that are no chart, and what gives its release a namespace.
    Directory(&'a Component, &'a Placement),
}

impl<'a> Owner<'a> {
    /// What people call it.
    pub(super) fn shown(self) -> String {
        match self {
            Self::Workload(work) => work.shown(),
            Self::Manifest(manifest) => format!("manifest '{}'", manifest.placement.name),
            Self::Release(release) => release.shown(),
            Self::Directory(component, _) => {
                format!("the objects of '{}/{}'", component.stage.folder(), component.name)
            }
        }
    }

    /// Where it is declared.
    pub(super) fn place(self) -> &'a Place {
        match self {
            Self::Workload(work) => &work.placement.place,
            Self::Manifest(manifest) => &manifest.placement.place,
            Self::Release(release) => &release.placement.place,
            Self::Directory(_, home) => &home.place,
        }
    }
}
