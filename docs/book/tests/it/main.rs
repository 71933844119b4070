//! The book has every page, and every page is one of the book's.
#![allow(clippy::disallowed_methods, reason = "tests look at files")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ::types::Ty;
use book::contents::{CONTENTS, parts};
use book::manuscript::manuscript;
use book::project;
use driver::Session;
use driver::explain::{Reader, Topic, functions, kinds, told, types};
use smol_str::SmolStr;

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

/// The pages of the book by their addresses.
fn laid() -> BTreeMap<String, String> {
    let written = manuscript(&project()).expect("pages");
    written.into_iter().map(|(path, text)| (path.replace(".md", ".html"), text)).collect()
}

#[test]
fn every_kind_field_type_and_function_is_where_its_link_leads() {
    let session = Session::open(Vec::new());
    let pages = laid();
    let mut topics: Vec<Topic> = types(&session).into_iter().map(Topic::Type).collect();
    topics.extend(functions(&session).into_iter().map(Topic::Function));
    let mut open: Vec<SmolStr> = kinds(&session);
    open.extend(types(&session).into_iter().map(|name| format!("#{name}").into()));
    while let Some(name) = open.pop() {
        let Some((shape, _)) = ::types::shape(session.db(), &name) else { continue };
        if !shape.record {
            topics.push(Topic::Kind(name.clone()));
        }
        open.extend(shape.nested.iter().map(|(_, full)| full.clone()));
        for field in shape.fields.iter().filter(|field| !field.place) {
            topics.push(Topic::Field(name.clone(), field.name.clone()));
            open.extend(record(&field.ty).filter(|name| !name.starts_with('#')));
        }
    }
    let leads = |topic: &&Topic| {
        let address = topic.address();
        let (page, mark) = address.split_once('#').unwrap_or((&address, ""));
        let is_marked = |text: &String| {
            text.contains(&format!("id=\"{mark}\"")) || text.contains(&format!("{{#{mark}}}"))
        };
        pages.get(page).is_some_and(|text| mark.is_empty() || is_marked(text))
    };
    let dead: Vec<String> = topics.iter().filter(|topic| !leads(topic)).map(Topic::address).collect();
    assert!(topics.len() > 700, "{}", topics.len());
    assert_eq!(dead, [""; 0]);
}

/// The record type that a field's values are, or are made of.
fn record(ty: &Ty) -> Option<SmolStr> {
    match ty {
        Ty::Record(name) => Some(name.clone()),
        Ty::List(inner) | Ty::Map(inner) | Ty::Optional(inner) => record(inner),
        Ty::Union(arms) => arms.iter().find_map(record),
        _ => None,
    }
}

#[test]
fn every_kind_has_an_example() {
    let session = Session::open(Vec::new());
    let has = |kind: &SmolStr| {
        told(&session, &Topic::Kind(kind.clone()), Reader::Terminal).contains("\n## Example\n")
    };
    let without: Vec<SmolStr> = kinds(&session).into_iter().filter(|kind| !has(kind)).collect();
    assert_eq!(without, [""; 0], "no lab in docs/standard-library.md has one");
}
