//! The tree-sitter grammar reads what the parser reads.

use harness::tree_sitter::{Grammar, folder};

use super::{Maker, items, page, read, texts};

#[track_caller]
fn assert_read(grammar: &Grammar, texts: &[String]) {
    let unread = grammar.unread(texts);
    if let Some((text, tree)) = unread.first() {
        let at: Vec<&str> =
            tree.lines().filter(|line| line.contains("ERROR") || line.contains("MISSING")).collect();
        panic!("{} of {} are not read, as this one:\n{text}\n{}", unread.len(), texts.len(), at.join("\n"));
    }
}

#[test]
fn what_people_wrote_is_read() {
    let is_read = |text: &String| items(text).iter().all(|(_, parsed)| parsed.problems.is_empty());
    let texts: Vec<String> = texts().into_iter().filter(is_read).collect();
    assert!(texts.len() > 500, "{}", texts.len());
    assert_read(&Grammar::new(), &texts);
}

#[test]
fn what_the_page_makes_is_read() {
    let page = page();
    let mut maker = Maker::new(&page);
    let sentences: Vec<_> = (0..1_000).map(|seed| maker.by(seed).sentence("file")).collect();
    let texts = sentences.iter().flat_map(|sentence| [sentence.spaced(), sentence.touching()]);
    assert_read(&Grammar::new(), &texts.collect::<Vec<_>>());
}

#[test]
fn what_is_no_sentence_is_not_read() {
    let texts = ["a = ", "x = [1, , 2]", "x = if a then b", "kind k { a }", "a b c", "x = a b", "x = \"a"];
    let texts = texts.map(|text| format!("{text}\n"));
    let unread = Grammar::new().unread(&texts);
    assert_eq!(unread.len(), texts.len(), "{unread:?}");
}

#[test]
fn what_is_committed_is_what_the_grammar_generates() {
    let grammar = Grammar::new();
    for name in ["src/parser.c", "src/tree_sitter/parser.h"] {
        let is_same = read(&folder().join(name)) == grammar.generated(name);
        assert!(is_same, "{name} is not what grammar.js says: run editors/tree-sitter/generate");
    }
}
