//! The book has every page, and every page is one of the book's.
#![allow(clippy::disallowed_methods, reason = "tests look at files")]

use std::collections::BTreeSet;
use std::path::Path;

use book::contents::{CONTENTS, parts};
use book::manuscript::manuscript;
use book::project;

fn chapters() -> Vec<String> {
    let text = std::fs::read_to_string(project().join(CONTENTS)).expect("a table of contents");
    parts(&text).into_iter().flat_map(|part| part.chapters).map(|chapter| chapter.source).collect()
}

#[test]
fn every_page_is_in_the_book() {
    let chapters: BTreeSet<String> = chapters().into_iter().collect();
    let pages = std::fs::read_dir(project().join("docs")).expect("a folder").flatten();
    let pages = pages.map(|entry| format!("docs/{}", entry.file_name().to_string_lossy()));
    let pages = pages
        .filter(|page| page != CONTENTS && Path::new(page).extension().is_some_and(|found| found == "md"));
    let forgotten: Vec<String> = pages.filter(|page| !chapters.contains(page)).collect();
    assert_eq!(forgotten, [""; 0], "not in {CONTENTS}");
}

#[test]
fn pages_for_users_stand_apart() {
    let text = std::fs::read_to_string(project().join(CONTENTS)).expect("a table of contents");
    let parts = parts(&text);
    assert_eq!(parts.len(), 2, "for users, and for those who change hlc");
    let has = |at: usize, page: &str| parts[at].chapters.iter().any(|chapter| chapter.source == page);
    assert!(has(0, "README.md") && has(0, "docs/language.md") && has(1, "ARCHITECTURE.md"));
}

#[test]
fn every_rule_has_a_chapter_and_all_labs_are_coloured() {
    let written = manuscript(&project()).expect("pages");
    for rule in driver::RULES.iter().copied().flatten() {
        let path = rule.address().replace(".html", ".md");
        let (_, text) = written.iter().find(|(written, _)| *written == path).expect("a chapter");
        assert!(text.contains("<pre class=\"hl bad\">") && text.contains("<span class=\"hljs-"), "{path}");
    }
    let plain: Vec<&String> =
        written.iter().filter(|(_, text)| text.contains("```hl")).map(|(path, _)| path).collect();
    assert_eq!(plain, Vec::<&String>::new(), "labs without colours");
    let paths: BTreeSet<&String> = written.iter().map(|(path, _)| path).collect();
    assert_eq!(paths.len(), written.len(), "two pages in one place");
}
