//! Fields that somebody else set: which of them are taken, and which are left to them.
//!
//! The API server refuses to change a field that another manager owns, unless it is forced to. A person who tried
//! something with kubectl is overruled, for the lab is where it is to be said; a controller that scales or injects
//! something knows better, so its fields are left and reported.
//!
//! Source: kluctl `pkg/diff/conflict_resolution.go`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::key::{has_keys, text};

/// A field that another manager owns with another value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Conflict {
    /// Where it is, as the API server says it: `.spec.template.spec.containers[name="web"].image`.
    pub field: String,
    /// Who owns it.
    pub manager: String,
}

/// The conflicts that an answer of the API server is about; none if it is about something else.
pub(crate) fn conflicts(status: &Value) -> Vec<Conflict> {
    let causes = status.pointer("/details/causes").and_then(Value::as_array);
    let causes = causes.into_iter().flatten();
    let conflicts = causes.filter(|cause| text(cause, "/reason") == "FieldManagerConflict");
    let mut found: Vec<Conflict> = conflicts
        .map(|cause| Conflict {
            field: text(cause, "/field").to_owned(),
            manager: text(cause, "/message").split('"').nth(1).unwrap_or_default().to_owned(),
        })
        .collect();
    found.sort();
    found
}

/// Whether a manager is a person at work, or `hlc` itself by another way.
///
/// Helm is, where what it manages is the release that helmfile makes of the same component (`is_own_release`): then it
/// was deployed with the very files that `hlc build` wrote.
pub(crate) fn is_overruled(manager: &str, is_own_release: bool) -> bool {
    matches!(manager, "kubectl" | "rancher" | "k9s" | "before-first-apply")
        || manager.starts_with("kubectl-")
        || manager.starts_with("hlc")
        || manager == "helm" && is_own_release
}

/// Takes a field out of what is asked for, so that it stays whose it is. `None` if it is not in there.
pub(crate) fn without(object: &Value, field: &str) -> Option<Value> {
    let mut object = object.clone();
    remove(&mut object, field).then_some(object)
}

/// Removes what `path` leads to. Keys of maps may have dots in them, so that the longest that is there is tried first.
fn remove(value: &mut Value, path: &str) -> bool {
    if let Some(key) = path.strip_prefix('.') {
        let Some(map) = value.as_object_mut() else { return false };
        let is_end = |name: &str| {
            key.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let mut names: Vec<String> = map.keys().filter(|name| is_end(name)).cloned().collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        return names.iter().any(|name| {
            let rest = &key[name.len()..];
            if rest.is_empty() {
                return map.shift_remove(name).is_some();
            }
            map.get_mut(name).is_some_and(|inner| remove(inner, rest))
        });
    }
    let Some((element, rest)) = path.strip_prefix('[').and_then(bracket) else { return false };
    let Some(list) = value.as_array_mut() else { return false };
    let Some(nth) = list.iter().position(|one| is_meant(one, element)) else { return false };
    if rest.is_empty() {
        list.remove(nth);
        return true;
    }
    remove(&mut list[nth], rest)
}

/// What stands in a bracket, and what behind it. Texts in it are quoted as JSON is.
fn bracket(path: &str) -> Option<(&str, &str)> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b']' if !is_quoted => return Some((&path[..at], &path[at + 1..])),
            _ => {}
        }
    }
    None
}

/// Whether an element is the one that `[name="web"]`, `[port=80,protocol="TCP"]` or `[="a"]` means.
fn is_meant(element: &Value, said: &str) -> bool {
    if let Some(value) = said.strip_prefix('=') {
        return serde_json::from_str::<Value>(value).is_ok_and(|value| value == *element);
    }
    keys(said).is_some_and(|keys| has_keys(element, &keys))
}

/// The keys that `port=80,protocol="TCP"` says; `None` if it says none.
fn keys(said: &str) -> Option<Map<String, Value>> {
    let (mut keys, mut rest) = (Map::new(), said);
    while !rest.is_empty() {
        let (key, behind) = rest.split_once('=')?;
        let mut values = serde_json::Deserializer::from_str(behind).into_iter::<Value>();
        keys.insert(key.to_owned(), values.next()?.ok()?);
        rest = behind[values.byte_offset()..].trim_start_matches(',');
    }
    Some(keys)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn conflicts_are_read_from_the_answer() {
        let cause = |field: &str, manager: &str| {
            json!({"reason": "FieldManagerConflict", "field": field,
                   "message": format!("conflict with \"{manager}\" using apps/v1")})
        };
        let status = json!({"reason": "Conflict", "code": 409, "details": {"causes": [
            cause(".spec.replicas", "vpa"), cause(".spec.paused", "kubectl-edit"), {"reason": "Other"}]}});
        let found = conflicts(&status);
        let shown: Vec<_> = found.iter().map(|one| (one.field.as_str(), one.manager.as_str())).collect();
        assert_eq!(shown, [(".spec.paused", "kubectl-edit"), (".spec.replicas", "vpa")]);
        assert_eq!(conflicts(&json!({"code": 409})), []);
    }

    #[test]
    fn people_are_overruled_and_controllers_are_not() {
        for person in ["kubectl", "kubectl-edit", "kubectl-client-side-apply", "rancher", "k9s", "hlc"] {
            assert!(is_overruled(person, false), "{person}");
        }
        for controller in ["kube-controller-manager", "argocd-controller", "helm", "kubectlx"] {
            assert!(!is_overruled(controller, false), "{controller}");
        }
        assert!(is_overruled("helm", true));
    }

    #[test]
    fn a_field_is_taken_out_of_what_is_asked_for() {
        let object = json!({
            "metadata": {"labels": {"a.b/c": "1", "a": "2"}},
            "spec": {"containers": [{"name": "web]\"", "image": "x"}, {"name": "b", "image": "y"}],
                     "ports": [{"port": 80, "targetPort": 1}, {"port": 80, "protocol": "UDP"}],
                     "finalizers": ["a", "b"]}
        });
        let cases = [
            (".metadata.labels.a.b/c", "/metadata/labels", json!({"a": "2"})),
            (".metadata.labels.a", "/metadata/labels", json!({"a.b/c": "1"})),
            (".spec.containers[name=\"web]\\\"\"].image", "/spec/containers/0", json!({"name": "web]\""})),
            (".spec.ports[port=80,protocol=\"TCP\"].targetPort", "/spec/ports/0", json!({"port": 80})),
            (".spec.ports[port=80,protocol=\"UDP\"]", "/spec/ports", json!([{"port": 80, "targetPort": 1}])),
            (".spec.finalizers[=\"a\"]", "/spec/finalizers", json!(["b"])),
        ];
        for (field, pointer, left) in cases {
            let found = without(&object, field).unwrap_or_else(|| panic!("{field} is not found"));
            assert_eq!(found.pointer(pointer), Some(&left), "{field}");
        }
        for nowhere in [".spec.replicas", ".spec.containers[name=\"z\"].image", "[", ".", "", ".spec[0"] {
            assert_eq!(without(&object, nowhere), None, "{nowhere}");
        }
    }
}
