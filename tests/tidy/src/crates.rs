//! The crates of the workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::project;

/// A crate of the workspace.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its folder in the project, with `/`.
    pub folder: String,
    /// The crates of the workspace that it uses.
    pub inside: BTreeSet<String>,
    /// The crates from elsewhere that it uses.
    pub outside: BTreeSet<String>,
    /// The crates that only its tests and examples use.
    pub in_tests: BTreeSet<String>,
    /// The first file of each of its targets, in the project.
    pub roots: Vec<String>,
}

/// The crates of the workspace, in the order of its manifest.
pub fn packages() -> Vec<Package> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--offline", "--no-deps", "--format-version", "1"]).current_dir(project());
    let output = command.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let mut packages: Vec<Package> = packages.iter().map(package).collect();
    let members = crate::text("Cargo.toml");
    let position = |package: &Package| members.find(&format!("\"{}\",", package.folder));
    packages.sort_by_key(|package| position(package).unwrap_or(usize::MAX));
    packages
}

/// The crates from elsewhere that each crate comes with, directly or by way of others, tests and examples aside.
pub fn brought() -> BTreeMap<String, BTreeSet<String>> {
    let lock = crate::text("Cargo.lock");
    let known: BTreeMap<&str, BTreeSet<&str>> = lock.split("[[package]]").skip(1).fold(
        BTreeMap::new(),
        |mut known: BTreeMap<&str, BTreeSet<&str>>, package| {
            let name = package.split("name = \"").nth(1).and_then(|rest| rest.split('"').next());
            let list = package.split("dependencies = [").nth(1).and_then(|rest| rest.split(']').next());
            let used = list.into_iter().flat_map(str::lines).filter_map(|line| line.split('"').nth(1));
            // `name`, or `name version` where there are several.
            let used = used.filter_map(|used| used.split(' ').next());
            known.entry(name.unwrap_or_default()).or_default().extend(used);
            known
        },
    );
    let packages = packages();
    let of = |package: &Package| {
        let (mut open, mut found) = (vec![package.name.clone()], BTreeSet::new());
        while let Some(next) = open.pop() {
            let used: Vec<String> = match packages.iter().find(|package| package.name == next) {
                // What the lock says of these is true of their tests, too.
                Some(inside) => inside.inside.iter().chain(&inside.outside).cloned().collect(),
                None => {
                    known.get(next.as_str()).into_iter().flatten().map(|name| (*name).to_owned()).collect()
                }
            };
            open.extend(used.into_iter().filter(|name| found.insert(name.clone())));
        }
        (package.name.clone(), found)
    };
    packages.iter().map(of).collect()
}

fn package(value: &Value) -> Package {
    let root = format!("{}/", project().display());
    let relative = |path: &Value| string(path).strip_prefix(&root).map(str::to_owned).unwrap_or_default();
    let folder = relative(&value["manifest_path"]);
    let mut package = Package {
        name: string(&value["name"]).to_owned(),
        folder: folder.trim_end_matches("/Cargo.toml").to_owned(),
        inside: BTreeSet::new(),
        outside: BTreeSet::new(),
        in_tests: BTreeSet::new(),
        roots: array(&value["targets"]).iter().map(|target| relative(&target["src_path"])).collect(),
    };
    for dependency in array(&value["dependencies"]) {
        let name = string(&dependency["name"]).to_owned();
        let uses = match (dependency["kind"].is_null(), dependency["path"].is_string()) {
            (false, _) => &mut package.in_tests,
            (true, true) => &mut package.inside,
            (true, false) => &mut package.outside,
        };
        uses.insert(name);
    }
    package
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
