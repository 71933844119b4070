//! In which order objects are applied, and in the reverse deleted.
//!
//! Source: `fluxcd/pkg/ssa`, `utils/sort.go` and `manager_apply.go`.

use crate::key::{Key, Kind};

/// What of a stage is applied, and waited for, before the rest of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// What others need to be said at all: new kinds, namespaces, and roles that are made of others.
    Definitions,
    /// Classes, which others name.
    Classes,
    /// Everything else.
    Rest,
}

impl Phase {
    /// All of them in order.
    pub const ALL: [Self; 3] = [Self::Definitions, Self::Classes, Self::Rest];

    /// The phase of a kind.
    pub fn of(kind: &Kind) -> Self {
        match kind.kind.as_str() {
            "CustomResourceDefinition" | "Namespace" | "ClusterRole" => Self::Definitions,
            class if class.ends_with("Class") => Self::Classes,
            _ => Self::Rest,
        }
    }
}

/// Kinds that come first, in this order. Others come behind them, by group and kind.
const FIRST: [&str; 24] = [
    "CustomResourceDefinition",
    "Namespace",
    "ClusterRole",
    "ClusterClass",
    "RuntimeClass",
    "PriorityClass",
    "StorageClass",
    "VolumeSnapshotClass",
    "IngressClass",
    "GatewayClass",
    "ClusterRoleBinding",
    "ResourceQuota",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ConfigMap",
    "Secret",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Service",
    "LimitRange",
    "Deployment",
    "StatefulSet",
    "CronJob",
];

/// Kinds that come last: what they look at may depend on everything else.
const LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// Which objects are deleted together, before others are that may be needed for it: one that has a finalizer goes only
/// as long as whoever looks after it runs.
pub fn layer(key: &Key) -> impl Ord + use<> {
    let (phase, last, first, _) = places(key);
    (phase, last, first)
}

/// Where an object stands among those that are applied.
pub fn rank(key: &Key) -> impl Ord + use<> {
    places(key)
}

fn places(key: &Key) -> (Phase, usize, usize, Key) {
    let kind = key.kind.kind.as_str();
    let first = FIRST.iter().position(|one| *one == kind).unwrap_or(FIRST.len());
    let last = LAST.iter().position(|one| *one == kind).map_or(0, |nth| nth + 1);
    (Phase::of(&key.kind), last, first, key.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kind: &str, name: &str) -> Key {
        Key { kind: Kind::new("", kind), namespace: None, name: name.into() }
    }

    #[test]
    fn what_others_need_comes_first_and_what_looks_at_others_last() {
        let mut keys = vec![
            key("ValidatingWebhookConfiguration", "a"),
            key("Deployment", "b"),
            key("Certificate", "a"),
            key("Deployment", "a"),
            key("Secret", "a"),
            key("IngressClass", "a"),
            key("Namespace", "a"),
            key("CustomResourceDefinition", "a"),
            key("MutatingWebhookConfiguration", "a"),
        ];
        keys.sort_by_key(rank);
        let shown: Vec<String> = keys.iter().map(|key| format!("{}/{}", key.kind.kind, key.name)).collect();
        assert_eq!(
            shown,
            [
                "CustomResourceDefinition/a",
                "Namespace/a",
                "IngressClass/a",
                "Secret/a",
                "Deployment/a",
                "Deployment/b",
                "Certificate/a",
                "MutatingWebhookConfiguration/a",
                "ValidatingWebhookConfiguration/a",
            ]
        );
    }
}
