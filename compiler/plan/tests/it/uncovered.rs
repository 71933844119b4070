//! Rules of kstatus that it has no case for: both give the same answer.

use plan::Status::Current;
use serde_json::{Value, json};

use crate::cases::Kstatus as K;
use crate::cases::{Case, conditions, counts, failed, idle, object, waits, with};

pub(crate) fn all() -> Vec<Case> {
    [workloads(), others()].into_iter().flatten().collect()
}

#[test]
fn each_rule_holds() {
    all().iter().for_each(Case::holds);
}

fn workloads() -> Vec<Case> {
    let waiting = |name, kind: &str, spec: Value, all: &[(&str, i64)], what: &str| {
        Case::new(name, object("apps/v1", kind, spec, counts(all)), K::InProgress, waits(what))
    };
    let two = || json!({"replicas": 2});
    let available = [("Available", "True", "")];
    let pods = [("replicas", 1), ("updatedReplicas", 1), ("availableReplicas", 1), ("readyReplicas", 1)];
    let deadline = |spec: Value| object("apps/v1", "Deployment", spec, with(counts(&pods), &available));
    vec![
        waiting(
            "old ones",
            "Deployment",
            two(),
            &[("replicas", 2), ("updatedReplicas", 1)],
            "1 of 2 pods are of the new version",
        ),
        waiting(
            "starting",
            "Deployment",
            two(),
            &[("replicas", 2), ("updatedReplicas", 2)],
            "0 of 2 pods are available",
        ),
        waiting(
            "not ready",
            "Deployment",
            two(),
            &[("replicas", 2), ("updatedReplicas", 2), ("availableReplicas", 2), ("readyReplicas", 1)],
            "1 of 2 pods are ready",
        ),
        Case::new("no deadline", deadline(json!({"progressDeadlineSeconds": i32::MAX})), K::Current, Current),
        Case::new(
            "no progress",
            object(
                "apps/v1",
                "Deployment",
                json!({"progressDeadlineSeconds": 600}),
                with(
                    counts(&pods),
                    &[("Available", "True", ""), ("Progressing", "False", "NewReplicaSetAvailable")],
                ),
            ),
            K::InProgress,
            waits("its new pods have not taken over yet"),
        ),
        Case::new(
            "nothing said of progress",
            deadline(json!({"progressDeadlineSeconds": 600})),
            K::InProgress,
            waits("its new pods have not taken over yet"),
        ),
        Case::new(
            "nothing said of what is available",
            object("apps/v1", "Deployment", json!({}), counts(&pods)),
            K::InProgress,
            waits("it does not count as available yet"),
        ),
        waiting(
            "new nodes",
            "DaemonSet",
            json!({}),
            &[("desiredNumberScheduled", 2)],
            "0 of 2 nodes have its pod",
        ),
        waiting(
            "old nodes",
            "DaemonSet",
            json!({}),
            &[("desiredNumberScheduled", 2), ("currentNumberScheduled", 2), ("updatedNumberScheduled", 1)],
            "1 of 2 nodes have its pod in the new version",
        ),
        waiting("new set", "ReplicaSet", two(), &[("fullyLabeledReplicas", 1)], "1 of 2 pods are there"),
        waiting(
            "smaller set",
            "ReplicaSet",
            two(),
            &[("replicas", 3), ("fullyLabeledReplicas", 3), ("availableReplicas", 3), ("readyReplicas", 3)],
            "3 pods are there, 2 wanted",
        ),
    ]
}

fn others() -> Vec<Case> {
    let definition = |all: &[(&str, &str, &str)]| {
        let status = json!({"conditions": conditions(all)});
        object("apiextensions.k8s.io/v1", "CustomResourceDefinition", json!({}), status)
    };
    let pending = with(json!({"phase": "Pending"}), &[("PodScheduled", "False", "SchedulingGated")]);
    vec![
        Case::new(
            "not served",
            definition(&[("Established", "False", "NotAccepted")]),
            K::Failed,
            failed("it is not served: NotAccepted"),
        ),
        Case::new(
            "ended badly",
            object("v1", "Pod", json!({}), json!({"phase": "Failed"})),
            K::Current,
            idle("it has ended, and not well"),
        ),
        Case::new(
            "held back",
            object("v1", "Pod", json!({}), pending),
            K::InProgress,
            waits("no node takes it yet: SchedulingGated"),
        ),
        Case::new("secret", object("v1", "Secret", Value::Null, Value::Null), K::Current, Current),
        Case::new("settings", object("v1", "ConfigMap", Value::Null, Value::Null), K::Current, Current),
        Case::new(
            "ingress",
            object("networking.k8s.io/v1", "Ingress", json!({}), json!({})),
            K::Current,
            Current,
        ),
    ]
}
