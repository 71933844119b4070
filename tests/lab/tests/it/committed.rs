//! The reference lab has no problems, and what is committed is what is built from it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use emit::Files;

use crate::lab::{outputs, root};

#[test]
fn the_reference_lab_is_clean() {
    assert!(!outputs().nixos.is_empty() && !outputs().k8s.is_empty());
}

#[test]
fn what_is_committed_is_what_is_built() {
    committed("nixos", &outputs().nixos, &|path| path.starts_with("secrets/"));
    committed("k8s", &outputs().k8s, &|path| path.contains("/secrets/"));
}

/// Every file built is in `folder` of the repository, and nothing else is but what is `not_built` by emitters.
#[track_caller]
fn committed(folder: &str, built: &Files, not_built: &dyn Fn(&str) -> bool) {
    let at = root().join(folder);
    assert!(at.is_dir(), "{folder}/ is not committed: run `hlc build`");
    let mut found = BTreeSet::new();
    list(&at, "", &mut found);
    found.retain(|path| {
        !not_built(path) && !path.rsplit('/').next().is_some_and(|name| name.starts_with(".hlc"))
    });
    assert_eq!(found, built.keys().cloned().collect(), "{folder}/: run `hlc build`");
    for (path, text) in built {
        let committed = fs::read_to_string(at.join(path)).unwrap();
        assert!(committed == *text, "{folder}/{path} is not what is built: run `hlc build`");
    }
}

fn list(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(&entry.path(), &format!("{path}/"), found);
        } else {
            found.insert(path);
        }
    }
}
