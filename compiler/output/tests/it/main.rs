//! Tests of what is written, what is left, and what a failure at any moment leaves behind.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests look at real files and kill a process"
)]

mod faults;
mod model;
mod note;
mod plans;
mod real;
mod trees;

use std::collections::BTreeMap;
use std::path::Path;

use emit::Files;
use output::{Disk, MemoryDisk, Options, OutputError, RECORD, Report, Target, build};

const FOLDER: &str = "nixos";

fn files(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, content)| ((*path).to_owned(), (*content).to_owned())).collect()
}

fn is_users(path: &str) -> bool {
    path.ends_with("local.nix") || path.starts_with("secrets/")
}

fn target<'a>(folder: &'a Path, files: &'a Files) -> Target<'a> {
    Target { folder, files, is_protected: &is_users }
}

fn write_with<D: Disk>(disk: &D, files: &Files, overwrite_edited: bool) -> Result<Report, OutputError> {
    let reports = build(disk, &[target(Path::new(FOLDER), files)], Options { overwrite_edited });
    reports.map(|mut reports| reports.remove(0))
}

fn write<D: Disk>(disk: &D, files: &Files) -> Result<Report, OutputError> {
    write_with(disk, files, false)
}

/// The files of the folder, without the record.
fn content(disk: &MemoryDisk) -> BTreeMap<String, String> {
    let prefix = format!("{FOLDER}/");
    let files = disk
        .tree()
        .into_iter()
        .filter_map(|(path, text)| Some((path.strip_prefix(&prefix)?.to_owned(), text?)));
    files.filter(|(path, _)| path != RECORD).collect()
}
