//! What left the lab, and what the lab's set knows.

use harness::control_plane::ControlPlane;
use serde_json::{Value, json};

use crate::lab::{applied, cluster, config, desired, done, file, lines, planned};

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
    applied(&cluster, &desired(vec![config("a", "1"), config("b", "1"), claim(), class()]));
    assert_eq!(
        annotation(&plane, "contains-group-kinds"),
        "ConfigMap,PersistentVolumeClaim,StorageClass.storage.k8s.io"
    );
    let less = desired(vec![config("a", "1"), class()]);
    let observed = planned(&cluster, &less);
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
    applied(&cluster, &desired(vec![config("a", "1")]));
    let observed = planned(&cluster, &desired(Vec::new()));
    assert_eq!(lines(&observed), [] as [&str; 0]);
}

#[test]
fn what_others_made_is_never_pruned() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    applied(&cluster, &desired(vec![config("a", "1")]));
    plane.kubectl(&["create", "configmap", "somebodys"]).succeeded();
    // A copy of ours that somebody made with its labels, and deleted and made again since it was looked at.
    let lab = desired(vec![config("z", "1")]);
    let observed = planned(&cluster, &lab);
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
    applied(&cluster, &desired(vec![config("a"), config("b")]));
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
    let error =
        apply::plan(&cluster, &desired(vec![config("a")]), false).map(|_| ()).expect_err("it is not ours");
    assert!(error.to_string().contains("'kubectl/v1.37.2'"), "{error}");
}
