//! Whose fields an object's are: how what Helm or kubectl made before becomes the lab's.
//!
//! Who applies owns fields, and a field that nobody applies any more goes. What Helm and `kubectl apply` set the old way
//! is theirs for ever, and would stay when it leaves the lab. So their entries become ours once, before the first apply.
//!
//! Source: client-go `util/csaupgrade`; kubernetes#99003, #112905.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::changes::{Change, push_key, shown};
use crate::key::has_keys;

/// The field manager of this program.
pub const MANAGER: &str = "hlc";

/// What Helm writes for itself: it stays its own, so that a release that helmfile makes of the same files finds what it
/// left, and nothing changes back and forth.
const OF_HELM: [(&str, &str); 3] = [
    ("f:labels", "f:app.kubernetes.io/managed-by"),
    ("f:annotations", "f:meta.helm.sh/release-name"),
    ("f:annotations", "f:meta.helm.sh/release-namespace"),
];

/// Whether what a manager made before becomes ours: it is another way by which somebody deployed the same. Whoever only
/// changed something by hand is none.
pub(crate) fn is_predecessor(manager: &str, is_own_release: bool) -> bool {
    matches!(manager, "kubectl-client-side-apply" | "before-first-apply")
        || manager == "helm" && is_own_release
}

/// The entries of an object's `managedFields` with those of `old` managers made ours; `None` if there are no such. Fields
/// are named as `version` of the API has them: what was set by way of another version is nobody's from then on.
pub(crate) fn adopted(managed: &[Value], version: &str, old: impl Fn(&str) -> bool) -> Option<Vec<Value>> {
    let is_old = |entry: &&Value| is_of(entry, &old);
    let taken: Vec<&Value> = managed.iter().filter(is_old).collect();
    let mut fields = Map::new();
    let mut left = Vec::new();
    for entry in &taken {
        let (own, kept) = of_helm(entry);
        if entry["apiVersion"] == version {
            merge(&mut fields, &own);
        }
        left.extend(kept);
    }
    if taken.iter().all(|entry| of_helm(entry).0.is_empty()) {
        return None;
    }
    let is_ours = |entry: &Value| entry["manager"] == MANAGER && entry["operation"] == "Apply";
    let mut entries: Vec<Value> =
        managed.iter().filter(|entry| !is_old(entry) && !is_ours(entry)).cloned().collect();
    let mut ours = managed.iter().find(|entry| is_ours(entry)).cloned().unwrap_or_else(|| {
        json!({"manager": MANAGER, "operation": "Apply", "fieldsType": "FieldsV1", "apiVersion": version,
               "time": taken[0]["time"]})
    });
    if ours["apiVersion"] == version {
        if let Some(have) = ours["fieldsV1"].as_object() {
            merge(&mut fields, have);
        }
        ours["fieldsV1"] = Value::Object(fields);
    }
    entries.push(ours);
    entries.extend(left);
    Some(entries)
}

/// The fields that go when what `old` managers made becomes ours: the lab does not say them, and nobody else holds them.
pub(crate) fn freed(
    live: &Value,
    wanted: &Value,
    managed: &[Value],
    old: impl Fn(&str) -> bool,
) -> Vec<Change> {
    let (mut taken, mut others) = (Map::new(), Map::new());
    for entry in managed {
        if is_of(entry, &old) {
            merge(&mut taken, &of_helm(entry).0);
        } else if let Some(fields) = entry["fieldsV1"].as_object().filter(|_| entry["manager"] != MANAGER) {
            merge(&mut others, fields);
        }
    }
    let mut found = Vec::new();
    walk(&taken, &others, (live, Some(wanted)), &mut String::new(), &mut found);
    found
}

fn walk(
    fields: &Map<String, Value>,
    others: &Map<String, Value>,
    (live, wanted): (&Value, Option<&Value>),
    path: &mut String,
    found: &mut Vec<Change>,
) {
    let none = Map::new();
    for (name, inner) in fields.iter().filter(|(name, _)| *name != ".") {
        let Some(live) = child(live, name) else { continue };
        let wanted = wanted.and_then(|wanted| child(wanted, name));
        let length = path.len();
        push_field(path, name);
        let inner = inner.as_object().unwrap_or(&none);
        let theirs = others.get(name).map(|others| others.as_object().unwrap_or(&none));
        match (wanted, theirs) {
            (None, None) => {
                found.push(Change::new(path.clone(), Some(live.clone()), None));
            }
            (wanted, theirs) => walk(inner, theirs.unwrap_or(&none), (live, wanted), path, found),
        }
        path.truncate(length);
    }
}

/// What a name of a set of fields leads to: `f:spec`, `k:{"name":"web"}`, `v:"a"`, `i:0`.
fn child<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let (how, what) = name.split_once(':')?;
    match how {
        "f" => value.get(what),
        "i" => value.get(what.parse::<usize>().ok()?),
        "v" => {
            let wanted: Value = serde_json::from_str(what).ok()?;
            value.as_array()?.iter().find(|one| **one == wanted)
        }
        "k" => {
            let keys: Map<String, Value> = serde_json::from_str(what).ok()?;
            value.as_array()?.iter().find(|one| has_keys(one, &keys))
        }
        _ => None,
    }
}

fn push_field(path: &mut String, name: &str) {
    match name.split_once(':') {
        Some(("f", key)) => push_key(path, key),
        Some((_, key)) => {
            let keys: Map<String, Value> = serde_json::from_str(key).unwrap_or_default();
            let shown = keys.values().next().map_or_else(|| key.to_owned(), shown);
            let _ = write!(path, "[{shown}]");
        }
        None => {}
    }
}

/// Those of these managers that set fields.
pub(crate) fn owners(managed: &[Value], old: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let entries = managed.iter().filter(|entry| is_of(entry, &old));
    entries.filter_map(|entry| Some(entry["manager"].as_str()?.to_owned())).collect()
}

/// Whether an entry is of what one of these managers set, and none of a part such as `status`.
fn is_of(entry: &Value, old: &impl Fn(&str) -> bool) -> bool {
    entry["operation"] == "Update"
        && entry.get("subresource").is_none_or(|sub| sub == "")
        && entry["manager"].as_str().is_some_and(old)
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
        let of_helm = |manager: &str| manager == "helm";
        let found = adopted(&[helm, other.clone(), ours], "v1", of_helm).expect("there is one");
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
        assert_eq!(adopted(&found, "v1", of_helm), None);
    }

    #[test]
    fn status_and_what_others_applied_stay_theirs() {
        let mut status = entry("helm", "Update", &json!({"f:status": {}}));
        status["subresource"] = "status".into();
        let applied = entry("helm", "Apply", &json!({"f:data": {}}));
        assert_eq!(adopted(&[status, applied], "v1", |manager| manager == "helm"), None);
    }

    #[test]
    fn fields_of_another_version_are_not_taken_for_ours() {
        let mut old = entry("helm", "Update", &json!({"f:spec": {"f:old": {}}}));
        old["apiVersion"] = "v0".into();
        let new = entry("helm", "Update", &json!({"f:spec": {"f:new": {}}}));
        let found = adopted(&[old, new], "v1", |manager| manager == "helm").expect("there are two");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["fieldsV1"], json!({"f:spec": {"f:new": {}}}));
    }

    #[test]
    fn it_is_said_which_fields_go() {
        let live = json!({"data": {"a": 1, "gone": 2, "theirs": 3}, "spec": {"ports": [
            {"port": 80, "protocol": "TCP", "name": "web"}, {"port": 81, "protocol": "TCP"}], "list": ["x", "y"]}});
        let wanted = json!({"data": {"a": 1}, "spec": {"ports": [{"port": 80}], "list": ["x"]}});
        let port = |number: u16| format!("k:{{\"port\":{number},\"protocol\":\"TCP\"}}");
        let fields = json!({"f:data": {".": {}, "f:a": {}, "f:gone": {}, "f:theirs": {}}, "f:spec": {
            "f:ports": {(port(80)): {".": {}, "f:name": {}, "f:port": {}}, (port(81)): {"f:port": {}}},
            "f:list": {"v:\"x\"": {}, "v:\"y\"": {}}}});
        let managed =
            [entry("helm", "Update", &fields), entry("vpa", "Update", &json!({"f:data": {"f:theirs": {}}}))];
        let found = freed(&live, &wanted, &managed, |manager| manager == "helm");
        let paths: Vec<&str> = found.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["data.gone", "spec.ports[80].name", "spec.ports[81]", "spec.list[\"y\"]"]);
    }
}
