//! Claims of storage that were built before: Kubernetes makes them larger, and changes nothing else of them.
//!
//! The claims of a chart are made by its templates. What is known of them is what the chart is told: the sizes among its
//! values that stand below a word for storage.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::Size;
use emit::Files;
use workspace::read;

use crate::exit::Failure;
use crate::terminal::shown;

/// What a claim asks for, as its file says it.
#[derive(Debug, PartialEq, Eq)]
struct Claim<'a> {
    size: Option<Size>,
    class: Option<&'a str>,
    modes: Vec<&'a str>,
}

impl<'a> Claim<'a> {
    /// That of a file as hlc writes it: a line each.
    fn of(text: &'a str) -> Self {
        let lines = || text.lines().map(str::trim);
        let said = |key: &str| lines().find_map(|line| line.strip_prefix(key));
        Self {
            size: said("storage: ").and_then(|size| Size::parse(&format!("{size}B")).ok()),
            class: said("storageClassName: "),
            modes: lines().filter_map(|line| line.strip_prefix("- ")).collect(),
        }
    }

    /// What Kubernetes would not change of the claim that there is.
    fn refused(&self, old: &Self) -> Option<String> {
        if self.size < old.size {
            let size = |size: Option<Size>| size.map_or_else(String::new, |size| size.to_string());
            Some(format!("is made smaller, from {} to {}", size(old.size), size(self.size)))
        } else if self.class != old.class {
            let class =
                |class: Option<&str>| class.map_or_else(|| "the default one".to_owned(), str::to_owned);
            Some(format!("gets another class, {} in place of {}", class(self.class), class(old.class)))
        } else if self.modes != old.modes {
            Some("gets another 'access'".to_owned())
        } else {
            None
        }
    }
}

/// Keys that lead to the size of something.
const SIZES: [&str; 2] = ["size", "storage"];
/// Parts of the keys under which charts have their claims: `persistence`, `persistentVolumeClaim`, `storageSpec`.
const STORAGE: [&str; 4] = ["persist", "volume", "storage", "claim"];
/// What lies below it has no name of its own: entries of a list, lines of a text.
const UNNAMED: &str = "-";

/// The sizes of storage among values for a chart, as hlc writes them, by the keys that lead there.
fn told(values: &str) -> BTreeMap<Vec<&str>, Size> {
    let (mut sizes, mut off) = (BTreeMap::new(), BTreeSet::new());
    let mut above: Vec<(usize, &str)> = Vec::new();
    for line in values.lines() {
        let rest = line.trim_start();
        let depth = line.len() - rest.len();
        above.retain(|(other, _)| *other < depth);
        if rest.starts_with("- ") {
            above.push((depth, UNNAMED));
        }
        let Some((key, value)) = rest.split_once(':') else { continue };
        let value = value.trim();
        above.push((depth, if value.starts_with(['|', '>']) { UNNAMED } else { key }));
        let path: Vec<&str> = above.iter().map(|(_, key)| *key).collect();
        let is_storage = path.iter().any(|key| STORAGE.iter().any(|word| key.to_lowercase().contains(word)));
        if path.contains(&UNNAMED) || !is_storage {
            continue;
        }
        if key == "enabled" && value == "false" {
            off.insert(path[..path.len() - 1].to_vec());
        } else if SIZES.contains(&key)
            && let Ok(size) = Size::parse(&format!("{value}B"))
        {
            sizes.insert(path, size);
        }
    }
    sizes.retain(|path, _| !off.contains(&path[..path.len() - 1]));
    sizes
}

/// What a chart is told of its claims that Kubernetes would not do.
fn told_less(old: &str, new: &str) -> Option<String> {
    let (old, new) = (told(old), told(new));
    let less =
        new.iter().find_map(|(path, size)| Some((path, old.get(path).filter(|old| *old > size)?, size)));
    less.map(|(path, old, new)| {
        format!("that the chart makes of '{}' is made smaller, from {old} to {new}", path.join("."))
    })
}

/// A failure where a claim among `files` is one that is in `folder` already, and Kubernetes would refuse the change.
pub(super) fn must_be_kept(files: &Files, folder: &Path) -> Result<(), Failure> {
    for (path, text) in files {
        let is_claim = path.contains("/manifests/")
            && path.rsplit('/').next().is_some_and(|name| name.starts_with("persistentvolumeclaim-"));
        if !is_claim && !path.contains("/values/") {
            continue;
        }
        let path = folder.join(path);
        // What is not there, or cannot be read, is not what was built.
        let Ok(old) = read::text(&path) else { continue };
        let (refused, anew) = if is_claim {
            (Claim::of(text).refused(&Claim::of(&old)), "give the volume another name to start anew")
        } else {
            (told_less(&old, text), "give the release another name to start anew")
        };
        if let Some(change) = refused {
            let path = shown(&path);
            let of = if is_claim { format!("in {path} {change}") } else { format!("{change} in {path}") };
            return Err(Failure::cannot(format!(
                "nothing was written: the claim {of}, which Kubernetes refuses\n  leave it as it is, and {anew}; if the \
                 claim is gone from the cluster, remove the file and build again"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(size: &str, class: &str, mode: &str) -> String {
        let class = if class.is_empty() { String::new() } else { format!("  storageClassName: {class}\n") };
        format!(
            "kind: PersistentVolumeClaim\nspec:\n  accessModes:\n  - {mode}\n{class}  resources:\n    requests:\n      storage: {size}\n"
        )
    }

    #[test]
    fn claims_grow_and_change_in_nothing_else() {
        let old = text("8Gi", "fast", "ReadWriteOnce");
        for (new, refused) in [
            (text("8Gi", "fast", "ReadWriteOnce"), None),
            (text("8192Mi", "fast", "ReadWriteOnce"), None),
            (text("9G", "fast", "ReadWriteOnce"), None),
            (text("16Gi", "fast", "ReadWriteOnce"), None),
            (text("8G", "fast", "ReadWriteOnce"), Some("is made smaller, from 8GiB to 8GB")),
            (text("500k", "fast", "ReadWriteOnce"), Some("is made smaller, from 8GiB to 500kB")),
            (text("8Gi", "slow", "ReadWriteOnce"), Some("gets another class, slow in place of fast")),
            (text("8Gi", "", "ReadWriteOnce"), Some("gets another class, the default one in place of fast")),
            (text("16Gi", "fast", "ReadWriteMany"), Some("gets another 'access'")),
        ] {
            assert_eq!(Claim::of(&new).refused(&Claim::of(&old)).as_deref(), refused, "{new}");
        }
    }

    #[test]
    fn what_charts_are_told_of_their_claims_grows() {
        const OLD: &str = "cache:\n  size: 9Gi\npersistence:\n  enabled: true\n  size: 20Gi\ndb:\n  storageSpec:\n    \
                           requests:\n      storage: 8Gi\nextraVolumes:\n- name: x\n  size: 9Gi\nvolumeNotes: |-\n  size: 9Gi\n";
        for (from, to, refused) in [
            ("size: 20Gi", "size: 30Gi", None),
            ("size: 20Gi", "size: 20480Mi", None),
            ("size: 9Gi", "size: 1Gi", None),
            ("enabled: true\n  size: 20Gi", "enabled: false\n  size: 1Gi", None),
            (
                "size: 20Gi",
                "size: 10Gi",
                Some("that the chart makes of 'persistence.size' is made smaller, from 20GiB to 10GiB"),
            ),
            (
                "storage: 8Gi",
                "storage: 8G",
                Some(
                    "that the chart makes of 'db.storageSpec.requests.storage' is made smaller, from 8GiB to 8GB",
                ),
            ),
        ] {
            assert_eq!(told_less(OLD, &OLD.replace(from, to)).as_deref(), refused, "{to}");
        }
    }
}
