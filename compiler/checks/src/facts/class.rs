//! The two sorts of classes: of storage and of ingresses.

use model::Part;
use model::providers::Offered;

use super::{ManifestFact, ReleaseFact};

/// What something is a class of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClassSort {
    /// Of storage.
    Storage,
    /// Of ingresses.
    Ingress,
}

impl ClassSort {
    /// The kind of object that is one.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Storage => "StorageClass",
            Self::Ingress => "IngressClass",
        }
    }

    /// The class that a part of k3s offers.
    pub(crate) const fn of_k3s(self, part: Part) -> Option<&'static str> {
        match self {
            Self::Storage => part.storage_class(),
            Self::Ingress => part.ingress_class(),
        }
    }

    /// The class that an object is.
    pub(crate) fn of_manifest(self, manifest: &ManifestFact) -> Option<&Offered> {
        manifest.class.as_ref().filter(|_| manifest.kind == self.kind())
    }

    /// The classes that a chart offers.
    pub(crate) const fn of_release(self, release: &ReleaseFact) -> &Offered {
        match self {
            Self::Storage => &release.storage,
            Self::Ingress => &release.ingress,
        }
    }
}
