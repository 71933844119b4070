//! `duplicate-name`: two declarations of one kind with one name.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub DUPLICATE_NAME, "duplicate-name", error, since "0.1", "two declarations of one kind with one name", page "duplicate_name.md" }

/// There can be one declaration of `kind` only, and one is at `first`.
pub fn only_one(place: Place, kind: &str, first: Place) -> Problem {
    Problem::new(&DUPLICATE_NAME, place, format!("there can be only one {kind}"))
        .also(first, "it is declared here")
        .help("remove one of them, or move what it says into the other")
}

/// `what` (`host 'homelab-0'`) is declared here and, before, at `first`.
pub fn duplicate_name(place: Place, what: &str, first: Place) -> Problem {
    Problem::new(&DUPLICATE_NAME, place, format!("{what} is declared twice"))
        .label("declared again here")
        .also(first, "first declared here")
        .help("rename one of them, or move what it says into the other")
}
