//! What the cluster says, with digests in place of secrets: nobody behind this door sees any.

use std::collections::BTreeMap;

use plan::{Key, is_secret};
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use crate::vault::Vault;

/// What `kubectl apply` keeps of an object: all of it, as text.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// What is wanted where something comes in, which says where secrets are in it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanting<'a> {
    /// Nothing with secrets in it: it is of the cluster's own, or only read for its metadata.
    Nothing,
    /// This object.
    One(&'a Value),
    /// Records of Helm's, which `helm::record` reads, and takes the secrets out of itself.
    Records,
    /// Of a list, each object that is among these. Of others nothing comes in but what they are called.
    Among(&'a BTreeMap<Key, &'a Value>),
}

/// Takes the secrets out of what came in: all of a Secret's, whatever stands where a wanted object has one, and every
/// text that is one of the lab's.
pub(crate) fn mask(answer: &mut Value, wanting: Wanting<'_>, vault: &Vault) {
    match wanting {
        Wanting::Records => {}
        Wanting::Nothing if !answer["items"].is_array() => mask_object(answer, None, vault),
        Wanting::One(wanted) => mask_object(answer, Some(wanted), vault),
        Wanting::Nothing | Wanting::Among(_) => {
            name_items(answer);
            for item in answer["items"].as_array_mut().into_iter().flatten() {
                match wanting {
                    Wanting::Among(all) => match all.get(&Key::of(item)) {
                        Some(wanted) => mask_object(item, Some(wanted), vault),
                        None => keep_names(item),
                    },
                    _ => mask_object(item, None, vault),
                }
            }
        }
    }
}

/// Items of a list of one kind do not say which.
fn name_items(list: &mut Value) {
    let kind = list["kind"].as_str().and_then(|kind| kind.strip_suffix("List")).map(str::to_owned);
    let version = list["apiVersion"].clone();
    for item in list["items"].as_array_mut().into_iter().flatten() {
        if let (Some(kind), true) = (&kind, item["kind"].is_null()) {
            item["kind"] = kind.clone().into();
            item["apiVersion"] = version.clone();
        }
    }
}

/// Leaves what an object is called and which it is.
fn keep_names(object: &mut Value) {
    for (key, value) in object.as_object_mut().into_iter().flatten() {
        if !matches!(key.as_str(), "apiVersion" | "kind" | "metadata") {
            overwrite(value);
            *value = Value::Null;
        }
    }
    forget_last_applied(object);
}

/// Takes the secrets out of the values that a chart was given before. Where the lab has one now, there was one; and
/// where it has nothing, or something is called so, there may have been: these are seen nowhere else from now on, either.
pub(crate) fn mask_values(values: &mut Value, wanted: &Value, vault: &mut Vault) {
    hide_values(values, Some(wanted), "", vault);
    mask_like(values, Some(wanted), vault);
}

fn hide_values(value: &Value, wanted: Option<&Value>, name: &str, vault: &mut Vault) {
    match value {
        Value::String(text) => {
            let is_plain =
                wanted.is_some_and(|wanted| wanted == value || wanted.is_string() && !is_telling(name));
            if !is_plain {
                vault.hide(Zeroizing::new(text.clone()));
            }
        }
        // Which element was which is not known.
        Value::Array(items) => {
            let all = wanted.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            for (nth, item) in items.iter().enumerate() {
                let same = all.iter().find(|wanted| *wanted == item);
                hide_values(item, same.or_else(|| all.get(nth)), name, vault);
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                hide_values(value, wanted.and_then(|wanted| wanted.get(key)), key, vault);
            }
        }
        _ => {}
    }
}

/// Whether a value by this name is likely to be a secret.
fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["pass", "secret", "token", "key", "credential", "auth"].iter().any(|word| name.contains(word))
}

/// Overwrites every text in a value.
pub(crate) fn overwrite(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(overwrite),
        Value::Object(map) => map.values_mut().for_each(overwrite),
        _ => {}
    }
}

fn mask_object(object: &mut Value, wanted: Option<&Value>, vault: &Vault) {
    if object["kind"] == "Secret" {
        mask_secret(object, vault);
    }
    for path in secret_paths(object) {
        let path: Vec<&str> = path.split('/').skip(1).collect();
        mask_path(object, &path, vault);
    }
    if wanted.is_some_and(has_secret) {
        forget_last_applied(object);
    }
    let known_by = KNOWN_BY.map(|pointer| object.pointer(pointer).cloned());
    mask_like(object, wanted, vault);
    for (pointer, value) in KNOWN_BY.into_iter().zip(known_by) {
        if let (Some(place), Some(value)) = (object.pointer_mut(pointer), value) {
            *place = value;
        }
    }
}

/// What an object is known by is no secret, even where one is written alike: `v1` may be one.
const KNOWN_BY: [&str; 6] = [
    "/apiVersion",
    "/kind",
    "/metadata/name",
    "/metadata/namespace",
    "/metadata/uid",
    "/metadata/resourceVersion",
];

/// Where secrets are in an object, as it says itself: it was written when they were applied, and the lab may have others
/// now.
fn secret_paths(object: &Value) -> Vec<String> {
    let said = object["metadata"]["annotations"][SECRETS].as_str().unwrap_or_default();
    serde_json::from_str(said).unwrap_or_default()
}

/// The annotation that says where the secrets of an object are: a list of JSON pointers.
pub(crate) const SECRETS: &str = "hlc.dev/secrets";

/// Where the placeholders of an object are, as [`SECRETS`] has it. `None` if there are none, or in a Secret, which is
/// secret anyway.
pub(crate) fn placeholders(object: &Value) -> Option<String> {
    let mut found = Vec::new();
    collect(object, &mut String::new(), &mut found);
    (!found.is_empty() && object["kind"] != "Secret").then(|| Value::from(found).to_string())
}

fn collect(value: &Value, path: &mut String, found: &mut Vec<String>) {
    if is_secret(value) {
        found.push(path.clone());
        return;
    }
    let mut inside = |key: &str, value: &Value| {
        let length = path.len();
        path.push('/');
        path.push_str(&key.replace('~', "~0").replace('/', "~1"));
        collect(value, path, found);
        path.truncate(length);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| inside(key, value)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(nth, value)| inside(&nth.to_string(), value));
        }
        _ => {}
    }
}

/// Masks what a path leads to. Lists are put in another order, so that a number stands for every element.
fn mask_path(value: &mut Value, path: &[&str], vault: &Vault) {
    let Some((first, rest)) = path.split_first() else { return mask_all(value, vault) };
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| mask_path(item, rest, vault)),
        Value::Object(map) => {
            if let Some(inner) = map.get_mut(&first.replace("~1", "/").replace("~0", "~")) {
                mask_path(inner, rest, vault);
            }
        }
        _ => {}
    }
}

/// Masks every text in a value.
fn mask_all(value: &mut Value, vault: &Vault) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| mask_all(item, vault)),
        Value::Object(map) => map.values_mut().for_each(|inner| mask_all(inner, vault)),
        text => replace(text, vault),
    }
}

fn mask_secret(object: &mut Value, vault: &Vault) {
    for field in ["data", "stringData"] {
        for value in object[field].as_object_mut().into_iter().flat_map(|map| map.values_mut()) {
            replace(value, vault);
        }
    }
    forget_last_applied(object);
}

fn forget_last_applied(object: &mut Value) {
    let annotations = object.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut);
    if let Some(Value::String(mut text)) = annotations.and_then(|map| map.shift_remove(LAST_APPLIED)) {
        text.zeroize();
    }
}

fn mask_like(value: &mut Value, wanted: Option<&Value>, vault: &Vault) {
    match value {
        Value::String(text) if wanted.is_some_and(is_secret) || vault.has(text) => replace(value, vault),
        // Which element is which is known where all have names.
        Value::Array(items) => {
            let all = wanted.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let is_named = items.iter().chain(all).all(|item| item["name"].is_string());
            for item in items {
                match all.iter().find(|wanted| is_named && wanted["name"] == item["name"]) {
                    None if !is_named && all.iter().any(has_secret) => mask_all(item, vault),
                    found => mask_like(item, found, vault),
                }
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                mask_like(value, wanted.and_then(|wanted| wanted.get(key)), vault);
            }
        }
        _ => {}
    }
}

fn replace(value: &mut Value, vault: &Vault) {
    if let Value::String(text) = value {
        let placeholder = vault.placeholder(text);
        text.zeroize();
        *value = placeholder;
    }
}

fn has_secret(value: &Value) -> bool {
    match value {
        _ if is_secret(value) => true,
        Value::Object(map) => map.values().any(has_secret),
        Value::Array(items) => items.iter().any(has_secret),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is left of an object that comes in while the lab wants another.
    fn shown(mut live: Value, wanted: &Value, vault: &Vault) -> String {
        mask(&mut live, Wanting::One(wanted), vault);
        live.to_string()
    }

    #[test]
    fn old_secrets_are_not_shown_wherever_they_stood() {
        let mut vault = Vault::new();
        let new = vault.keep(Zeroizing::new("new-one".to_owned()));
        vault.hide(Zeroizing::new("in-use".to_owned()));
        let old = "old-one";
        let args = json!({"args": ["--verbose", new]});
        assert!(!shown(json!({"args": [format!("--password={old}")]}), &args, &vault).contains(old));
        let env = json!({"env": [{"name": "A", "value": "1"}, {"name": "PASS", "value": new}]});
        let other = json!({"env": [{"name": "PASS", "value": old}, {"name": "A", "value": "plain"}]});
        let shown_env = shown(other, &env, &vault);
        assert!(!shown_env.contains(old) && shown_env.contains("plain"), "{shown_env}");
        // A field that the lab has no more.
        let url = json!({"url": "postgres://u:in-use@db"});
        assert!(!shown(url, &json!({"other": 1}), &vault).contains("in-use"));
        let noted = json!({"metadata": {"annotations": {SECRETS: "[\"/a~1b/0/c\"]"}},
                           "a/b": [{"x": 1}, {"c": old}]});
        assert!(!shown(noted, &json!({}), &vault).contains(old));
        let wanted = json!({"a/b": [{"c": new}], "kind": "Thing"});
        assert_eq!(placeholders(&wanted).as_deref(), Some("[\"/a~1b/0/c\"]"));
    }

    #[test]
    fn what_a_chart_was_given_before_is_not_shown() {
        let mut vault = Vault::new();
        let new = vault.keep(Zeroizing::new("new-password".to_owned()));
        let wanted =
            json!({"auth": {"password": new, "adminToken": "in the open now"}, "image": {"tag": "1.3.0"}});
        let mut old = json!({"auth": {"password": "old-password", "adminToken": "old-token", "extra": "left-over"},
                             "image": {"tag": "1.2.0"}, "url": "http://u:old-password@db", "n": 1});
        mask_values(&mut old, &wanted, &mut vault);
        let shown = old.to_string();
        for secret in ["old-password", "old-token", "left-over"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
            assert!(vault.has(&format!("x {secret}")), "it is hidden wherever the chart put it");
        }
        assert!(shown.contains("1.2.0") && !vault.has("1.2.0"), "{shown}");
    }

    #[test]
    fn what_an_object_is_known_by_stays() {
        let mut vault = Vault::new();
        for secret in ["v1", "ConfigMap", "web"] {
            vault.keep(Zeroizing::new(secret.to_owned()));
        }
        let mut object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web", "uid": "1"},
                                "data": {"a": "v1"}});
        mask(&mut object, Wanting::Nothing, &vault);
        assert_eq!(Key::of(&object).to_string(), "ConfigMap web");
        assert_eq!(object["apiVersion"], "v1");
        assert!(is_secret(&object["data"]["a"]));
    }

    #[test]
    fn no_secret_gets_through() {
        let mut vault = Vault::new();
        let placeholder = vault.keep(Zeroizing::new("hunter2".to_owned()));
        let wanted = json!({"spec": {"password": placeholder}});
        let mut list = json!({"kind": "SecretList", "items": [
            {"metadata": {"annotations": {LAST_APPLIED: "hunter2"}}, "data": {"a": "aHVudGVyMg=="}}]});
        let mut sealed = json!({"kind": "Thing", "spec": {"password": "old one", "copy": "hunter2"},
                                "metadata": {"annotations": {LAST_APPLIED: "old one"}}});
        let mut secret = json!({"kind": "Secret", "stringData": {"b": "hunter2"}});
        let mut other = sealed.clone();
        other["metadata"]["name"] = "other".into();
        let mut among = json!({"kind": "ThingList", "apiVersion": "v1", "items": [sealed, other]});
        among["items"][0]["kind"].take();
        mask(&mut list, Wanting::Nothing, &vault);
        mask(&mut sealed, Wanting::One(&wanted), &vault);
        mask(&mut secret, Wanting::Nothing, &vault);
        let key = Key::of(&json!({"kind": "Thing"}));
        mask(&mut among, Wanting::Among(&BTreeMap::from([(key, &wanted)])), &vault);
        assert_eq!(among["items"][1]["metadata"]["name"], "other");
        for object in [&list, &sealed, &secret, &among] {
            let shown = object.to_string();
            for plain in ["hunter2", "old one", "aHVudGVyMg"] {
                assert!(!shown.contains(plain), "{plain} in {shown}");
            }
        }
        assert_eq!(sealed["spec"]["copy"], placeholder);
        assert_ne!(sealed["spec"]["password"], placeholder);
    }
}
