//! What did not change keeps its bytes, and what must change does.

use std::collections::BTreeSet;

use proptest::prelude::*;
use sops::{Document, Format, Outcome, Rewritten, Rule, Settings, encrypt};

use crate::plain::{Plain, any_tree, list, map, text};
use crate::sandbox::{AgeKey, settings, time};

fn parsed(text: &str) -> Document {
    Document::parse(text.as_bytes(), Format::Yaml).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn encrypted(tree: &Plain, settings: &Settings<'_>) -> String {
    encrypt(&tree.tree(), Format::Yaml, settings).unwrap()
}

fn updated(text: &str, key: &AgeKey, tree: &Plain, settings: &Settings<'_>) -> Outcome {
    let document = parsed(text);
    document.update(&key.unwrap(&document).unwrap(), &tree.tree(), settings).unwrap()
}

fn rewritten(text: &str, key: &AgeKey, tree: &Plain, settings: &Settings<'_>) -> Rewritten {
    match updated(text, key, tree, settings) {
        Outcome::New(file) => file,
        Outcome::Untouched => panic!("untouched:\n{text}"),
    }
}

/// The lines of one text that the other does not have.
fn lines_only_in<'t>(text: &'t str, other: &str) -> Vec<&'t str> {
    let other: BTreeSet<&str> = other.lines().collect();
    text.lines().filter(|line| !other.contains(line)).collect()
}

/// What every encrypted value of a text has as its IV, one per value.
fn ivs(text: &str) -> Vec<&str> {
    text.split(",iv:").skip(1).map(|rest| rest.split(',').next().unwrap()).collect()
}

fn tree(password: &str) -> Plain {
    map([
        ("db", map([("password", text(password)), ("port", Plain::Int(5432))])),
        ("twice", list([text("x"), text("x"), text("x")])),
        ("empty", text("")),
        ("none", Plain::Null),
    ])
}

fn later(key: &AgeKey) -> Settings<'static> {
    Settings::new([key.recipient.clone()], time(60))
}

#[test]
fn an_equal_tree_leaves_the_file_alone() {
    let key = AgeKey::generate();
    let text = encrypted(&tree("a"), &settings([&key]));
    assert!(matches!(updated(&text, &key, &tree("a"), &later(&key)), Outcome::Untouched));
}

#[test]
fn an_equal_tree_leaves_the_file_alone_however_it_is_formatted() {
    let key = AgeKey::generate();
    let text = encrypted(&tree("a"), &settings([&key]));
    // Indented by 2, as others do, but for the age file.
    let narrow = |line: &str| {
        let indent = line.len() - line.trim_start().len();
        let indent = match indent {
            12 => 12,
            10 => 6,
            indent => indent / 2,
        };
        format!("{:indent$}{}\n", "", line.trim_start())
    };
    let narrow: String = text.lines().map(narrow).collect();
    let quoted = text.replace("ENC[", "'ENC[").replace("]\n", "]'\n").replace("- 'ENC", "-   'ENC");
    let windows = text.replace('\n', "\r\n");
    let spaced = format!("---\n\n{}\n\n...\n", text.replace("sops:\n", "\n\nsops:   \n"));
    for other in [narrow, quoted, windows, spaced] {
        assert_ne!(other, text);
        assert!(matches!(updated(&other, &key, &tree("a"), &later(&key)), Outcome::Untouched), "{other}");
    }
}

#[test]
fn one_changed_value_is_one_changed_line() {
    let key = AgeKey::generate();
    let before = encrypted(&tree("a"), &settings([&key]));
    let after = rewritten(&before, &key, &tree("b"), &later(&key));
    assert_eq!((after.has_new_key, &after.added, &after.removed), (false, &vec![], &vec![]));
    assert_eq!(after.changed.iter().map(ToString::to_string).collect::<Vec<_>>(), ["db.password"]);
    let names = |lines: Vec<&str>| {
        lines.into_iter().map(|line| line.trim().split(':').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(lines_only_in(&after.text, &before)), ["password", "lastmodified", "mac"]);
    assert_eq!(before.lines().count(), after.text.lines().count());

    // And back again: an IV is never used for what it was not made for, nor a second time for what it was.
    let back = rewritten(&after.text, &key, &tree("a"), &later(&key)).text;
    let line = |text: &str| text.lines().find(|line| line.contains("password")).unwrap().to_owned();
    assert_eq!(BTreeSet::from([line(&before), line(&after.text), line(&back)]).len(), 3);
}

#[test]
fn values_that_moved_are_encrypted_for_their_new_place() {
    let key = AgeKey::generate();
    let before = encrypted(&map([("a", text("x")), ("b", text("y"))]), &settings([&key]));
    let after = rewritten(&before, &key, &map([("a", text("y")), ("b", text("x"))]), &later(&key)).text;
    assert!(ivs(&before).iter().all(|iv| !after.contains(iv)), "{before}\n{after}");
}

#[test]
fn a_list_keeps_what_stays_in_it() {
    let key = AgeKey::generate();
    let items = |items: &[&str]| map([("l", Plain::List(items.iter().map(|item| text(item)).collect()))]);
    let before = encrypted(&items(&["x", "x", "y"]), &settings([&key]));
    let after = rewritten(&before, &key, &items(&["new", "x", "x", "y", "x"]), &later(&key)).text;
    let kept = lines_only_in(&before, &after);
    assert!(kept.iter().all(|line| line.contains("mac:") || line.contains("lastmodified")), "{kept:?}");
    let ivs = ivs(&after);
    assert_eq!(ivs.iter().collect::<BTreeSet<_>>().len(), ivs.len());
}

#[test]
fn a_new_reader_changes_nothing_but_the_list_of_readers() {
    let (key, other) = (AgeKey::generate(), AgeKey::generate());
    let before = encrypted(&tree("a"), &settings([&key]));
    let both = Settings::new([&key, &other].map(|key| key.recipient.clone()), time(60));
    let after = rewritten(&before, &key, &tree("a"), &both);
    assert_eq!((after.has_new_key, &after.removed), (false, &vec![]));
    assert_eq!(after.added, [other.recipient.to_string()]);
    assert!(lines_only_in(&before, &after.text).is_empty());

    let document = parsed(&after.text);
    let same = other.unwrap(&document).unwrap();
    assert!(same.is_same(&key.unwrap(&document).unwrap()));
    assert_eq!(Plain::from(&document.decrypt(&same).unwrap()), tree("a"));
}

#[test]
fn a_reader_who_leaves_changes_everything() {
    let (key, leaves) = (AgeKey::generate(), AgeKey::generate());
    let before = encrypted(&tree("a"), &settings([&key, &leaves]));
    let after = rewritten(&before, &key, &tree("a"), &later(&key));
    assert!(after.has_new_key);
    assert_eq!(after.removed, [leaves.recipient.to_string()]);
    assert!(ivs(&before).iter().all(|iv| !after.text.contains(iv)));

    let (before, after) = (parsed(&before), parsed(&after.text));
    let old = leaves.unwrap(&before).unwrap();
    assert!(leaves.unwrap(&after).is_err());
    assert!(after.decrypt(&old).is_err());
    assert!(!old.is_same(&key.unwrap(&after).unwrap()));
    assert_eq!(Plain::from(&after.decrypt(&key.unwrap(&after).unwrap()).unwrap()), tree("a"));
}

#[test]
fn another_rule_is_another_file() {
    let key = AgeKey::generate();
    let before = encrypted(&tree("a"), &settings([&key]));
    let rule = Rule::UnencryptedSuffix("_plain".to_owned());
    let after = rewritten(&before, &key, &tree("a"), &later(&key).rule(rule));
    assert!(after.has_new_key && after.text.contains("unencrypted_suffix: _plain"));
}

#[test]
fn rotation_changes_everything() {
    let key = AgeKey::generate();
    let before = encrypted(&tree("a"), &settings([&key]));
    let document = parsed(&before);
    let after = document.rotate(&key.unwrap(&document).unwrap(), &later(&key)).unwrap();
    assert!(after.has_new_key);
    assert!(ivs(&before).iter().all(|iv| !after.text.contains(iv)));
}

#[test]
fn a_new_time_alone_changes_nothing() {
    let key = AgeKey::generate();
    let before = encrypted(&tree("a"), &settings([&key]));
    let after = rewritten(&before, &key, &tree("b"), &later(&key)).text;
    assert!(before.contains("lastmodified: \"2023-11-14T22:13:20Z\""), "{before}");
    assert!(after.contains("lastmodified: \"2023-11-14T22:14:20Z\""), "{after}");
}

#[test]
fn a_file_that_was_tampered_with_is_not_encrypted_over() {
    let key = AgeKey::generate();
    let text = encrypted(&tree("a"), &settings([&key])).replacen("empty: \"\"", "full: x", 1);
    let document = parsed(&encrypted(&tree("a"), &settings([&key])));
    assert!(Document::parse(text.as_bytes(), Format::Yaml).is_err());
    let other = key.unwrap(&parsed(&encrypted(&tree("a"), &settings([&key])))).unwrap();
    assert!(document.update(&other, &tree("a").tree(), &later(&key)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_encrypted_is_left_alone_and_never_the_same_twice(tree in any_tree()) {
        let key = AgeKey::generate();
        let (one, other) = (encrypted(&tree, &settings([&key])), encrypted(&tree, &settings([&key])));
        prop_assert!(matches!(updated(&one, &key, &tree, &later(&key)), Outcome::Untouched));
        let both = [ivs(&one), ivs(&other)].concat();
        prop_assert_eq!(both.iter().collect::<BTreeSet<_>>().len(), both.len());
    }

    #[test]
    fn whatever_becomes_of_a_tree_no_iv_is_used_for_two_texts(before in any_tree(), after in any_tree()) {
        let key = AgeKey::generate();
        let one = encrypted(&before, &settings([&key]));
        let Outcome::New(other) = updated(&one, &key, &after, &later(&key)) else { return Ok(()) };
        let sealed = |text: &str| -> BTreeSet<String> {
            text.split("ENC[").skip(1).map(|rest| rest.split(",type:").next().unwrap().to_owned()).collect()
        };
        // A ciphertext that both have is the same in all its parts; an IV that both have is of such a one.
        let (one, other) = (sealed(&one), sealed(&other.text));
        let iv_of = |sealed: &String| ivs(sealed)[0].to_owned();
        let kept: BTreeSet<String> = one.intersection(&other).map(iv_of).collect();
        let ivs: [BTreeSet<String>; 2] = [&one, &other].map(|all| all.iter().map(iv_of).collect());
        prop_assert_eq!(ivs[0].intersection(&ivs[1]).cloned().collect::<BTreeSet<_>>(), kept);
    }
}
