//! Secrets, for the tests of rules.

use domain::{Date, RecipientKey};
use model::{
    Entity, Generator, Recipient, Secret, SecretFacts, SecretFile, SecretKind, SecretRef, SecretText,
    SecretValue, StoredValue,
};

use super::place;

/// A public key of somebody's.
pub(crate) const KEY: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

pub(crate) fn secret(name: &str, head: &str) -> Entity {
    Entity::Secret(Secret { name: name.to_owned(), values: vec![value(None, None)], place: place(head) })
}

/// A secret that is called as it is declared.
pub(crate) fn plain_secret(name: &str) -> Entity {
    secret(name, &format!("secret {name}"))
}

/// A secret that is generated.
pub(crate) fn generated(name: &str, generator: Generator) -> Entity {
    let values = vec![value(None, Some(generator))];
    Entity::Secret(Secret { name: name.to_owned(), values, place: place(&format!("secret {name}")) })
}

/// A secret with keys.
pub(crate) fn keyed(name: &str, keys: &[&str]) -> Entity {
    let values = keys.iter().map(|key| value(Some(key), None)).collect();
    Entity::Secret(Secret { name: name.to_owned(), values, place: place(&format!("secret {name}")) })
}

pub(crate) fn value(key: Option<&str>, generate: Option<Generator>) -> SecretValue {
    SecretValue {
        key: key.map(str::to_owned),
        kind: SecretKind::Text,
        generate,
        rotate: None,
        rotation: model::Rotation::default(),
        rotation_steps: None,
        place: place("secret value"),
    }
}

pub(crate) fn recipient(name: &str) -> Entity {
    let key = RecipientKey::parse(KEY).unwrap();
    Entity::Recipient(Recipient { name: name.to_owned(), key, place: place(&format!("recipient {name}")) })
}

/// A secret as a file on a host.
pub(crate) fn secret_file(name: &str) -> SecretFile {
    SecretFile::new(name, SecretText::of(SecretRef::whole(name)))
}

/// What is known where the file with all values has these.
pub(crate) fn stored(values: &[(SecretRef, StoredValue)]) -> SecretFacts {
    SecretFacts {
        file: "homelab.secrets.yaml".to_owned(),
        values: Some(values.iter().cloned().collect()),
        today: Some(Date::parse("2026-05-22").unwrap()),
        ..SecretFacts::default()
    }
}

/// The same, where nothing is wrong with the values.
pub(crate) fn stored_names(names: &[&str]) -> SecretFacts {
    let values: Vec<_> = names.iter().map(|name| (SecretRef::whole(*name), StoredValue::default())).collect();
    stored(&values)
}
