//! What becomes of the nodes of a cluster: their labels and taints.
//!
//! A node says its labels and taints when it joins, and keeps what it once said, whatever its host says later. So what the
//! lab said last is noted on the node itself, and what left the lab since then is taken away.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::changes::Change;
use crate::wanted::Origin;

/// What the lab said last of a node is noted there.
const SAID: &str = "hlc.dev/node";

/// Notes that nothing new is put on a node, since its host is being switched.
pub const CORDONED: &str = "hlc.dev/cordoned";

/// What a lab says of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedNode {
    /// What it is called, as its host.
    pub name: String,
    /// Where the host is declared.
    pub origin: Origin,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its taints: `key=value:effect`.
    pub taints: BTreeSet<String>,
}

/// What is done to a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeStep {
    /// Which one.
    pub node: String,
    /// Where its host is declared.
    pub origin: Origin,
    /// What changes.
    pub changes: Vec<Change>,
}

/// What is noted on a node.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Said {
    labels: BTreeMap<String, String>,
    taints: BTreeSet<String>,
}

impl WantedNode {
    /// What is done to a node, and the merge patch that does it; `None` if it is as it is to be.
    pub fn step(&self, node: &Value) -> Option<(NodeStep, Value)> {
        let annotations = &node["metadata"]["annotations"];
        let said: Said =
            annotations[SAID].as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let (mut changes, mut metadata, mut spec) = (Vec::new(), Map::new(), Map::new());
        let labels = self.labels(&node["metadata"]["labels"], &said, &mut changes);
        if !labels.is_empty() {
            metadata.insert("labels".into(), labels.into());
        }
        if let Some(taints) = self.taints(&node["spec"]["taints"], &said, &mut changes) {
            spec.insert("taints".into(), taints);
        }
        let mut notes = Map::new();
        let says = Said { labels: self.labels.clone(), taints: self.taints.clone() };
        if says != said {
            let text = Value::from(json!(says).to_string());
            let before = annotations.get(SAID).cloned();
            changes.push(change(&format!("metadata.annotations[{SAID}]"), before, Some(text.clone())));
            notes.insert(SAID.into(), text);
        }
        if !annotations[CORDONED].is_null() {
            // A run that was broken off left it so.
            changes.push(change("spec.unschedulable", Some(true.into()), None));
            spec.insert("unschedulable".into(), Value::Null);
            notes.insert(CORDONED.into(), Value::Null);
        }
        if !notes.is_empty() {
            metadata.insert("annotations".into(), notes.into());
        }
        if changes.is_empty() {
            return None;
        }
        metadata.insert("resourceVersion".into(), node["metadata"]["resourceVersion"].clone());
        let step = NodeStep { node: self.name.clone(), origin: self.origin.clone(), changes };
        Some((step, json!({"metadata": metadata, "spec": spec})))
    }

    /// The labels that are set, and those that go. One that somebody gave another value is no longer the lab's.
    fn labels(&self, live: &Value, said: &Said, changes: &mut Vec<Change>) -> Map<String, Value> {
        let mut patch = Map::new();
        for (key, value) in &self.labels {
            if live[key].as_str() != Some(value) {
                let before = live.get(key).cloned();
                changes.push(change(&format!("metadata.labels[{key}]"), before, Some(value.clone().into())));
                patch.insert(key.clone(), value.clone().into());
            }
        }
        for (key, value) in said.labels.iter().filter(|(key, _)| !self.labels.contains_key(*key)) {
            if live[key].as_str() == Some(value) {
                let before = Some(value.clone().into());
                changes.push(change(&format!("metadata.labels[{key}]"), before, None));
                patch.insert(key.clone(), Value::Null);
            }
        }
        patch
    }

    /// All taints as they are to be; `None` if they are. Those of others stay.
    fn taints(&self, live: &Value, said: &Said, changes: &mut Vec<Change>) -> Option<Value> {
        let mut all: Vec<Value> = live.as_array().cloned().unwrap_or_default();
        let there: BTreeSet<String> = all.iter().map(written).collect();
        let gone: BTreeSet<&String> =
            said.taints.difference(&self.taints).filter(|taint| there.contains(*taint)).collect();
        let new: Vec<&String> = self.taints.difference(&there).collect();
        if gone.is_empty() && new.is_empty() {
            return None;
        }
        all.retain(|taint| !gone.contains(&written(taint)));
        for taint in gone {
            changes.push(change("spec.taints", Some(taint.clone().into()), None));
        }
        for taint in new {
            changes.push(change("spec.taints", None, Some(taint.clone().into())));
            all.extend(read(taint));
        }
        Some(all.into())
    }
}

fn change(path: &str, before: Option<Value>, after: Option<Value>) -> Change {
    Change { path: path.to_owned(), before, after, line: None }
}

/// A taint as labs have it.
fn written(taint: &Value) -> String {
    let text = |key: &str| taint[key].as_str().unwrap_or_default();
    let value = match taint["value"].as_str() {
        Some(value) if !value.is_empty() => format!("={value}"),
        _ => String::new(),
    };
    format!("{}{value}:{}", text("key"), text("effect"))
}

/// A taint as nodes have it.
fn read(taint: &str) -> Option<Value> {
    let (name, effect) = taint.rsplit_once(':')?;
    Some(match name.split_once('=') {
        Some((key, value)) => json!({"key": key, "value": value, "effect": effect}),
        None => json!({"key": name, "effect": effect}),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(labels: &[(&str, &str)], taints: &[&str]) -> WantedNode {
        WantedNode {
            name: "one".into(),
            origin: Origin { line: "homelab.hl:3".into(), declaration: "host one".into() },
            labels: labels.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect(),
            taints: taints.iter().map(|taint| (*taint).into()).collect(),
        }
    }

    /// The node after a patch, as the API server has it (RFC 7386).
    fn patched(mut node: Value, patch: &Value) -> Value {
        match (&mut node, patch) {
            (Value::Object(node), Value::Object(patch)) => {
                for (key, value) in patch {
                    if value.is_null() {
                        node.remove(key);
                    } else {
                        let old = node.remove(key).unwrap_or_else(|| json!({}));
                        node.insert(key.clone(), patched(old, value));
                    }
                }
            }
            _ => return patch.clone(),
        }
        node
    }

    fn paths(step: &NodeStep) -> Vec<String> {
        let value = |value: &Option<Value>| value.as_ref().map_or("-".into(), ToString::to_string);
        let shown = |one: &Change| format!("{} {} {}", one.path, value(&one.before), value(&one.after));
        step.changes.iter().map(shown).collect()
    }

    #[test]
    fn what_left_the_lab_goes_and_what_others_said_stays() {
        let node = json!({"metadata": {"labels": {"os": "linux"}, "resourceVersion": "7"},
                          "spec": {"taints": [{"key": "theirs", "effect": "NoExecute"}]}});
        let first = wanted(&[("gpu", "yes"), ("disk", "fast")], &["gpu=true:NoSchedule", "slow:NoExecute"]);
        let (step, patch) = first.step(&node).expect("nothing of it is there");
        assert_eq!(step.changes.len(), 5);
        assert_eq!(patch["metadata"]["resourceVersion"], "7", "nobody else changed it meanwhile");
        let node = patched(node, &patch);
        assert!(first.step(&node).is_none());

        // Somebody else says something else of what was the lab's.
        let node = patched(node, &json!({"metadata": {"labels": {"disk": "slow"}}}));
        let (step, patch) = wanted(&[], &["slow:NoExecute"]).step(&node).expect("some of it is to go");
        assert_eq!(
            paths(&step),
            [
                r#"metadata.labels[gpu] "yes" -"#.to_owned(),
                r#"spec.taints "gpu=true:NoSchedule" -"#.to_owned(),
                paths(&step)[2].clone()
            ]
        );
        let node = patched(node, &patch);
        assert_eq!(node["metadata"]["labels"], json!({"os": "linux", "disk": "slow"}));
        let taints: Vec<String> =
            node["spec"]["taints"].as_array().expect("taints").iter().map(written).collect();
        assert_eq!(taints, ["theirs:NoExecute", "slow:NoExecute"]);
    }

    #[test]
    fn a_node_that_was_left_cordoned_is_not_for_ever() {
        let node = json!({"metadata": {"annotations": {CORDONED: "1"}, "resourceVersion": "7"},
                          "spec": {"unschedulable": true}});
        let (_, patch) = wanted(&[], &[]).step(&node).expect("it is cordoned");
        let node = patched(node, &patch);
        assert_eq!((&node["spec"], &node["metadata"]["annotations"]), (&json!({}), &json!({})));
        // Who else did it, had a reason.
        assert!(wanted(&[], &[]).step(&json!({"spec": {"unschedulable": true}})).is_none());
    }

    #[test]
    fn any_node_is_read() {
        for node in
            [json!(null), json!({"spec": {"taints": "x"}}), json!({"metadata": {"annotations": {SAID: "{"}}})]
        {
            assert!(wanted(&[], &[]).step(&node).is_none());
        }
        for taint in ["a=b:NoSchedule", "a:NoExecute", "a=:PreferNoSchedule"] {
            let again = written(&read(taint).expect("a taint"));
            assert_eq!(again, taint.replace("=:", ":"));
        }
    }
}
