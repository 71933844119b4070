//! `no-public-key`: the public key of a secret that has none, or none yet.

use diagnostics::{Problem, declare_rule};
use model::SecretRef;
use source::Place;

declare_rule! { pub NO_PUBLIC_KEY, "no-public-key", error, since "0.1", "the public key of a secret that has none, or none yet", page "no_public_key.md" }

/// The pair of keys has not been made.
pub fn unknown_public_key(place: Place, secret: &SecretRef) -> Problem {
    Problem::new(&NO_PUBLIC_KEY, place, format!("the public key of secret '{secret}' is not known yet"))
        .help(format!(
            "run 'hlc secrets generate {secret}', which makes both keys, or 'rotate' if there is a value that is no key"
        ))
}

/// The secret is not a pair of keys.
pub fn no_pair_of_keys(place: Place, secret: &SecretRef) -> Problem {
    Problem::new(&NO_PUBLIC_KEY, place, format!("secret '{secret}' has no public key"))
        .help("only what 'ssh-key()' or 'age-key()' generates has one")
}
