//! Kinds that are there only once they were applied.

use harness::control_plane::ControlPlane;
use serde_json::{Value, json};

use crate::lab::{applied, cluster, desired, done, lines, planned};

fn definition() -> Value {
    let schema = json!({"type": "object", "properties": {"spec": {"type": "object",
        "properties": {"size": {"type": "integer"}}}}});
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
           "metadata": {"name": "things.test.example"},
           "spec": {"group": "test.example", "scope": "Namespaced",
                    "names": {"plural": "things", "singular": "thing", "kind": "Thing"},
                    "versions": [{"name": "v1", "served": true, "storage": true,
                                  "schema": {"openAPIV3Schema": schema}}]}})
}

fn thing(size: i64) -> Value {
    json!({"apiVersion": "test.example/v1", "kind": "Thing", "metadata": {"name": "a", "namespace": "default"},
           "spec": {"size": size}})
}

#[test]
fn a_kind_and_an_object_of_it_come_in_one_run() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    let mut lab = desired(vec![thing(1), definition()]);
    let observed = planned(&cluster, &mut lab);
    assert_eq!(
        lines(&observed),
        ["create later Thing default/a", "create CustomResourceDefinition things.test.example"]
    );
    done(&cluster, &lab, &observed).expect("it can be done");
    assert_eq!(plane.get(&["things", "a"])["spec"]["size"], 1);
    assert!(!planned(&cluster, &mut lab).plan.has_changes());
    // Without its definition the object goes, and the kind is kept: all others of it would go, too.
    let mut other = desired(vec![crate::lab::config("a", "1")]);
    let observed = planned(&cluster, &mut other);
    assert_eq!(
        lines(&observed)[1..],
        ["prune Thing default/a", "keep CustomResourceDefinition things.test.example"]
    );
}

#[test]
fn a_kind_that_is_gone_has_no_objects() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    applied(&cluster, &mut desired(vec![thing(1), definition()]));
    plane.kubectl(&["delete", "customresourcedefinition", "things.test.example"]).succeeded();
    let mut other = desired(vec![crate::lab::config("a", "1")]);
    assert_eq!(lines(&planned(&cluster, &mut other)), ["create ConfigMap default/a"]);
    applied(&cluster, &mut other);
}
