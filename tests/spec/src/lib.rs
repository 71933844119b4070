//! Runs the labs that stand in Markdown pages. The pages are the specification; `README.md` beside this crate says
//! how they are written.
//!
//! ```text
//! page ─ parse ─▶ sections of blocks ─ gather ─▶ labs with what is expected of them ─ run ─▶ what is not so
//! ```
#![allow(clippy::disallowed_methods, reason = "tests read pages, and write them when asked to")]

mod built;
mod editions;
mod expect;
mod fixes;
mod lab;
mod opened;
mod page;
mod reused;
mod run;
mod shown;

use std::path::{Path, PathBuf};

pub use editions::{built_otherwise, not_brought_over, not_brought_over_whole};
pub use lab::evaluated;
pub use opened::{Opened, open_as_one, open_each};
pub use page::{Block, Page};
pub use run::{Outcome, run};

/// What the pages of a group have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group<'a> {
    /// Every problem of a bad lab is written out below its place.
    Specification,
    /// As for the specification; problems of the whole lab are among them, and all that each says is written out.
    Mistakes,
    /// A bad lab breaks this rule and no other.
    Rule(&'a str),
    /// A bad lab has some problem.
    Documentation,
}

/// The folder that the whole project is in.
pub fn project() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// The Markdown files in a folder and those in it, sorted.
pub fn pages_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Reads the page in a file; a file `around.hl` beside it is around each of its labs.
pub fn read(file: &Path) -> Page {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let project = project();
    let page = Page::parse(&file.strip_prefix(&project).unwrap_or(file).display().to_string(), &text);
    match std::fs::read_to_string(file.with_file_name(lab::AROUND)) {
        Ok(around) => page.around(&around),
        Err(_) => page,
    }
}

/// Runs the pages in files; with `SPEC_UPDATE` set, writes what is so over what was expected. Panics with all that
/// is not so. `SPEC` chooses sections by a part of `page: heading`.
pub fn run_files(group: Group<'_>, files: &[PathBuf]) {
    let update = std::env::var_os("SPEC_UPDATE").is_some();
    let mut failures = Vec::new();
    for file in files {
        let page = read(file);
        let outcome = run(group, &page);
        match outcome.updated {
            Some(updated) if update => {
                std::fs::write(file, updated).unwrap_or_else(|error| panic!("{}: {error}", page.name));
            }
            _ => failures.extend(outcome.outdated),
        }
        failures.extend(outcome.failures);
    }
    assert!(failures.is_empty(), "\n\n{}\n\n{} failed", failures.join("\n\n"), failures.len());
}

/// Lines as a text.
fn joined(lines: &[impl AsRef<str>]) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(line.as_ref());
        text.push('\n');
    }
    text
}
