//! What left the lab, and what the lab's set knows.

use harness::control_plane::ControlPlane;
use serde_json::{Value, json};

use crate::lab::{applied, cluster, config, desired, done, file, lines, of_lab, planned};

const PARENT: [&str; 4] = ["configmaps", "hlc-home", "--namespace", "kube-system"];

fn annotation(plane: &ControlPlane, key: &str) -> Value {
    plane.get(&PARENT)["metadata"]["annotations"][format!("applyset.kubernetes.io/{key}")].clone()
}

fn claim() -> Value {
    json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim",
           "metadata": {"name": "data", "namespace": "default"},
           "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "slow",
                    "resources": {"requests": {"storage": "1Gi"}}}})
}

fn class() -> Value {
    json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "slow"},
           "provisioner": "none", "volumeBindingMode": "WaitForFirstConsumer"})
}

#[test]
fn what_left_the_lab_goes_and_data_stays() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    applied(&cluster, &mut desired(vec![config("a", "1"), config("b", "1"), claim(), class()]));
    assert_eq!(
        annotation(&plane, "contains-group-kinds"),
        "ConfigMap,PersistentVolumeClaim,StorageClass.storage.k8s.io"
    );
    let mut less = desired(vec![config("a", "1"), class()]);
    let observed = planned(&cluster, &mut less);
    assert_eq!(
        lines(&observed)[2..],
        ["keep PersistentVolumeClaim default/data", "prune ConfigMap default/b"]
    );
    assert_eq!(done(&cluster, &less, &observed).expect("it can be done").pruned, 1);
    assert_eq!(plane.get(&["configmaps", "b"]), Value::Null);
    assert_eq!(plane.get(&["persistentvolumeclaims", "data"])["metadata"]["name"], "data");
    // What is kept is still known, so that it can go later.
    let kinds = annotation(&plane, "contains-group-kinds");
    assert_eq!(kinds, "ConfigMap,PersistentVolumeClaim,StorageClass.storage.k8s.io");
}

#[test]
fn nothing_goes_where_nothing_is_wanted() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    applied(&cluster, &mut desired(vec![config("a", "1")]));
    let mut nothing = desired(Vec::new());
    let observed = planned(&cluster, &mut nothing);
    assert_eq!(lines(&observed), [] as [&str; 0]);
    done(&cluster, &nothing, &observed).expect("there is nothing to do");
    assert_eq!(annotation(&plane, "contains-group-kinds"), "ConfigMap", "and nothing is forgotten");
}

#[test]
fn what_another_lab_has_is_refused() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    applied(&cluster, &mut desired(vec![config("a", "1")]));
    let mut other = of_lab("other", vec![config("a", "2"), config("b", "1")]);
    let observed = planned(&cluster, &mut other);
    let shown = lines(&observed);
    assert!(shown[0].starts_with("refused ConfigMap default/a: it is part of another set"), "{shown:?}");
    assert_eq!(shown[1], "create ConfigMap default/b");
    // Names that differ in no letter that Kubernetes knows are not taken for each other.
    let error = apply::plan(&cluster, &mut of_lab("Home", vec![config("a", "1")]), false).map(|_| ());
    assert!(error.expect_err("it is another lab").to_string().contains("the lab 'home'"));
}

#[test]
fn a_stray_namespace_makes_no_other_object() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
                      "metadata": {"name": "reader", "namespace": "default"}, "rules": []});
    let mut unsaid = config("b", "1");
    unsaid["metadata"].as_object_mut().expect("a map").shift_remove("namespace");
    let lab = || desired(vec![role.clone(), unsaid.clone()]);
    applied(&cluster, &mut lab());
    let again = planned(&cluster, &mut lab());
    assert_eq!(lines(&again), ["nothing ClusterRole reader", "nothing ConfigMap default/b"]);
}

#[test]
fn what_others_made_is_never_pruned() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    applied(&cluster, &mut desired(vec![config("a", "1")]));
    plane.kubectl(&["create", "configmap", "somebodys"]).succeeded();
    // A copy of ours that somebody made with its labels, and deleted and made again since it was looked at.
    let mut lab = desired(vec![config("z", "1")]);
    let observed = planned(&cluster, &mut lab);
    assert_eq!(lines(&observed)[1], "prune ConfigMap default/a");
    plane.kubectl(&["delete", "configmap", "a"]).succeeded();
    plane.kubectl(&["create", "configmap", "a"]).succeeded();
    done(&cluster, &lab, &observed).expect("it can be done");
    assert_eq!(plane.get(&["configmaps", "a"])["metadata"]["name"], "a", "that is another one");
    assert_eq!(plane.get(&["configmaps", "somebodys"])["metadata"]["name"], "somebodys");
}

#[test]
fn kubectl_takes_the_set_for_one_of_its_own_kind() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    // kubectl wants all that it is given to be in the namespace of the set.
    let config = |name: &str| {
        let mut config = config(name, "1");
        config["metadata"]["namespace"] = "kube-system".into();
        config
    };
    applied(&cluster, &mut desired(vec![config("a"), config("b")]));
    let file = file(&config("a"));
    let file = file.path().to_string_lossy();
    let args = ["apply", "--server-side", "--force-conflicts", "--namespace", "kube-system", "--prune"];
    let applyset = ["--applyset", "configmap/hlc-home", "-f", &file];
    let command = || {
        let mut command = plane.kubectl_command();
        command.env("KUBECTL_APPLYSET", "true").args(args).args(applyset);
        harness::Outcome::of(&mut command)
    };
    // Another program's set is left alone, and that is all that is wrong with it.
    let refused = command();
    assert!(!refused.ok && refused.stderr.contains("hlc"), "{}", refused.stderr);
    plane
        .kubectl(&[
            "annotate",
            "--overwrite",
            "configmap",
            "hlc-home",
            "--namespace",
            "kube-system",
            "applyset.kubernetes.io/tooling=kubectl/v1.37.2",
        ])
        .succeeded();
    command().succeeded();
    let there = |name: &str| plane.get(&["configmaps", name, "--namespace", "kube-system"]);
    assert_eq!(there("a")["metadata"]["name"], "a");
    assert_eq!(there("b"), Value::Null, "it prunes what is not among its files");
    // And hlc leaves alone what kubectl keeps now.
    let error = apply::plan(&cluster, &mut desired(vec![config("a")]), false)
        .map(|_| ())
        .expect_err("it is not ours");
    assert!(error.to_string().contains("'kubectl/v1.37.2'"), "{error}");
}
