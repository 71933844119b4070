//! What a system consists of, and what differs between two.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::lines;

/// What a system consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct System {
    /// Its store path.
    pub path: String,
    /// All store paths that it needs.
    closure: BTreeSet<String>,
    /// The units of systemd, and the file that each is.
    units: BTreeMap<String, String>,
    /// The kernel, and what belongs to it: what is only taken up when the host starts.
    pub kernel: Vec<String>,
}

/// What differs between two systems.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemChange {
    /// Packages that come, go, or have other versions.
    pub packages: Vec<PackageChange>,
    /// Units that come, go, or are others.
    pub units: Vec<UnitChange>,
    /// How many store paths come, and how many go.
    pub paths: (usize, usize),
}

/// What becomes of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageChange {
    /// What it is called.
    pub name: String,
    /// The versions that go; none if it was not there.
    pub old: Vec<String>,
    /// The versions that come; none if it goes.
    pub new: Vec<String>,
}

/// What becomes of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", content = "unit", rename_all = "kebab-case")]
pub enum UnitChange {
    /// It is new.
    Added(String),
    /// It goes.
    Removed(String),
    /// It is another, and is started again if it runs.
    Changed(String),
}

impl System {
    /// Reads what `describe` says of a system.
    pub fn parse(said: &str) -> Self {
        let mut system = Self::default();
        for (word, text) in lines(said) {
            match word {
                "of" => text.clone_into(&mut system.path),
                "path" => drop(system.closure.insert(text.to_owned())),
                "kernel" => system.kernel.push(text.to_owned()),
                "unit" => {
                    let (name, file) = text.split_once(' ').unwrap_or((text, ""));
                    system.units.insert(name.to_owned(), file.to_owned());
                }
                _ => {}
            }
        }
        system
    }

    /// What differs where this one takes the place of `old`.
    pub fn change_from(&self, old: &Self) -> SystemChange {
        let come: Vec<&String> = self.closure.difference(&old.closure).collect();
        let go: Vec<&String> = old.closure.difference(&self.closure).collect();
        SystemChange {
            packages: packages(&go, &come),
            units: units(&old.units, &self.units),
            paths: (come.len(), go.len()),
        }
    }
}

impl SystemChange {
    /// Whether a unit is started again, stopped or begun.
    pub fn restarts(&self, unit: &str) -> bool {
        self.units.iter().any(|change| {
            let (UnitChange::Added(name) | UnitChange::Removed(name) | UnitChange::Changed(name)) = change;
            name == unit
        })
    }
}

/// Paths that come and go, by package. What has no version is told of only where it comes or goes as a whole, since
/// files that are made, such as units and settings, change with everything.
fn packages(go: &[&String], come: &[&String]) -> Vec<PackageChange> {
    let mut found: BTreeMap<&str, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for (paths, is_new) in [(go, false), (come, true)] {
        for (name, version) in paths.iter().filter_map(|path| package(path)) {
            let (old, new) = found.entry(name).or_default();
            if is_new { new } else { old }.insert(version);
        }
    }
    let changes = found.into_iter().filter(|(_, (old, new))| old != new);
    let owned = |versions: BTreeSet<&str>| versions.into_iter().map(str::to_owned).collect();
    changes
        .map(|(name, (old, new))| PackageChange { name: name.to_owned(), old: owned(old), new: owned(new) })
        .collect()
}

fn units(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<UnitChange> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let change = |name: &&String| match (old.get(*name), new.get(*name)) {
        (None, Some(_)) => Some(UnitChange::Added((*name).clone())),
        (Some(_), None) => Some(UnitChange::Removed((*name).clone())),
        (old, new) => (old != new).then(|| UnitChange::Changed((*name).clone())),
    };
    names.iter().filter_map(change).collect()
}

/// Name and version of what is at a store path; `None` if it has no version. The version begins behind the first hyphen
/// that no letter follows, as `builtins.parseDrvName` has it.
fn package(path: &str) -> Option<(&str, &str)> {
    let (_, name) = path.rsplit_once('/')?.1.split_once('-')?;
    let is_version = |(at, _): &(usize, &str)| {
        name[at + 1..].bytes().next().is_some_and(|byte| !byte.is_ascii_alphabetic())
    };
    let (at, _) = name.match_indices('-').find(is_version)?;
    Some((&name[..at], &name[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::super::MARK;
    use super::*;

    fn system(lines: &[&str]) -> System {
        System::parse(&lines.iter().map(|line| format!("{MARK}{line}")).collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn a_version_begins_where_nix_says() {
        for (path, expected) in [
            ("/nix/store/0a-k3s-1.31.2+k3s1", Some(("k3s", "1.31.2+k3s1"))),
            ("/nix/store/0a-unit-k3s.service", None),
            ("/nix/store/0a-nixos-system-a-25.11.x", Some(("nixos-system-a", "25.11.x"))),
            ("/nix/store/0a-x-", None),
            ("/nix/store/0a-gcc-13.2.0-lib", Some(("gcc", "13.2.0-lib"))),
            ("0a", None),
            ("/é-é", None),
        ] {
            assert_eq!(package(path), expected, "{path}");
        }
    }

    #[test]
    fn packages_and_units_that_change_are_named() {
        let old = system(&[
            "of=/nix/store/1-old",
            "path=/nix/store/1-htop-3.3",
            "path=/nix/store/1-git-2.40",
            "path=/nix/store/1-etc",
            "unit=k3s.service /nix/store/1-unit-k3s.service/k3s.service",
            "unit=old.service /nix/store/1-unit-old.service/old.service",
        ]);
        let new = system(&[
            "of=/nix/store/2-new",
            "path=/nix/store/2-git-2.41",
            "path=/nix/store/2-vim-9",
            "path=/nix/store/2-etc",
            "unit=k3s.service /nix/store/2-unit-k3s.service/k3s.service",
            "unit=new.service /nix/store/2-unit-new.service/new.service",
        ]);
        let change = new.change_from(&old);
        let shown: Vec<String> = change
            .packages
            .iter()
            .map(|one| format!("{} {} → {}", one.name, one.old.join(" "), one.new.join(" ")))
            .collect();
        assert_eq!(shown, ["git 2.40 → 2.41", "htop 3.3 → ", "vim  → 9"]);
        assert_eq!(
            change.units,
            [
                UnitChange::Changed("k3s.service".into()),
                UnitChange::Added("new.service".into()),
                UnitChange::Removed("old.service".into())
            ]
        );
        assert!(change.restarts("k3s.service") && !change.restarts("sshd.service"));
        assert_eq!(change.paths, (3, 3));
        assert_eq!(new.change_from(&new), SystemChange::default());
    }
}
