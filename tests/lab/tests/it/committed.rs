//! The reference lab has no problems, and what is committed is what is built from it.

use std::collections::BTreeSet;
use std::fs;

use emit::Files;

use crate::lab::{list, outputs, root};

#[test]
fn the_reference_lab_is_clean() {
    assert!(!outputs().nixos.is_empty() && !outputs().k8s.is_empty());
}

#[test]
fn what_is_committed_is_what_is_built() {
    committed("nixos", &outputs().nixos);
    committed("k8s", &outputs().k8s);
}

/// Every file built and every encrypted one is in `folder` of the repository, and nothing else is but what `hlc` notes.
#[track_caller]
fn committed(folder: &str, built: &Files) {
    let at = root().join(folder);
    assert!(at.is_dir(), "{folder}/ is not committed: run `hlc build`");
    let mut found = BTreeSet::new();
    list(&at, "", &mut found);
    found.retain(|path| !path.starts_with(".hlc") && path != ".secrets.json");
    let start = format!("{folder}/");
    let encrypted = outputs().secrets.iter().filter_map(|file| file.path.strip_prefix(&start));
    let expected: BTreeSet<String> = encrypted.map(str::to_owned).chain(built.keys().cloned()).collect();
    assert_eq!(found, expected, "{folder}/: run `hlc build`");
    for (path, text) in built {
        let committed = fs::read_to_string(at.join(path)).unwrap();
        assert!(committed == *text, "{folder}/{path} is not what is built: run `hlc build`");
    }
}
