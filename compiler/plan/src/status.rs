//! How far an object is: whether the cluster has made of it what it says.
//!
//! ```text
//! deleted? ─▶ seen by its controller? ─▶ Reconciling, Stalled? ─▶ the rule of its kind ─▶ Ready? ─▶ current
//! ```
//!
//! The first that knows an answer gives it. These are the steps of kstatus, which Flux, Timoni and Helm 4 wait by.
//! Where it calls something current that is not, or waits for what never comes, the answer is another one, and
//! `tests/it/overrides.rs` says why.
//!
//! What nobody can see: a custom resource whose controller has written nothing yet looks as one that has no controller,
//! and is current. Apply what comes of it in a later stage, behind something that is waited for.
//!
//! Source: cli-utils `pkg/kstatus/status`.

mod definitions;
mod jobs;
mod pods;
mod services;
mod storage;
mod workloads;

use serde::Serialize;
use serde_json::Value;

use crate::key::{Kind, text};

pub(crate) use jobs::vanishes;

/// What is known beside the object.
pub struct Context<'a> {
    /// The time, in seconds since 1970.
    pub now: i64,
    /// The storage class of a name, as the cluster has it; without a name the default one.
    pub storage_class: &'a dyn Fn(Option<&str>) -> Option<&'a Value>,
}

/// How far an object is. The texts are for people: half a sentence with the object in mind, on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", content = "what", rename_all = "kebab-case")]
pub enum Status {
    /// It is what it says.
    Current,
    /// Nothing more happens to it by itself, so that nobody is to wait for it: it is paused, suspended, or there for
    /// somebody who has not come yet. Why.
    Idle(String),
    /// It is on its way. What is waited for.
    InProgress(String),
    /// Something went wrong, which may still get right by itself. What.
    Failed(String),
    /// Something went wrong, and stays so until somebody changes something. What.
    FailedForGood(String),
    /// It is being deleted. What keeps it.
    Terminating(String),
}

impl Status {
    /// Whether nothing is left to wait for.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Current | Self::Idle(_))
    }

    /// Whether something went wrong, for now or for good.
    pub fn is_failed(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::FailedForGood(_))
    }

    /// What there is to say about it; empty if it is just what it says.
    pub fn sentence(&self) -> &str {
        match self {
            Self::Current => "",
            Self::Idle(text)
            | Self::InProgress(text)
            | Self::Failed(text)
            | Self::FailedForGood(text)
            | Self::Terminating(text) => text,
        }
    }
}

/// How far an object is, as the cluster has it. Any JSON has an answer.
pub fn status(object: &Value, context: &Context<'_>) -> Status {
    if let Some(known) = of_any_kind(object) {
        return known;
    }
    let kind = Kind::of(object);
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("apps", "Deployment") => workloads::deployment(object),
        ("apps", "StatefulSet") => workloads::stateful_set(object),
        ("apps", "DaemonSet") => workloads::daemon_set(object),
        ("apps", "ReplicaSet") => workloads::replica_set(object),
        ("", "Pod") => pods::pod(object, context.now),
        ("batch", "Job") => jobs::job(object),
        ("", "PersistentVolumeClaim") => storage::claim(object, context),
        ("", "Service") => services::service(object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definitions::definition(object),
        // They are what they say as soon as they are there, whatever becomes of their jobs, or whatever is in them.
        ("batch", "CronJob") | ("policy", "PodDisruptionBudget") | ("", "ConfigMap" | "Secret") => {
            Status::Current
        }
        _ => definitions::custom(object),
    }
}

/// What fields say that objects of any kind have.
fn of_any_kind(object: &Value) -> Option<Status> {
    if !text(object, "/metadata/deletionTimestamp").is_empty() {
        return Some(Status::Terminating(kept_by(object)));
    }
    let (generation, seen) =
        (number(object, "/metadata/generation"), number(object, "/status/observedGeneration"));
    if generation.is_some() && seen.is_some() && generation != seen {
        return Some(Status::InProgress("its controller has not seen the last change yet".into()));
    }
    conditions(object).filter(|condition| condition.is("True") && !condition.is_outdated(object)).find_map(
        |condition| match condition.name {
            "Reconciling" => Some(Status::InProgress(condition.say("its controller is at it"))),
            "Stalled" => Some(Status::FailedForGood(condition.say("its controller has given up"))),
            _ => None,
        },
    )
}

/// What an object that is being deleted is still there for.
pub(crate) fn kept_by(object: &Value) -> String {
    let finalizers = object.pointer("/metadata/finalizers").and_then(Value::as_array);
    let names: Vec<&str> = finalizers.into_iter().flatten().filter_map(Value::as_str).collect();
    if names.is_empty() {
        return "it is being deleted".into();
    }
    one_line(&format!("it is being deleted, and kept by the finalizers {}", names.join(", ")))
}

/// What the built-in controllers that count generations have not looked at yet. They always write the last one that
/// they saw: where there is none, everything else is of nobody's making, and zero pods may be ready of zero.
fn unseen(object: &Value) -> Option<Status> {
    let is_seen = ["/metadata/generation", "/status/observedGeneration"]
        .iter()
        .all(|pointer| number(object, pointer).is_some());
    (!is_seen).then(not_looked_at)
}

fn not_looked_at() -> Status {
    Status::InProgress("its controller has not looked at it yet".into())
}

/// That fewer of something are there than there are to be.
fn fewer(have: i64, of: i64, what: &str) -> Option<Status> {
    (have < of).then(|| Status::InProgress(format!("{have} of {of} {what}")))
}

/// A condition that a controller writes.
struct Condition<'a> {
    name: &'a str,
    status: &'a str,
    reason: &'a str,
    message: &'a str,
    /// The generation of the object that it is about, if it says so.
    generation: Option<i64>,
}

impl Condition<'_> {
    fn is(&self, status: &str) -> bool {
        self.status == status
    }

    /// Whether it is about the object as it was before. It says nothing then, and a failure least of all: what was
    /// applied may be what mends it.
    fn is_outdated(&self, object: &Value) -> bool {
        let now = number(object, "/metadata/generation");
        matches!((self.generation, now), (Some(then), Some(now)) if then < now)
    }

    /// A sentence, and behind it what the controller says itself.
    fn say(&self, sentence: &str) -> String {
        match (self.message.trim(), self.reason.trim()) {
            ("", "") => sentence.to_owned(),
            ("", why) | (why, _) => one_line(&format!("{sentence}: {why}")),
        }
    }
}

fn conditions(object: &Value) -> impl Iterator<Item = Condition<'_>> {
    list(object, "/status/conditions").map(|condition| Condition {
        name: text(condition, "/type"),
        status: text(condition, "/status"),
        reason: text(condition, "/reason"),
        message: text(condition, "/message"),
        generation: number(condition, "/observedGeneration"),
    })
}

fn condition<'a>(object: &'a Value, name: &str) -> Option<Condition<'a>> {
    conditions(object).find(|condition| condition.name == name)
}

/// The elements of the list at a JSON pointer; none if there is no list.
fn list<'a>(object: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    object.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

/// The whole number at a JSON pointer.
fn number(object: &Value, pointer: &str) -> Option<i64> {
    object.pointer(pointer).and_then(Value::as_i64)
}

/// The number at a JSON pointer that counts something: what is not there is none.
fn count(object: &Value, pointer: &str) -> i64 {
    number(object, pointer).unwrap_or(0)
}

/// What somebody else wrote, on one line, and with nothing in it that a terminal would obey.
fn one_line(text: &str) -> String {
    let shown: String = text.chars().map(|one| if one.is_control() { ' ' } else { one }).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}
