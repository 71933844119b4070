//! `secret-name-taken`: two secrets with one name, and so one value.

use diagnostics::{Problem, declare_rule};
use model::Secret;

use super::{collision, is_declared_twice, repeated};
use crate::lab::Lab;

declare_rule! { pub SECRET_NAME_TAKEN, "secret-name-taken", error, since "0.1", "two secrets with one name", page "secret_name_taken.md" }

/// Looks for secrets of the same full name.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let twice = repeated(lab.secrets.iter().map(|&secret| (&secret.name, secret)));
    let twice = twice.into_iter().filter(|(first, later)| !is_declared_twice(&first.place, &later.place));
    twice.map(|(first, later)| secret_name_taken(first, later)).collect()
}

/// Both secrets have the same name.
fn secret_name_taken(first: &Secret, later: &Secret) -> Problem {
    collision(
        &SECRET_NAME_TAKEN,
        format!("two secrets are called '{}', so they would be one", later.name),
        (&first.place, "one is declared here".to_owned()),
        (&later.place, "another one here".to_owned()),
    )
    .help("rename one: a secret that a kind makes is called after the declaration, such as 'db-password'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{messages, plain_secret, secret};

    #[test]
    fn secrets_have_their_own_names() {
        let found = |name| {
            let lab = [secret("db-password", "postgres db"), plain_secret(name)];
            messages(&SECRET_NAME_TAKEN, &lab)
        };
        assert_eq!(found("db-password"), ["two secrets are called 'db-password', so they would be one"]);
        assert_eq!(found("db-key"), [""; 0]);
    }
}
