//! What a chart renders, document by document.

use plan::Key;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::cluster::Cluster;
use crate::door::{Wanting, mask};
use crate::vault::Vault;

/// An object that a chart rendered.
pub(crate) struct Document {
    /// Which object it is.
    pub(crate) key: Key,
    /// As the chart has it: Helm reads YAML 1.1, and so does the API server, who is sent just this.
    pub(crate) text: Zeroizing<String>,
    /// The same without secrets, for comparing.
    pub(crate) object: Value,
}

/// The objects in what a chart rendered. What is none is left out, as Helm does. An object of a kind that is in namespaces
/// and that names none is in `namespace`; what the cluster does not know, too.
pub(crate) fn documents(rendered: &str, namespace: &str, cluster: &Cluster, vault: &Vault) -> Vec<Document> {
    let found = split(rendered).into_iter().filter_map(|text| {
        let mut object: Value = serde_yaml::from_str(text).ok()?;
        if !object["kind"].is_string() || !object["metadata"]["name"].is_string() {
            return None;
        }
        mask(&mut object, Wanting::Nothing, vault);
        let mut key = Key::of(&object);
        if cluster.is_namespaced(&object) == Some(false) {
            key.namespace = None;
        } else {
            let namespace = key.namespace.get_or_insert_with(|| namespace.to_owned());
            object["metadata"]["namespace"] = namespace.clone().into();
        }
        Some(Document { key, text: Zeroizing::new(text.to_owned()), object })
    });
    found.collect()
}

/// The documents of a stream of YAML: between lines that begin with `---`, which are no text of a value, for that is
/// indented.
fn split(stream: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut from, mut at) = (0, 0);
    for line in stream.split_inclusive('\n') {
        if line
            .strip_prefix("---")
            .is_some_and(|rest| rest.trim().is_empty() || rest.starts_with([' ', '\t']))
        {
            found.push(&stream[from..at]);
            from = at + if line[3..].trim().is_empty() { line.len() } else { 3 };
        }
        at += line.len();
    }
    found.push(&stream[from..]);
    found.retain(|text| !text.trim().is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_split_where_helm_splits_them() {
        let stream = "# x\n---\n# Source: a\nkind: A\ntext: |\n  ---\n  b\n--- \nkind: B\n---\n---\n";
        let found = split(stream);
        assert_eq!(found, ["# x\n", "# Source: a\nkind: A\ntext: |\n  ---\n  b\n", "kind: B\n"]);
        assert_eq!(split("--- {kind: A}\n"), [" {kind: A}\n"]);
        assert_eq!(split(""), [""; 0]);
        assert_eq!(split("a: ---b\n----\n"), ["a: ---b\n----\n"]);
    }
}
