//! `unmakeable-secret`: a secret that is to be made of one that has no value.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Problem, declare_rule};
use model::{Generator, SecretKind, SecretRef, SecretValue};

use crate::lab::Lab;

declare_rule! { pub UNMAKEABLE_SECRET, "unmakeable-secret", error, since "0.1", "a secret that is to be made of one that has no value", page "unmakeable_secret.md" }

/// Looks for hashes of what has no text of its own to hash, and of themselves.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let values: BTreeMap<SecretRef, &SecretValue> = lab.values().collect();
    let made = lab.values().filter_map(|(secret, value)| {
        let source = value.generate.as_ref()?.source()?;
        let cause = cause(&secret, source, &values)?;
        Some(unmakeable_secret(&secret, value, &cause))
    });
    made.collect()
}

/// Why `secret` cannot be made of `source`.
fn cause(
    secret: &SecretRef,
    source: &SecretRef,
    values: &BTreeMap<SecretRef, &SecretValue>,
) -> Option<String> {
    let Some(value) = values.get(source) else {
        return Some(format!("'{source}' has no value of its own"));
    };
    if value.kind == SecretKind::Bytes {
        return Some(format!("'{source}' holds bytes, and only a text can be hashed"));
    }
    let mut seen = BTreeSet::from([source]);
    let mut next = source;
    while let Some(further) =
        values.get(next).and_then(|value| value.generate.as_ref()).and_then(Generator::source)
    {
        if !seen.insert(further) {
            break;
        }
        next = further;
    }
    seen.contains(secret).then(|| format!("it would be made of itself, by way of '{source}'"))
}

/// There is nothing to make it of.
fn unmakeable_secret(secret: &SecretRef, value: &SecretValue, cause: &str) -> Problem {
    Problem::new(
        &UNMAKEABLE_SECRET,
        value.place.clone(),
        format!("secret '{secret}' cannot be made: {cause}"),
    )
    .help("name a secret that has a text as its value")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{generated, keyed, messages, plain_secret};
    use model::Entity;

    fn hash(name: &str, of: SecretRef) -> Entity {
        generated(name, Generator::Bcrypt { of, cost: 12 })
    }

    #[test]
    fn hashes_are_of_values() {
        let lab = [
            plain_secret("password"),
            keyed("db", &["password"]),
            generated("salt", Generator::Bytes(16)),
            hash("fine", SecretRef::whole("password")),
            hash("of-key", SecretRef::key("db", "password")),
            hash("of-whole", SecretRef::whole("db")),
        ];
        assert_eq!(
            messages(&UNMAKEABLE_SECRET, &lab),
            ["secret 'of-whole' cannot be made: 'db' has no value of its own"]
        );
    }

    #[test]
    fn nothing_is_made_of_itself() {
        let lab = [
            hash("a", SecretRef::whole("b")),
            hash("b", SecretRef::whole("a")),
            hash("outside", SecretRef::whole("a")),
        ];
        assert_eq!(
            messages(&UNMAKEABLE_SECRET, &lab),
            [
                "secret 'a' cannot be made: it would be made of itself, by way of 'b'",
                "secret 'b' cannot be made: it would be made of itself, by way of 'a'",
            ]
        );
    }
}
