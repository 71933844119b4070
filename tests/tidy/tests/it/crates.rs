//! Who knows whom: an absence that is part of the design is a test.

use std::collections::{BTreeMap, BTreeSet};

use tidy::{brought, none, packages, text};

/// Crates from elsewhere, and the only crates of the compiler that may know them.
const OWNERS: [(&str, &[&str]); 15] = [
    ("aes-gcm", &["sops"]),
    ("age", &["secrets", "sops"]),
    ("ariadne", &["diagnostics"]),
    ("chumsky", &["syntax"]),
    ("clap", &["hlc"]),
    ("clap_complete", &["hlc"]),
    ("clap_mangen", &["hlc"]),
    ("k8s-openapi", &["apply"]),
    ("kube", &["apply"]),
    ("regex-lite", &["sops", "types"]),
    ("rustix", &["apply", "hlc", "output", "server", "workspace"]),
    ("salsa", &["driver", "names", "types", "values"]),
    ("serde", &["apply", "diagnostics", "hlc", "output", "plan", "server"]),
    ("sha2", &["apply", "harness", "hlc", "output", "plan", "secrets", "sops"]),
    ("yaml_serde", &["apply", "driver"]),
];

/// A row of the table of bans in `ARCHITECTURE.md`: crates from elsewhere, and the only ones that may have them.
type Ban = (BTreeSet<String>, BTreeSet<String>);

fn bans() -> Vec<Ban> {
    rows("| from elsewhere |").into_iter().map(|cells| (names(&cells[0]), names(&cells[1]))).collect()
}

/// The rows of a table in `ARCHITECTURE.md` whose head begins so, as cells.
fn rows(head: &str) -> Vec<Vec<String>> {
    let text = text("ARCHITECTURE.md");
    let rows = text.lines().skip_while(|line| !line.starts_with(head)).skip(2);
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    rows.take_while(|line| line.starts_with('|')).map(cells).collect()
}

/// The names in a cell; none where a dash stands.
fn names(cell: &str) -> BTreeSet<String> {
    let words = cell.split([' ', ',']).map(|word| word.trim_matches('`'));
    words.filter(|word| !matches!(*word, "" | "–")).map(str::to_owned).collect()
}

/// What the table of crates in `ARCHITECTURE.md` says: the crates that each uses, of the workspace and from elsewhere.
fn table() -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let row =
        |cells: Vec<String>| (cells[0].trim_matches('`').to_owned(), (names(&cells[1]), names(&cells[2])));
    rows("| crate |").into_iter().map(row).collect()
}

#[test]
fn every_crate_uses_what_the_architecture_says() {
    let table = table();
    let mut wrong = Vec::new();
    for package in packages() {
        let Some((inside, outside)) = table.get(&package.name) else {
            wrong.push(format!("{} is not in the table", package.name));
            continue;
        };
        for (is, says) in [(&package.inside, inside), (&package.outside, outside)] {
            wrong.extend(
                is.difference(says).map(|name| format!("{} uses {name}, says only Cargo.toml", package.name)),
            );
            wrong.extend(
                says.difference(is).map(|name| format!("{} uses {name}, says only the table", package.name)),
            );
        }
    }
    let known: BTreeSet<String> = packages().into_iter().map(|package| package.name).collect();
    wrong
        .extend(table.keys().filter(|name| !known.contains(*name)).map(|name| format!("{name} is no crate")));
    none(&wrong, "the table of crates in ARCHITECTURE.md and the manifests differ");
}

#[test]
fn members_stand_in_pipeline_order() {
    let mut before = BTreeSet::new();
    let mut wrong = Vec::new();
    for package in packages() {
        let early = package.inside.iter().filter(|used| !before.contains(*used));
        wrong.extend(early.map(|used| format!("{} uses {used}, which stands further down", package.name)));
        before.insert(package.name.clone());
    }
    none(&wrong, "members of the workspace know only what stands above them");
}

#[test]
fn crates_from_elsewhere_are_known_to_their_owners_only() {
    let mut wrong = Vec::new();
    for package in packages().iter().filter(|package| !package.folder.starts_with("tests/")) {
        for (name, owners) in OWNERS {
            if package.outside.contains(name) && !owners.contains(&package.name.as_str()) {
                wrong.push(format!("{} uses {name}, which is for {}", package.name, owners.join(", ")));
            }
        }
    }
    none(&wrong, "a crate from elsewhere is used by those that it is for");
}

#[test]
fn what_is_banned_comes_to_nobody_but_those_who_may_have_it() {
    let (bans, brought) = (bans(), brought());
    assert!(bans.len() > 2 && brought["hlc"].contains("clap_builder"), "by way of others");
    let folders = packages().into_iter().map(|package| (package.name, package.folder));
    let folders: BTreeMap<String, String> = folders.collect();
    let mut wrong = Vec::new();
    for (banned, may) in &bans {
        for (package, found) in brought.iter().filter(|(package, _)| !may.contains(*package)) {
            // Tests may use what somebody may.
            if may.is_empty() || !folders[package].starts_with("tests/") {
                wrong.extend(found.intersection(banned).map(|name| format!("{package} comes with {name}")));
            }
        }
    }
    none(&wrong, "the table of bans in ARCHITECTURE.md says otherwise");
}

#[test]
fn what_nobody_may_have_is_denied() {
    let (deny, lock) = (text("deny.toml"), text("Cargo.lock"));
    let mut wrong = Vec::new();
    for name in bans().into_iter().filter(|(_, may)| may.is_empty()).flat_map(|(banned, _)| banned) {
        if !deny.contains(&format!("{{ crate = \"{name}\", reason = ")) {
            wrong.push(format!("{name} is not in deny.toml"));
        }
        if lock.contains(&format!("name = \"{name}\"\n")) {
            wrong.push(format!("{name} is in Cargo.lock"));
        }
    }
    none(&wrong, "crates that must not come in");
}

#[test]
fn crates_come_from_one_registry() {
    let lock = text("Cargo.lock");
    let elsewhere: Vec<String> = lock
        .lines()
        .filter(|line| line.starts_with("source = "))
        .filter(|line| !line.contains("registry+https://github.com/rust-lang/crates.io-index"))
        .map(str::to_owned)
        .collect();
    none(&elsewhere, "crates come from crates.io only");
}

#[test]
fn the_lints_of_the_workspace_hold_everywhere() {
    let workspace = text("Cargo.toml");
    assert!(workspace.contains("unsafe_code = \"forbid\""), "unsafe code is forbidden in the workspace");
    let manifest = |folder: &str| text(&format!("{folder}/Cargo.toml"));
    let without = |folder: &String| !manifest(folder).contains("[lints]\nworkspace = true");
    let wrong: Vec<String> = packages().into_iter().map(|package| package.folder).filter(without).collect();
    none(&wrong, "crates without '[lints] workspace = true'");
}
