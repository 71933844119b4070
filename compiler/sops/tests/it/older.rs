//! Files in the forms that SOPS wrote over the years.

use sops::{Document, Format, Outcome, encrypt};

use crate::plain::{Plain, list, map, text};
use crate::sandbox::{Sandbox, settings};

fn tree(password: &str) -> Plain {
    map([("a", map([("password", text(password))])), ("l", list([text("x"), Plain::Int(1)]))])
}

/// The `sops` block as versions before 3.13 wrote it: in another order, and with lists of keys that are not there.
fn block(document: &Document, version: &str, before: &[&str], after: &[&str]) -> String {
    let metadata = document.metadata();
    let entry = &metadata.groups[0].age[0];
    let enc = entry.enc.trim_end().replace('\n', "\n            ");
    let empty =
        |names: &[&str]| names.iter().map(|name| format!("    {name}: []\n")).collect::<Vec<_>>().concat();
    format!(
        "sops:\n{}    age:\n        - recipient: {}\n          enc: |\n            {enc}\n    lastmodified: \"{}\"\n    mac: {}\n{}    \
         unencrypted_suffix: _unencrypted\n    version: {version}\n",
        empty(before),
        entry.recipient,
        metadata.last_modified,
        metadata.mac.as_ref().unwrap(),
        empty(after),
    )
}

#[test]
fn files_of_all_versions_are_read_left_alone_and_updated() {
    let services = ["kms", "gcp_kms", "azure_kv", "hc_vault"];
    let forms: [(&str, &[&str], &[&str]); 5] = [
        ("3.7.3", &services, &["pgp"]),
        ("3.8.1", &services, &["pgp"]),
        ("3.9.4", &services, &["pgp"]),
        ("3.10.2", &[], &[]),
        ("3.12.2", &[], &[]),
    ];
    for (version, before, after) in forms {
        let sandbox = Sandbox::new("a.yaml");
        let new = encrypt(&tree("a").tree(), Format::Yaml, &settings([&sandbox.key])).unwrap();
        let document = Document::parse(new.as_bytes(), Format::Yaml).unwrap();
        let values = &new[..new.find("sops:").unwrap()];
        let old = format!("{values}{}", block(&document, version, before, after));
        sandbox.write(&old);
        sandbox.sops(&["decrypt"]).succeeded();

        let document = sandbox.document();
        let key = sandbox.key.unwrap(&document).unwrap();
        assert_eq!(Plain::from(&document.decrypt(&key).unwrap()), tree("a"), "{version}");
        let update =
            |password| document.update(&key, &tree(password).tree(), &settings([&sandbox.key])).unwrap();
        assert!(matches!(update("a"), Outcome::Untouched), "{version}");
        let Outcome::New(file) = update("b") else { panic!("{version} is untouched") };
        assert!(file.text.contains(&format!("version: {version}\n")) && !file.has_new_key, "{}", file.text);
        sandbox.write(&file.text);
        sandbox.sops(&["decrypt"]).succeeded();
    }
}

/// Before version 3.7 there was no age. Nobody here can decrypt such a key, but the file is read, and what it says
/// about its keys is known.
#[test]
fn files_for_other_kinds_of_keys_are_read_and_named() {
    let sandbox = Sandbox::new("a.yaml");
    let new = encrypt(&tree("a").tree(), Format::Yaml, &settings([&sandbox.key])).unwrap();
    let document = Document::parse(new.as_bytes(), Format::Yaml).unwrap();
    let key = sandbox.key.unwrap(&document).unwrap();
    let at = new.find("    age:").unwrap();
    let end = new.find("    lastmodified").unwrap();
    let pgp = "    pgp:\n        - created_at: \"2019-01-01T00:00:00Z\"\n          enc: |\n            x\n          fp: 85D77543\n";
    let old = format!("{}{pgp}{}", &new[..at], &new[end..]);
    let document = Document::parse(old.as_bytes(), Format::Yaml).unwrap();
    assert_eq!(Plain::from(&document.decrypt(&key).unwrap()), tree("a"));
    let error = sandbox.key.unwrap(&document).unwrap_err();
    assert_eq!(error.to_string(), "none of the identities can decrypt it; it is for pgp 85D77543");
    // Who is no recipient any more takes the key along.
    let Ok(Outcome::New(file)) = document.update(&key, &tree("a").tree(), &settings([&sandbox.key])) else {
        panic!("untouched")
    };
    assert!(file.has_new_key);
    assert_eq!(file.removed, ["pgp 85D77543"]);
}

#[test]
fn a_time_without_quotes_is_refused_as_by_sops() {
    let sandbox = Sandbox::new("a.yaml");
    let new = encrypt(&tree("a").tree(), Format::Yaml, &settings([&sandbox.key])).unwrap();
    let old = new.replace("\"2023-11-14T22:13:20Z\"", "2023-11-14T22:13:20Z");
    sandbox.write(&old);
    sandbox.sops(&["decrypt"]).failed();
    let error = Document::parse(old.as_bytes(), Format::Yaml).unwrap_err();
    assert_eq!(error.to_string(), "'lastmodified' in the 'sops' block must be in quotes");
}
