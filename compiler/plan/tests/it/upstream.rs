//! The cases of kstatus, by its names. The objects are other ones of the same kind and state, and where this program
//! gives another answer, the case says why.
//!
//! Source: cli-utils `pkg/kstatus/status/status_compute_test.go`.

use std::collections::BTreeSet;

use plan::Status::{self, Current, FailedForGood};
use serde_json::{Value, json};

use crate::cases::Kstatus as K;
use crate::cases::{Case, NOW, conditions, counts, failed, idle, object, waits, with};

const NOT_LOOKED: &str = "its controller has not looked at it yet";
const NOT_SEEN: &str = "its controller has not seen the last change yet";

pub(crate) fn all() -> Vec<Case> {
    [pods(), storage(), stateful_sets(), daemon_sets(), deployments(), replica_sets(), budgets()]
        .into_iter()
        .chain([customs(), jobs(), cron_jobs(), services(), definitions()])
        .flatten()
        .collect()
}

#[test]
fn each_case_of_kstatus_holds() {
    let all = all();
    let names: BTreeSet<&str> = all.iter().map(|case| case.name).collect();
    assert_eq!((all.len(), names.len()), (53, 53), "all that there are, each once");
    all.iter().for_each(Case::holds);
}

/// Our answer is that of kstatus: for what is fine, and for what is on its way.
fn fine(name: &'static str, object: Value) -> Case {
    Case::new(name, object, K::Current, Current)
}

fn on_its_way(name: &'static str, object: Value, what: &str) -> Case {
    Case::new(name, object, K::InProgress, waits(what))
}

fn pods() -> Vec<Case> {
    let pod = |status: Value| object("v1", "Pod", Value::Null, status);
    let phase = |phase: &str, all: &[(&str, &str, &str)]| pod(with(json!({"phase": phase}), all));
    let no_node = [("PodScheduled", "False", "Unschedulable")];
    let mut new = phase("Pending", &no_node);
    assert_eq!(NOW, 1_788_033_398, "three seconds after it was made");
    new["metadata"]["creationTimestamp"] = json!("2026-08-29T19:56:35Z");
    let mut crashing = phase("Running", &[("Ready", "False", "ContainersNotReady")]);
    crashing["status"]["containerStatuses"] = json!([
        {"name": "server", "restartCount": 4, "state": {"waiting": {"reason": "CrashLoopBackOff"}}},
        {"name": "exporter", "state": {"running": {"startedAt": "2026-08-29T19:50:00Z"}}}]);
    vec![
        on_its_way("podNoStatus", pod(Value::Null), "no node has taken it up yet"),
        fine("podReady", phase("Running", &[("Initialized", "True", ""), ("Ready", "True", "")])),
        fine("podCompletedSuccessfully", phase("Succeeded", &[("Ready", "False", "PodCompleted")])),
        Case::new(
            "podCompletedFailed",
            phase("Failed", &[("Ready", "False", "PodFailed")]),
            K::Current,
            idle("it has ended, and not well"),
        ),
        on_its_way("podBeingScheduled", new, "no node takes it yet: Unschedulable"),
        Case::new(
            "podUnschedulable",
            phase("Pending", &no_node),
            K::Failed,
            failed("no node takes it: Unschedulable"),
        ),
        Case::new("podCrashLooping", crashing, K::Failed, failed("it crashes again and again: server")),
    ]
}

fn storage() -> Vec<Case> {
    let claim =
        |status: Value| object("v1", "PersistentVolumeClaim", json!({"storageClassName": "nfs"}), status);
    vec![
        on_its_way("pvcNoStatus", claim(Value::Null), "no volume is bound to it yet"),
        fine("pvcBound", claim(json!({"phase": "Bound", "capacity": {"storage": "8Gi"}}))),
    ]
}

fn stateful_sets() -> Vec<Case> {
    let set = |status: Value| object("apps/v1", "StatefulSet", json!({"replicas": 3}), status);
    let three = |current: i64, ready: i64, there: i64| {
        set(counts(&[("currentReplicas", current), ("readyReplicas", ready), ("replicas", there)]))
    };
    vec![
        on_its_way("stsNoStatus", set(Value::Null), NOT_LOOKED),
        on_its_way("stsBadStatus", set(counts(&[("currentReplicas", 3)])), "0 of 3 pods are there"),
        fine("stsOK", three(3, 3, 3)),
        on_its_way("stsLessReady", three(3, 1, 3), "1 of 3 pods are ready"),
        on_its_way("stsLessCurrent", three(1, 3, 3), "1 of 3 pods are of the version that counts"),
        on_its_way("stsExtraPods", three(3, 3, 5), "5 pods are there, 3 wanted"),
    ]
}

fn daemon_sets() -> Vec<Case> {
    let set = |status: Value| object("apps/v1", "DaemonSet", json!({"selector": {}}), status);
    let nodes = |available: i64, ready: i64| {
        counts(&[
            ("desiredNumberScheduled", 3),
            ("currentNumberScheduled", 3),
            ("updatedNumberScheduled", 3),
            ("numberAvailable", available),
            ("numberReady", ready),
        ])
    };
    let mut old = nodes(3, 3);
    old["observedGeneration"] = json!(1);
    vec![
        on_its_way("dsNoStatus", set(Value::Null), NOT_LOOKED),
        on_its_way(
            "dsBadStatus",
            set(counts(&[("currentNumberScheduled", 3)])),
            "its controller has not said yet for how many nodes it is",
        ),
        fine("dsOK", set(nodes(3, 3))),
        on_its_way("dsDifferentGeneration", set(old), NOT_SEEN),
        on_its_way("dsLessReady", set(nodes(3, 1)), "1 of 3 nodes have its pod ready"),
        on_its_way("dsLessAvailable", set(nodes(1, 3)), "1 of 3 nodes have its pod available"),
    ]
}

fn deployments() -> Vec<Case> {
    let deployment = |spec: Value, all: &[(&str, &str, &str)]| {
        let pods = [("replicas", 1), ("updatedReplicas", 1), ("availableReplicas", 1), ("readyReplicas", 1)];
        object("apps/v1", "Deployment", spec, with(counts(&pods), all))
    };
    let (available, through) = (
        ("Available", "True", "MinimumReplicasAvailable"),
        ("Progressing", "True", "NewReplicaSetAvailable"),
    );
    let with_deadline = json!({"progressDeadlineSeconds": 600});
    vec![
        on_its_way("depNoStatus", object("apps/v1", "Deployment", json!({}), Value::Null), NOT_LOOKED),
        fine("depOK", deployment(with_deadline.clone(), &[through, available])),
        on_its_way(
            "depNotProgressing",
            deployment(with_deadline.clone(), &[("Progressing", "False", "ReplicaSetUpdated"), available]),
            "its new pods have not taken over yet",
        ),
        fine("depNoProgressDeadlineSeconds", deployment(json!({}), &[available])),
        on_its_way(
            "depNotAvailable",
            deployment(with_deadline, &[through, ("Available", "False", "MinimumReplicasUnavailable")]),
            "it does not count as available yet: MinimumReplicasUnavailable",
        ),
    ]
}

fn replica_sets() -> Vec<Case> {
    let set = |status: Value| object("apps/v1", "ReplicaSet", json!({"replicas": 3}), status);
    let three = |available: i64, ready: i64| {
        counts(&[
            ("replicas", 3),
            ("fullyLabeledReplicas", 3),
            ("availableReplicas", available),
            ("readyReplicas", ready),
        ])
    };
    let refused = [("ReplicaFailure", "True", "FailedCreate")];
    vec![
        on_its_way("rsNoStatus", set(Value::Null), NOT_LOOKED),
        fine("rsOK1", set(with(three(3, 3), &[("ReplicaFailure", "False", "")]))),
        fine("rsOK2", set(three(3, 3))),
        on_its_way("rsLessAvailable", set(three(1, 3)), "1 of 3 pods are available"),
        on_its_way("rsLessReady", set(three(3, 1)), "1 of 3 pods are ready"),
        on_its_way(
            "rsReplicaFailure",
            set(with(three(3, 3), &refused)),
            "all pods are there, and more cannot be made: FailedCreate",
        ),
    ]
}

fn budgets() -> Vec<Case> {
    let budget = |seen: i64| {
        object("policy/v1", "PodDisruptionBudget", json!({}), json!({"observedGeneration": seen}))
    };
    vec![on_its_way("pdbNotObserved", budget(1), NOT_SEEN), fine("pdbObserved", budget(2))]
}

fn customs() -> Vec<Case> {
    let custom = |status: Value| object("example.org/v1", "Backup", json!({"of": "photos"}), status);
    let has = |all: &[(&str, &str, &str)]| custom(json!({"conditions": conditions(all)}));
    vec![
        fine("crdNoStatus", custom(Value::Null)),
        fine("crdReady", has(&[("Ready", "True", "Done")])),
        on_its_way("crdNotReady", has(&[("Ready", "False", "Copying")]), "it is not ready: Copying"),
        fine("crdNoCondition", has(&[("Verified", "False", "")])),
        on_its_way("crdMismatchStatusGeneration", custom(json!({"observedGeneration": 1})), NOT_SEEN),
    ]
}

fn jobs() -> Vec<Case> {
    let job = |spec: Value, status: Value| object("batch/v1", "Job", spec, status);
    let running = with(
        json!({"startTime": "2026-08-29T19:50:00Z", "succeeded": 2, "active": 1, "failed": 1}),
        &[("Complete", "False", ""), ("Failed", "False", "")],
    );
    vec![
        on_its_way("jobNoStatus", job(json!({}), Value::Null), "it has not started yet"),
        fine("jobComplete", job(json!({}), with(json!({"succeeded": 1}), &[("Complete", "True", "")]))),
        Case::new(
            "jobFailed",
            job(
                json!({"completions": 3}),
                with(json!({"failed": 7}), &[("Failed", "True", "BackoffLimitExceeded")]),
            ),
            K::Failed,
            FailedForGood("it failed: BackoffLimitExceeded".into()),
        ),
        Case::new(
            "jobInProgress",
            job(json!({"completions": 5, "parallelism": 1}), running),
            K::Current,
            waits("2 of 5 pods are done, 1 at work, 1 failed"),
        )
        .because("what comes behind a job builds on what it did, as Flux has it"),
    ]
}

fn cron_jobs() -> Vec<Case> {
    let cron = |status: Value| object("batch/v1", "CronJob", json!({"schedule": "0 3 * * *"}), status);
    vec![
        fine("cronjobNoStatus", cron(Value::Null)),
        fine("cronjobWithStatus", cron(json!({"lastScheduleTime": "2026-08-29T03:00:00Z"}))),
    ]
}

fn services() -> Vec<Case> {
    let service = |spec: Value| object("v1", "Service", spec, Value::Null);
    vec![
        fine("serviceDefault", service(Value::Null)),
        fine("serviceNodePort", service(json!({"type": "NodePort"}))),
        on_its_way(
            "serviceLBnok",
            service(json!({"type": "LoadBalancer"})),
            "it has no address inside the cluster yet",
        ),
        Case::new(
            "serviceLBok",
            service(json!({"type": "LoadBalancer", "clusterIP": "10.43.7.7"})),
            K::Current,
            waits("no load balancer has given it an address yet"),
        )
        .because(
            "an address from outside is what somebody wants who asks for a load balancer; Helm and kapp wait",
        ),
    ]
}

fn definitions() -> Vec<Case> {
    let definition = |all: &[(&str, &str, &str)]| {
        let status = json!({"conditions": conditions(all)});
        object("apiextensions.k8s.io/v1", "CustomResourceDefinition", json!({}), status)
    };
    let accepted = ("NamesAccepted", "True", "NoConflicts");
    let waits: Status = waits("it is not served yet");
    vec![
        Case::new("crdNoConditions", definition(&[]), K::InProgress, waits.clone()),
        Case::new(
            "crdInstalling",
            definition(&[accepted, ("Established", "False", "Installing")]),
            K::InProgress,
            waits,
        ),
        Case::new(
            "crdNamesNotAccepted",
            definition(&[("NamesAccepted", "False", "ListKindConflict")]),
            K::Failed,
            failed("its names are not accepted: ListKindConflict"),
        ),
        fine("crdEstablished", definition(&[accepted, ("Established", "True", "InitialNamesAccepted")])),
    ]
}
