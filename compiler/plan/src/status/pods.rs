//! Pods.

use serde_json::Value;

use super::{Status, condition, list, one_line};
use crate::key::text;
use crate::time::seconds;

/// How long a pod may find no node before that counts as a failure, in seconds: the scheduler tries again, and nodes
/// that come up or images that go need a moment.
const SCHEDULED_WITHIN: i64 = 15;

/// What every container waits for in between.
const ORDINARY: [&str; 2] = ["ContainerCreating", "PodInitializing"];

pub(super) fn pod(object: &Value, now: i64) -> Status {
    match text(object, "/status/phase") {
        "" => Status::InProgress("no node has taken it up yet".into()),
        "Succeeded" => Status::Current,
        // It has come to its end as its restart policy wants it. Whether that is bad is for what made the pod to say.
        "Failed" => Status::Idle("it has ended, and not well".into()),
        "Running" => running(object),
        "Pending" => pending(object, now),
        "Unknown" => Status::InProgress("its node does not answer".into()),
        phase => Status::InProgress(one_line(&format!("its phase is {phase}"))),
    }
}

fn running(object: &Value) -> Status {
    if condition(object, "Ready").is_some_and(|ready| ready.is("True")) {
        return Status::Current;
    }
    let crashing: Vec<&str> = list(object, "/status/containerStatuses")
        .filter(|container| text(container, "/state/waiting/reason") == "CrashLoopBackOff")
        .map(|container| text(container, "/name"))
        .collect();
    if crashing.is_empty() {
        return Status::InProgress(
            hindered(object).unwrap_or_else(|| "it runs, and is not ready yet".to_owned()),
        );
    }
    Status::Failed(one_line(&format!("it crashes again and again: {}", crashing.join(", "))))
}

fn pending(object: &Value, now: i64) -> Status {
    let Some(no_node) = condition(object, "PodScheduled").filter(|scheduled| scheduled.is("False")) else {
        let hindered = hindered(object);
        return Status::InProgress(hindered.unwrap_or_else(|| "its containers are being started".to_owned()));
    };
    // A pod that does not say since when it is there is old.
    let created = seconds(text(object, "/metadata/creationTimestamp"));
    let is_new = created.is_some_and(|created| now.saturating_sub(SCHEDULED_WITHIN) < created);
    if is_new || no_node.reason != "Unschedulable" {
        return Status::InProgress(no_node.say("no node takes it yet"));
    }
    Status::Failed(no_node.say("no node takes it"))
}

/// The first container that cannot start, and why: an image that is not there, a secret that is missing.
fn hindered(object: &Value) -> Option<String> {
    let containers = ["initContainerStatuses", "containerStatuses"].map(|field| format!("/status/{field}"));
    containers.iter().flat_map(|pointer| list(object, pointer)).find_map(|container| {
        let reason = text(container, "/state/waiting/reason");
        let is_hindered = !reason.is_empty() && !ORDINARY.contains(&reason);
        is_hindered.then(|| {
            let message = text(container, "/state/waiting/message");
            let sentence =
                format!("its container {} cannot start: {reason} {message}", text(container, "/name"));
            one_line(&sentence)
        })
    })
}
