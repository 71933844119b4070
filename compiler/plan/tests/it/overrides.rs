//! Where this program gives another answer than kstatus, or one that kstatus has no case for.

use plan::Status::{Current, FailedForGood, InProgress, Terminating};
use plan::{Context, Status, status};
use serde_json::{Value, json};

use crate::cases::Kstatus as K;
use crate::cases::{Case, NOW, conditions, counts, failed, idle, object, seen, waits, with};

const NOT_LOOKED: &str = "its controller has not looked at it yet";
const PAUSED: &str = "it is paused: its pods stay as they are until somebody resumes it";
const BY_HAND: &str = "its pods are renewed only as somebody deletes them (OnDelete)";

pub(crate) fn all() -> Vec<Case> {
    [just_applied(), workloads(), jobs(), claims(), services(), pods(), conditions_of_before()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn each_override_holds() {
    all().iter().for_each(Case::holds);
}

/// Controllers that count generations have not looked at an object until they say which one. Nothing else counts then,
/// not even that zero of zero pods are there.
fn just_applied() -> Vec<Case> {
    let because = "kstatus takes what nobody has looked at for zero of zero";
    let none = json!({"replicas": 0});
    let by_hand = json!({"updateStrategy": {"type": "OnDelete"}});
    let new = |kind: &str, spec: &Value, status: Value| object("apps/v1", kind, spec.clone(), status);
    let waits = || waits(NOT_LOOKED);
    let of_nobody = || with(json!({}), &[("Available", "True", "")]);
    let through = [("Available", "True", ""), ("Progressing", "True", "NewReplicaSetAvailable")];
    vec![
        Case::new("Deployment", new("Deployment", &none, Value::Null), K::InProgress, waits()),
        Case::new("Deployment, empty status", new("Deployment", &none, json!({})), K::InProgress, waits()),
        Case::new("Deployment, no generation", new("Deployment", &none, of_nobody()), K::Current, waits())
            .because(because),
        Case::new("StatefulSet", new("StatefulSet", &none, Value::Null), K::Current, waits())
            .because(because),
        Case::new("StatefulSet by hand", new("StatefulSet", &by_hand, Value::Null), K::Current, waits())
            .because(because),
        Case::new("DaemonSet", new("DaemonSet", &json!({}), Value::Null), K::InProgress, waits()),
        Case::new("DaemonSet by hand", new("DaemonSet", &by_hand, json!({})), K::InProgress, waits()),
        Case::new("ReplicaSet", new("ReplicaSet", &none, Value::Null), K::Current, waits()).because(because),
        Case::new(
            "paused Deployment",
            new("Deployment", &json!({"paused": true}), json!({})),
            K::InProgress,
            waits(),
        ),
        // And with zero pods, which a controller has looked at.
        Case::new(
            "no pods wanted",
            new("Deployment", &none, with(counts(&[]), &through)),
            K::Current,
            Current,
        ),
        Case::new("no pods wanted in order", new("StatefulSet", &none, counts(&[])), K::Current, Current),
        Case::new(
            "no node wanted",
            new("DaemonSet", &json!({}), counts(&[("desiredNumberScheduled", 0)])),
            K::Current,
            Current,
        ),
    ]
}

fn workloads() -> Vec<Case> {
    let late = [("Progressing", "False", "ProgressDeadlineExceeded")];
    let deployment = |spec: Value, status: Value| object("apps/v1", "Deployment", spec, status);
    let set = |kind: &str, strategy: Value, status: Value| {
        object("apps/v1", kind, json!({"replicas": 3, "updateStrategy": strategy}), status)
    };
    let by_hand = json!({"type": "OnDelete"});
    let part = |partition: i64| json!({"type": "RollingUpdate", "rollingUpdate": {"partition": partition}});
    let ready = |updated: i64| counts(&[("replicas", 3), ("readyReplicas", 3), ("updatedReplicas", updated)]);
    let mut refused = with(counts(&[("replicas", 1)]), &[("ReplicaFailure", "True", "FailedCreate")]);
    refused["conditions"][0]["message"] = json!("pods \"photos-7\" is forbidden:\n exceeded quota: media");
    let mut turning = counts(&[("replicas", 3), ("readyReplicas", 3), ("currentReplicas", 3)]);
    (turning["currentRevision"], turning["updateRevision"]) = (json!("photos-1"), json!("photos-2"));
    vec![
        Case::new("paused", deployment(json!({"paused": true}), counts(&[])), K::InProgress, idle(PAUSED))
            .because("a paused deployment never gets ready by itself; Helm 4 does not wait for it either"),
        Case::new(
            "not paused",
            deployment(json!({"paused": false}), counts(&[])),
            K::InProgress,
            waits("0 of 1 pods are there"),
        ),
        Case::new(
            "no further",
            deployment(json!({"progressDeadlineSeconds": 600}), with(counts(&[("replicas", 1)]), &late)),
            K::Failed,
            failed("it got no further in the time that it has: ProgressDeadlineExceeded"),
        ),
        Case::new(
            "pods refused",
            deployment(json!({"replicas": 2}), refused),
            K::InProgress,
            waits(
                "1 of 2 pods are there, and more cannot be made: pods \"photos-7\" is forbidden: exceeded quota: media",
            ),
        ),
        Case::new(
            "old pods",
            deployment(json!({}), counts(&[("replicas", 2), ("updatedReplicas", 1)])),
            K::InProgress,
            waits("2 pods are there, 1 wanted"),
        ),
        Case::new("by hand", set("StatefulSet", by_hand.clone(), counts(&[])), K::Current, idle(BY_HAND)),
        Case::new(
            "by hand on each node",
            set(
                "DaemonSet",
                by_hand,
                counts(&[("desiredNumberScheduled", 2), ("currentNumberScheduled", 2)]),
            ),
            K::InProgress,
            idle(BY_HAND),
        )
        .because("what waits for somebody's hand is not waited for; Helm and Argo CD hold it so, too"),
        Case::new(
            "all of them",
            set("StatefulSet", part(0), ready(2)),
            K::InProgress,
            waits("2 of 3 pods are of the new version"),
        ),
        Case::new("some of them", set("StatefulSet", part(1), ready(2)), K::Current, Current),
        Case::new("none of them", set("StatefulSet", part(7), ready(0)), K::Current, Current),
        Case::new(
            "two versions",
            set("StatefulSet", json!({}), turning),
            K::InProgress,
            waits("its new version does not count as the current one yet"),
        ),
    ]
}

fn jobs() -> Vec<Case> {
    let job = |spec: Value, status: Value| object("batch/v1", "Job", spec, status);
    let suspended = || json!({"conditions": conditions(&[("Suspended", "True", "JobSuspended")])});
    let idle = idle("it is suspended until somebody resumes it");
    vec![
        Case::new("suspended", job(json!({"suspend": true}), suspended()), K::Current, idle),
        Case::new(
            "to be suspended",
            job(json!({"suspend": true}), Value::Null),
            K::InProgress,
            waits(NOT_LOOKED),
        ),
        Case::new(
            "resumed",
            job(json!({"suspend": false}), suspended()),
            K::InProgress,
            waits("it has not started yet"),
        ),
        Case::new(
            "started",
            job(json!({}), json!({"startTime": "2026-08-29T19:50:00Z", "active": 1})),
            K::Current,
            waits("0 of 1 pods are done, 1 at work"),
        )
        .because("what comes behind a job builds on what it did"),
    ]
}

fn claims() -> Vec<Case> {
    let claim =
        |spec: Value, phase: &str| object("v1", "PersistentVolumeClaim", spec, json!({"phase": phase}));
    let of = |class: &str| json!({"storageClassName": class});
    let unused = || idle("it gets a volume when a pod first uses it");
    let because = "it waits for a pod, which may be of a later stage, or of a job that is suspended";
    let mut old = claim(json!({}), "Pending");
    old["metadata"]["annotations"] = json!({"volume.beta.kubernetes.io/storage-class": "nfs"});
    let by_name = json!({"storageClassName": "local-path", "volumeName": "photos-of-2019"});
    vec![
        Case::new("first consumer", claim(of("local-path"), "Pending"), K::InProgress, unused())
            .because(because),
        Case::new("by default", claim(json!({}), "Pending"), K::InProgress, unused()).because(because),
        Case::new(
            "at once",
            claim(of("nfs"), "Pending"),
            K::InProgress,
            waits("no volume is bound to it yet"),
        ),
        Case::new("class of old", old, K::InProgress, waits("no volume is bound to it yet")),
        Case::new(
            "of no class",
            claim(of(""), "Pending"),
            K::InProgress,
            waits("no volume is bound to it yet, and none is made for it"),
        ),
        Case::new(
            "of no class that is there",
            claim(of("fast"), "Pending"),
            K::InProgress,
            waits("no volume is bound to it yet, and there is no storage class fast that makes one"),
        ),
        Case::new(
            "a volume by name",
            claim(by_name, "Pending"),
            K::InProgress,
            waits("it is not bound to the volume photos-of-2019 yet"),
        ),
        Case::new(
            "not looked at",
            claim(of("local-path"), ""),
            K::InProgress,
            waits("no volume is bound to it yet"),
        ),
        Case::new(
            "lost",
            claim(of("local-path"), "Lost"),
            K::InProgress,
            failed("the volume that it was bound to is gone"),
        )
        .because("a volume that is gone does not come back"),
    ]
}

#[test]
fn without_a_default_class_nothing_comes_by_itself() {
    let claim = object("v1", "PersistentVolumeClaim", json!({}), json!({"phase": "Pending"}));
    let found = status(&claim, &Context { now: NOW, storage_class: &|_| None });
    assert_eq!(found, waits("no volume is bound to it yet, and there is no default storage class"));
}

fn services() -> Vec<Case> {
    let service = |kind: &str, ingress: Value| {
        let spec = json!({"type": kind, "clusterIP": "10.43.7.7"});
        object("v1", "Service", spec, json!({"loadBalancer": {"ingress": ingress}}))
    };
    let waits = || waits("no load balancer has given it an address yet");
    let because = "an address from outside is what somebody wants who asks for a load balancer";
    vec![
        Case::new("an address", service("LoadBalancer", json!([{"ip": "192.0.2.7"}])), K::Current, Current),
        Case::new(
            "a name",
            service("LoadBalancer", json!([{}, {"hostname": "lb.example.org"}])),
            K::Current,
            Current,
        ),
        Case::new("no list", service("LoadBalancer", Value::Null), K::Current, waits()).because(because),
        Case::new("an empty list", service("LoadBalancer", json!([])), K::Current, waits()).because(because),
        Case::new(
            "an empty address",
            service("LoadBalancer", json!([{"ip": "", "hostname": ""}])),
            K::Current,
            waits(),
        )
        .because(because),
        Case::new("within", service("ClusterIP", Value::Null), K::Current, Current),
        Case::new("elsewhere", service("ExternalName", Value::Null), K::Current, Current),
    ]
}

fn pods() -> Vec<Case> {
    let created = |time: &str| {
        let status = with(json!({"phase": "Pending"}), &[("PodScheduled", "False", "Unschedulable")]);
        let mut pod = object("v1", "Pod", json!({}), status);
        pod["metadata"]["creationTimestamp"] = json!(time);
        pod
    };
    let waiting = |phase: &str, field: &str, reason: &str| {
        let state = json!({"waiting": {"reason": reason, "message": "x\u{1b}[31m"}});
        object("v1", "Pod", json!({}), json!({"phase": phase, field: [{"name": "server", "state": state}]}))
    };
    vec![
        Case::new(
            "14 seconds",
            created("2026-08-29T19:56:24Z"),
            K::InProgress,
            waits("no node takes it yet: Unschedulable"),
        ),
        Case::new(
            "15 seconds",
            created("2026-08-29T19:56:23Z"),
            K::Failed,
            failed("no node takes it: Unschedulable"),
        ),
        Case::new(
            "starting",
            waiting("Pending", "containerStatuses", "ContainerCreating"),
            K::InProgress,
            waits("its containers are being started"),
        ),
        Case::new(
            "no image",
            waiting("Pending", "containerStatuses", "ImagePullBackOff"),
            K::InProgress,
            waits("its container server cannot start: ImagePullBackOff x [31m"),
        ),
        Case::new(
            "no image before",
            waiting("Pending", "initContainerStatuses", "ErrImagePull"),
            K::InProgress,
            waits("its container server cannot start: ErrImagePull x [31m"),
        ),
        Case::new(
            "one of two",
            waiting("Running", "containerStatuses", "CreateContainerConfigError"),
            K::InProgress,
            waits("its container server cannot start: CreateContainerConfigError x [31m"),
        ),
        Case::new(
            "running",
            waiting("Running", "containerStatuses", ""),
            K::InProgress,
            waits("it runs, and is not ready yet"),
        ),
    ]
}

/// A condition may say which generation it is about: one of before says nothing about what was applied.
fn conditions_of_before() -> Vec<Case> {
    let of = |generation: i64, name: &str, status: &str| {
        let mut custom =
            object("example.org/v1", "Backup", json!({}), with(json!({}), &[(name, status, "Why")]));
        custom["status"]["conditions"][0]["observedGeneration"] = json!(generation);
        custom
    };
    let stalled = FailedForGood("its controller has given up: Why".into());
    vec![
        Case::new("stalled", of(2, "Stalled", "True"), K::Failed, stalled),
        Case::new("not stalled", of(2, "Stalled", "False"), K::Current, Current),
        Case::new(
            "at it",
            of(2, "Reconciling", "True"),
            K::InProgress,
            waits("its controller is at it: Why"),
        ),
        Case::new("unknown", of(2, "Ready", "Unknown"), K::InProgress, waits("it is not ready: Why")),
        Case::new("ready", of(2, "Ready", "True"), K::Current, Current),
        Case::new("stalled before", of(1, "Stalled", "True"), K::Failed, Current)
            .because("what was applied may be what mends it, and a failure for good ends the wait at once"),
        Case::new(
            "ready before",
            of(1, "Ready", "True"),
            K::Current,
            waits("its controller has not seen the last change yet"),
        )
        .because("cert-manager counts generations in conditions only: the certificate is that of before"),
    ]
}

#[test]
fn what_is_deleted_says_what_keeps_it() {
    let mut claim = object("v1", "PersistentVolumeClaim", json!({}), json!({"phase": "Bound"}));
    claim["metadata"]["deletionTimestamp"] = json!("2026-08-29T19:56:38Z");
    assert_eq!(seen(&claim), Terminating("it is being deleted".into()));
    claim["metadata"]["finalizers"] = json!(["kubernetes.io/pvc-protection", "example.org/backup"]);
    let kept =
        "it is being deleted, and kept by the finalizers kubernetes.io/pvc-protection, example.org/backup";
    assert_eq!(seen(&claim), Terminating(kept.into()));
    assert!(!seen(&claim).is_ready() && !seen(&claim).is_failed());
}

#[test]
fn only_the_kind_of_the_group_has_its_rule() {
    for (version, kind) in
        [("serving.example.org/v1", "Service"), ("example.org/v1", "Job"), ("v1", "Deployment")]
    {
        let other = object(version, kind, json!({"type": "LoadBalancer"}), Value::Null);
        assert_eq!(seen(&other), Current, "{version} {kind}");
    }
}

#[test]
fn programs_read_a_state_and_a_text() {
    let json = |status: Status| serde_json::to_value(status).expect("it is JSON");
    assert_eq!(json(Current), json!({"state": "current"}));
    assert_eq!(json(InProgress("x".into())), json!({"state": "in-progress", "what": "x"}));
    assert_eq!(json(FailedForGood("x".into())), json!({"state": "failed-for-good", "what": "x"}));
}
