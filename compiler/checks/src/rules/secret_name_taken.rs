//! `secret-name-taken`: two secrets with one name, and so one value.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::{collision, is_declared_twice, repeated};
use crate::lab::Lab;

declare_rule! { pub SECRET_NAME_TAKEN, "secret-name-taken", error, since "0.1", "two secrets with one name", page "secret_name_taken.md" }

/// Looks for secrets of the same full name. A key has one too: `password` of `db` is called `db.password`.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let secrets = lab.secrets.iter().map(|secret| (secret.name.clone(), &secret.place));
    let keys = lab.values().filter(|(secret, _)| secret.key.is_some());
    let keys = keys.map(|(secret, value)| (secret.to_string(), &value.place));
    let all: Vec<(String, &Place)> = secrets.chain(keys).collect();
    let twice = repeated(all.iter().map(|one| (&one.0, one)));
    let twice = twice.into_iter().filter(|(first, later)| !is_declared_twice(first.1, later.1));
    twice.map(|(first, later)| secret_name_taken(&first.0, first.1, later.1)).collect()
}

/// Both secrets have the same name.
fn secret_name_taken(name: &str, first: &Place, later: &Place) -> Problem {
    collision(
        &SECRET_NAME_TAKEN,
        format!("two secrets are called '{name}', so they would be one"),
        (first, "one is declared here".to_owned()),
        (later, "another one here".to_owned()),
    )
    .help("rename one: a secret that a kind makes is called after the declaration, such as 'db-password'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{keyed, messages, plain_secret, secret};

    #[test]
    fn secrets_have_their_own_names() {
        let found =
            |name| messages(&SECRET_NAME_TAKEN, &[secret("db-password", "postgres db"), plain_secret(name)]);
        assert_eq!(found("db-password"), ["two secrets are called 'db-password', so they would be one"]);
        assert_eq!(found("db-key"), [""; 0]);
    }

    #[test]
    fn keys_are_called_after_their_secret() {
        let found = |name| messages(&SECRET_NAME_TAKEN, &[keyed("db", &["password"]), plain_secret(name)]);
        assert_eq!(found("db.password"), ["two secrets are called 'db.password', so they would be one"]);
        assert_eq!(found("password"), [""; 0]);
    }
}
