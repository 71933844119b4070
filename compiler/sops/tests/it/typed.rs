//! What somebody typed is what is kept, or it is refused: no reader makes another text of it.

use proptest::prelude::*;
use sops::{Format, Node, Tree, Value};

use crate::plain::{Plain, any_key, any_text};

/// Texts that readers take for something else.
const ODD: [&str; 40] = [
    "0123",
    "1.10",
    "1_000",
    "0x1F",
    "0b11",
    "0o17",
    "+351912345678",
    "-0",
    "1e3",
    "1E400",
    ".5",
    "5.",
    "12:30:45",
    "99999999999999999999999999",
    "9223372036854775808",
    "18446744073709551615",
    "2024-01-02",
    "2024-1-2",
    "2024-01-02T03:04:05Z",
    "2024-01-02 03:04:05",
    "yes",
    "no",
    "on",
    "off",
    "y",
    "N",
    "True",
    "FALSE",
    "null",
    "~",
    "Null",
    ".inf",
    "-.INF",
    ".NaN",
    "=",
    "<<",
    "a#b",
    "a:b",
    "http://a/b#c",
    "0",
];

/// Texts that readers take for collections.
const BRACKETED: [&str; 4] = ["{}", "{ }", "[]", "{a: b}"];

/// Lines that somebody may type as a value.
fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => proptest::sample::select(&ODD[..]).prop_map(str::to_owned),
        1 => proptest::sample::select(&BRACKETED[..]).prop_map(str::to_owned),
        2 => "[-+.0-9_xXeE:TZ ]{1,24}",
        2 => "[ -~]{1,20}",
        1 => r#"[-?:#|>@`%&*!\[\]{},'"~ab ]{1,6}"#,
        1 => any_text().prop_map(|text| text.replace(['\n', '\r'], " ")),
    ]
}

fn value(tree: &Tree, name: &str) -> Option<String> {
    match tree.get(name) {
        Some(Node::Leaf(Value::Str(text))) => Some(text.expose().clone()),
        Some(Node::Leaf(Value::Null)) => None,
        other => panic!("{:?}", other.map(Plain::from)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// In an editor, without quotes.
    #[test]
    fn a_line_in_an_editor_is_kept_or_refused(line in any_line()) {
        let trimmed = line.trim_matches([' ', '\t']);
        prop_assume!(!trimmed.starts_with(['"', '\'']));
        for text in [format!("k: {line}\n"), format!("k: {line}"), format!("k: {line}\r\n"), format!("a:\n    k: {line}\n")] {
            let Ok(tree) = Tree::typed(&text) else { continue };
            let tree = match tree.get("a") {
                Some(Node::Map(map)) => map,
                _ => &tree,
            };
            prop_assert_eq!(value(tree, "k").unwrap_or_default(), trimmed, "{}", text);
        }
    }

    /// In an editor, as it is shown there.
    #[test]
    fn what_an_editor_shows_is_read_as_it_is(values in proptest::collection::btree_map(any_key(), any_text(), 0..6)) {
        let tree = Plain::Map(values.into_iter().map(|(key, text)| (key, Plain::Str(text))).collect());
        let text = tree.tree().to_text(Format::Yaml).unwrap();
        let read = Tree::typed(std::str::from_utf8(text.expose()).unwrap()).unwrap();
        prop_assert_eq!(Plain::from(&read), tree);
    }

    /// Files in the clear, as other programs write texts into them.
    #[test]
    fn texts_of_files_are_kept_or_refused(line in any_line()) {
        let json = serde_json::json!({ "k": line }).to_string();
        let read = Tree::of_texts(json.as_bytes(), Format::Json).unwrap();
        prop_assert_eq!(value(&read, "k").unwrap_or_default(), line.as_str());
        let dotenv = format!("k={line}\n");
        if let Ok(read) = Tree::of_texts(dotenv.as_bytes(), Format::Dotenv) {
            prop_assert_eq!(value(&read, "k").unwrap_or_default(), line.as_str());
        }
        let quoted = Plain::Map(vec![("k".to_owned(), Plain::Str(line.clone()))]).tree();
        let quoted = quoted.to_text(Format::Yaml).unwrap();
        let read = Tree::of_texts(quoted.expose(), Format::Yaml).unwrap();
        prop_assert_eq!(value(&read, "k").unwrap_or_default(), line.as_str());
        let trimmed = line.trim();
        prop_assume!(!trimmed.starts_with(['"', '\'', '`']));
        let ini = format!("[a]\nk = {line}\n");
        if let Ok(read) = Tree::of_texts(ini.as_bytes(), Format::Ini) {
            let Some(Node::Map(section)) = read.get("a") else { panic!("no section") };
            prop_assert_eq!(value(section, "k").unwrap_or_default(), trimmed, "{}", ini);
        }
    }
}

#[test]
fn numbers_dates_and_truth_values_are_texts() {
    for text in ODD.into_iter().filter(|text| !matches!(*text, "null" | "Null" | "~" | "<<")) {
        for tree in [
            Tree::typed(&format!("k: {text}\n")).unwrap(),
            Tree::of_texts(format!("k: {text}\n").as_bytes(), Format::Yaml).unwrap(),
            Tree::of_texts(format!("k={text}\r\n").as_bytes(), Format::Dotenv).unwrap(),
            Tree::of_texts(format!("{{k: {text}}}").as_bytes(), Format::Yaml).unwrap(),
        ] {
            assert_eq!(value(&tree, "k").as_deref(), Some(text));
        }
    }
    for number in ["0", "-0", "1.10", "1e3", "1E+400", "123456789012345678901234567890", "true", "false"] {
        let tree = Tree::of_texts(format!("{{\"k\": {number}}}").as_bytes(), Format::Json).unwrap();
        assert_eq!(value(&tree, "k").as_deref(), Some(number));
    }
}

#[test]
fn what_would_lose_a_part_is_refused() {
    for typed in [
        "k: null",
        "k: ~",
        "k: a #b",
        "k: #b",
        "k: [a]",
        "k: {a: b}",
        "k: a\n  b",
        "k: |",
        "k: >-",
        "k: @a",
        "k: %a",
        "k: !a",
        "k: &a",
        "k: *a",
        "k: - a",
        "k: a: b",
        "k: 'a' b",
        "k: \"a",
        "k: a:",
    ] {
        let error = Tree::typed(&format!("{typed}\n")).expect_err(typed).to_string();
        assert!(error.starts_with("line 1: ") || error.starts_with("line 2: "), "{typed}: {error}");
    }
    // Whose quotes say what is meant.
    for (typed, kept) in [
        ("k: 'null'", "null"),
        ("k: \"a #b\"", "a #b"),
        ("k: 'a' # b", "a"),
        ("k: |\n  [a]\n  b", "[a]\nb\n"),
    ] {
        assert_eq!(value(&Tree::typed(typed).unwrap(), "k").as_deref(), Some(kept));
    }
    assert!(Tree::of_texts(b"k=a\\nb\n", Format::Dotenv).is_err());
    assert!(Tree::of_texts(b"k = a ; b\n", Format::Ini).is_err());
    assert_eq!(value(&Tree::of_texts(b"k: ~\n", Format::Yaml).unwrap(), "k"), None);
    assert_eq!(value(&Tree::of_texts(b"k: a # b\n", Format::Yaml).unwrap(), "k").as_deref(), Some("a"));
}
