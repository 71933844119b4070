//! A mistake in a declaration that is repeated is one mistake, however often it is repeated.
#![allow(clippy::disallowed_methods, reason = "tests look for pages")]

use std::collections::BTreeMap;

use diagnostics::Range;
use driver::Session;
use spec::{pages_in, project, read};

/// Kinds whose declarations can be repeated anywhere.
const KINDS: &[&str] = &["app", "host", "job", "manifest", "network", "release", "user"];

/// A lab with its first declaration three times; nothing where it cannot be repeated.
fn repeated(text: &str) -> Option<String> {
    let (line, rest) = text.split_once('\n')?;
    let mut words = line.split_whitespace();
    let (kind, name) = (words.next()?, words.next()?);
    let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let head = line.strip_suffix(" {")?;
    if !KINDS.contains(&kind) || !is_name || head.contains(" for ") || head.contains(" if ") {
        return None;
    }
    let head = head.replacen(name, &format!("{name}[again]"), 1);
    Some(format!("{head} for again in numbers(1, 3) {{\n{rest}"))
}

/// How many problems there are at each place, by rule.
fn problems(text: &str, around: &str) -> BTreeMap<(Range, String), usize> {
    let files = vec![("homelab.hl".to_owned(), text.to_owned()), ("around.hl".to_owned(), around.to_owned())];
    let mut found = BTreeMap::new();
    for problem in Session::open(files).problems() {
        *found.entry((problem.range, problem.rule.name.to_owned())).or_default() += 1;
    }
    found
}

#[test]
fn a_mistake_in_a_repeated_declaration_is_one_problem() {
    let folder = project().join("tests/spec/mistakes");
    let around = std::fs::read_to_string(folder.join("around.hl")).expect("it is there");
    let (mut tried, mut wrong) = (0, Vec::new());
    for page in pages_in(&folder).iter().map(|file| read(file)) {
        for section in &page.sections {
            let labs = section.blocks.iter().filter(|block| block.has("bad") && !block.has("alone"));
            for text in labs.map(spec::Block::text) {
                let Some(again) = repeated(&text) else { continue };
                let once = problems(&text, &around);
                let many = problems(&again, &around);
                tried += 1;
                for ((_, rule), count) in &many {
                    if *count > 1 && once.keys().any(|(_, other)| other == rule) {
                        wrong.push(format!("{}: {}: {count} times {rule}", page.name, section.heading));
                    }
                }
            }
        }
    }
    assert!(tried > 60, "{tried}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
