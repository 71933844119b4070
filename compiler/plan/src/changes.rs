//! What differs between an object as it is and as it would be, field by field.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A key that stands alone in a map where a secret was: what it has is a digest, so that secrets can be compared.
pub const SECRET: &str = "hlc.dev/secret";

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where it is: `spec.template.spec.containers[n8n].image`.
    pub path: String,
    /// What it is; `None` if it is not there.
    pub before: Option<Value>,
    /// What it would be; `None` if it would not be there.
    pub after: Option<Value>,
    /// The line that says so, where that is known and not that of the declaration: `homelab.hl:14`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<String>,
}

impl Change {
    /// A field that differs, whatever line that comes from.
    pub fn new(path: String, before: Option<Value>, after: Option<Value>) -> Self {
        Self { path, before, after, line: None }
    }
}

/// What tells elements of lists from each other, the first that all have.
const IDENTITIES: [&str; 10] =
    ["name", "mountPath", "devicePath", "containerPort", "port", "key", "path", "host", "ip", "topologyKey"];

/// What the API server sets for itself, at the top of `metadata`.
const OF_THE_SERVER: [&str; 7] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// The fields that differ between two states of one object, in the order in which they stand. What the API server sets
/// for itself does not count, nor does `status`, which is what the cluster makes of the rest.
pub(crate) fn changes(before: &Value, after: &Value) -> Vec<Change> {
    fields(&declared(before), &declared(after))
}

/// The fields that differ between two states of anything, whoever set them, in the order in which they stand.
pub fn fields(before: &Value, after: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    compare(&mut String::new(), Some(before), Some(after), &mut found);
    found
}

/// An object without what nobody declares.
fn declared(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.shift_remove("status");
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|key, _| !OF_THE_SERVER.contains(&key.as_str()));
        // Nothing in them, or none: it is the same.
        metadata.retain(|_, value| value.as_object().is_none_or(|map| !map.is_empty()));
    }
    object
}

fn compare(path: &mut String, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Change>) {
    match (before, after) {
        (before, after) if before == after => {}
        (Some(old @ Value::Object(before)), Some(new @ Value::Object(after)))
            if !is_secret(old) && !is_secret(new) =>
        {
            compare_maps(path, before, after, found);
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => compare_lists(path, before, after, found),
        (before, after) => {
            found.push(Change::new(path.clone(), before.cloned(), after.cloned()));
        }
    }
}

fn compare_maps(
    path: &mut String,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    found: &mut Vec<Change>,
) {
    let new = after.keys().filter(|key| !before.contains_key(*key));
    for key in before.keys().chain(new) {
        let length = path.len();
        push_key(path, key);
        compare(path, before.get(key), after.get(key), found);
        path.truncate(length);
    }
}

fn compare_lists(path: &mut String, before: &[Value], after: &[Value], found: &mut Vec<Change>) {
    let identity = IDENTITIES.iter().find(|key| tells_apart(before, key) && tells_apart(after, key));
    let Some(identity) = identity else {
        for nth in 0..before.len().max(after.len()) {
            let length = path.len();
            let _ = write!(path, "[{nth}]");
            compare(path, before.get(nth), after.get(nth), found);
            path.truncate(length);
        }
        return;
    };
    let of = |list: &'_ [Value], name: &str| list.iter().position(|one| shown(&one[*identity]) == name);
    let names = before.iter().map(|one| shown(&one[*identity]));
    let new = after.iter().map(|one| shown(&one[*identity])).filter(|name| of(before, name).is_none());
    for name in names.chain(new) {
        let length = path.len();
        let _ = write!(path, "[{name}]");
        let at = |list: &'_ [Value]| of(list, &name);
        let (old, new) = (at(before).map(|nth| &before[nth]), at(after).map(|nth| &after[nth]));
        compare(path, old, new, found);
        path.truncate(length);
    }
}

/// Whether every element has this key, each with another value.
fn tells_apart(list: &[Value], key: &str) -> bool {
    let mut names: Vec<String> = list.iter().filter_map(|one| Some(shown(one.get(key)?))).collect();
    names.sort();
    names.dedup();
    names.len() == list.len()
}

pub(crate) fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A key behind a path; one with dots in it stands in brackets.
pub(crate) fn push_key(path: &mut String, key: &str) {
    if key.contains(['.', '[', ']']) {
        let _ = write!(path, "[{key}]");
    } else {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    }
}

/// Whether a value stands for a secret.
pub fn is_secret(value: &Value) -> bool {
    value.as_object().is_some_and(|map| map.len() == 1 && map.contains_key(SECRET))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(before: &Value, after: &Value) -> Vec<String> {
        changes(before, after).into_iter().map(|change| change.path).collect()
    }

    #[test]
    fn elements_are_told_apart_by_what_they_are_known_by() {
        let before = json!({"spec": {"containers": [{"name": "a", "image": "x:1"}, {"name": "b"}]}});
        let after =
            json!({"spec": {"containers": [{"name": "b"}, {"name": "a", "image": "x:2"}, {"name": "c"}]}});
        assert_eq!(paths(&before, &after), ["spec.containers[a].image", "spec.containers[c]"]);
        assert_eq!(changes(&before, &after)[1].after, Some(json!({"name": "c"})));
    }

    #[test]
    fn elements_without_a_name_are_told_apart_by_number() {
        let (before, after) = (json!({"args": ["a", "b"]}), json!({"args": ["a", "c", "d"]}));
        assert_eq!(paths(&before, &after), ["args[1]", "args[2]"]);
        // Two of one name are told apart by nothing else.
        let (before, after) = (json!([{"name": "a"}, {"name": "a"}]), json!([{"name": "a"}]));
        assert_eq!(paths(&before, &after), ["[1]"]);
    }

    #[test]
    fn what_the_server_sets_is_no_change() {
        let before = json!({"metadata": {"uid": "1", "resourceVersion": "1", "labels": {}, "name": "a"}});
        let after =
            json!({"metadata": {"uid": "1", "resourceVersion": "2", "name": "a"}, "status": {"a": 1}});
        assert_eq!(paths(&before, &after), [] as [&str; 0]);
        let after = json!({"metadata": {"name": "a", "labels": {"app.kubernetes.io/name": "x"}}});
        assert_eq!(paths(&before, &after), ["metadata.labels"]);
        let before = json!({"metadata": {"name": "a", "labels": {"app.kubernetes.io/name": "y"}}});
        assert_eq!(paths(&before, &after), ["metadata.labels[app.kubernetes.io/name]"]);
    }

    #[test]
    fn secrets_are_compared_and_stay_whole() {
        let secret = |digest: &str| json!({"data": {"password": {SECRET: digest}}});
        let found = changes(&secret("1"), &secret("2"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "data.password");
        assert_eq!(changes(&secret("1"), &secret("1")), []);
    }
}
