//! How many requests it takes.

use harness::control_plane::ControlPlane;
use harness::passage::Passage;
use plan::Action;
use serde_json::{Value, json};

use crate::lab::{applied, by, config, desired, lines, planned};

/// What a run asks besides what it asks of each object: which kinds there are, the set, whose the cluster is, each kind's
/// members, the Lease.
const BESIDES: usize = 20;

/// As many objects, of two kinds.
fn many(count: usize) -> Vec<Value> {
    let service = |nth: usize| {
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": format!("s{nth}"), "namespace": "default"},
               "spec": {"ports": [{"port": 80}], "clusterIP": "None"}})
    };
    let one = |nth: usize| if nth.is_multiple_of(2) { config(&format!("c{nth}"), "1") } else { service(nth) };
    (0..count).map(one).collect()
}

fn labelled(mut object: Value) -> Value {
    object["metadata"]["labels"]["app"] = "web".into();
    object
}

#[test]
fn a_plan_asks_about_what_changed_and_what_is_left_is_asked_about_once() {
    let plane = ControlPlane::start_api_server();
    let passage = Passage::to(&plane);
    let cluster = by(passage.kubeconfig());
    let mut lab = desired(many(60));
    applied(&cluster, &mut lab);
    passage.open();
    assert!(!planned(&cluster, &mut lab).plan.has_changes());
    let requests = passage.passed();
    assert!(requests <= BESIDES, "{requests} requests for a plan of 60 objects with nothing to do");

    // Each that is otherwise is tried once.
    let mut other = desired(many(60).into_iter().map(labelled).collect());
    passage.open();
    assert!(planned(&cluster, &mut other).plan.has_changes());
    let requests = passage.passed();
    assert!(
        (60..=60 + BESIDES).contains(&requests),
        "{requests} requests for a plan that changes 60 objects"
    );

    // What leaves the lab is looked at and deleted, and then looked for all together.
    let mut less = desired(many(20));
    let observed = planned(&cluster, &mut less);
    let gone = observed.plan.steps.iter().filter(|step| step.action == Action::Prune).count();
    assert_eq!(gone, 40, "{:?}", lines(&observed));
    passage.open();
    assert_eq!(crate::lab::done(&cluster, &less, &observed).expect("it can be done").pruned, 40);
    let requests = passage.passed();
    assert!(requests <= 2 * 40 + BESIDES, "{requests} requests to delete 40 objects");
}
