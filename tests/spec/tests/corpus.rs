//! What the pages of mistakes are, all together: how many there are, and how problems are worded.

use spec::{Page, pages_in, project, read};

/// Words of compilers, which nobody who keeps a lab has to know.
const JARGON: &[&str] = &[
    "argument",
    "arity",
    "binding",
    "compile",
    "compiler",
    "enum",
    "expr",
    "identifier",
    "instantiate",
    "invalid",
    "lexer",
    "node",
    "null",
    "operand",
    "parse",
    "parser",
    "record",
    "scope",
    "semantic",
    "statement",
    "struct",
    "symbol",
    "syntax",
    "token",
    "tuple",
    "undefined",
    "unexpected",
    "unify",
    "variant",
];

/// How many, as the headings of labs with several mistakes begin.
const NUMBERS: &[&str] = &["", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"];

fn pages() -> Vec<Page> {
    pages_in(&project().join("tests/spec/mistakes")).iter().map(|file| read(file)).collect()
}

fn is_several(page: &Page) -> bool {
    page.name.ends_with("several.md")
}

#[test]
fn each_lab_has_one_mistake_or_as_many_as_its_heading_says() {
    let (mut single, mut several) = (0, 0);
    for page in pages() {
        for section in
            page.sections.iter().filter(|section| section.blocks.iter().any(|block| block.has("bad")))
        {
            let problems: usize = section.blocks.iter().map(|block| block.said().len()).sum();
            let wanted = if is_several(&page) {
                several += 1;
                let word = section.heading.split(':').next().unwrap_or_default();
                NUMBERS.iter().position(|number| *number == word).unwrap_or_default()
            } else {
                single += 1;
                1
            };
            assert_eq!(problems, wanted, "{}: {}", page.name, section.heading);
        }
    }
    assert!(single >= 150 && several >= 20, "{single} labs with one mistake, {several} with several");
}

#[test]
fn problems_are_worded_for_those_who_keep_a_lab() {
    let mut wrong = Vec::new();
    for page in pages() {
        let blocks = page.sections.iter().flat_map(|section| &section.blocks);
        for text in blocks.flat_map(spec::Block::said).flatten() {
            let plain = without_quoted(&text);
            let jargon = words(&plain).find(|word| JARGON.contains(word));
            let is_sentence =
                text.ends_with(['.', '!']) || text.starts_with(|c: char| c.is_ascii_uppercase());
            if jargon.is_some() || is_sentence || text.is_empty() {
                wrong.push(format!("{}: {text}", page.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_problem_is_only_said() {
    let mut wrong = Vec::new();
    for page in pages() {
        let blocks = page.sections.iter().flat_map(|section| &section.blocks);
        let bare = blocks.flat_map(spec::Block::said).filter(|said| said.len() == 1);
        wrong.extend(bare.map(|said| format!("{}: {}", page.name, said[0])));
    }
    assert!(wrong.is_empty(), "neither help nor another place: {wrong:#?}");
}

/// The text without what stands in quotes, which is the user's.
fn without_quoted(text: &str) -> String {
    text.split('\'').step_by(2).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphabetic())
}
