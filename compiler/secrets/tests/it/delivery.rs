//! Encrypted copies: made, kept, and checked.

use std::collections::BTreeMap;

use emit_secrets::{Delivered, Format};
use model::{Data, SecretPart, SecretText};
use secrets::{Error, Finding, Fingerprint, Found, Source, deliver, verify};
use sops::Document;

use crate::keys::{Key, secret, set, settings, written};

/// A file for `reader` with a value, one that is part of a text, and something plain.
fn yaml(reader: &Key) -> Delivered {
    let text =
        SecretText { parts: vec![SecretPart::Plain("x=".to_owned()), SecretPart::Secret(secret("b"))] };
    let tree = Data::Map(BTreeMap::from([
        ("a".to_owned(), Data::Secret(SecretText::of(secret("a")))),
        ("b".to_owned(), Data::List(vec![Data::Secret(text), Data::Text("plain".to_owned())])),
    ]));
    Delivered { path: "k8s/x.yaml".to_owned(), format: Format::Yaml, readers: vec![reader.recipient()], tree }
}

/// The values, and the file that they are kept in.
fn source(admin: &Key) -> Source {
    let mut source = Source::new();
    set(&mut source, "a", "value of a");
    set(&mut source, "b", "value of b");
    set(&mut source, "bytes", "AAEC/w==");
    let text = written(&mut source, &settings(&[admin], 0), admin).unwrap();
    admin.open(&text).unwrap()
}

/// Delivers to `reader`.
fn delivered(file: &Delivered, source: &Source, reader: &Key, found: Found<'_>) -> String {
    deliver(file, source, found, &settings(&[reader], 5)).unwrap()
}

/// What is wrong with a file whose record says that hlc wrote it so.
fn found(file: &Delivered, text: &str, source: &Source, reader: &Key) -> Vec<Finding> {
    let made_of = Fingerprint::of_content(b"what it is made of");
    let record = source.record(&file.path, made_of, Fingerprint::of_content(text.as_bytes())).unwrap();
    verify(file, text.as_bytes(), Some(&record), source, &settings(&[reader], 9)).unwrap()
}

/// The copies of the data key.
fn entries(text: &str) -> Vec<&str> {
    let all = text.split("-----BEGIN").skip(1);
    all.map(|part| part.split("-----END").next().unwrap()).collect()
}

#[test]
fn what_is_delivered_is_verified_and_stays() {
    let (admin, host) = (Key::new(), Key::new());
    let source = source(&admin);
    for reader in [&admin, &host] {
        let file = yaml(reader);
        let text = delivered(&file, &source, reader, Found::Nothing);
        assert_eq!(found(&file, &text, &source, reader), []);
        assert_eq!(delivered(&file, &source, reader, Found::Own(text.as_bytes())), text);
        // Its reader reads it by himself.
        let document = Document::parse(text.as_bytes(), sops::Format::Yaml).unwrap();
        let tree = document.decrypt(&document.unwrap_key(&reader.access()).unwrap()).unwrap();
        let sops::Node::Leaf(value) = tree.get("a").unwrap() else { panic!("a value") };
        assert_eq!(value.as_str(), Some("value of a"));
        // No other does.
        let other = if std::ptr::eq(reader, &raw const admin) { &host } else { &admin };
        assert!(document.unwrap_key(&other.access()).is_err());
        assert!(!text.contains("value of") && !text.contains("plain"));
    }
}

#[test]
fn what_nothing_is_known_of_keeps_no_copy_of_its_data_key() {
    let (admin, host) = (Key::new(), Key::new());
    let source = source(&admin);
    for reader in [&admin, &host] {
        let file = yaml(reader);
        let text = delivered(&file, &source, reader, Found::Nothing);
        let again = delivered(&file, &source, reader, Found::Something(text.as_bytes()));
        let sealed = |text: &str| {
            text.lines().filter(|line| line.contains("ENC[")).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(sealed(&text), sealed(&again), "values and MAC stay");
        assert_ne!(entries(&text), entries(&again));
        // Without a record nothing shows whose copies they are.
        let findings = verify(&file, again.as_bytes(), None, &source, &settings(&[reader], 9)).unwrap();
        assert_eq!(findings, [Finding::OtherEntries]);
    }
}

#[test]
fn a_data_key_that_somebody_else_made_is_never_kept() {
    let (admin, host, eve) = (Key::new(), Key::new(), Key::new());
    let source = source(&admin);
    for reader in [&admin, &host] {
        let file = yaml(reader);
        // A good file in all but its data key, for the public key of its reader.
        let mut forged = Source::new();
        set(&mut forged, "a", "value of a");
        set(&mut forged, "b", "value of b");
        let text = written(&mut forged, &settings(&[&eve], 0), &eve).unwrap();
        let forged = eve.open(&text).unwrap();
        let planted = delivered(&file, &forged, reader, Found::Nothing);
        let document = Document::parse(planted.as_bytes(), sops::Format::Yaml).unwrap();
        let planted_key = document.unwrap_key(&reader.access()).unwrap();
        assert_ne!(found(&file, &planted, &source, reader), []);
        for found in [Found::Something(planted.as_bytes()), Found::Own(planted.as_bytes())] {
            let made = delivered(&file, &source, reader, found);
            let made = Document::parse(made.as_bytes(), sops::Format::Yaml).unwrap();
            assert!(made.decrypt(&planted_key).is_err(), "the planted data key opens what was made");
        }
    }
}

#[test]
fn one_value_changes_its_lines_alone_also_where_no_admin_reads() {
    let (admin, host) = (Key::new(), Key::new());
    let mut source = source(&admin);
    for (round, reader) in [&admin, &host].into_iter().enumerate() {
        let file = yaml(reader);
        let before = delivered(&file, &source, reader, Found::Nothing);
        set(&mut source, "b", &format!("another {round}"));
        assert_eq!(found(&file, &before, &source, reader), [Finding::OldValues]);
        let after = delivered(&file, &source, reader, Found::Own(before.as_bytes()));
        let changed: Vec<&str> = before
            .lines()
            .zip(after.lines())
            .filter(|(old, new)| old != new)
            .map(|(old, _)| old.trim())
            .collect();
        assert_eq!(before.lines().count(), after.lines().count());
        // The time is the same in this test.
        assert!(
            changed.len() == 2 && changed[0].starts_with("- ENC[") && changed[1].starts_with("mac: "),
            "{changed:?}"
        );
    }
}

#[test]
fn another_reader_gets_another_key() {
    let (admin, one, two) = (Key::new(), Key::new(), Key::new());
    let source = source(&admin);
    let before = delivered(&yaml(&one), &source, &one, Found::Nothing);
    let after = delivered(&yaml(&two), &source, &two, Found::Own(before.as_bytes()));
    assert_ne!(before.lines().next(), after.lines().next());
    let key = |text: &str, by: &Key| {
        Document::parse(text.as_bytes(), sops::Format::Yaml).unwrap().unwrap_key(&by.access())
    };
    let old_key = key(&before, &one).unwrap();
    assert!(key(&after, &one).is_err());
    let document = Document::parse(after.as_bytes(), sops::Format::Yaml).unwrap();
    assert!(document.decrypt(&old_key).is_err(), "the old data key opens the new file");
}

#[test]
fn bytes_are_decoded() {
    let (admin, host) = (Key::new(), Key::new());
    let mut source = source(&admin);
    let tree = Data::Secret(SecretText::of_bytes(secret("bytes")));
    let readers = vec![host.recipient()];
    let file = Delivered { path: "nixos/secrets/h/b.bin".to_owned(), format: Format::Binary, readers, tree };
    let text = delivered(&file, &source, &host, Found::Nothing);
    assert_eq!(found(&file, &text, &source, &host), []);
    let document = Document::parse(text.as_bytes(), sops::Format::Binary).unwrap();
    let tree = document.decrypt(&document.unwrap_key(&host.access()).unwrap()).unwrap();
    assert_eq!(tree.to_text(sops::Format::Binary).unwrap().expose().as_slice(), [0, 1, 2, 255]);
    set(&mut source, "bytes", "no Base64!");
    let made = deliver(&file, &source, Found::Nothing, &settings(&[&host], 5));
    assert!(
        made.is_err_and(|error| error.to_string().contains("not Base64") && !error.to_string().contains('!'))
    );
}

#[test]
fn what_is_damaged_is_found_and_made_anew() {
    let (admin, host) = (Key::new(), Key::new());
    let source = source(&admin);
    for reader in [&admin, &host] {
        let file = yaml(reader);
        let good = delivered(&file, &source, reader, Found::Nothing);
        let changes = [
            good.replacen("data:", "data:AAAA", 1),
            good.replacen("a: ENC", "c: ENC", 1),
            good.replace("mac: ENC", "mad: ENC"),
            format!("x: null\n{good}"),
            format!("# fine\n{good}"),
            good[..good.len() / 2].to_owned(),
            String::new(),
        ];
        for changed in changes {
            assert_ne!(found(&file, &changed, &source, reader), [], "{changed}");
            let mended = delivered(&file, &source, reader, Found::Something(changed.as_bytes()));
            assert_eq!(found(&file, &mended, &source, reader), []);
        }
    }
}

#[test]
fn what_says_the_same_in_other_letters_is_found_and_made_anew() {
    let (admin, host) = (Key::new(), Key::new());
    let source = source(&admin);
    let file = yaml(&host);
    let good = delivered(&file, &source, &host, Found::Nothing);
    let version = good.lines().last().unwrap();
    let mac = good.lines().find(|line| line.contains("mac: ")).unwrap();
    let escaped = mac.replace("mac: ENC[", "mac: \"\\x45NC[") + "\"";
    let changes = [
        good.replace("a: ENC", "\"a\": ENC"),
        good.replace("a: ENC", "'a': ENC"),
        good.replace('\n', "\r\n"),
        format!("\u{feff}{good}"),
        good.replace(version, "    version: 3.12.0"),
        good.replace(mac, &escaped),
        format!("---\n{good}"),
        format!("{good}\n"),
        good.replace("    unencrypted_suffix: _unencrypted\n", ""),
        good.replace("sops:\n", "sops:\n    pgp: []\n"),
    ];
    for changed in changes {
        assert_ne!(changed, good);
        assert_eq!(found(&file, &changed, &source, &host), [Finding::OtherForm], "{changed}");
        let mended = delivered(&file, &source, &host, Found::Something(changed.as_bytes()));
        assert_eq!(found(&file, &mended, &source, &host), [], "{mended}");
    }
}

#[test]
fn what_has_no_value_is_not_delivered() {
    let admin = Key::new();
    let mut source = source(&admin);
    source.remove(&secret("b"));
    let made = deliver(&yaml(&admin), &source, Found::Nothing, &settings(&[&admin], 5));
    assert_eq!(made, Err(Error::NoValue(secret("b"))));
}
