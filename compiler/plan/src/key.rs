//! What an object is known by.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A kind of objects, whatever the version: `Deployment` of `apps`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Kind {
    /// `apps`; empty for the core of Kubernetes.
    pub group: String,
    /// `Deployment`.
    pub kind: String,
}

/// An object, whatever its version and whatever is in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// Which kind it is of.
    #[serde(flatten)]
    pub kind: Kind,
    /// Its namespace; `None` if it is of the whole cluster.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
}

impl Kind {
    /// A kind of a group.
    pub fn new(group: impl Into<String>, kind: impl Into<String>) -> Self {
        Self { group: group.into(), kind: kind.into() }
    }

    /// The kind that an object says it is of.
    pub fn of(object: &Value) -> Self {
        let group = match text(object, "/apiVersion").split_once('/') {
            Some((group, _)) => group,
            None => "",
        };
        Self::new(group, text(object, "/kind"))
    }

    /// Whether it is this kind of this group.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }
}

impl Key {
    /// The key of an object.
    pub fn of(object: &Value) -> Self {
        let namespace = object.pointer("/metadata/namespace").and_then(Value::as_str).map(str::to_owned);
        Self { kind: Kind::of(object), namespace, name: text(object, "/metadata/name").to_owned() }
    }
}

/// As kubectl and an `ApplySet` write it: `Deployment.apps`, `ConfigMap`.
impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.kind)?;
        if self.group.is_empty() { Ok(()) } else { write!(out, ".{}", self.group) }
    }
}

/// As people read it: `Deployment automation/n8n`.
impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ", self.kind.kind)?;
        if let Some(namespace) = &self.namespace {
            write!(out, "{namespace}/")?;
        }
        out.write_str(&self.name)
    }
}

/// Whether an element of a list is the one with these keys. A port that says no protocol is one of TCP, which the server
/// fills in.
pub(crate) fn has_keys(element: &Value, keys: &Map<String, Value>) -> bool {
    keys.iter().all(|(key, value)| match element.get(key) {
        Some(found) => found == value,
        None => key == "protocol" && value == "TCP",
    })
}

/// The text at a JSON pointer; empty if there is none.
pub(crate) fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_are_known_by_group_and_not_by_version() {
        let object = json!({"apiVersion": "apps/v1", "kind": "Deployment",
                            "metadata": {"name": "n8n", "namespace": "automation"}});
        let key = Key::of(&object);
        assert_eq!(key.kind, Kind::new("apps", "Deployment"));
        assert_eq!(key.kind.to_string(), "Deployment.apps");
        assert_eq!(key.to_string(), "Deployment automation/n8n");
        let core = Kind::of(&json!({"apiVersion": "v1", "kind": "ConfigMap"}));
        assert_eq!(core.to_string(), "ConfigMap");
    }
}
