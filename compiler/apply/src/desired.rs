//! What is to be in the cluster, with its secrets.

use plan::{PART_OF, Parent, Wanted};
use serde_json::json;

use crate::vault::Vault;

/// What is to be in the cluster.
pub struct Desired {
    /// What the lab wants, with placeholders where secrets belong.
    pub wanted: Wanted,
    /// The secrets that the placeholders stand for.
    pub vault: Vault,
}

impl Desired {
    /// What a lab wants, with the label by which it is found again on every object.
    pub fn new(mut wanted: Wanted, vault: Vault) -> Self {
        let id = Parent::of_lab(&wanted.lab).id();
        for object in wanted.parts.iter_mut().flat_map(|part| &mut part.objects) {
            let metadata = &mut object.object["metadata"];
            if metadata["labels"].is_null() {
                metadata["labels"] = json!({});
            }
            metadata["labels"][PART_OF] = id.clone().into();
        }
        Self { wanted, vault }
    }

    /// The object that knows of the lab's set.
    pub(crate) fn parent(&self) -> Parent {
        Parent::of_lab(&self.wanted.lab)
    }
}
