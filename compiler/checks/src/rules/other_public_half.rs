//! `other-public-half`: the public half of a pair of keys is not that of the private one.

use diagnostics::{Problem, declare_rule};
use model::{SecretRef, SecretValue};

use crate::lab::Lab;

declare_rule! { pub OTHER_PUBLIC_HALF, "other-public-half", error, since "0.1", "a public key that is not that of its private key", page "other_public_half.md" }

/// Looks for pairs of keys that are none, as far as somebody could decrypt them.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let Some(stored) = lab.known.and_then(|known| known.values.as_ref()) else { return Vec::new() };
    let is_other = |secret: &SecretRef| stored.get(secret).is_some_and(|value| value.has_other_half);
    let others = lab.values().filter(|(secret, _)| is_other(secret));
    others.map(|(secret, value)| other_public_half(&secret, value)).collect()
}

fn other_public_half(secret: &SecretRef, value: &SecretValue) -> Problem {
    let message =
        format!("the public key of secret '{secret}' is not that of the private key that is there now");
    Problem::new(&OTHER_PUBLIC_HALF, value.place.clone(), message).help(
        "if it was you who changed the private key, run 'hlc secrets rekey', which makes the public one anew",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{generated, problems_knowing, stored};
    use model::{Generator, StoredValue};

    #[test]
    fn halves_belong_together() {
        for (has_other_half, count) in [(true, 1), (false, 0)] {
            let known =
                stored(&[(SecretRef::whole("a"), StoredValue { has_other_half, ..StoredValue::default() })]);
            let lab = [generated("a", Generator::AgeKey), generated("b", Generator::AgeKey)];
            assert_eq!(problems_knowing(&OTHER_PUBLIC_HALF, &lab, Some(&known)).len(), count);
        }
    }
}
