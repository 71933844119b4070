//! Pods.

use serde_json::Value;

use super::{Status, condition, list, one_line};
use crate::key::text;

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

/// A time as Kubernetes writes it, in seconds since 1970: `2026-08-29T19:56:38Z`.
fn seconds(time: &str) -> Option<i64> {
    let digits = time.strip_suffix('Z')?.as_bytes();
    if digits.len() != 19 || [4, 7, 10, 13, 16].map(|at| digits[at]) != *b"--T::" {
        return None;
    }
    let part = |from: usize, to: usize| {
        digits[from..to].iter().try_fold(0, |number: i64, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
        })
    };
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
    // Years begin in March, so that the day that is not always there is the last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1;
    // From the first of March of the year 0 to the first of January of 1970.
    Some((days - 719_468) * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_kubernetes_writes_them() {
        let cases = [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1969-12-31T23:59:59Z", Some(-1)),
            ("2000-02-29T12:00:00Z", Some(951_825_600)),
            ("2000-03-01T00:00:00Z", Some(951_868_800)),
            ("2100-03-01T00:00:00Z", Some(4_107_542_400)),
            ("2026-08-29T19:56:38Z", Some(1_788_033_398)),
            ("2026-08-29T19:56:38+02:00", None),
            ("2026-08-29 19:56:38Z", None),
            ("2026-08-2é19:56:38Z", None),
            ("Z", None),
            ("", None),
        ];
        for (time, expected) in cases {
            assert_eq!(seconds(time), expected, "{time}");
        }
    }
}
