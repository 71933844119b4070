//! The facts of a namespace.

use model::{Namespace, Stage};
use source::Place;

/// A namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamespaceFact {
    pub(crate) name: String,
    pub(crate) place: Place,
    /// When it is made.
    pub(crate) stage: Stage,
    /// Whether it is there without us.
    pub(crate) existing: bool,
    /// Which pods it lets in.
    pub(crate) admits: Admits,
}

/// Which pods a namespace lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admits {
    /// All.
    All,
    /// Those that ask nothing of the host.
    Baseline,
    /// Those that say that they need no rights at all.
    Restricted,
}

impl NamespaceFact {
    pub(super) fn of(namespace: &Namespace) -> Self {
        let level = namespace.labels.get("pod-security.kubernetes.io/enforce");
        Self {
            name: namespace.name.clone(),
            place: namespace.place.clone(),
            stage: namespace.stage.value.clone(),
            existing: namespace.existing,
            admits: match level.map(|level| level.as_str()) {
                Some("baseline") => Admits::Baseline,
                Some("restricted") => Admits::Restricted,
                _ => Admits::All,
            },
        }
    }
}
