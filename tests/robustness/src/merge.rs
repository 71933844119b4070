//! Files of values in the clear, of which two that came of a third are put together.

use std::collections::{BTreeMap, BTreeSet};

use domain::Date;
use model::SecretRef;
use secrets::{Error, Merged, Source};
use sops::{Format, Tree};

use crate::VERSION;

/// All that is known of a value.
type Known = (String, Option<Date>, Option<String>);

/// What a file of values comes to.
type State = BTreeMap<SecretRef, Known>;

/// A text is three files of values, with [`VERSION`] between them: what two sides had, and what each made of it. They are
/// read and put together, or refused; what came of it is right by rules that are said here once more.
pub fn merge(text: &str) {
    let _ = is_merged(text);
}

/// The same; says whether the files could be put together.
pub fn is_merged(text: &str) -> bool {
    let mut texts = text.split(VERSION);
    let base = texts.next().unwrap_or_default();
    let ours = texts.next().unwrap_or(base);
    let theirs = texts.next().unwrap_or(base);
    let (Some(old), Some(our), Some(their)) = (state(base), state(ours), state(theirs)) else { return false };
    let Some((result, found)) = merged(base, ours, theirs) else { return false };
    assert!(found.taken.is_disjoint(&found.conflicts), "what is taken is no conflict");
    for part in parts(&[&old, &our, &their]) {
        judge(&part, [&old, &our, &their, &result], &found);
    }
    let named = |found: &Merged| found.conflicts.clone();
    if let Some((other, again)) = merged(base, theirs, ours) {
        assert_eq!(named(&again), named(&found), "which side is whose makes no difference");
        if found.conflicts.is_empty() {
            assert_eq!(values(&other), values(&result), "nor for what comes of it");
        }
    }
    // Whoever did nothing changes nothing.
    if let Some((same, found)) = merged(base, ours, base) {
        let is_same = values(&same) == values(&our) && halves(&same) == halves(&our);
        assert!(is_same && found == Merged::default(), "nothing came from the other side");
    }
    if let Some((same, found)) = merged(base, base, theirs) {
        assert!(
            values(&same) == values(&their) && found.conflicts.is_empty(),
            "all came from the other side"
        );
    }
    true
}

fn read(text: &str) -> Option<Source> {
    Source::read(Tree::from_text(text.as_bytes(), Format::Yaml).ok()?).ok()
}

fn state(text: &str) -> Option<State> {
    read(text).map(|source| state_of(&source))
}

fn state_of(source: &Source) -> State {
    let halves: BTreeMap<&SecretRef, &str> = source.public_halves().collect();
    let known = |name: &SecretRef| {
        let half = halves.get(name).map(|half| (*half).to_owned());
        Some((name.clone(), (source.value(name)?.to_owned(), source.changed(name), half)))
    };
    source.names().filter_map(known).collect()
}

fn values(state: &State) -> BTreeMap<&SecretRef, &str> {
    state.iter().map(|(name, (value, ..))| (name, value.as_str())).collect()
}

fn halves(state: &State) -> BTreeMap<&SecretRef, &Option<String>> {
    state.iter().map(|(name, (.., half))| (name, half)).collect()
}

/// What comes of two sides; nothing where one of them has a name that nothing can be kept under.
fn merged(base: &str, ours: &str, theirs: &str) -> Option<(State, Merged)> {
    let (base, mut ours, theirs) = (read(base)?, read(ours)?, read(theirs)?);
    let newest = ours.generation().max(theirs.generation());
    let is_sealed = ours.generation() > 0;
    match ours.merge(&base, &theirs) {
        Ok(found) => {
            assert!(!is_sealed || ours.generation() == newest, "what comes of two is later than both");
            Some((state_of(&ours), found))
        }
        Err(Error::UnusableName(..)) => None,
        Err(error) => panic!("{error}"),
    }
}

/// What belongs together: each value by itself, and all of a secret that is one value here and has keys there.
fn parts(sides: &[&State]) -> Vec<BTreeSet<SecretRef>> {
    let mut secrets: BTreeMap<&str, BTreeSet<SecretRef>> = BTreeMap::new();
    for name in sides.iter().flat_map(|side| side.keys()) {
        secrets.entry(&name.name).or_default().insert(name.clone());
    }
    let is_mixed = |names: &BTreeSet<SecretRef>| {
        names.iter().any(|name| name.key.is_none()) && names.iter().any(|name| name.key.is_some())
    };
    let mut parts = Vec::new();
    for names in secrets.into_values() {
        if is_mixed(&names) {
            parts.push(names);
        } else {
            parts.extend(names.into_iter().map(|name| BTreeSet::from([name])));
        }
    }
    parts
}

/// What one side did is done; what both did otherwise is named.
fn judge(part: &BTreeSet<SecretRef>, [old, our, their, new]: [&State; 4], found: &Merged) {
    let of = |state: &State| -> State {
        part.iter().filter_map(|name| Some((name.clone(), state.get(name)?.clone()))).collect()
    };
    let [old, our, their, new] = [old, our, their, new].map(of);
    let is_named = |names: &BTreeSet<SecretRef>| part.iter().all(|name| names.contains(name));
    let is_changed = |one: &State, other: &State| values(one) != values(other);
    let is_conflict = is_changed(&our, &their) && is_changed(&our, &old) && is_changed(&their, &old);
    assert_eq!(is_named(&found.conflicts), is_conflict, "{part:?} is named");
    if !is_changed(&our, &their) {
        assert_eq!(values(&new), values(&our), "{part:?} is the same on both sides");
        for (name, (_, changed, half)) in &new {
            let (our, their) = (&our[name], &their[name]);
            assert_eq!(*changed, our.1.max(their.1), "{name} was changed by the later");
            assert!(*half == our.2 || *half == their.2, "{name} has a half of its own");
        }
    } else if is_changed(&their, &old) && (!is_conflict || our.is_empty()) {
        assert_eq!(new, their, "{part:?} is theirs");
        assert_eq!(is_named(&found.taken), !is_conflict, "{part:?} is taken");
    } else {
        assert_eq!(new, our, "{part:?} is ours");
    }
}

/// Files to begin with.
pub fn merge_seeds() -> Vec<String> {
    const BASE: &str = "a: one\nb: two\nc:\n  d: three\n  e: four\n";
    const OWN: &str = "hlc_delivery: x\nhlc_seal: |\n  hlc 1\n  generation 7\n  key 3f\n  delivery 9a\n  plain 51\n  reader 07 age1x\n\
        hlc_unencrypted:\n  changed: {a: '2026-05-22', c.d: '2026-05-23'}\n  public: {a: age1x, c.d: ssh-ed25519 A}\n";
    let versions = |texts: &[&str]| texts.join(VERSION);
    vec![
        versions(&[BASE]),
        versions(&[BASE, "a: other\nb: two\n", "a: one\nb: two\nc:\n  d: three\n  e: five\n"]),
        versions(&[BASE, "a: this\nc: whole\n", "a: that\nc:\n  d: other\nf: new\n"]),
        versions(&["", "a: this\n", "a: that\nb: 1\n"]),
        versions(&[
            &format!("{BASE}{OWN}"),
            &format!("{BASE}{}", OWN.replace("05-22", "05-24").replace("generation 7", "generation 8")),
            &format!(
                "{BASE}{}",
                OWN.replace("age1x}", "age1y}").replace("hlc_delivery: x", "hlc_delivery: y")
            ),
        ]),
        versions(&[BASE, "a:b: 1\n", "\"c.d\": 1\na: ''\n"]),
    ]
}
