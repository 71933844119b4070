//! What people read in the documentation and on the pages of rules is written as `hlc fmt` writes it.
//!
//! `SPEC_UPDATE=1 cargo test -p robustness --test it formatted` brings it over.
#![allow(clippy::disallowed_methods, reason = "tests read pages, and write them when asked to")]

use std::path::{Path, PathBuf};

use spec::{Block, pages_in, project, read};
use syntax::format;

/// The pages whose labs people copy.
fn pages() -> Vec<PathBuf> {
    let project = project();
    let mut pages = pages_in(&project.join("docs"));
    pages.push(project.join("README.md"));
    let crates = std::fs::read_dir(project.join("compiler")).expect("crates");
    let mut sources: Vec<PathBuf> = crates.flatten().map(|one| one.path().join("src")).collect();
    sources.sort();
    pages.extend(sources.iter().flat_map(|folder| pages_in(folder)));
    pages
}

/// Whether a block is a lab, or a part of one, that is right.
fn is_right(block: &Block) -> bool {
    block.is_lab() && !block.has("bad") && !block.has("fragment")
}

/// The page with its labs as `hlc fmt` writes them, and where they were not.
fn formatted(file: &Path) -> (String, Vec<usize>) {
    let page = read(file);
    let (mut lines, mut changed) = (page.lines.clone(), Vec::new());
    let blocks = page.sections.iter().flat_map(|section| &section.blocks).filter(|block| is_right(block));
    for block in blocks.collect::<Vec<_>>().into_iter().rev() {
        let text = block.lines.join("\n") + "\n";
        let result = format(&text);
        assert!(result.unparsed.is_empty(), "{}:{}: cannot be read", page.name, block.start);
        if result.text != text {
            changed.push(block.start);
            let new = result.text.lines().map(str::to_owned);
            lines.splice(block.start..block.start + block.lines.len(), new);
        }
    }
    (lines.join("\n") + "\n", changed)
}

#[test]
fn good_labs_of_pages_are_formatted() {
    let update = std::env::var_os("SPEC_UPDATE").is_some();
    let (mut labs, mut wrong) = (0, Vec::new());
    for file in pages() {
        let (text, changed) = formatted(&file);
        let page = read(&file);
        labs += page.sections.iter().flat_map(|one| &one.blocks).filter(|block| is_right(block)).count();
        if update && !changed.is_empty() {
            std::fs::write(&file, text).expect("the page can be written");
        } else {
            wrong.extend(changed.iter().map(|line| format!("{}:{line}", page.name)));
        }
    }
    assert!(labs > 150, "{labs}");
    assert!(wrong.is_empty(), "not as 'hlc fmt' writes it: {wrong:#?}");
}

#[test]
fn what_is_around_mistakes_is_formatted() {
    let file = project().join("tests/spec/mistakes/around.hl");
    let text = std::fs::read_to_string(&file).expect("it is there");
    let right = format(&text).text;
    if std::env::var_os("SPEC_UPDATE").is_some() {
        std::fs::write(&file, &right).expect("it can be written");
    } else {
        assert_eq!(text, right);
    }
}
