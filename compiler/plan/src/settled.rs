//! What is known without asking: an object that is, field by field, as it was applied last.
//!
//! The API server notes which fields were applied. Where these are just the ones that are wanted, each with the value that
//! is wanted, applying them again would change nothing, so that the server is not asked what it would make of it. It is
//! asked wherever that is not certain: of a quantity that it writes in another way, of a port's default, of a list that
//! somebody put in another order.
//!
//! Source: structured-merge-diff `fieldpath/serialize-pe.go`, `merge/update.go`.

use serde_json::{Map, Value};

use crate::key::{has_keys, text};
use crate::ownership::MANAGER;

/// What an object is known by, which nobody owns.
const KNOWN_BY: [&str; 4] = ["name", "namespace", "uid", "resourceVersion"];

/// Whether `wanted` is what was applied last, and still is so. `managed` are the object's `managedFields`.
pub(crate) fn is_settled(wanted: &Value, live: &Value, managed: &[Value]) -> bool {
    let mut ours = managed.iter().filter(|entry| {
        entry["manager"] == MANAGER && entry["operation"] == "Apply" && text(entry, "/subresource").is_empty()
    });
    let (Some(entry), None) = (ours.next(), ours.next()) else { return false };
    let is_of_version = |version: &Value| version == &wanted["apiVersion"];
    // What is about to go is not as it is to be.
    let is_going = live["metadata"].get("deletionTimestamp").is_some();
    is_of_version(&entry["apiVersion"])
        && is_of_version(&live["apiVersion"])
        && !is_going
        && holds(&entry["fieldsV1"], &declared(wanted), live)
}

/// An object without what it is known by.
fn declared(object: &Value) -> Value {
    let mut object = object.clone();
    let Some(map) = object.as_object_mut() else { return object };
    map.retain(|key, _| !matches!(key.as_str(), "apiVersion" | "kind"));
    if let Some(metadata) = map.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|key, _| !KNOWN_BY.contains(&key.as_str()));
        // Nobody owns `metadata` itself.
        if metadata.is_empty() {
            map.shift_remove("metadata");
        }
    }
    object
}

/// Whether the fields below a value are just those that are wanted, each as it is wanted. One without fields below it is
/// owned as a whole.
fn holds(fields: &Value, wanted: &Value, live: &Value) -> bool {
    let Some(fields) = fields.as_object() else { return false };
    if fields.is_empty() {
        return wanted == live;
    }
    match (wanted, live) {
        (Value::Object(wanted), Value::Object(live)) => holds_map(fields, wanted, live),
        (Value::Array(wanted), Value::Array(live)) => holds_list(fields, wanted, live),
        _ => false,
    }
}

/// The fields without the one that stands for the value itself.
fn below(fields: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    fields.iter().filter(|(name, _)| *name != ".")
}

fn holds_map(fields: &Map<String, Value>, wanted: &Map<String, Value>, live: &Map<String, Value>) -> bool {
    below(fields).count() == wanted.len()
        && below(fields).all(|(name, inner)| {
            let key = name.strip_prefix("f:");
            let both = key.and_then(|key| Some((wanted.get(key)?, live.get(key)?)));
            both.is_some_and(|(wanted, live)| holds(inner, wanted, live))
        })
}

/// The same of a list whose elements are told apart by keys (`k:{"name":"web"}`) or by themselves (`v:"a"`): they stand in
/// the order that is wanted, whatever others put between them.
fn holds_list(fields: &Map<String, Value>, wanted: &[Value], live: &[Value]) -> bool {
    let mut rest = live;
    below(fields).count() == wanted.len()
        && wanted.iter().all(|element| {
            let mut all = below(fields).filter(|(name, _)| is_called(element, name));
            let (Some((name, inner)), None) = (all.next(), all.next()) else { return false };
            let Some(at) = rest.iter().position(|live| is_called(live, name)) else { return false };
            let found = &rest[at];
            rest = &rest[at + 1..];
            name.starts_with("v:") || holds(inner, element, found)
        })
}

/// Whether an element of a list is the one of this name.
fn is_called(element: &Value, name: &str) -> bool {
    match name.split_once(':') {
        Some(("k", keys)) => {
            serde_json::from_str(keys).is_ok_and(|keys: Map<String, Value>| has_keys(element, &keys))
        }
        Some(("v", value)) => serde_json::from_str(value).is_ok_and(|value: Value| value == *element),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wanted() -> Value {
        json!({"apiVersion": "v1", "kind": "Thing", "metadata": {"name": "a", "labels": {"x": "1"}},
               "spec": {"args": ["a", "b"], "empty": {}, "ports": [{"port": 80}, {"port": 81, "name": "b"}],
                        "set": ["p", "q"]}})
    }

    fn live() -> Value {
        json!({"apiVersion": "v1", "kind": "Thing", "metadata": {"name": "a", "uid": "1", "labels": {"x": "1", "y": "2"}},
               "spec": {"args": ["a", "b"], "empty": {}, "default": 1,
                        "ports": [{"port": 80, "protocol": "TCP"}, {"port": 9, "protocol": "TCP"},
                                  {"port": 81, "protocol": "TCP", "name": "b"}],
                        "set": ["p", "other", "q"]}, "status": {}})
    }

    fn managed() -> Vec<Value> {
        let port = |number: u16| format!("k:{{\"port\":{number},\"protocol\":\"TCP\"}}");
        let fields = json!({"f:metadata": {"f:labels": {"f:x": {}}}, "f:spec": {
            "f:args": {}, "f:empty": {}, "f:set": {"v:\"p\"": {}, "v:\"q\"": {}},
            "f:ports": {(port(80)): {".": {}, "f:port": {}}, (port(81)): {".": {}, "f:name": {}, "f:port": {}}}}});
        let entry = |manager: &str, operation: &str, fields: &Value| json!({"manager": manager, "operation": operation, "apiVersion": "v1", "fieldsV1": fields});
        vec![entry("hlc", "Apply", &fields), entry("vpa", "Update", &json!({"f:spec": {"f:default": {}}}))]
    }

    fn with(mut value: Value, pointer: &str, new: Value) -> Value {
        *value.pointer_mut(pointer).expect("it is there") = new;
        value
    }

    fn without(mut value: Value, map: &str, key: &str) -> Value {
        value.pointer_mut(map).and_then(Value::as_object_mut).expect("a map").shift_remove(key);
        value
    }

    #[test]
    fn what_others_set_beside_it_is_no_difference() {
        assert!(is_settled(&wanted(), &live(), &managed()));
        let uid = with(wanted(), "/metadata", json!({"name": "a", "uid": "1", "labels": {"x": "1"}}));
        assert!(is_settled(&uid, &live(), &managed()));
    }

    #[test]
    fn whatever_else_is_wanted_is_asked() {
        let others = [
            with(wanted(), "/metadata/labels/x", json!("2")),
            with(wanted(), "/metadata/labels", json!({"x": "1", "y": "2"})),
            without(wanted(), "/metadata", "labels"),
            without(wanted(), "/spec", "empty"),
            with(wanted(), "/spec/empty", json!({"a": 1})),
            with(wanted(), "/spec/args", json!(["b", "a"])),
            with(wanted(), "/spec/ports", json!([{"port": 81, "name": "b"}, {"port": 80}])),
            with(wanted(), "/spec/ports", json!([{"port": 80}, {"port": 80}])),
            with(wanted(), "/spec/ports", json!([{"port": 80}])),
            with(wanted(), "/spec/ports/0", json!({"port": 80, "protocol": "UDP"})),
            with(wanted(), "/spec/ports/1/name", json!("c")),
            with(wanted(), "/spec/set", json!(["q", "p"])),
            with(wanted(), "/spec/set", json!(["p", "other"])),
            with(wanted(), "/spec/args", Value::Null),
            with(wanted(), "/apiVersion", json!("v2")),
        ];
        for other in others {
            assert!(!is_settled(&other, &live(), &managed()), "{other}");
        }
    }

    #[test]
    fn whatever_else_is_there_is_asked() {
        let others = [
            with(live(), "/metadata/labels/x", json!("2")),
            with(live(), "/spec/empty", json!({"a": 1})),
            with(live(), "/spec/args", json!(["a"])),
            with(live(), "/spec/ports/2/name", json!("c")),
            with(live(), "/spec/set", json!(["q", "p"])),
            with(
                live(),
                "/metadata",
                json!({"labels": {"x": "1"}, "deletionTimestamp": "2026-01-01T00:00:00Z"}),
            ),
            without(live(), "/spec", "ports"),
        ];
        for other in others {
            assert!(!is_settled(&wanted(), &other, &managed()), "{other}");
        }
    }

    #[test]
    fn what_somebody_else_applied_is_asked() {
        assert!(!is_settled(&wanted(), &live(), &[]));
        let twice = [managed(), managed()].concat();
        assert!(!is_settled(&wanted(), &live(), &twice));
        for (pointer, other) in
            [("/manager", "vpa"), ("/operation", "Update"), ("/apiVersion", "v0"), ("/subresource", "status")]
        {
            let mut entry = managed().swap_remove(0);
            entry[&pointer[1..]] = other.into();
            assert!(!is_settled(&wanted(), &live(), &[entry]), "{pointer}");
        }
    }
}
