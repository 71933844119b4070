//! What is to be in the cluster, with its secrets.

use std::collections::BTreeMap;

use plan::{Key, Kind, PART_OF, Parent, Wanted};
use serde_json::Value;

use crate::door::{SECRETS, placeholders};
use crate::vault::Vault;

/// What is to be in the cluster.
pub struct Desired {
    /// What the lab wants, with placeholders where secrets belong.
    pub wanted: Wanted,
    /// The secrets that the placeholders stand for.
    pub vault: Vault,
}

impl Desired {
    /// What a lab wants, as the cluster has it: objects of kinds that are in no namespace are in none, others in one.
    /// Kinds that are not there yet are as their definitions say, which the lab may have.
    pub(crate) fn settle(&mut self, is_namespaced: impl Fn(&Value) -> Option<bool>) {
        let defined = |definition: &Value| {
            let spec = &definition["spec"];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (Kind::new(text(&spec["group"]), text(&spec["names"]["kind"])), spec["scope"] != "Cluster")
        };
        let objects = self.wanted.objects().map(|(_, one)| &one.object);
        let definitions = objects.filter(|object| object["kind"] == "CustomResourceDefinition");
        let defined: BTreeMap<Kind, bool> = definitions.map(defined).collect();
        for one in self.wanted.parts.iter_mut().flat_map(|part| &mut part.objects) {
            let known = is_namespaced(&one.object).or_else(|| defined.get(&one.key.kind).copied());
            let Some(metadata) = one.object["metadata"].as_object_mut() else { continue };
            match known {
                Some(true) if one.key.namespace.is_none() => {
                    metadata.insert("namespace".to_owned(), "default".into());
                }
                Some(false) => drop(metadata.shift_remove("namespace")),
                _ => {}
            }
            one.key = Key::of(&one.object);
        }
    }

    /// What a lab wants, with the label by which it is found again on every object.
    pub fn new(mut wanted: Wanted, vault: Vault) -> Self {
        let id = Parent::of_lab(&wanted.lab).id();
        for object in wanted.parts.iter_mut().flat_map(|part| &mut part.objects) {
            let metadata = &mut object.object["metadata"];
            metadata["labels"][PART_OF] = id.clone().into();
            if let Some(paths) = placeholders(&object.object) {
                object.object["metadata"]["annotations"][SECRETS] = paths.into();
            }
        }
        Self { wanted, vault }
    }

    /// The object that knows of the lab's set.
    pub(crate) fn parent(&self) -> Parent {
        Parent::of_lab(&self.wanted.lab)
    }
}
