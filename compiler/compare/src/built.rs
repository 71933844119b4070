//! A build, as it is compared.

use std::collections::{BTreeMap, BTreeSet};

use emit::Files;
use plan::Origin;
use serde_json::Value;

use crate::things::Thing;
use crate::tree;

/// A build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Built {
    /// The files under `nixos/` that are not encrypted.
    pub nixos: Files,
    /// The files under `k8s/` that are not encrypted.
    pub k8s: Files,
    /// The encrypted files under both, relative to the lab's folder.
    pub sealed: BTreeMap<String, Sealed>,
    /// Where in the lab what is built is declared, as far as that is known.
    pub origins: BTreeMap<Thing, Origin>,
}

/// An encrypted file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// What is in it, by name: keys and numbers with dots between them.
    pub names: BTreeSet<String>,
    /// What it is made of, as a number that tells nothing about any value; nothing where that is not known, or where it
    /// cannot be made.
    pub made_of: Option<String>,
}

impl Sealed {
    /// Reads what a file of SOPS says in the open.
    pub fn read(text: &str, made_of: Option<String>) -> Self {
        let mut names = BTreeSet::new();
        for mut document in tree::documents(text).unwrap_or_default() {
            if let Some(map) = document.as_object_mut() {
                map.remove("sops");
            }
            collect(&document, &mut String::new(), &mut names);
        }
        Self { names, made_of }
    }
}

fn collect(value: &Value, path: &mut String, names: &mut BTreeSet<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(nth, one)| (nth.to_string(), one)).collect(),
        _ => {
            names.insert(path.clone());
            return;
        }
    };
    let length = path.len();
    for (key, value) in inner {
        if length > 0 {
            path.push('.');
        }
        path.push_str(&key);
        collect(value, path, names);
        path.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_read_of_encrypted_files() {
        let text = "secrets:\n    web:\n        TOKEN: ENC[x]\nlist:\n    - ENC[y]\nempty: {}\nsops:\n    mac: ENC[z]\n";
        let sealed = Sealed::read(text, None);
        assert_eq!(sealed.names.iter().collect::<Vec<_>>(), ["list.0", "secrets.web.TOKEN"]);
        assert_eq!(Sealed::read("a: [", None).names.len(), 0, "what cannot be read has none");
    }
}
