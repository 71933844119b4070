//! The plain part of the file that holds all values: their names, whether they are empty, and what anybody may know.
//!
//! ```yaml
//! pihole-admin: ENC[…]                 a value
//! db:                                  a secret with keys
//!   password: ENC[…]
//! hlc_unencrypted:                     plain, because SOPS leaves alone what is called so
//!   changed: { pihole-admin: "2026-05-22" }
//!   public: { deploy: ssh-ed25519 AAAA… }
//! sops: …                              SOPS' own
//! ```
//!
//! SOPS authenticates plain values like the others: whoever decrypts the file finds out whether one was changed.

use std::collections::BTreeMap;

use domain::Invalid;
use model::{SecretFacts, SecretRef, StoredValue};
use serde_yaml::{Mapping, Value};

/// What stands under this key is plain: SOPS encrypts nothing below a key that ends in `_unencrypted`.
pub const PLAIN: &str = "hlc_unencrypted";
/// What SOPS keeps for itself.
const OWN: &str = "sops";
/// How names begin under which hlc keeps what is no secret of the lab.
const RESERVED: &str = "hlc_";

/// So many brackets are open at a time in no file of secrets, and the reader of YAML looks at all of them again for each
/// that follows.
const DEEPEST: usize = 1000;

/// How many brackets are open at a time, wherever they stand.
fn most_open(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

/// What `text`, the file called `file`, tells without a key.
pub fn stored_secrets(file: &str, text: &str) -> Result<SecretFacts, Invalid> {
    if most_open(text) > DEEPEST {
        return Err(Invalid::new(format!("{file} has too many brackets, one in the other"))
            .with_help("take it back from Git, or repair it with 'sops'"));
    }
    let all: Mapping = match serde_yaml::from_str(text) {
        Ok(Value::Mapping(all)) => all,
        Ok(Value::Null) => Mapping::new(),
        Ok(_) => return Err(Invalid::new(format!("{file} is not a map of secrets"))),
        Err(error) => {
            let place = error.location().map_or_else(String::new, |place| format!(":{}", place.line()));
            // Its own words may have something of a value in them.
            let said = error.to_string();
            let what = match () {
                () if said.contains("duplicate entry") => "has a name twice",
                () if said.contains("more than one document") => "has several documents",
                () => "is not YAML",
            };
            return Err(Invalid::new(format!("{file}{place} {what}"))
                .with_help("take it back from Git, or repair it with 'sops'"));
        }
    };
    let is_encrypted = all.contains_key(OWN);
    let mut values = BTreeMap::new();
    for (name, value) in named(&all).filter(|(name, _)| *name != OWN && !name.starts_with(RESERVED)) {
        match value {
            Value::Mapping(keys) => values.extend(
                named(keys).map(|(key, value)| (SecretRef::key(name, key), stored(value, is_encrypted))),
            ),
            value => drop(values.insert(SecretRef::whole(name), stored(value, is_encrypted))),
        }
    }
    let plain = |section: &str| all.get(PLAIN).and_then(|plain| plain.get(section)?.as_mapping());
    let texts = |section| {
        let texts = plain(section).into_iter().flat_map(named);
        texts.filter_map(|(name, text)| Some((name.to_owned(), text.as_str()?.to_owned())))
    };
    let facts = SecretFacts {
        file: file.to_owned(),
        readers: all.get(OWN).and_then(readers),
        public: texts("public").collect(),
        ..SecretFacts::default()
    };
    Ok(facts.with_values(values, &texts("changed").collect()))
}

/// Whom the file is for: those of age, which is all that hlc writes.
fn readers(own: &Value) -> Option<Vec<String>> {
    let reader = |entry: &Value| Some(entry.get("recipient")?.as_str()?.to_owned());
    Some(own.get("age")?.as_sequence()?.iter().filter_map(reader).collect())
}

fn named(mapping: &Mapping) -> impl Iterator<Item = (&str, &Value)> {
    mapping.iter().filter_map(|(key, value)| Some((key.as_str()?, value)))
}

fn stored(value: &Value, is_encrypted: bool) -> StoredValue {
    let text = value.as_str();
    let is_empty = matches!(value, Value::Null) || text == Some("");
    let is_plain = !is_encrypted || !is_empty && !looks_encrypted(value);
    StoredValue { is_empty, is_plain: is_plain && !is_empty, ..StoredValue::default() }
}

/// Whether a value, or all that is in it, is encrypted: a list is no value of a secret, but not a readable one either.
fn looks_encrypted(value: &Value) -> bool {
    match value {
        Value::String(text) => text.starts_with("ENC["),
        Value::Sequence(items) => items.iter().all(looks_encrypted),
        Value::Mapping(entries) => entries.values().all(looks_encrypted),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nests_without_end_is_refused_before_it_is_read() {
        for open in ["[", "{", "[{a: "] {
            let text = format!("z: {}", open.repeat(100_000));
            let refused = stored_secrets("x.yaml", &text).unwrap_err().reason;
            assert_eq!(refused, "x.yaml has too many brackets, one in the other");
        }
        assert_eq!(most_open("a: [[b], {c: d}] ] ["), 2);
    }

    const FILE: &str = "
pihole-admin: ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]
empty: \"\"
db:
  user: ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]
  password: hunter2
hlc_unencrypted:
  changed: { pihole-admin: \"2026-05-22T20:16:23Z\", db.user: 2026-01-02, gone: x }
  public: { deploy: ssh-ed25519 AAAA }
sops: { version: 3.13.3, age: [ { enc: x, recipient: age1x } ] }
";

    #[test]
    fn names_and_what_is_plain_are_read() {
        let facts = stored_secrets("homelab.secrets.yaml", FILE).unwrap();
        let values = facts.values.unwrap();
        let shown = values.iter().map(|(name, value)| {
            let changed = value.changed.map_or_else(String::new, |day| day.to_string());
            format!("{name} {} {} {changed}", value.is_empty, value.is_plain)
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                "db.password false true ",
                "db.user false false 2026-01-02",
                "empty true false ",
                "pihole-admin false false 2026-05-22",
            ]
        );
        assert_eq!(facts.readers, Some(vec!["age1x".to_owned()]));
        assert_eq!(facts.public, BTreeMap::from([("deploy".to_owned(), "ssh-ed25519 AAAA".to_owned())]));
    }

    #[test]
    fn without_sops_all_is_plain() {
        assert_eq!(stored_secrets("x.yaml", "a: x\n").unwrap().readers, None);
        let facts = stored_secrets("x.yaml", "a: ENC[x]\n").unwrap();
        assert!(facts.values.unwrap()[&SecretRef::whole("a")].is_plain);
        assert_eq!(stored_secrets("x.yaml", "").unwrap().values, Some(BTreeMap::new()));
    }

    #[test]
    fn other_files_are_refused_without_repeating_them() {
        let refused = |text: &str| stored_secrets("x.yaml", text).unwrap_err().reason;
        assert_eq!(refused("- a\n"), "x.yaml is not a map of secrets");
        assert_eq!(refused("a: 1\nb: hunter2: x\n"), "x.yaml:2 is not YAML");
        assert_eq!(refused("a: hunter2\nb: 1\na: 2\n"), "x.yaml:1 has a name twice");
        assert_eq!(refused("a: hunter2\n---\na: 2\n"), "x.yaml has several documents");
    }
}
