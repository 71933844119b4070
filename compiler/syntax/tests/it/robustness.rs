//! Nothing makes the parser panic, loop, or lose a byte.

use proptest::prelude::*;
use syntax::{cut, tokens};

use crate::show::items;
use crate::steps::{Input, grows_with};

const SAMPLE: &str = include_str!("sample.hl");

/// Lexes, cuts and parses; checks that each byte is covered once.
fn check(text: &str) {
    let total: usize = tokens(text).map(|token| token.len as usize).sum();
    assert_eq!(total, text.len());
    let mut end = 0;
    for cut in cut(text) {
        assert_eq!(cut.range.start, end);
        end = cut.range.end;
    }
    assert_eq!(end, text.len());
    for (start, parsed) in items(text) {
        for problem in parsed.problems {
            let span = problem.place.span;
            assert!(text.is_char_boundary(start + span.start as usize));
            assert!(text.is_char_boundary(start + span.end as usize), "{problem:?}");
        }
    }
}

pub(crate) fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "a",
        "app",
        "kind",
        "template",
        "fn",
        "type",
        "import",
        "check",
        "make",
        "derived",
        "in",
        "for",
        "if",
        "then",
        "else",
        "match",
        "and",
        "or",
        "not",
        "none",
        "=",
        "+=",
        "==",
        "=>",
        "->",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ",",
        ";",
        ":",
        ".",
        "..",
        "?.",
        "?",
        "??",
        "|",
        "@",
        "+",
        "-",
        "*",
        "/",
        "<",
        ">",
        "\"",
        "\"\"\"",
        "${",
        "\\",
        "nix\"",
        "\"x\"",
        "1",
        "8GiB",
        "192.168.1.1",
        "10.0.0.0/8",
        "fd00::1",
        "/dev/sda",
        "'",
        "“",
        "ö",
        "\n",
        "\n",
        " ",
        "  ",
        "#",
        "##",
        "\r\n",
        "\0",
        "$",
        "\u{feff}",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "\\PC{0,200}") {
        check(&text);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_words(words in prop::collection::vec(word(), 0..80), gap in prop::sample::select(vec!["", " "])) {
        check(&words.join(gap));
    }

    #[test]
    fn a_lab_with_something_removed(at in 0..SAMPLE.len(), len in 0usize..40) {
        let mut text = SAMPLE.as_bytes().to_vec();
        let end = (at + len).min(text.len());
        text.drain(at..end);
        check(&String::from_utf8_lossy(&text));
    }

    #[test]
    fn a_lab_with_something_added(at in 0..SAMPLE.len(), words in prop::collection::vec(word(), 1..4)) {
        let mut text = SAMPLE.as_bytes().to_vec();
        text.splice(at..at, words.concat().into_bytes());
        check(&String::from_utf8_lossy(&text));
    }
}

#[test]
fn work_grows_with_the_text_and_no_faster() {
    let inputs: &[(&str, Input)] = &[
        ("statements", |n| format!("app a {{\n{}}}\n", "  f = [1, 2]\n".repeat(n))),
        ("items", |n| "a = 1\n".repeat(n)),
        ("a long list", |n| format!("x = [{}]\n", "1, ".repeat(n))),
        ("a long text", |n| format!("x = \"{}\"\n", "a".repeat(n))),
        ("open", |n| "(".repeat(n)),
        ("open lines", |n| "a {\n".repeat(n)),
        ("closed wrongly", |n| "( } ".repeat(n)),
        ("closed only", |n| "}".repeat(n)),
        ("closed only, on lines", |n| "}\n".repeat(n)),
        ("closed only, indented", |n| format!("{}}}", "  a }\n".repeat(n))),
        ("operators", |n| format!("x = {}1", "1 + ".repeat(n))),
        ("nots", |n| format!("x = {}1", "not ".repeat(n))),
        ("members", |n| format!("x = a{}", ".a".repeat(n))),
        ("calls", |n| format!("x = a{}", "()".repeat(n))),
        ("questions", |n| format!("kind a {{ x: a{} }}", "?".repeat(n))),
        ("ifs", |n| format!("x = {}1", "if a then b else ".repeat(n))),
        ("texts in texts", |n| "x = \"${".repeat(n)),
        ("blocks", |n| "\"\"\"\na ${b} = \n".repeat(n)),
        ("quotes", |n| "\"\n".repeat(n)),
        ("faults", |n| format!("a {{\n{}}}", "  x = )\n y = = 2\n".repeat(n))),
        ("commas", |n| format!("x = [{}]", "a ".repeat(n))),
        ("for", |n| format!("x = [{} a]", "for a in b => ".repeat(n))),
        ("checks", |n| "check \"${a}\"\n  b\n}\n".repeat(n)),
    ];
    for (name, input) in inputs {
        grows_with(name, *input, check);
    }
}

#[test]
fn what_is_just_not_too_deep_is_read() {
    let nested = |open: &str, inner: &str, close: &str, n: usize| {
        format!("{}{inner}{}", open.repeat(n), close.repeat(n))
    };
    let inputs = [
        format!("x = {}", nested("(", "1", ")", 31)),
        format!("x = {}", nested("[", "1", "]", 31)),
        format!("x = {}", nested("f(", "1", ")", 31)),
        format!("x = {}", nested("{ a = ", "1", " }", 31)),
        nested("a { ", "x = 1", " }", 31),
        format!("x = {}", nested("\"${", "1", "}\"", 31)),
        format!("x = {}1", "if a then b else ".repeat(30)),
        format!("x = {}", nested("match a { b => ", "1", " }", 15)),
        format!("type x = {}", nested("list<", "a", ">", 30)),
        format!("x = {}1", "not ".repeat(390)),
        format!("x = {}1", "1 + ".repeat(390)),
    ];
    for text in inputs {
        let problems: Vec<_> = items(&text).into_iter().flat_map(|(_, parsed)| parsed.problems).collect();
        assert_eq!(problems, [], "{text}");
    }
}
