//! Texts to begin with, and texts that once broke a promise.

use std::fs;
use std::path::{Path, PathBuf};

use spec::{Block, Page, pages_in, project};

use crate::PROMISES;
use crate::eval::reference_lab;

/// Texts that people wrote: the reference lab, the library, and every lab in a Markdown page.
pub fn seeds() -> Vec<String> {
    let mut seeds = vec![reference_lab().to_owned()];
    seeds.extend(stdlib::FILES.iter().map(|(_, text)| (*text).to_owned()));
    seeds.extend(blocks().filter(Block::is_lab).map(|block| block.text()));
    seeds
}

/// Expressions that people wrote: what the pages say that they come to.
pub fn expressions() -> Vec<String> {
    let blocks = blocks().filter(|block| block.has("eval"));
    let lines = blocks.flat_map(|block| block.lines);
    lines.filter_map(|line| Some(line.split_once("  =>")?.0.trim().to_owned())).collect()
}

/// The blocks of all Markdown pages.
fn blocks() -> impl Iterator<Item = Block> {
    let folders = ["tests/spec/language", "docs", "compiler"].into_iter();
    let pages = folders.flat_map(|folder| pages_in(&project().join(folder)));
    let sections = pages.flat_map(|path| Page::parse("", &read(&path)).sections);
    sections.flat_map(|section| section.blocks)
}

/// A text that once broke a promise.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its file in the project.
    pub path: PathBuf,
    /// The promise.
    pub promise: fn(&str),
    /// The text.
    pub text: String,
}

/// All texts that once broke a promise: the files in `found/`, in a folder a promise.
pub fn found() -> Vec<Found> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("found");
    let mut found = Vec::new();
    for (name, promise) in PROMISES {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder.join(name))
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        paths.sort();
        found.extend(paths.into_iter().map(|path| Found { text: read(&path), path, promise }));
    }
    found
}

fn read(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    crate::text(&bytes).into_owned()
}
