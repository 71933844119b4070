//! What the tables are made of: an object, what kstatus says about it, and what this program does.

use plan::{Context, Status, status};
use serde_json::{Value, json};

/// The time in all cases: 2026-08-29T19:56:38Z.
pub(crate) const NOW: i64 = 1_788_033_398;

/// What kstatus says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kstatus {
    Current,
    InProgress,
    Failed,
}

/// A line of a table.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) object: Value,
    pub(crate) kstatus: Kstatus,
    pub(crate) ours: Status,
    /// Why ours is another answer; empty if it is the same.
    pub(crate) because: &'static str,
}

impl Case {
    pub(crate) fn new(name: &'static str, object: Value, kstatus: Kstatus, ours: Status) -> Self {
        Self { name, object, kstatus, ours, because: "" }
    }

    pub(crate) fn because(self, because: &'static str) -> Self {
        Self { because, ..self }
    }

    /// The case is as it says, and says why where it is not as kstatus has it.
    pub(crate) fn holds(&self) {
        assert_eq!(seen(&self.object), self.ours, "{}: {:#}", self.name, self.object);
        let is_same = match self.kstatus {
            Kstatus::Current => self.ours.is_ready(),
            Kstatus::InProgress => matches!(self.ours, Status::InProgress(_)),
            Kstatus::Failed => self.ours.is_failed(),
        };
        assert_eq!(is_same, self.because.is_empty(), "{}: another answer, and only then a reason", self.name);
    }
}

/// How far an object is in a cluster as k3s makes it, with a second storage class.
pub(crate) fn seen(object: &Value) -> Status {
    let local = json!({"metadata": {"name": "local-path"}, "volumeBindingMode": "WaitForFirstConsumer"});
    let nfs = json!({"metadata": {"name": "nfs"}, "volumeBindingMode": "Immediate"});
    let class = |name: Option<&str>| match name {
        None | Some("local-path") => Some(&local),
        Some("nfs") => Some(&nfs),
        Some(_) => None,
    };
    status(object, &Context { now: NOW, storage_class: &class })
}

/// An object of the second generation, as the cluster has it; what is null is not there.
pub(crate) fn object(version: &str, kind: &str, spec: Value, status: Value) -> Value {
    let metadata = json!({"name": "photos", "namespace": "media", "generation": 2});
    let mut object = json!({"apiVersion": version, "kind": kind, "metadata": metadata});
    for (name, part) in [("spec", spec), ("status", status)] {
        if !part.is_null() {
            object[name] = part;
        }
    }
    object
}

/// A list of conditions: name, status, reason.
pub(crate) fn conditions(all: &[(&str, &str, &str)]) -> Value {
    let condition = |(name, status, reason): &(&str, &str, &str)| {
        json!({"type": name, "status": status, "reason": reason,
               "lastTransitionTime": "2026-08-29T19:50:00Z"})
    };
    all.iter().map(condition).collect()
}

/// The status of something that counts pods and has seen the second generation.
pub(crate) fn counts(all: &[(&str, i64)]) -> Value {
    let mut status = json!({"observedGeneration": 2});
    for (name, count) in all {
        status[*name] = json!(count);
    }
    status
}

/// `status` with conditions.
pub(crate) fn with(mut status: Value, all: &[(&str, &str, &str)]) -> Value {
    status["conditions"] = conditions(all);
    status
}

pub(crate) fn idle(text: &str) -> Status {
    Status::Idle(text.into())
}

pub(crate) fn waits(text: &str) -> Status {
    Status::InProgress(text.into())
}

pub(crate) fn failed(text: &str) -> Status {
    Status::Failed(text.into())
}
