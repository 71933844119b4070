//! Whose fields an object's are: how what Helm or kubectl made before becomes the lab's.
//!
//! Who applies owns fields, and a field that nobody applies any more goes. What Helm and `kubectl apply` set the old way
//! is theirs for ever, and would stay when it leaves the lab. So their entries become ours once, before the first apply.
//!
//! Source: client-go `util/csaupgrade`; kubernetes#99003, #112905.

use serde_json::{Map, Value, json};

/// The field manager of this program.
pub const MANAGER: &str = "hlc";

/// What Helm writes for itself: it stays its own, so that a release that helmfile makes of the same files finds what it
/// left, and nothing changes back and forth.
const OF_HELM: [(&str, &str); 3] = [
    ("f:labels", "f:app.kubernetes.io/managed-by"),
    ("f:annotations", "f:meta.helm.sh/release-name"),
    ("f:annotations", "f:meta.helm.sh/release-namespace"),
];

/// The entries of an object's `managedFields` with those of `old` managers made ours; `None` if there are no such.
pub fn adopted(managed: &[Value], old: impl Fn(&str) -> bool) -> Option<Vec<Value>> {
    let is_old = |entry: &&Value| {
        entry["operation"] == "Update"
            && entry.get("subresource").is_none_or(|sub| sub == "")
            && entry["manager"].as_str().is_some_and(&old)
    };
    let taken: Vec<&Value> = managed.iter().filter(is_old).collect();
    let mut fields = Map::new();
    let mut left = Vec::new();
    for entry in &taken {
        let (own, kept) = of_helm(entry);
        merge(&mut fields, &own);
        left.extend(kept);
    }
    if fields.is_empty() {
        return None;
    }
    let is_ours = |entry: &Value| entry["manager"] == MANAGER && entry["operation"] == "Apply";
    let mut entries: Vec<Value> =
        managed.iter().filter(|entry| !is_old(entry) && !is_ours(entry)).cloned().collect();
    let mut ours = managed.iter().find(|entry| is_ours(entry)).cloned().unwrap_or_else(|| {
        json!({"manager": MANAGER, "operation": "Apply", "fieldsType": "FieldsV1",
               "apiVersion": taken[0]["apiVersion"], "time": taken[0]["time"]})
    });
    if let Some(have) = ours["fieldsV1"].as_object() {
        merge(&mut fields, have);
    }
    ours["fieldsV1"] = Value::Object(fields);
    entries.push(ours);
    entries.extend(left);
    Some(entries)
}

/// An entry's fields without what Helm writes for itself, and an entry of just that, if there is any.
fn of_helm(entry: &Value) -> (Map<String, Value>, Option<Value>) {
    let mut own = entry["fieldsV1"].clone();
    let mut kept = Map::new();
    for (map, key) in OF_HELM {
        let Some(found) = own.pointer_mut(&format!("/f:metadata/{map}")).and_then(Value::as_object_mut)
        else {
            continue;
        };
        if let Some(field) = found.shift_remove(key) {
            let map = kept.entry(map).or_insert_with(|| json!({}));
            map[key] = field;
        }
    }
    let mut rest = entry.clone();
    rest["fieldsV1"] = json!({ "f:metadata": kept.clone() });
    prune(&mut own);
    (own.as_object().cloned().unwrap_or_default(), (!kept.is_empty()).then_some(rest))
}

/// Takes away `f:labels` and the like that have nothing in them any more, or only themselves.
fn prune(own: &mut Value) {
    let Some(metadata) = own.get_mut("f:metadata").and_then(Value::as_object_mut) else { return };
    let is_filled =
        |map: &Value| map.as_object().is_none_or(|map| map.is_empty() || map.keys().any(|key| key != "."));
    metadata.retain(|name, map| !matches!(name.as_str(), "f:labels" | "f:annotations") || is_filled(map));
    metadata.retain(|name, map| {
        !matches!(name.as_str(), "f:labels" | "f:annotations")
            || map.as_object().is_some_and(|map| !map.is_empty())
    });
    if metadata.is_empty() {
        own.as_object_mut().map(|own| own.shift_remove("f:metadata"));
    }
}

/// The union of two sets of fields, which are trees with leaves that are `{}`.
fn merge(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(key).and_then(Value::as_object_mut), value.as_object()) {
            (Some(have), Some(more)) => merge(have, more),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(manager: &str, operation: &str, fields: &Value) -> Value {
        json!({"manager": manager, "operation": operation, "apiVersion": "v1", "fieldsType": "FieldsV1",
               "fieldsV1": fields})
    }

    #[test]
    fn what_helm_set_is_ours_but_for_what_it_writes_for_itself() {
        let helm = entry(
            "helm",
            "Update",
            &json!({"f:data": {".": {}, "f:a": {}}, "f:metadata": {
                "f:annotations": {".": {}, "f:meta.helm.sh/release-name": {}},
                "f:labels": {".": {}, "f:app.kubernetes.io/managed-by": {}, "f:app": {}}}}),
        );
        let other = entry("vpa", "Update", &json!({"f:data": {"f:z": {}}}));
        let ours = entry("hlc", "Apply", &json!({"f:data": {"f:b": {}}}));
        let found = adopted(&[helm, other.clone(), ours], |manager| manager == "helm").expect("there is one");
        assert_eq!(found[0], other);
        assert_eq!(
            found[1]["fieldsV1"],
            json!({"f:data": {".": {}, "f:a": {}, "f:b": {}}, "f:metadata": {"f:labels": {".": {}, "f:app": {}}}})
        );
        assert_eq!(
            found[2]["fieldsV1"],
            json!({"f:metadata": {"f:labels": {"f:app.kubernetes.io/managed-by": {}},
                                  "f:annotations": {"f:meta.helm.sh/release-name": {}}}})
        );
        // What is left is no reason to do it again.
        assert_eq!(adopted(&found, |manager| manager == "helm"), None);
    }

    #[test]
    fn status_and_what_others_applied_stay_theirs() {
        let mut status = entry("helm", "Update", &json!({"f:status": {}}));
        status["subresource"] = "status".into();
        let applied = entry("helm", "Apply", &json!({"f:data": {}}));
        assert_eq!(adopted(&[status, applied], |manager| manager == "helm"), None);
    }
}
