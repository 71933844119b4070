//! YAML as readers of version 1.1 and of version 1.2 understand it.
//!
//! Tools differ in which one they are: `no`, `0o17`, `12:30:45` and `1_000` mean different things to them. What
//! the compiler writes must mean the same to both.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::outcome::Outcome;
use crate::tools;

const READ: &str = include_str!("yaml_readers.py");

/// The documents of a file, as each reader understands them, or why it does not.
///
/// What JSON does not have is a string that says so: `!date 2026-01-02`, `!float nan`, and `!bool True` for a
/// key that is not a string.
#[derive(Debug, Clone, PartialEq)]
pub struct Readings {
    /// As YAML 1.1, by `PyYAML`.
    pub yaml_1_1: Result<Vec<Value>, String>,
    /// As YAML 1.2, by ruamel.yaml.
    pub yaml_1_2: Result<Vec<Value>, String>,
}

impl Readings {
    /// The documents, where both readers see the same.
    pub fn agreed(self) -> Result<Vec<Value>, String> {
        match (self.yaml_1_1, self.yaml_1_2) {
            (Ok(old), Ok(new)) if old == new => Ok(new),
            (old, new) => Err(format!("readers disagree\nYAML 1.1: {old:?}\nYAML 1.2: {new:?}")),
        }
    }
}

/// Reads a file twice.
#[track_caller]
pub fn read(path: &Path) -> Readings {
    read_all(&[path]).remove(0)
}

/// Reads files twice, all by the same processes.
#[track_caller]
pub fn read_all(paths: &[impl AsRef<Path>]) -> Vec<Readings> {
    let python = tools::installed("python/bin/python");
    let paths: Vec<&Path> = paths.iter().map(AsRef::as_ref).collect();
    let outcome = Outcome::of(Command::new(python).args(["-c", READ]).args(&paths)).succeeded();
    let readings = |line: &str| {
        let read: Value = serde_json::from_str(line).expect("the reader prints JSON");
        Readings { yaml_1_1: reading(&read["1.1"]), yaml_1_2: reading(&read["1.2"]) }
    };
    let all: Vec<Readings> = outcome.stdout.lines().map(readings).collect();
    assert_eq!(all.len(), paths.len(), "a line for each file");
    all
}

fn reading(read: &Value) -> Result<Vec<Value>, String> {
    match read["documents"].as_array() {
        Some(documents) => Ok(documents.clone()),
        None => Err(read["error"].as_str().unwrap_or_default().to_owned()),
    }
}
