//! What belongs together in the file of values, and what another program did to it.

use proptest::prelude::*;
use secrets::{Fingerprint, Loose, Origin, Proven, Source};
use sops::{Document, Format, Node, Outcome, Settings, Value};

use crate::keys::{Key, set, settings, written};

/// A file for these keys, written by the first.
fn file(keys: &[&Key]) -> String {
    let mut source = Source::new();
    set(&mut source, "a", "some value");
    written(&mut source, &settings(keys, 0), keys[0]).unwrap()
}

/// The names of these keys, as the lab has them.
fn names(keys: &[&Key]) -> Vec<String> {
    keys.iter().map(|key| key.public.clone()).collect()
}

/// The file as SOPS makes it anew: under another data key, for these keys.
fn rotated(text: &str, by: &Key, keys: &[&Key]) -> String {
    let document = Document::parse(text.as_bytes(), Format::Yaml).unwrap();
    let key = document.unwrap_key(&by.access()).unwrap();
    let settings = settings(keys, 1).rule(sops::Rule::default());
    document.rotate(&key, &settings).unwrap().text
}

/// Exchanges the copies of the data key of two files, each under the name that it has.
fn with_entry_of(text: &str, other: &str) -> String {
    let entry = |text: &str| {
        let at = text.find("-----BEGIN").unwrap();
        text[at..text.find("-----END").unwrap()].to_owned()
    };
    text.replace(&entry(text), &entry(other))
}

#[test]
fn what_hlc_writes_is_whole_and_shows_who_wrote_it() {
    let (ana, rui) = (Key::new(), Key::new());
    let text = file(&[&ana, &rui]);
    for key in [&ana, &rui] {
        let source = key.open(&text).unwrap();
        assert_eq!((source.loose(), source.generation()), (&[][..], 1));
        assert_eq!(source.origin(&names(&[&ana, &rui])), Origin::Shown);
        // The lab says who may, not whoever writes; but one knows what one wrote oneself.
        let is_by_oneself = std::ptr::eq(key, &raw const ana);
        let other = Origin::Other(ana.public.clone());
        assert_eq!(source.origin(&names(&[&rui])), if is_by_oneself { Origin::Shown } else { other });
    }
}

/// A file of Eve's that says that `signer` wrote it.
fn says(settings: &Settings<'_>, eve: &Key, signer: &str) -> String {
    let mut hers = Source::new();
    set(&mut hers, "a", "hers");
    let text = written(&mut hers, settings, eve).unwrap();
    let document = Document::parse(text.as_bytes(), Format::Yaml).unwrap();
    let key = document.unwrap_key(&eve.access()).unwrap();
    let mut tree = document.decrypt(&key).unwrap();
    let Some(Node::Leaf(Value::Str(seal))) = tree.remove("hlc_seal") else { panic!("a seal") };
    let said = seal.expose().replace(&format!("by {}", eve.public), &format!("by {signer}"));
    tree.insert("hlc_seal", Value::str(said)).unwrap();
    match document.update(&key, &tree, &settings.clone().rule(sops::Rule::default())).unwrap() {
        Outcome::New(new) => new.text,
        // It says already what she is called.
        Outcome::Untouched => text,
    }
}

#[test]
fn a_file_of_public_keys_alone_is_forged() {
    let (ana, rui, eve) = (Key::new(), Key::new(), Key::new());
    let lab = names(&[&ana, &rui]);
    // Eve can write a file for anybody, and has to say who she is, or nothing.
    let mut forged = Source::new();
    set(&mut forged, "a", "hers");
    let text = written(&mut forged, &settings(&[&ana, &rui], 0), &eve).unwrap();
    assert_eq!(forged.left_to_ask(), lab);
    // That ana's key could be shown it is enough, whoever else the lab names.
    for lab in [lab.clone(), vec![], vec![ana.public.clone(), "ssh-rsa AAAA".to_owned()]] {
        assert_eq!(ana.open(&text).unwrap().origin(&lab), Origin::Unsigned);
    }
    for by in [&ana, &rui, &eve] {
        let text = says(&settings(&[&ana, &rui, &eve], 0), &eve, &by.public);
        let origin = ana.open(&text).unwrap().origin(&lab);
        let hers = std::ptr::eq(by, &raw const eve);
        assert_eq!(origin, if hers { Origin::Other(eve.public.clone()) } else { Origin::Forged });
    }
    let mut with_hers = Source::new();
    set(&mut with_hers, "a", "hers");
    let text = written(&mut with_hers, &settings(&[&ana, &rui, &eve], 0), &eve).unwrap();
    assert_eq!(ana.open(&text).unwrap().origin(&lab), Origin::Other(eve.public.clone()));
}

#[test]
fn each_way_in_which_sops_changes_its_readers_is_found() {
    let (ana, rui, eve) = (Key::new(), Key::new(), Key::new());
    let text = file(&[&ana, &rui]);
    let found = |text: &str| ana.open(text).unwrap().loose().to_vec();
    assert_eq!(found(&rotated(&text, &ana, &[&ana, &rui])), [Loose::OtherKey]);
    let out = rotated(&text, &ana, &[&ana]);
    assert_eq!(found(&out), [Loose::OtherKey, Loose::TakenOut(rui.public.clone())]);
    let other = rotated(&text, &ana, &[&ana, &eve]);
    assert_eq!(
        found(&other),
        [Loose::OtherKey, Loose::LetIn(eve.public.clone()), Loose::TakenOut(rui.public.clone())]
    );
    // A copy of another data key in place of the second one.
    let dead = with_entry_of(&text, &rotated(&text, &ana, &[&ana]));
    let names = rui.open(&text).unwrap();
    drop(names);
    let source = [&ana, &rui].iter().find_map(|key| key.open(&dead).ok());
    assert!(source.is_none_or(|source| matches!(source.loose(), [Loose::OtherEntry(_)])));
}

#[test]
fn whoever_was_taken_out_by_sops_does_not_know_what_comes() {
    let (ana, rui) = (Key::new(), Key::new());
    let text = file(&[&ana, &rui]);
    let out = rotated(&text, &ana, &[&ana]);
    let mut source = ana.open(&out).unwrap();
    let old = source.record("x", Fingerprint::of_content(b"a"), Fingerprint::of_content(b"b")).unwrap();
    let new = written(&mut source, &settings(&[&ana], 2), &ana).unwrap();
    let source = ana.open(&new).unwrap();
    assert_eq!(source.loose(), []);
    // What was noted under the old keys is out of date, and is not taken for an attack.
    assert_eq!(source.proven("x", &old), Proven::Before);
    assert_eq!(source.proven("y", &old), Proven::Not);
    let now = source.record("x", old.made_of.clone(), old.content.clone()).unwrap();
    assert_eq!(source.proven("x", &now), Proven::Now);
    assert_eq!(rui.open(&text).unwrap().proven("x", &now), Proven::Not);
}

#[test]
fn ones_own_entry_twice_is_mended() {
    let ana = Key::new();
    let text = file(&[&ana]);
    let from = text.find("        - enc: |").unwrap();
    let to = text.find("    lastmodified").unwrap();
    let twice = text.replacen("    lastmodified", &format!("{}    lastmodified", &text[from..to]), 1);
    let mut source = ana.open(&twice).unwrap();
    assert_eq!(source.loose(), [Loose::OtherEntry(ana.public.clone())]);
    let mended = written(&mut source, &settings(&[&ana], 2), &ana).unwrap();
    assert_eq!(mended.matches("-----BEGIN").count(), 1);
    assert_eq!(ana.open(&mended).unwrap().loose(), []);
}

#[test]
fn a_rekey_makes_every_copy_anew_and_keeps_the_values() {
    let (ana, rui) = (Key::new(), Key::new());
    let text = file(&[&ana, &rui]);
    let mut source = ana.open(&text).unwrap();
    let Outcome::New(new) = source.rekey(&settings(&[&ana, &rui], 3), &ana.access()).unwrap() else {
        panic!("a new file")
    };
    assert!(!new.has_new_key && new.removed.is_empty());
    let line = |text: &str| text.lines().next().unwrap().to_owned();
    assert_eq!(line(&text), line(&new.text));
    let parts = |text: &str| text.split("-----BEGIN").skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert!(parts(&text).iter().all(|part| !parts(&new.text).contains(part)));
    assert_eq!(
        (ana.open(&new.text).unwrap().generation(), rui.open(&new.text).unwrap().loose()),
        (2, &[][..])
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// A character of what stands in the block of SOPS, the copies of the data key among it, is another one: the file does
    /// not open, or it is said, or it means the same.
    #[test]
    fn no_letter_of_the_block_of_sops_is_changed_unnoticed(at in 0.0..1.0_f64, letter in "[A-Za-z0-9 :=_\n-]") {
        let (ana, rui) = keys();
        let text = file(&[ana, rui]);
        let from = text.find("\nsops:").unwrap() + 1;
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
        let at = from + ((text.len() - from - 1) as f64 * at) as usize;
        let changed = format!("{}{letter}{}", &text[..at], &text[at + 1..]);
        let whole = |text: &str| Document::parse(text.as_bytes(), Format::Yaml).map(|document| {
            let metadata = document.metadata();
            (metadata.groups.clone(), metadata.mac.clone(), metadata.last_modified.clone(), metadata.rule.clone())
        });
        if let Ok(source) = ana.open(&changed) {
            let is_same = whole(&changed).ok() == whole(&text).ok();
            prop_assert!(is_same || !source.loose().is_empty(), "{changed}");
            prop_assert_eq!(source.value(&crate::keys::secret("a")), Some("some value"));
        }
    }
}

/// Two keys, made once.
fn keys() -> (&'static Key, &'static Key) {
    static KEYS: std::sync::OnceLock<(Key, Key)> = std::sync::OnceLock::new();
    let (ana, rui) = KEYS.get_or_init(|| (Key::new(), Key::new()));
    (ana, rui)
}
