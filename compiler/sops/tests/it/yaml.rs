//! YAML means to the crate what it means to SOPS, or is refused.

use proptest::prelude::*;
use sops::{Format, Tree};

use crate::plain::{Plain, map, text};
use crate::sandbox::Sandbox;

/// What is in a YAML text, by way of SOPS: it encrypts it, and what it made of it is decrypted.
fn by_sops(sandbox: &Sandbox, yaml: &str) -> Option<Plain> {
    sandbox.write(yaml);
    let recipient = sandbox.key.recipient.to_string();
    if !sandbox.sops(&["encrypt", "--in-place", "--age", &recipient]).ok {
        return None;
    }
    let document = sandbox.document();
    let key = sandbox.key.unwrap(&document).unwrap();
    Some((&document.decrypt(&key).unwrap()).into())
}

fn by_the_crate(yaml: &str) -> Option<Plain> {
    Tree::from_text(yaml.as_bytes(), Format::Yaml).ok().map(|tree| (&tree).into())
}

#[test]
fn values_are_what_they_are_to_sops() {
    let sandbox = Sandbox::new("a.yaml");
    let scalars = "~ null Null true TRUE yes on y 0 -0 +5 08 010 0o17 0x1F 0b11 1_000 -0x10 1.5 1. .5 -.5 1e3 1E+3 1e400 \
                   0x 0b2 .inf -.Inf .nan 12:30 1:2 2024-01-02 2024-1-2 2024-13-01 2024-02-30 2024-01-02T03:04:05Z \
                   2024-01-02T03:04:05.600+02:00 9223372036854775807 -9223372036854775808 -9223372036854775809 \
                   99999999999999999999 = a:b a#b [] {} - -a ?a :a 'it''s' \"a\\tb\\x41\\u00e9\\U0001F389\" \"\\/\"";
    for scalar in scalars.split_whitespace() {
        let yaml = format!("k: {scalar}\n");
        let expected = by_sops(&sandbox, &yaml);
        // What is infinite, or no number, cannot be compared by what it is.
        assert_eq!(format!("{:?}", by_the_crate(&yaml)), format!("{expected:?}"), "{yaml}");
    }
}

#[test]
fn forms_are_what_they_are_to_sops() {
    let sandbox = Sandbox::new("a.yaml");
    let forms = [
        "a: b\n",
        "a:\n  - b\n  -   c\n  - - d\n    - e\n  - f: g\n    h: i\n",
        "a:\n- b\n- c\nd: e\n",
        "a:\n\n  # comment\n  b: c # comment\n\nd: e\n",
        "a: b\n   c\n\n   d\ne: f\n",
        "a: 'b\n  c\n\n  d'\n",
        "a: \"b\n  c \\\n  d\\n\n\n  e\"\n",
        "a: |\n  b\n   c\n\n  d\ne: f\n",
        "a: |-\n  b\n\nc: d\n",
        "a: |+\n  b\n\nc: d\n",
        "a: |2\n    b\n   c\n",
        "a: >\n  b\n  c\n\n  d\n   e\n  f\n",
        "a: >-\n  b\n  c\n",
        "a: >+\n\n  b\n\n\n",
        "a: |\nb: c\n",
        "a: |\n\n\nb: c\n",
        "a:\n  - |\n    b\n  - >\n    c\n    d\n",
        "a: [b, 'c', \"d\", {e: f}, [g], ]\n",
        "a: {b: c, \"d\": e, f: , g}\n",
        "a: {\"b\":c}\n",
        "a: [\n  b, # comment\n  c\n  ]\n",
        "{a: b}\n",
        "{\"a\": 1, \"b\": [true, null]}\n",
        "---\na: b\n...\n",
        "\"a b\": c\n'd': e\nf g: h\n",
        "a: b: c\n",
        "a: 'b' c\n",
        "a:\n b: c\n  d: e\n",
        "a:\n  b: c\n d: e\n",
        "a:\n\tb: c\n",
        "a: - b\n",
        "- a\n",
        "a\n",
        "1: a\n",
        "true: a\n",
        "~: a\n",
        "a: @b\n",
        "a: `b\n",
        "a: %b\n",
        "a: [b\n",
        "a: {b: c]\n",
        "a: \"b\n",
        "a: \"\\q\"\n",
        "a: \"\\ud83c\\udf89\"\n",
        "a b\nc: d\n",
        "a: b\nc\n",
        "a:\n  - b\n c\n",
        "a: http://b.c/d#e\n",
        "a: b:c\n",
        "a: -\n",
        "a: --- b\n",
        "a: b\n--- c\n",
        "a: ' '\nb: ''\nc: \"\"\n",
    ];
    for yaml in forms {
        assert_eq!(by_the_crate(yaml), by_sops(&sandbox, yaml), "{yaml}");
    }
}

/// Documents, most of them broken.
fn any_document() -> impl Strategy<Value = String> {
    let select = |pieces: &'static [&'static str]| proptest::sample::select(pieces);
    let piece = prop_oneof![
        5 => select(&["a", "b", "x y", "1", "null", "~", "é"]),
        5 => select(&[": ", ":", ":\n", "\n", "\n  ", "\n    ", " ", "- ", "\n- ", "\n  - "]),
        2 => select(&["'", "\"", "|\n", ">\n", "|-\n  ", "|+\n", "|2\n", " #c", "\\", "\\n", "''"]),
        2 => select(&["[", "]", "{", "}", ",", ", ", "{a: ", "[a, "]),
        1 => select(&["---\n", "\n...\n", "\t", "?", "-", "@", "%", "!", "&", "*", "`", "<<"]),
    ];
    proptest::collection::vec(piece, 1..10).prop_map(|pieces| format!("k: {}", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_the_crate_reads_is_the_same_to_sops(yaml in any_document()) {
        if let Some(read) = by_the_crate(&yaml) {
            prop_assert_eq!(Some(read), by_sops(&Sandbox::new("a.yaml"), &yaml));
        }
    }
}

/// What SOPS reads and the crate refuses, each for a reason: other readers read it differently, or it is of no use
/// in a secrets file.
#[test]
fn what_is_refused_is_refused_on_purpose() {
    let sandbox = Sandbox::new("a.yaml");
    let refused = [
        "a: &x b\nc: *x\n",
        "a: !!str 1\n",
        "a: {b: c}\nd:\n  <<: {e: f}\n",
        "%YAML 1.1\n---\na: b\n",
        "--- {a: b}\n",
        "? a\n: b\n",
        "a: [b: c]\n",
        "a: 'b\u{2028}c'\n",
    ];
    for yaml in refused {
        sandbox.write(yaml);
        let recipient = sandbox.key.recipient.to_string();
        sandbox.sops(&["encrypt", "--age", &recipient]).succeeded();
        assert_eq!(by_the_crate(yaml), None, "{yaml}");
    }
}

#[test]
fn plain_values_of_files_count_as_what_they_are_to_sops() {
    let sandbox = Sandbox::new("a.yaml");
    let yaml = "secret: x\nk_unencrypted: [010, 1_0, 1e3, 1.50, 0x1F, yes, True, 2024-01-02, 2024-01-02T03:04:05.60Z, ~, 'x']\n";
    sandbox.write(yaml);
    let recipient = sandbox.key.recipient.to_string();
    sandbox.sops(&["encrypt", "--in-place", "--age", &recipient]).succeeded();
    // As somebody might write them by hand: the MAC goes over what they mean.
    let file = String::from_utf8(sandbox.read()).unwrap();
    let end = file.find("\nsops:").unwrap();
    let list = file.find("k_unencrypted").unwrap();
    sandbox.write(format!("{}{}{}", &file[..list], yaml.lines().nth(1).unwrap(), &file[end..]));
    sandbox.sops(&["decrypt"]).succeeded();
    let document = sandbox.document();
    let read = document.decrypt(&sandbox.key.unwrap(&document).unwrap()).unwrap();
    assert_eq!(read.len(), 2);
    assert_eq!(Plain::from(read.get("secret").unwrap()), text("x"));
    assert_ne!(Plain::from(&read), map([]));
}
