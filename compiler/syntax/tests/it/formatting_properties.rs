//! Whatever is formatted keeps its meaning and its comments, and is not changed by formatting it again.
#![allow(clippy::disallowed_methods, reason = "tests look at files")]

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::select;
use syntax::{TokenKind, format, tokens};

use crate::show::{items, tree};
use crate::steps::{Input, grows_with};

/// The comments of a text, sorted.
fn comments(text: &str) -> Vec<&str> {
    let mut at = 0;
    let mut comments = Vec::new();
    for token in tokens(text) {
        let end = at + token.len as usize;
        if matches!(token.kind, TokenKind::Comment | TokenKind::DocComment) {
            comments.push(text[at..end].trim_end());
        }
        at = end;
    }
    comments.sort_unstable();
    comments
}

fn is_separator(kind: TokenKind) -> bool {
    kind.is_trivia() || matches!(kind, TokenKind::Comma | TokenKind::Semicolon)
}

/// What a text says, an item a line.
fn meaning(text: &str) -> Vec<String> {
    let items = items(text).into_iter();
    let trees = items.filter(|(start, parsed)| {
        let end = start + parsed.statement.span.end as usize;
        let own = text.get(*start..end).unwrap_or_default();
        !parsed.problems.is_empty() || tokens(own).any(|token| !is_separator(token.kind))
    });
    trees.map(|(_, parsed)| tree(&parsed.statement)).collect()
}

/// Checks what holds for any text.
fn check(text: &str) -> Result<(), TestCaseError> {
    let once = format(text);
    let twice = format(&once.text);
    prop_assert_eq!(&once.text, &twice.text, "not stable: {}", text);
    let mut rest = once.text.as_str();
    for old in &once.unparsed {
        let old = text[old.clone()].trim_end();
        let at = rest.find(old);
        prop_assert!(at.is_some(), "touched: {old:?} of {text}");
        rest = &rest[at.unwrap_or(0) + old.len()..];
    }
    let is_whole = once.unparsed.first().is_some_and(|range| *range == (0..text.len()));
    if !is_whole {
        prop_assert_eq!(comments(text), comments(&once.text), "{}", text);
        prop_assert_eq!(meaning(text), meaning(&once.text), "{}", text);
    }
    Ok(())
}

/// Checks what holds for a text without mistakes.
fn check_good(text: &str) -> Result<(), TestCaseError> {
    let problems: Vec<_> = items(text).into_iter().flat_map(|(_, parsed)| parsed.problems).collect();
    prop_assert!(problems.is_empty(), "{text}\n{problems:?}");
    let formatted = format(text);
    prop_assert!(formatted.unparsed.is_empty(), "left alone: {:?} of\n{}", formatted.unparsed, text);
    prop_assert!(!formatted.text.lines().any(|line| line.ends_with(' ')), "{}", formatted.text);
    check(text)
}

fn files() -> Vec<(PathBuf, String)> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut paths = vec![project.join("homelab.hl")];
    for folder in ["stdlib/core", "stdlib/apps"] {
        let entries = std::fs::read_dir(project.join(folder)).expect("a folder of the library");
        paths.extend(entries.map(|entry| entry.expect("a file").path()));
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "hl"));
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn real_files() {
    for (path, text) in files() {
        check_good(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    check_good(include_str!("sample.hl")).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn real_files_however_they_are_spaced() {
    for (path, text) in files() {
        let formatted = format(&text).text;
        let windows = text.replace('\n', "\r\n");
        assert_eq!(format(&windows).text, formatted, "{}", path.display());
        let spaced: String = text.lines().map(respaced).collect();
        assert_eq!(format(&spaced).text, formatted, "{}", path.display());
    }
}

/// A line with spaces around its first `=`, and a tab in front.
fn respaced(line: &str) -> String {
    let code = line.split(['"', '#']).next().unwrap_or_default();
    match code.find(" = ") {
        Some(at) if code.starts_with(' ') => format!("\t{}   =\t{}  \r\n", &line[..at], &line[at + 3..]),
        _ => format!("{line}\n"),
    }
}

#[test]
fn work_grows_with_the_text_and_no_faster() {
    let inputs: &[(&str, Input)] = &[
        ("statements", |n| format!("app a {{\n{}}}\n", "  f = [1, 2] # c\n".repeat(n))),
        ("items", |n| "a = 1\n".repeat(n)),
        ("a long list", |n| format!("x = [{}]\n", "1, ".repeat(n))),
        ("blocks in a list", |n| format!("x = [{}]\n", "{ a = [1] }, ".repeat(n))),
        ("stray brackets", |n| format!("a {{\n{}}}", "  x = )\n".repeat(n))),
        ("faults", |n| format!("a {{\n{}}}", "  x = = 1\n".repeat(n))),
        ("lines", |n| "\n".repeat(n)),
        ("comments", |n| "# c\n\n".repeat(n)),
        ("items on one line", |n| "a = 1;".repeat(n)),
        ("open", |n| "(".repeat(n)),
    ];
    for (name, input) in inputs {
        grows_with(name, *input, |text| drop(format(text)));
    }
}

#[test]
fn what_is_nested_is_formatted_once() {
    let nested = |n: usize| format!("x = {}1{}", "{ a = [".repeat(n), "] }".repeat(n));
    let steps = |n: usize| syntax::steps_of(|| drop(format(&nested(n))));
    assert!(steps(14) < 3 * steps(7), "{} steps, and {}", steps(14), steps(7));
}

fn real_text() -> impl Strategy<Value = String> {
    let texts: Vec<String> = files().into_iter().map(|file| file.1).collect();
    select(texts)
}

fn word() -> impl Strategy<Value = &'static str> {
    select(vec![
        "a", "app ", "kind ", "in ", "for ", "if ", "then ", "else ", " = ", "+=", "=>", "{", "}", "[", "]",
        "(", ")", ",", ";", ":", ".", "..", "?", "|", "@", "+", "-", "\"", "\"\"\"", "${", "\\", "nix\"",
        "1", "/dev/sda", "'", "ö", "\n", "\n\n", "# c\n", "## d\n", "\t", "\r\n", "//", "x = 1\n", "x { }\n",
        "\u{feff}",
    ])
}

fn expression() -> impl Strategy<Value = String> {
    let atom = select(vec![
        "a",
        "b-c",
        "1",
        "8GiB",
        "192.168.1.1",
        "10.0.0.0/8",
        "/dev/sda",
        "none",
        "true",
        "self.name",
        "\"x ${a.b} y\"",
        "\"a longer text that takes its room\"",
        "nix\"a \\\" b\"",
        "a.\"b c\".d",
        "{}",
        "[]",
        "f()",
        "a?.b",
        "\"\"\"\n    one\n      two ${a}\n    \"\"\"",
    ]);
    let operator = select(vec!["+", "-", "*", "/", "and", "or", "??", "..", "+", "and"]);
    atom.prop_map(str::to_owned).prop_recursive(4, 40, 6, move |inner| {
        let some = || prop::collection::vec(inner.clone(), 1..5);
        let names = || select(vec!["a", "bcd", "e.f", "\"g h\"", "a-rather-long-name"]);
        let pairs = prop::collection::vec((names(), inner.clone()), 1..5);
        prop_oneof![
            some().prop_map(|of| format!("[·{}·]", of.join(",·"))),
            some().prop_map(|of| format!("f(·{}·)", of.join(",·x = "))),
            pairs.prop_map(|of| {
                let of: Vec<_> = of.iter().map(|(name, value)| format!("{name} = {value}")).collect();
                format!("{{·{}·}}", of.join("¦"))
            }),
            (some(), operator.clone())
                .prop_map(|(of, operator)| format!("(·{}·)", of.join(&format!("·{operator}·")))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[·for x in {a}·if x == 1·=>·{b}·]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{·for k, v in {a} => k: {b}·}}")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("(if {a}·then {b}·else if x then y·else {c})")),
            inner.clone().prop_map(|a| format!("match x {{·tcp | udp => {a}¦_ => 1·}}")),
            inner.clone().prop_map(|a| format!("(not {a})")),
        ]
    })
}

fn statement() -> impl Strategy<Value = String> {
    let simple = prop_oneof![
        (select(vec!["a", "b.c", "long-name", "a.\"x y\""]), expression())
            .prop_map(|(a, b)| format!("{a} = {b}")),
        expression().prop_map(|a| format!("a += {a}")),
        expression().prop_map(|a| format!("stage x = {a}")),
        Just("secret x { }".to_owned()),
        Just("import std.apps.x".to_owned()),
        expression().prop_map(|a| format!("check \"m ${{a}}\" {{·for a in b => {a}·}}")),
        expression()
            .prop_map(|a| format!("fn f(a: int(0..9), b: string = \"x\") -> list<int | string> = {a}")),
        Just("type t = {·a: int = 1¦## d\n  b: string?·}".to_owned()),
        (expression(), Just(vec!["for h in hosts", "in m.n", ": t(1,·x = 2) + u", "if c"]).prop_shuffle())
            .prop_map(|(a, clauses)| format!("app e[h] {} {{·a = {a}·}}", clauses.join(" "))),
        (expression(), Just(vec![": t + u", "in m", "if x == 1"]).prop_shuffle())
            .prop_map(|(a, clauses)| format!("app e {} = {a}", clauses.join(" "))),
    ];
    simple.prop_recursive(3, 20, 5, |inner| {
        let body = prop::collection::vec(inner, 0..5).prop_map(|of| format!("{{·{}·}}", of.join("¦")));
        (
            select(vec!["app n in m", "a.b", "volume data", "template t(p: int) : app", "host a : node(1)"]),
            body,
        )
            .prop_map(|(head, body)| format!("{head} {body}"))
    })
}

/// Puts `gaps` where space may stand, and `ends` where a statement may end.
fn spaced(text: &str, gaps: &[&str], ends: &[&str]) -> String {
    let mut gaps = gaps.iter().cycle();
    let mut ends = ends.iter().cycle();
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '·' => out.push_str(gaps.next().unwrap_or(&" ")),
            '¦' => out.push_str(ends.next().unwrap_or(&"\n")),
            c => out.push(c),
        }
    }
    out
}

fn gap() -> impl Strategy<Value = &'static str> {
    select(vec![" ", " ", "  ", "\n ", "\n\n  ", " # c\n ", "\n  # own\n  ", "\t ", "\n   "])
}

fn end() -> impl Strategy<Value = &'static str> {
    select(vec![
        "\n ",
        "\n ",
        ", ",
        "; ",
        ",\n ",
        " # c\n ",
        "\n\n\n ",
        "\n # own\n ",
        "\n  ## doc\n ",
        " ## no doc\n ",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated(
        statements in prop::collection::vec(statement(), 1..6),
        gaps in prop::collection::vec(gap(), 1..20),
        ends in prop::collection::vec(end(), 1..10),
    ) {
        check_good(&spaced(&statements.join("¦"), &gaps, &ends))?;
    }

    #[test]
    fn what_is_on_one_line_and_fits_stays_there(statement in statement()) {
        let text = spaced(&statement, &[" "], &[", "]);
        prop_assume!(text.len() <= 100 && !text.contains('\n'));
        let formatted = format(&text).text;
        prop_assert_eq!(formatted.lines().count(), 1, "{} is now {}", text, formatted);
    }

    #[test]
    fn a_line_broken_behind_a_bracket_stays_broken(value in expression()) {
        for (open, name, close) in
            [("[", "", "]"), ("f(", "", ")"), ("(", "", ")"), ("x[", "", "]"), ("{", "a = ", " }")]
        {
            let value = spaced(&value, &[" "], &[", "]);
            let broken = format!("v = {open}\n  {name}{value}{close}");
            let formatted = format(&broken).text;
            prop_assert!(formatted.starts_with(&format!("v = {open}\n")), "{} is now {}", broken, formatted);
        }
    }

    #[test]
    fn no_line_depends_on_those_around_it(statements in prop::collection::vec(statement(), 1..6)) {
        let statements: Vec<_> = statements.iter().map(|one| spaced(one, &[" "], &["\n"])).collect();
        let each: String = statements.iter().map(|one| format(one).text).collect();
        prop_assert_eq!(format(&statements.join("\n")).text, each);
    }

    #[test]
    fn generated_with_a_mistake(
        statements in prop::collection::vec(statement(), 1..6),
        ends in prop::collection::vec(end(), 1..10),
        at in any::<prop::sample::Index>(),
        word in word(),
    ) {
        let mut text = spaced(&statements.join("¦"), &[" ", "\n "], &ends);
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        text.insert_str(places[at.index(places.len())], word);
        check(&text)?;
    }

    #[test]
    fn a_real_file_with_something_removed(text in real_text(), at in any::<prop::sample::Index>(), len in 0usize..30) {
        let at = at.index(text.len());
        let mut bytes = text.into_bytes();
        let end = (at + len).min(bytes.len());
        bytes.drain(at..end);
        check(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn a_real_file_with_something_added(
        text in real_text(),
        at in any::<prop::sample::Index>(),
        words in prop::collection::vec(word(), 1..4),
    ) {
        let at = at.index(text.len());
        let mut bytes = text.into_bytes();
        bytes.splice(at..at, words.concat().into_bytes());
        check(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn any_words(words in prop::collection::vec(word(), 0..60)) {
        check(&words.concat())?;
    }

    #[test]
    fn any_text(text in "\\PC{0,200}") {
        check(&text)?;
    }
}
