//! Webhooks that refuse what is applied, and such that do not answer.

use harness::control_plane::ControlPlane;
use harness::webhook::Webhook;
use serde_json::Value;

use crate::lab::{applied, cluster, config, desired, done, file, lines, planned};

/// Has the API server ask a webhook, and waits until it does.
fn install(plane: &ControlPlane, webhook: &Webhook) {
    let file = file(&webhook.configuration());
    plane.apply_server_side(file.path()).succeeded();
    plane.wait_for("the webhook is asked", std::time::Duration::from_mins(1), |plane| {
        !plane.kubectl(&["create", "configmap", "probe", "--dry-run=server"]).ok
    });
}

#[test]
fn what_a_webhook_refuses_is_said_before_anything_is_done() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    applied(&cluster, &mut desired(vec![config("a", "1"), config("b", "1")]));
    // With the code that most of them use, which is that of rights that lack.
    let webhook = Webhook::refusing(403, "not on a Sunday");
    install(&plane, &webhook);
    let observed = planned(&cluster, &mut desired(vec![config("a", "2"), config("b", "1")]));
    let shown = lines(&observed);
    assert!(
        shown[0].starts_with("refused ConfigMap default/a") && shown[0].contains("not on a Sunday"),
        "{shown:?}"
    );
    assert!(shown[0].contains("guard.test.example"), "{shown:?}");
    // Nor does it say yes where something is deleted.
    let mut less = desired(vec![config("z", "1")]);
    less.wanted.parts[0].objects[0].object["metadata"]["namespace"] = "kube-system".into();
    less.wanted.parts[0].objects[0].key.namespace = Some("kube-system".into());
    let observed = planned(&cluster, &mut less);
    let said = done(&cluster, &less, &observed).expect_err("it may not go").to_string();
    assert!(said.contains("ConfigMap default/") && said.contains("not on a Sunday"), "{said}");
    plane.kubectl(&["delete", "validatingwebhookconfiguration", "guard"]).succeeded();
    plane.wait_for("nobody is asked", std::time::Duration::from_mins(1), |plane| {
        plane.kubectl(&["create", "configmap", "probe", "--dry-run=server"]).ok
    });
    applied(&cluster, &mut less);
    assert_eq!(plane.get(&["configmap", "a"]), Value::Null);
}

#[test]
fn a_webhook_that_does_not_answer_is_named_and_keeps_no_plan_from_being_made() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    applied(&cluster, &mut desired(vec![config("a", "1"), config("b", "1")]));
    let mut webhook = Webhook::refusing(403, "no");
    install(&plane, &webhook);
    webhook.stop();
    // What is there is compared with what the lab says, and what is not has to wait.
    let mut lab = desired(vec![config("a", "2"), config("b", "1"), config("c", "1")]);
    let observed = planned(&cluster, &mut lab);
    assert_eq!(
        lines(&observed),
        [
            "change ConfigMap default/a: data.text",
            "nothing ConfigMap default/b",
            "create later ConfigMap default/c"
        ]
    );
    let error = done(&cluster, &lab, &observed).expect_err("nobody answers");
    let said = error.to_string();
    assert!(said.contains("ConfigMap default/") && said.contains("guard.test.example"), "{said}");
    plane.kubectl(&["delete", "validatingwebhookconfiguration", "guard"]).succeeded();
    applied(&cluster, &mut lab);
    assert!(!planned(&cluster, &mut lab).plan.has_changes());
}
