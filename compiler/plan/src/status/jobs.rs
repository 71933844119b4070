//! Jobs: they are waited for until they have ended, for what comes behind them builds on what they did.

use serde_json::Value;

use super::{Status, condition, count, not_looked_at, number};
use crate::key::{Kind, text};

pub(super) fn job(object: &Value) -> Status {
    let holds = |name| condition(object, name).filter(|condition| condition.is("True"));
    if holds("Complete").is_some() {
        return Status::Current;
    }
    if let Some(failure) = holds("Failed") {
        return Status::FailedForGood(failure.say("it failed"));
    }
    let is_to_be_suspended = object.pointer("/spec/suspend") == Some(&Value::Bool(true));
    match (is_to_be_suspended, holds("Suspended").is_some()) {
        (true, true) => Status::Idle("it is suspended until somebody resumes it".into()),
        (true, false) => not_looked_at(),
        _ if text(object, "/status/startTime").is_empty() => {
            Status::InProgress("it has not started yet".into())
        }
        _ => running(object),
    }
}

fn running(object: &Value) -> Status {
    let wanted =
        number(object, "/spec/completions").or_else(|| number(object, "/spec/parallelism")).unwrap_or(1);
    let done = count(object, "/status/succeeded");
    let mut sentence =
        format!("{done} of {wanted} pods are done, {} at work", count(object, "/status/active"));
    let failed = count(object, "/status/failed");
    if failed > 0 {
        sentence = format!("{sentence}, {failed} failed");
    }
    Status::InProgress(sentence)
}

/// Whether an object goes away when it is done, so that one that is gone is done: a job that says how long it stays.
pub(crate) fn vanishes(object: &Value) -> bool {
    Kind::of(object).is("batch", "Job") && number(object, "/spec/ttlSecondsAfterFinished").is_some()
}
