//! Encrypted copies: made, kept, and checked.

use std::collections::BTreeMap;

use emit_secrets::{Delivered, Format};
use model::{Data, SecretPart, SecretText};
use secrets::{Delivery, Error, Finding, Source, deliver, verify};
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
    let text = written(&mut source, &settings(&[admin], 0)).unwrap();
    admin.open(&text).unwrap()
}

/// Delivers to `reader` and says what became of it.
fn delivered(file: &Delivered, source: &Source, admin: &Key, reader: &Key, old: Option<&str>) -> Delivery {
    let settings = settings(&[reader], 5);
    deliver(file, source, &[admin.recipient()], old.map(str::as_bytes), &admin.access(), &settings).unwrap()
}

fn new(delivery: Delivery) -> String {
    match delivery {
        Delivery::New(text) => text,
        Delivery::Untouched => panic!("nothing was made"),
    }
}

fn found(file: &Delivered, text: &str, source: &Source, admin: &Key, reader: &Key) -> Vec<Finding> {
    let settings = settings(&[reader], 9);
    verify(file, text.as_bytes(), source, &[admin.recipient()], &admin.access(), &settings).unwrap()
}

#[test]
fn what_is_delivered_is_verified_and_stays() {
    let (admin, host) = (Key::new(), Key::new());
    let source = source(&admin);
    for reader in [&admin, &host] {
        let file = yaml(reader);
        let text = new(delivered(&file, &source, &admin, reader, None));
        assert_eq!(found(&file, &text, &source, &admin, reader), []);
        assert_eq!(delivered(&file, &source, &admin, reader, Some(&text)), Delivery::Untouched);
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
fn one_value_changes_its_lines_alone_also_where_no_admin_reads() {
    let (admin, host) = (Key::new(), Key::new());
    let mut source = source(&admin);
    for (round, reader) in [&admin, &host].into_iter().enumerate() {
        let file = yaml(reader);
        let before = new(delivered(&file, &source, &admin, reader, None));
        set(&mut source, "b", &format!("another {round}"));
        assert_eq!(found(&file, &before, &source, &admin, reader), [Finding::OldValues]);
        let after = new(delivered(&file, &source, &admin, reader, Some(&before)));
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
    let before = new(delivered(&yaml(&one), &source, &admin, &one, None));
    let after = new(delivered(&yaml(&two), &source, &admin, &two, Some(&before)));
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
    let text = new(delivered(&file, &source, &admin, &host, None));
    assert_eq!(found(&file, &text, &source, &admin, &host), []);
    let document = Document::parse(text.as_bytes(), sops::Format::Binary).unwrap();
    let tree = document.decrypt(&document.unwrap_key(&host.access()).unwrap()).unwrap();
    assert_eq!(tree.to_text(sops::Format::Binary).unwrap().expose().as_slice(), [0, 1, 2, 255]);
    set(&mut source, "bytes", "no Base64!");
    let settings = settings(&[&host], 5);
    let made = deliver(&file, &source, &[admin.recipient()], None, &admin.access(), &settings);
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
        let good = new(delivered(&file, &source, &admin, reader, None));
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
            assert_ne!(found(&file, &changed, &source, &admin, reader), [], "{changed}");
            let mended = new(delivered(&file, &source, &admin, reader, Some(&changed)));
            assert_eq!(found(&file, &mended, &source, &admin, reader), []);
        }
    }
}

#[test]
fn what_has_no_value_is_not_delivered() {
    let admin = Key::new();
    let mut source = source(&admin);
    source.remove(&secret("b"));
    let settings = settings(&[&admin], 5);
    let made = deliver(&yaml(&admin), &source, &[admin.recipient()], None, &admin.access(), &settings);
    assert_eq!(made, Err(Error::NoValue(secret("b"))));
}
