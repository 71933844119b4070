//! What is wanted comes to be, and nothing is done when it is.

use harness::control_plane::ControlPlane;
use serde_json::json;

use crate::lab::{applied, cluster, config, desired, done, lines, planned, turn};

#[test]
fn what_is_wanted_comes_to_be_once() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "media"}});
    let mut inside = config("a", "1");
    inside["metadata"]["namespace"] = "media".into();
    let mut lab = desired(vec![inside.clone(), namespace.clone(), config("b", "1")]);
    let first = planned(&cluster, &mut lab);
    assert_eq!(
        lines(&first),
        ["create later ConfigMap media/a", "create Namespace media", "create ConfigMap default/b"]
    );
    assert_eq!(plane.get(&["configmaps", "b"]), serde_json::Value::Null, "a plan changes nothing");
    assert_eq!(done(&cluster, &lab, &first).expect("it can be done").applied, 3);
    assert_eq!(plane.get(&["configmaps", "a", "--namespace", "media"])["data"]["text"], "1");

    let again = planned(&cluster, &mut lab);
    assert!(!again.plan.has_changes(), "{:?}", lines(&again));
    let version = |name: &str| plane.get(&["configmaps", name])["metadata"]["resourceVersion"].clone();
    let before = version("b");
    assert_eq!(applied(&cluster, &mut lab).applied, 0);
    assert_eq!(version("b"), before, "nothing is written");

    let mut changed = desired(vec![inside, namespace, config("b", "2")]);
    let plan = planned(&cluster, &mut changed);
    assert_eq!(lines(&plan)[2], "change ConfigMap default/b: data.text");
    assert_eq!(done(&cluster, &changed, &plan).expect("it can be done").applied, 1);
    assert_eq!(plane.get(&["configmaps", "b"])["data"]["text"], "2");
}

#[test]
fn what_cannot_be_changed_is_made_anew_with_consent_only() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    let fixed = |text: &str| {
        let mut config = config("fixed", text);
        config["immutable"] = true.into();
        config
    };
    applied(&cluster, &mut desired(vec![fixed("1")]));
    let uid = || plane.get(&["configmaps", "fixed"])["metadata"]["uid"].clone();
    let (mut lab, before) = (desired(vec![fixed("2")]), uid());
    let observed = planned(&cluster, &mut lab);
    assert_eq!(lines(&observed), ["recreate ConfigMap default/fixed"]);
    let refused = done(&cluster, &lab, &observed).expect_err("nobody consented").to_string();
    assert!(refused.contains("ConfigMap default/fixed") && refused.contains("immutable"), "{refused}");
    assert_eq!(uid(), before);
    let options = apply::Options { consent: true, ..apply::Options::default() };
    let turn = turn(&cluster, &lab, "anna@test (process 1) b").expect("nobody else has it");
    apply::apply(&cluster, &turn, &lab, &observed, options, &mut |_: apply::Event<'_>| {})
        .expect("it can be done");
    assert_ne!(uid(), before);
    assert_eq!(plane.get(&["configmaps", "fixed"])["data"]["text"], "2");
}

#[test]
fn what_the_cluster_refuses_is_said_before_anything_is_done() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    let mut wrong = config("wrong", "1");
    wrong["metadata"]["name"] = "Not A Name".into();
    let mut unknown = config("unknown", "1");
    unknown["dota"] = json!({});
    let observed = planned(&cluster, &mut desired(vec![wrong, unknown]));
    let said = lines(&observed);
    assert!(said[0].starts_with("refused ConfigMap default/Not A Name"), "{said:?}");
    assert!(said[1].contains("dota"), "{said:?}");
}
