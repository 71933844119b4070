//! Definitions of kinds, and objects of kinds that this program does not know.

use serde_json::Value;

use super::{Status, condition};

pub(super) fn definition(object: &Value) -> Status {
    if let Some(refused) = condition(object, "NamesAccepted").filter(|names| names.is("False")) {
        return Status::Failed(refused.say("its names are not accepted"));
    }
    match condition(object, "Established") {
        Some(established) if established.is("True") => Status::Current,
        Some(failure) if failure.is("False") && failure.reason != "Installing" => {
            Status::Failed(failure.say("it is not served"))
        }
        _ => Status::InProgress("it is not served yet".into()),
    }
}

/// Most controllers say whether an object is ready. That it is not may be for a moment or forever: nobody can tell, so
/// it is never a failure.
pub(super) fn custom(object: &Value) -> Status {
    let Some(ready) = condition(object, "Ready") else { return Status::Current };
    match ready.status {
        "True" | "False" | "Unknown" if ready.is_outdated(object) => {
            Status::InProgress("its controller has not seen the last change yet".into())
        }
        "False" | "Unknown" => Status::InProgress(ready.say("it is not ready")),
        _ => Status::Current,
    }
}
