//! Workloads that count their pods: `Deployment`, `StatefulSet`, `DaemonSet`, `ReplicaSet`.

use serde_json::Value;

use super::{Status, condition, count, fewer, number, unseen};
use crate::key::text;

/// What stands for no deadline at all; the controller then never says that it has got anywhere either.
const NO_DEADLINE: i64 = i32::MAX as i64;

pub(super) fn deployment(object: &Value) -> Status {
    if let Some(unseen) = unseen(object) {
        return unseen;
    }
    if object.pointer("/spec/paused") == Some(&Value::Bool(true)) {
        return Status::Idle("it is paused: its pods stay as they are until somebody resumes it".into());
    }
    let progress = condition(object, "Progressing");
    if let Some(late) = progress.as_ref().filter(|progress| progress.reason == "ProgressDeadlineExceeded") {
        return Status::Failed(late.say("it got no further in the time that it has"));
    }
    if let Some(left) = pods_of_deployment(object) {
        return with_refusal(object, left);
    }
    let has_deadline =
        number(object, "/spec/progressDeadlineSeconds").is_some_and(|time| time != NO_DEADLINE);
    let is_through =
        progress.is_some_and(|progress| progress.is("True") && progress.reason == "NewReplicaSetAvailable");
    if has_deadline && !is_through {
        return Status::InProgress("its new pods have not taken over yet".into());
    }
    match condition(object, "Available") {
        Some(available) if available.is("True") => Status::Current,
        Some(available) => Status::InProgress(available.say("it does not count as available yet")),
        None => Status::InProgress("it does not count as available yet".into()),
    }
}

fn pods_of_deployment(object: &Value) -> Option<Status> {
    let wanted = wanted(object);
    let there = count(object, "/status/replicas");
    let updated = count(object, "/status/updatedReplicas");
    fewer(there, wanted, "pods are there")
        .or_else(|| fewer(updated, wanted, "pods are of the new version"))
        .or_else(|| surplus(there, wanted))
        .or_else(|| fewer(count(object, "/status/availableReplicas"), updated, "pods are available"))
        .or_else(|| fewer(count(object, "/status/readyReplicas"), wanted, "pods are ready"))
}

pub(super) fn stateful_set(object: &Value) -> Status {
    if let Some(unseen) = unseen(object) {
        return unseen;
    }
    if let Some(by_hand) = renewed_by_hand(object) {
        return by_hand;
    }
    let wanted = wanted(object);
    let there = count(object, "/status/replicas");
    let left = fewer(there, wanted, "pods are there")
        .or_else(|| fewer(count(object, "/status/readyReplicas"), wanted, "pods are ready"))
        .or_else(|| surplus(there, wanted))
        .or_else(|| revision_of_stateful_set(object, wanted));
    left.unwrap_or(Status::Current)
}

/// With a partition, only the pods behind it are renewed. An API server always writes one: 0, if nobody said any.
fn revision_of_stateful_set(object: &Value, wanted: i64) -> Option<Status> {
    if let Some(partition) = number(object, "/spec/updateStrategy/rollingUpdate/partition") {
        let renewed = wanted.saturating_sub(partition);
        return fewer(count(object, "/status/updatedReplicas"), renewed, "pods are of the new version");
    }
    let current = count(object, "/status/currentReplicas");
    fewer(current, wanted, "pods are of the version that counts").or_else(|| {
        let is_one = text(object, "/status/currentRevision") == text(object, "/status/updateRevision");
        (!is_one).then(|| Status::InProgress("its new version does not count as the current one yet".into()))
    })
}

pub(super) fn daemon_set(object: &Value) -> Status {
    if let Some(unseen) = unseen(object) {
        return unseen;
    }
    if let Some(by_hand) = renewed_by_hand(object) {
        return by_hand;
    }
    let Some(nodes) = number(object, "/status/desiredNumberScheduled") else {
        return Status::InProgress("its controller has not said yet for how many nodes it is".into());
    };
    let of = |field: &str, what: &str| fewer(count(object, &format!("/status/{field}")), nodes, what);
    let left = of("currentNumberScheduled", "nodes have its pod")
        .or_else(|| of("updatedNumberScheduled", "nodes have its pod in the new version"))
        .or_else(|| of("numberAvailable", "nodes have its pod available"))
        .or_else(|| of("numberReady", "nodes have its pod ready"));
    left.unwrap_or(Status::Current)
}

pub(super) fn replica_set(object: &Value) -> Status {
    if let Some(unseen) = unseen(object) {
        return unseen;
    }
    let wanted = wanted(object);
    let of = |field: &str, what: &str| fewer(count(object, &format!("/status/{field}")), wanted, what);
    let left = of("fullyLabeledReplicas", "pods are there")
        .or_else(|| of("availableReplicas", "pods are available"))
        .or_else(|| of("readyReplicas", "pods are ready"))
        .or_else(|| surplus(count(object, "/status/replicas"), wanted));
    let left = left.or_else(|| {
        let is_refused = condition(object, "ReplicaFailure").is_some_and(|refusal| refusal.is("True"));
        is_refused.then(|| Status::InProgress("all pods are there".into()))
    });
    left.map_or(Status::Current, |left| with_refusal(object, left))
}

/// Pods that are renewed only when somebody deletes them: nothing follows from a change, for now.
fn renewed_by_hand(object: &Value) -> Option<Status> {
    let by_hand = "its pods are renewed only as somebody deletes them (OnDelete)";
    (text(object, "/spec/updateStrategy/type") == "OnDelete").then(|| Status::Idle(by_hand.into()))
}

/// How many pods there are to be: one, if nobody says.
fn wanted(object: &Value) -> i64 {
    number(object, "/spec/replicas").unwrap_or(1)
}

/// That more pods are there than there are to be: old ones, which are on their way out.
fn surplus(there: i64, wanted: i64) -> Option<Status> {
    (there > wanted).then(|| Status::InProgress(format!("{there} pods are there, {wanted} wanted")))
}

/// With what the API server says where it does not let pods be made: a quota, a policy, a webhook.
fn with_refusal(object: &Value, left: Status) -> Status {
    match condition(object, "ReplicaFailure") {
        Some(refusal) if refusal.is("True") => {
            Status::InProgress(refusal.say(&format!("{}, and more cannot be made", left.sentence())))
        }
        _ => left,
    }
}
