//! Who may do less than it takes, or nothing any more.

use harness::control_plane::ControlPlane;
use serde_json::{Value, json};

use crate::lab::{applied, by, cluster, config, desired, done, file, planned, turn};

fn rule(group: &str, resources: &[&str], verbs: &[&str]) -> Value {
    json!({"apiGroups": [group], "resources": resources, "verbs": verbs})
}

/// What it takes to apply a lab of `ConfigMap`s.
fn enough() -> Vec<Value> {
    vec![
        rule("", &["configmaps"], &["get", "list", "create", "patch", "delete"]),
        rule("coordination.k8s.io", &["leases"], &["get", "create", "update"]),
    ]
}

#[test]
fn few_rights_are_enough_and_it_is_said_which_one_lacks() {
    let plane = ControlPlane::start_api_server();
    let mut lab = desired(vec![config("a", "1"), config("b", "1")]);
    let poor = by(plane.user("enough", &enough().into()));
    applied(&poor, &mut lab);

    // What may only be read can be looked at, and is not changed: the server says so when it is tried.
    let mut rules = enough();
    rules[0] = rule("", &["configmaps"], &["get", "list"]);
    let reader = by(plane.user("reader", &rules.into()));
    let error = apply::plan(&reader, &mut desired(vec![config("a", "2")]), false).map(|_| ());
    let error = error.expect_err("a dry run takes the right, too");
    let said = error.to_string();
    assert!(said.contains("cannot patch resource \"configmaps\"") && said.contains("default"), "{said}");
    assert!(error.help().is_some_and(|help| help.contains("right")));

    let mut rules = enough();
    rules.pop();
    let leaseless = by(plane.user("leaseless", &rules.into()));
    let error = turn(&leaseless, &lab, "anna@laptop (process 1) a").expect_err("it may read no Lease");
    let said = error.to_string();
    assert!(
        said.contains("Lease kube-system/hlc-home") && said.contains("cannot get resource \"leases\""),
        "{said}"
    );

    // It is known only at the end that it cannot be deleted: what was done before stays, and is no secret.
    let mut rules = enough();
    rules[0] = rule("", &["configmaps"], &["get", "list", "create", "patch"]);
    let hoarder = by(plane.user("hoarder", &rules.into()));
    let mut less = desired(vec![config("a", "3")]);
    let observed = planned(&hoarder, &mut less);
    let said = done(&hoarder, &less, &observed).expect_err("it may not delete").to_string();
    assert!(
        said.contains("cannot delete resource \"configmaps\"") && said.contains("ConfigMap default/b"),
        "{said}"
    );
    assert_eq!(plane.get(&["configmap", "a"])["data"]["text"], "3");
    assert_eq!(applied(&cluster(&plane), &mut less).pruned, 1, "the next run, of who may, ends it");
}

#[test]
fn a_token_that_expired_or_was_withdrawn_is_said_to_be() {
    let plane = ControlPlane::start_api_server();
    let mut lab = desired(vec![config("a", "1")]);
    let user = by(plane.user("guest", &enough().into()));
    applied(&user, &mut lab);
    let observed = planned(&user, &mut lab);
    let expired = by(plane.expired("guest"));
    let error = apply::plan(&expired, &mut lab, false).map(|_| ()).expect_err("it has expired");
    assert!(matches!(error, apply::Error::Unauthorized(_)), "{error}");
    assert!(error.help().is_some_and(|help| help.contains("expired")));
    // And between a plan and what is done.
    plane.kubectl(&["delete", "serviceaccount", "guest", "--namespace", "kube-system"]).succeeded();
    plane.wait_for("the token is known to be nobody's", std::time::Duration::from_mins(1), |_| {
        matches!(done(&user, &lab, &observed), Err(apply::Error::Unauthorized(_)))
    });
}

#[test]
fn another_cluster_at_the_same_address_is_not_taken_for_it() {
    let (plane, other) = (ControlPlane::start_api_server(), ControlPlane::start_api_server());
    let read = |plane: &ControlPlane| -> Value {
        let text = std::fs::read_to_string(plane.kubeconfig()).expect("it is there");
        serde_json::from_str(&text).expect("it is JSON")
    };
    let mut kubeconfig = read(&plane);
    kubeconfig["clusters"][0]["cluster"]["server"] = read(&other)["clusters"][0]["cluster"]["server"].clone();
    let file = file(&kubeconfig);
    let error =
        apply::plan(&by(file.path().to_owned()), &mut desired(vec![config("a", "1")]), false).map(|_| ());
    let error = error.expect_err("it is another one");
    assert!(matches!(error, apply::Error::Untrusted(..)), "{error}");
}
