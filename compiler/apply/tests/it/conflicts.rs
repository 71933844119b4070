//! Fields that others set.

use harness::control_plane::ControlPlane;
use serde_json::{Value, json};

use crate::lab::{applied, cluster, config, desired, file, lines, planned};

/// Sets the text of a `ConfigMap` as another manager.
fn set_as(plane: &ControlPlane, manager: &str, name: &str, text: &str) {
    let patch = json!({"data": {"text": text}}).to_string();
    plane.kubectl(&["patch", "configmap", name, "--field-manager", manager, "-p", &patch]).succeeded();
}

#[test]
fn people_are_overruled_and_controllers_are_not() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    let lab = || desired(vec![config("mine", "1"), config("theirs", "1")]);
    applied(&cluster, &mut lab());
    set_as(&plane, "kubectl-edit", "mine", "by hand");
    set_as(&plane, "a-controller", "theirs", "by a controller");
    let observed = planned(&cluster, &mut lab());
    assert_eq!(
        lines(&observed),
        ["change ConfigMap default/mine: data.text", "nothing ConfigMap default/theirs"]
    );
    let yields = &observed.plan.steps[1].yields;
    assert_eq!((yields[0].field.as_str(), yields[0].manager.as_str()), (".data.text", "a-controller"));
    applied(&cluster, &mut lab());
    assert_eq!(plane.get(&["configmaps", "mine"])["data"]["text"], "1");
    assert_eq!(plane.get(&["configmaps", "theirs"])["data"]["text"], "by a controller");
    // And it stays so.
    assert!(!planned(&cluster, &mut lab()).plan.has_changes());
}

#[test]
fn what_kubectl_applied_before_is_taken_over_and_goes_when_the_lab_has_it_no_more() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    let mut old = config("old", "1");
    old["data"]["gone"] = "x".into();
    let file = file(&old);
    plane.kubectl(&["apply", "-f", &file.path().to_string_lossy()]).succeeded();
    let lab = || desired(vec![config("old", "1")]);
    let observed = planned(&cluster, &mut lab());
    assert_eq!(observed.plan.steps[0].adopts, ["kubectl-client-side-apply"]);
    let shown = &lines(&observed)[0];
    assert!(shown.starts_with("change ConfigMap default/old: ") && shown.contains(" data.gone "), "{shown}");
    applied(&cluster, &mut lab());
    let live = plane.get(&["configmaps", "old", "--show-managed-fields"]);
    assert_eq!(live["data"], json!({"text": "1"}));
    let managers: Vec<&Value> = live["metadata"]["managedFields"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| &one["manager"])
        .collect();
    assert_eq!(managers, ["hlc"]);
    assert!(!planned(&cluster, &mut lab()).plan.has_changes());
}
