//! What is in the lab's namespaces and is not the lab's.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::applyset::PART_OF;
use crate::key::{Kind, text};
use crate::release::ReleaseId;

/// The kinds that are looked through, by group and name: what people make, and not what is made of it.
pub const LOOKED_THROUGH: [(&str, &str); 10] = [
    ("apps", "DaemonSet"),
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("batch", "CronJob"),
    ("batch", "Job"),
    ("", "ConfigMap"),
    ("", "PersistentVolumeClaim"),
    ("", "Secret"),
    ("", "Service"),
    ("networking.k8s.io", "Ingress"),
];

/// Whether an object is neither the lab's, whose set has this id, nor of one of its releases, nor made by something else
/// in the cluster. Its metadata is enough to know that.
pub fn is_stranger(object: &Value, kind: &Kind, id: &str, releases: &BTreeSet<ReleaseId>) -> bool {
    let is_ours = object["metadata"]["labels"][PART_OF] == *id;
    let is_owned = object["metadata"]["ownerReferences"].as_array().is_some_and(|owners| !owners.is_empty());
    let is_going = object["metadata"]["deletionTimestamp"].is_string();
    let annotation = |name: &str| object["metadata"]["annotations"][name].as_str();
    let release = annotation("meta.helm.sh/release-namespace").zip(annotation("meta.helm.sh/release-name"));
    let is_released = release.is_some_and(|(namespace, name)| {
        releases.contains(&ReleaseId { namespace: namespace.to_owned(), name: name.to_owned() })
    });
    !(is_ours || is_owned || is_going || is_released || is_of_cluster(object, kind))
}

/// What Kubernetes and Helm put into namespaces themselves, and what the API server is reached by.
fn is_of_cluster(object: &Value, kind: &Kind) -> bool {
    let name = text(object, "/metadata/name");
    match kind.kind.as_str() {
        "ConfigMap" => matches!(name, "kube-root-ca.crt" | "istio-ca-root-cert"),
        "Secret" => name.starts_with("sh.helm.release.v1."),
        "Service" => name == "kubernetes" && text(object, "/metadata/namespace") == "default",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_nobody_of_the_lab_made_is_a_stranger() {
        let releases = BTreeSet::from([ReleaseId { namespace: "media".into(), name: "web".into() }]);
        let is = |metadata: Value, kind: &str| {
            is_stranger(&json!({ "metadata": metadata }), &Kind::new("", kind), "set", &releases)
        };
        assert!(is(json!({"name": "a"}), "ConfigMap"));
        assert!(is(json!({"name": "a", "labels": {PART_OF: "another"}}), "ConfigMap"));
        assert!(!is(json!({"name": "a", "labels": {PART_OF: "set"}}), "ConfigMap"));
        assert!(!is(json!({"name": "a", "ownerReferences": [{"uid": "1"}]}), "ConfigMap"));
        assert!(!is(json!({"name": "a", "deletionTimestamp": "now"}), "ConfigMap"));
        assert!(!is(json!({"name": "kube-root-ca.crt"}), "ConfigMap"));
        assert!(is(json!({"name": "kube-root-ca.crt"}), "Secret"));
        assert!(!is(json!({"name": "sh.helm.release.v1.other.v1"}), "Secret"));
        for (name, stranger) in [("web", false), ("other", true)] {
            let annotations =
                json!({"meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": "media"});
            assert_eq!(is(json!({"name": "a", "annotations": annotations}), "Service"), stranger, "{name}");
        }
    }
}
