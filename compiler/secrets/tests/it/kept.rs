//! The file of all values.

use std::collections::BTreeMap;

use proptest::prelude::*;
use secrets::{Error, Source};

use crate::keys::{Key, secret, set, settings, today, written};

/// Names of values, and values.
fn any_values() -> impl Strategy<Value = BTreeMap<String, String>> {
    let name = "[a-z][a-z0-9-]{0,8}(\\.[a-z][a-zA-Z0-9_]{0,8})?"
        .prop_filter("of SOPS", |name| !name.split('.').any(|part| part == "sops"));
    proptest::collection::btree_map(name, "\\PC{1,40}|[ -~\\n\\t]{1,40}", 1..8).prop_map(|values| {
        // A name has a value, or keys.
        let whole: Vec<String> = values.keys().filter(|name| !name.contains('.')).cloned().collect();
        let is_free = |name: &String| !whole.iter().any(|one| name.starts_with(&format!("{one}.")));
        values.into_iter().filter(|(name, _)| is_free(name)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_is_what_is_read(values in any_values()) {
        let key = Key::new();
        let mut source = Source::new();
        for (name, value) in &values {
            set(&mut source, name, value);
        }
        let text = written(&mut source, &settings(&[&key], 0), &key).unwrap();
        let mut read = key.open(&text).unwrap();
        let found: BTreeMap<String, String> =
            read.names().map(|name| (name.to_string(), read.value(name).unwrap().to_owned())).collect();
        prop_assert_eq!(&found, &values);
        prop_assert!(values.keys().all(|name| read.changed(&secret(name)) == Some(today())));
        // It needs not be written again, whatever time it is.
        prop_assert_eq!(written(&mut read, &settings(&[&key], 1000), &key), None);
        // No value of more than a few characters is anywhere in it.
        prop_assert!(values.values().all(|value| value.trim().len() < 6 || !text.contains(value.trim())));
    }
}

#[test]
fn one_value_changes_its_line_alone() {
    let key = Key::new();
    let mut source = Source::new();
    for name in ["a", "b.one", "b.two", "c"] {
        set(&mut source, name, "some value");
    }
    let before = written(&mut source, &settings(&[&key], 0), &key).unwrap();
    let mut source = key.open(&before).unwrap();
    set(&mut source, "b.two", "another");
    let after = written(&mut source, &settings(&[&key], 9), &key).unwrap();
    let changed: Vec<&str> = before
        .lines()
        .zip(after.lines())
        .filter(|(old, new)| old != new)
        .map(|(old, _)| old.trim().split(':').next().unwrap())
        .collect();
    assert_eq!(changed, ["two", "hlc_seal", "lastmodified", "mac"]);
}

#[test]
fn readers_come_and_go() {
    let (ana, rui) = (Key::new(), Key::new());
    let mut source = Source::new();
    set(&mut source, "a", "some value");
    let first = written(&mut source, &settings(&[&ana], 0), &ana).unwrap();
    assert!(rui.open(&first).is_err_and(|error| error.is_lack_of_key()));
    let second = written(&mut ana.open(&first).unwrap(), &settings(&[&ana, &rui], 1), &ana).unwrap();
    assert_eq!(first.lines().next(), second.lines().next());
    let third = written(&mut rui.open(&second).unwrap(), &settings(&[&rui], 2), &rui).unwrap();
    assert_ne!(second.lines().next(), third.lines().next());
    assert!(ana.open(&third).is_err_and(|error| error.is_lack_of_key()));
    // What keys of hosts' files are derived from is another one, too.
    let delivery =
        |text: &str| text.lines().find(|line| line.starts_with("hlc_delivery")).unwrap().to_owned();
    assert_eq!(delivery(&first), delivery(&second));
    assert_ne!(delivery(&second).len(), 0);
    assert_ne!(delivery(&second), delivery(&third));
}

#[test]
fn a_secret_has_a_value_or_keys() {
    let mut source = Source::new();
    set(&mut source, "db.user", "ana");
    set(&mut source, "db", "one text");
    assert_eq!(source.names().map(ToString::to_string).collect::<Vec<_>>(), ["db"]);
    set(&mut source, "db.user", "ana");
    assert_eq!(source.names().map(ToString::to_string).collect::<Vec<_>>(), ["db.user"]);
}

#[test]
fn some_names_are_not_for_secrets() {
    for name in ["sops", "hlc_delivery", "x_unencrypted", "a:b"] {
        let set = Source::new().set(&secret(name), "x".to_owned().into(), None, today());
        assert!(matches!(set, Err(Error::UnusableName(..))), "{name}");
    }
}

#[test]
fn nothing_that_is_printed_has_a_value() {
    let key = Key::new();
    let mut source = Source::new();
    set(&mut source, "a", "c4n4ry");
    let text = written(&mut source, &settings(&[&key], 0), &key).unwrap();
    let read = key.open(&text).unwrap();
    assert!(!format!("{source:?} {source:#?} {read:?}").contains("c4n4ry"));
}
