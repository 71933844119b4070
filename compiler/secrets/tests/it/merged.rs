//! Two sides changed the same values.

use std::collections::{BTreeMap, BTreeSet};

use domain::Date;
use model::Generator;
use proptest::prelude::*;
use secrets::{Merged, Source};

use crate::keys::{Key, secret, set, settings, today, written};

type Values = BTreeMap<String, String>;

/// Names, two of which are keys of what may be one value as well.
const NAMES: [&str; 6] = ["a", "b", "c", "d", "c.one", "c.two"];

/// What somebody does: gives a name a value, or removes it.
fn any_edits() -> impl Strategy<Value = Vec<(&'static str, Option<u8>)>> {
    proptest::collection::vec(
        (proptest::sample::select(&NAMES[..]), proptest::option::weighted(0.8, 0..3_u8)),
        0..6,
    )
}

/// Values after edits. A name has a value or keys.
fn edited(values: &Values, edits: &[(&str, Option<u8>)]) -> Values {
    let mut values = values.clone();
    for (name, value) in edits {
        match value {
            Some(value) => {
                let stem = name.split('.').next().unwrap();
                let is_other = |other: &String| {
                    other.split('.').next() == Some(stem) && other.contains('.') != name.contains('.')
                };
                values.retain(|other, _| !is_other(other));
                values.insert((*name).to_owned(), format!("value {value}"));
            }
            None => drop(values.remove(*name)),
        }
    }
    values
}

fn source(values: &Values) -> Source {
    let mut source = Source::new();
    for (name, value) in values {
        set(&mut source, name, value);
    }
    source
}

fn values(source: &Source) -> Values {
    source.names().map(|name| (name.to_string(), source.value(name).unwrap().to_owned())).collect()
}

fn merged(base: &Values, ours: &Values, theirs: &Values) -> (Values, Merged) {
    let mut into = source(ours);
    let merged = into.merge(&source(base), &source(theirs)).unwrap();
    (values(&into), merged)
}

/// All values of the secret that a name is of.
fn group(values: &Values, name: &str) -> Values {
    let stem = |name: &str| name.split('.').next().unwrap().to_owned();
    values
        .iter()
        .filter(|(other, _)| stem(other) == stem(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_change_is_kept_or_named(first in any_edits(), ours in any_edits(), theirs in any_edits()) {
        let base = edited(&Values::new(), &first);
        let (ours, theirs) = (edited(&base, &ours), edited(&base, &theirs));
        let (result, found) = merged(&base, &ours, &theirs);
        let named: BTreeSet<String> = found.conflicts.iter().map(ToString::to_string).collect();
        for name in NAMES {
            let (old, our, their, new) = (base.get(name), ours.get(name), theirs.get(name), result.get(name));
            // Nothing is made up.
            prop_assert!(new == our || new == their || new.is_none(), "{name}: {new:?}");
            if named.contains(name) {
                continue;
            }
            // What one side alone did to a secret is what it is.
            if group(&ours, name) == group(&base, name) {
                prop_assert_eq!(new, their, "{}", name);
            } else if group(&theirs, name) == group(&base, name) {
                prop_assert_eq!(new, our, "{}", name);
            } else {
                prop_assert!(our == old || their == old || our == their, "{name} is not named");
            }
        }
        // Which side is whose makes no difference, but for what is named.
        let (other, again) = merged(&base, &theirs, &ours);
        prop_assert_eq!(&again.conflicts, &found.conflicts);
        if found.conflicts.is_empty() {
            prop_assert_eq!(result, other);
        }
    }
}

#[test]
fn dates_follow_their_values() {
    let day = |text: &str| Date::parse(text).unwrap();
    let with = |name: &str, value: &str, date: &str| {
        let mut source = source(&Values::from([("a".to_owned(), "old".to_owned())]));
        source
            .set(&secret(name), value.to_owned().into(), Some(format!("half of {value}")), day(date))
            .unwrap();
        source
    };
    let base = source(&Values::from([("a".to_owned(), "old".to_owned())]));
    let mut ours = with("b", "ours", "2026-06-01");
    let found = ours.merge(&base, &with("a", "theirs", "2026-06-03")).unwrap();
    assert_eq!(found.taken, BTreeSet::from([secret("a")]));
    assert_eq!(ours.changed(&secret("a")), Some(day("2026-06-03")));
    assert_eq!(ours.changed(&secret("b")), Some(day("2026-06-01")));
    // The same on both sides was done when the later did it.
    for days in [["2026-06-01", "2026-06-03"], ["2026-06-03", "2026-06-01"]] {
        let mut ours = with("a", "same", days[0]);
        assert_eq!(ours.merge(&base, &with("a", "same", days[1])).unwrap().conflicts, BTreeSet::new());
        assert_eq!(ours.changed(&secret("a")), Some(day("2026-06-03")));
    }
    assert_eq!(base.changed(&secret("a")), Some(today()));
}

#[test]
fn a_side_that_got_new_keys_passes_none_on_and_asks_for_others() {
    let key = Key::new();
    let mut first = source(&Values::from([("a".to_owned(), "old".to_owned())]));
    let base = written(&mut first, &settings(&[&key], 0), &key).unwrap();
    let mut theirs = key.open(&base).unwrap();
    let sops::Outcome::New(rotated) = theirs.rotate(&settings(&[&key], 1), &key.access()).unwrap() else {
        panic!("a new file")
    };
    let merge = |theirs: &str| {
        let mut ours = key.open(&base).unwrap();
        ours.merge(&key.open(&base).unwrap(), &key.open(theirs).unwrap()).unwrap()
    };
    assert!(merge(&rotated.text).needs_new_key);
    let mut set_only = key.open(&base).unwrap();
    set(&mut set_only, "a", "new");
    let set_only = written(&mut set_only, &settings(&[&key], 2), &key).unwrap();
    assert!(!merge(&set_only).needs_new_key);
}

#[test]
fn a_public_half_that_one_side_mended_is_taken() {
    let made = BTreeMap::from([(secret("a"), &Generator::AgeKey)]);
    // Another program changed the private half before.
    let stale = || {
        let mut source = Source::new();
        let key = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
        let half = Some("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p".to_owned());
        source.set(&secret("a"), key.to_owned().into(), half, today()).unwrap();
        source
    };
    let mended = || {
        let mut source = stale();
        assert_eq!(source.renew_halves(&made), [secret("a")]);
        source
    };
    for (mut ours, theirs) in [(stale(), mended()), (mended(), stale()), (mended(), mended())] {
        ours.merge(&stale(), &theirs).unwrap();
        assert_eq!(ours.other_halves(&made), []);
    }
}
