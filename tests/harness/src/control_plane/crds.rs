//! Extensions of the API, as the reference data has them: the real schemas, with everything around them made
//! up that does not matter to a manifest.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::outcome::Outcome;

/// The definitions of every kind in these API groups, as one list to be applied.
pub(super) fn list(data: &Path, groups: &[&str]) -> Value {
    let schemas = schemas(&data.join("data/crds-compact.json.zst"));
    // Versions of one kind are one definition.
    let mut kinds: BTreeMap<(&str, &str), BTreeMap<&str, &Value>> = BTreeMap::new();
    for (name, entry) in &schemas {
        let [group, version, kind] = name.split('/').collect::<Vec<_>>()[..] else {
            panic!("not GROUP/VERSION/KIND: {name}")
        };
        if groups.contains(&group) {
            kinds.entry((group, kind)).or_default().insert(version, entry);
        }
    }
    for group in groups {
        assert!(kinds.keys().any(|(known, _)| known == group), "the reference data has nothing of {group}");
    }
    let items: Vec<_> =
        kinds.iter().map(|((group, kind), versions)| definition(group, kind, versions)).collect();
    json!({"apiVersion": "v1", "kind": "List", "items": items})
}

fn definition(group: &str, kind: &str, versions: &BTreeMap<&str, &Value>) -> Value {
    let plural = plural(&kind.to_lowercase());
    let scope = versions.values().next().map(|entry| entry["scope"].clone());
    // One is the stored one; which, nobody can see.
    let stored = versions.keys().next();
    let served: Vec<_> = versions
        .iter()
        .map(|(version, entry)| {
            json!({
                "name": version,
                "served": true,
                "storage": Some(version) == stored,
                "subresources": {"status": {}},
                "schema": {"openAPIV3Schema": entry["schema"]},
            })
        })
        .collect();
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": format!("{plural}.{group}"),
            // Without this, groups of Kubernetes' own are refused.
            "annotations": {"api-approved.kubernetes.io": "unapproved, for tests"},
        },
        "spec": {
            "group": group,
            "scope": scope,
            "names": {"kind": kind, "plural": plural, "singular": kind.to_lowercase(), "listKind": format!("{kind}List")},
            "versions": served,
        },
    })
}

fn schemas(file: &Path) -> Map<String, Value> {
    let text = Outcome::of(Command::new("zstd").arg("-dcq").arg(file)).succeeded().stdout;
    serde_json::from_str(&text).expect("the schemas are a JSON object")
}

fn plural(kind: &str) -> String {
    match kind.strip_suffix('y') {
        Some(stem) if !kind.ends_with("ay") => format!("{stem}ies"),
        _ if kind.ends_with('s') => format!("{kind}es"),
        _ => format!("{kind}s"),
    }
}
