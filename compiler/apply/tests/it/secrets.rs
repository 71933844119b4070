//! Secrets reach the cluster, and nobody else.

use apply::Vault;
use harness::control_plane::ControlPlane;
use serde_json::json;
use zeroize::Zeroizing;

use crate::lab::{applied, cluster, done, lines, planned, with_vault};

fn lab(password: &str) -> apply::Desired {
    let mut vault = Vault::new();
    let plain = vault.keep(Zeroizing::new(password.to_owned()));
    let object = json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
                        "metadata": {"name": "s", "namespace": "default"}, "stringData": {}, "data": {}});
    let mut secret = object;
    secret["stringData"]["password"] = plain.clone();
    let mut sealed = crate::lab::config("sealed", "1");
    sealed["data"]["url"] = plain;
    with_vault(vec![secret, sealed], vault)
}

#[test]
fn secrets_reach_the_cluster_and_no_plan_or_error() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    let mut first = lab("hunter2-of-the-test");
    applied(&cluster, &mut first);
    let base64 = "aHVudGVyMi1vZi10aGUtdGVzdA==";
    assert_eq!(plane.get(&["secret", "s"])["data"]["password"], base64);
    assert_eq!(plane.get(&["configmap", "sealed"])["data"]["url"], "hunter2-of-the-test");

    let mut second = lab("another-password");
    let observed = planned(&cluster, &mut second);
    assert!(lines(&observed)[1].ends_with("data.url"), "{:?}", lines(&observed));
    let shown = serde_json::to_string(&observed.plan).expect("it is JSON");
    for plain in ["hunter2", "another-password", base64, "YW5vdGhlci1wYXNzd29yZA=="] {
        assert!(!shown.contains(plain), "{plain} in {shown}");
    }
    done(&cluster, &second, &observed).expect("it can be done");
    assert_eq!(plane.get(&["configmap", "sealed"])["data"]["url"], "another-password");
}
