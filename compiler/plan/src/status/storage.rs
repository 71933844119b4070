//! Claims of volumes.

use serde_json::Value;

use super::{Context, Status, one_line};
use crate::key::text;

/// Where the class of a claim stood before there was a field for it. It still counts, and more than the field.
const CLASS: &str = "/metadata/annotations/volume.beta.kubernetes.io~1storage-class";

pub(super) fn claim(object: &Value, context: &Context<'_>) -> Status {
    match text(object, "/status/phase") {
        "Bound" => Status::Current,
        // Whoever deletes a volume with data on it has something to mend: waiting does not.
        "Lost" => Status::Failed("the volume that it was bound to is gone".into()),
        phase => unbound(object, context, phase),
    }
}

fn unbound(object: &Value, context: &Context<'_>, phase: &str) -> Status {
    let volume = text(object, "/spec/volumeName");
    if !volume.is_empty() {
        return waits(&format!("it is not bound to the volume {volume} yet"));
    }
    // A class without a name is none: such a claim takes a volume that somebody makes by hand.
    let name =
        object.pointer(CLASS).or_else(|| object.pointer("/spec/storageClassName")).and_then(Value::as_str);
    if name == Some("") {
        return waits("no volume is bound to it yet, and none is made for it");
    }
    match ((context.storage_class)(name), name) {
        (Some(class), _) if phase == "Pending" && class["volumeBindingMode"] == "WaitForFirstConsumer" => {
            Status::Idle("it gets a volume when a pod first uses it".into())
        }
        (Some(_), _) => waits("no volume is bound to it yet"),
        (None, Some(name)) => waits(&format!(
            "no volume is bound to it yet, and there is no storage class {name} that makes one"
        )),
        (None, None) => waits("no volume is bound to it yet, and there is no default storage class"),
    }
}

fn waits(sentence: &str) -> Status {
    Status::InProgress(one_line(sentence))
}
