//! What is not written, and what is not said.

use sops::keys::Identities;
use sops::{Document, Format, Map, Node, Pattern, Rule, Settings, Tree, Value, encrypt};

use crate::plain::{Plain, list, map, text};
use crate::sandbox::{AgeKey, settings, time};

fn refused(tree: &Tree, format: Format) -> String {
    encrypt(tree, format, &settings([&AgeKey::generate()])).unwrap_err().to_string()
}

#[test]
fn keys_that_sops_takes_for_others_are_refused() {
    let message = |key: &str| refused(&map([("in", map([(key, text("x"))]))]).tree(), Format::Yaml);
    assert_eq!(message("a:b"), "'in.a:b': a key with a ':' is the same to SOPS as two keys");
    assert_eq!(message("a\nb"), "'in.a\\u{a}b': a key has no control characters");
    assert_eq!(message("<<"), "'in.<<': to YAML this key means something else");
    assert!(message(&"k".repeat(129)).ends_with("the key is longer than 128 bytes"));
    let root = |key: &str, format| refused(&map([(key, text("x"))]).tree(), format);
    assert_eq!(root("sops", Format::Yaml), "'sops': SOPS keeps what it needs under this key");
    assert_eq!(root("sops_mac", Format::Dotenv), "'sops_mac': SOPS keeps what it needs under this key");
    assert_eq!(root("a=b", Format::Dotenv), "'a=b': dotenv files have no such keys");
}

#[test]
fn values_that_no_file_has_are_refused() {
    let of = |value: Plain| map([("a", list([value]))]).tree();
    assert_eq!(
        refused(&of(Plain::Float(f64::NAN)), Format::Yaml),
        "'a[0]': SOPS files have no infinite numbers"
    );
    assert_eq!(
        refused(&of(Plain::Float(f64::INFINITY)), Format::Json),
        "'a[0]': SOPS files have no infinite numbers"
    );
    assert_eq!(refused(&of(Plain::Other(vec![1])), Format::Yaml), "'a[0]': bytes go into binary files only");
    let flat = |value: Plain| refused(&map([("A", value)]).tree(), Format::Dotenv);
    assert_eq!(flat(Plain::Null), "'A': dotenv files have texts only");
    assert_eq!(flat(list([])), "'A': dotenv files have texts only");
    assert_eq!(
        refused(&map([("a", text("x"))]).tree(), Format::Binary),
        "a binary file holds bytes named 'data', and nothing else"
    );
    assert_eq!(
        refused(&map([("a", text("x"))]).tree(), Format::Ini),
        "files of this format are read, not written"
    );
}

#[test]
fn trees_that_are_too_deep_are_refused() {
    let mut node = Node::Leaf(Value::Null);
    for _ in 0..100 {
        node = Node::List(vec![node]);
    }
    let mut tree = Map::new();
    tree.insert("a", node).unwrap();
    assert!(refused(&tree, Format::Yaml).ends_with("the values are nested too deep"));
}

#[test]
fn no_secret_is_left_readable_by_its_name() {
    let tree = map([("token_unencrypted", text("hunter2"))]).tree();
    let key = AgeKey::generate();
    let error = encrypt(&tree, Format::Yaml, &settings([&key])).unwrap_err();
    assert_eq!(error.to_string(), "'token_unencrypted': the rule of the file would leave the value readable");
    assert!(encrypt(&tree, Format::Yaml, &settings([&key]).rule(Rule::default())).is_ok());
    let comments = Rule::EncryptedCommentRegex(Pattern::parse("secret").unwrap());
    assert!(encrypt(&tree, Format::Yaml, &settings([&key]).rule(comments)).is_err());
}

#[test]
fn a_file_for_nobody_is_refused() {
    let error =
        encrypt(&map([("a", text("x"))]).tree(), Format::Yaml, &Settings::new([], time(0))).unwrap_err();
    assert_eq!(error.to_string(), "the file is encrypted for nobody");
}

/// No form of a secret is in what can get into a log: debug output and errors.
#[test]
fn nothing_shows_a_secret() {
    const CANARY: &str = "canary-9f3c";
    let key = AgeKey::generate();
    let values = [text(CANARY), Plain::Int(987_654_321), Plain::Float(98765.4321)];
    let tree = map([("a", Plain::List(values.to_vec()))]).tree();
    let file = encrypt(&tree, Format::Yaml, &settings([&key])).unwrap();
    let document = Document::parse(file.as_bytes(), Format::Yaml).unwrap();
    let data_key = key.unwrap(&document).unwrap();
    let read = document.decrypt(&data_key).unwrap();
    let identities: Identities = key.identities();

    let mut shown = format!("{tree:#?} {read:?} {document:?} {data_key:?} {identities:?}");
    let bad = [
        format!("a: {CANARY}\nb: &x {CANARY}\n"),
        format!("a: \"{CANARY}\n"),
        format!("a: {CANARY}\na: {CANARY}\n"),
        format!("{CANARY}\n"),
        format!("a: [{CANARY}\n"),
        format!("a: 'x' {CANARY}\n"),
    ];
    for text in bad {
        for format in [Format::Yaml, Format::Json, Format::Dotenv, Format::Ini] {
            if let Err(error) = Tree::from_text(text.as_bytes(), format) {
                shown += &[error.to_string(), format!("{error:?}"), format!("{:?}", error.help())].concat();
            }
        }
    }
    let identity = key.identity.lines().last().unwrap();
    for secret in [CANARY, "987654321", "98765.4321", identity] {
        assert!(!file.contains(secret) && !shown.contains(secret), "{secret}\n{shown}");
    }
}
