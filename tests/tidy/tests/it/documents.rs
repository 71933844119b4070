//! The documents: links lead somewhere, the changelog has a place for what is new.

use std::collections::BTreeSet;
use std::path::Path;

use book::contents::resolved;
use tidy::{TextFile, none, project, text, text_files};

fn documents() -> Vec<TextFile> {
    let outputs = ["k8s/", "nixos/"];
    let written = |file: &TextFile| file.is("md") && !outputs.iter().any(|out| file.path.starts_with(out));
    text_files().into_iter().filter(written).collect()
}

#[test]
fn the_documents_are_there() {
    let wanted = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md"];
    let missing = wanted.iter().filter(|path| !project().join(path).is_file());
    none(&missing.map(|path| (*path).to_owned()).collect::<Vec<_>>(), "missing");
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    for file in documents() {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (line, link) in links(&file.text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) =
                link.split_once('#').map_or((link.as_str(), None), |(path, anchor)| (path, Some(anchor)));
            let target = if path.is_empty() { file.path.clone() } else { resolved(folder, path) };
            let is_there = project().join(&target).exists();
            let has_anchor = || anchor.is_none_or(|anchor| anchors(&text(&target)).contains(anchor));
            if !is_there
                || (Path::new(&target).extension().is_some_and(|found| found == "md") && !has_anchor())
            {
                wrong.push(format!("{}:{line}: {link}", file.path));
            }
        }
    }
    none(&wrong, "links that lead nowhere");
}

/// The targets of `[text](target)` outside of code, with their lines.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for rest in prose.split("](").skip(1) {
            if let Some((target, _)) = rest.split_once(')') {
                found.push((at + 1, target.to_owned()));
            }
        }
    }
    found
}

/// What headings are called in links.
fn anchors(text: &str) -> BTreeSet<String> {
    let heading = |line: &str| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_'));
        kept.map(|char| if char == ' ' { '-' } else { char }).collect()
    };
    text.lines().filter(|line| line.starts_with('#')).map(heading).collect()
}

#[test]
fn the_changelog_has_a_place_for_what_is_new() {
    let changelog = text("CHANGELOG.md");
    let first = changelog.lines().find(|line| line.starts_with("## ")).unwrap_or_default();
    assert!(first.contains("unreleased"), "the first section of CHANGELOG.md is the unreleased one: {first}");
}

#[test]
fn lines_of_documents_fit_a_screen() {
    let mut wrong = Vec::new();
    for file in documents() {
        let mut in_code = false;
        for (at, line) in file.text.lines().enumerate() {
            in_code ^= line.starts_with("```");
            let is_free = in_code || line.starts_with('|') || line.contains("](") || line.starts_with("```");
            if !is_free && line.chars().count() > 120 {
                wrong.push(format!("{}:{}", file.path, at + 1));
            }
        }
    }
    none(&wrong, "lines of more than 120 characters");
}

/// What a document says is shown by a test names it as `file::test`.
#[test]
fn tests_that_documents_name_are_there() {
    let is_name =
        |name: &str| name.chars().all(|char| char.is_ascii_lowercase() || matches!(char, '_' | ':'));
    let tests: String = text_files().into_iter().filter(|file| file.is("rs")).map(|file| file.text).collect();
    let (mut wrong, mut found) = (Vec::new(), 0);
    for file in documents().iter().filter(|file| file.path == "docs/secrets.md") {
        for name in
            file.text.split('`').skip(1).step_by(2).filter(|name| name.contains("::") && is_name(name))
        {
            let test = name.rsplit("::").next().unwrap_or(name);
            found += 1;
            if !tests.contains(&format!("#[test]\nfn {test}()")) {
                wrong.push(format!("{}: {name}", file.path));
            }
        }
    }
    none(&wrong, "tests that are not there");
    assert!(found > 10, "only {found} tests are named");
}

/// Who may do what, and what is promised against each: nothing of that is without a test.
#[test]
fn each_promise_about_secrets_names_its_test() {
    let page = text("docs/secrets.md");
    let from = page.find("\n## What is protected").expect("a section");
    let section = &page[from + 1..];
    let section = &section[..section.find("\n## ").expect("a section behind it")];
    let is_who = |part: &&str| part.starts_with("**Who ") || part.starts_with("**In ");
    let is_promise = |line: &&str| line.starts_with("| ") && !line.starts_with("| promised ");
    let people: Vec<&str> = section.split("\n\n").filter(is_who).collect();
    let promises: Vec<&str> = section.lines().filter(is_promise).collect();
    assert!(people.len() > 6 && promises.len() > 7, "{} people, {} promises", people.len(), promises.len());
    let cells = promises.iter().map(|line| line.trim_end_matches('|').rsplit('|').next().unwrap_or_default());
    // Of who writes to the repository, the table says it.
    let unproven = |part: &&str| !part.contains("::") && !part.contains("(`secrets_random`)");
    let wrong: Vec<&str> = people.into_iter().chain(cells).filter(unproven).collect();
    assert_eq!(wrong, [""; 0], "no test is named");
}
