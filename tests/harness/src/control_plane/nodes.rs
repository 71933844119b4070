//! The nodes that kwok plays.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A node to be created.
#[derive(Debug, Clone)]
pub struct Node {
    name: String,
    labels: BTreeMap<String, String>,
    allocatable: BTreeMap<String, String>,
}

impl Node {
    /// A node with room for whatever a test runs there.
    pub fn new(name: &str) -> Self {
        let labels = [
            ("kubernetes.io/hostname", name),
            ("kubernetes.io/os", "linux"),
            ("kubernetes.io/arch", "amd64"),
        ];
        let allocatable = [("cpu", "32"), ("memory", "256Gi"), ("pods", "110"), ("ephemeral-storage", "1Ti")];
        Self { name: name.to_owned(), labels: owned(&labels), allocatable: owned(&allocatable) }
    }

    /// The same with a label.
    #[must_use]
    pub fn label(mut self, key: &str, value: &str) -> Self {
        self.labels.insert(key.to_owned(), value.to_owned());
        self
    }

    /// The same with that much of a resource: what a device plugin would offer, or less of `cpu`.
    #[must_use]
    pub fn allocatable(mut self, resource: &str, quantity: &str) -> Self {
        self.allocatable.insert(resource.to_owned(), quantity.to_owned());
        self
    }

    /// Whether it is like any other, but for its name.
    pub(super) fn is_plain(&self) -> bool {
        let any = Self::new(&self.name);
        self.labels == any.labels && self.allocatable == any.allocatable
    }

    fn object(&self) -> Value {
        json!({
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": self.name, "labels": self.labels},
            "status": {"allocatable": self.allocatable, "capacity": self.allocatable},
        })
    }
}

pub(super) fn list(nodes: &[Node]) -> Value {
    let items: Vec<_> = nodes.iter().map(Node::object).collect();
    json!({"apiVersion": "v1", "kind": "List", "items": items})
}

fn owned(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}
