//! `secret-in-file`: a secret in a file that the lab reads.

use diagnostics::{Problem, declare_rule};
use documents::Leak;
use source::Place;

declare_rule! { pub SECRET_IN_FILE, "secret-in-file", error, since "0.1", "a secret in a file that the lab reads", page "secret_in_file.md" }

/// A document is a Secret with its values; only what it is, is shown.
pub fn plain_secret(place: Place) -> Problem {
    Problem::new(
        &SECRET_IN_FILE,
        place,
        "this Secret has its values in the file, where everybody can read them",
    )
    .help("declare a 'secret', and a manifest of kind \"Secret\" with it in 'stringData'; leave this one out")
}

/// The file at `path` has something in it that is a secret. What it is, is not said: it would be in every log.
pub fn secret_in_file(place: Place, path: &str, leak: Leak) -> Problem {
    let problem = Problem::new(&SECRET_IN_FILE, place, format!("'{path}' {}", leak.said()));
    problem.help(match leak {
        Leak::Sops => {
            "what is read from a file is built in plain: declare a 'secret', and take its value over with 'hlc secrets import'"
        }
        Leak::AgeKey | Leak::PrivateKey => {
            "whoever reads the repository has it: declare a 'secret', set it with 'hlc secrets set', and take it out of the file"
        }
    })
}
