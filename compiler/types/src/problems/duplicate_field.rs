//! `duplicate-field`: a field that is set twice in one place.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub DUPLICATE_FIELD, "duplicate-field", error, since "0.1", "a field that is set twice in one place", page "duplicate_field.md" }

/// A kind declares field `name` here and, before, at `first`.
pub fn declared_twice(place: Place, name: &str, first: Place) -> Problem {
    Problem::new(&DUPLICATE_FIELD, place, format!("field '{name}' is declared twice"))
        .label("declared again here")
        .also(first, "first declared here")
        .help("remove one of them, or give it another name")
}

/// `name` is set here and, before, at `first`; `adds` whether what it is set to can be added.
pub fn duplicate_field(place: Place, name: &str, first: Place, adds: bool) -> Problem {
    let help = if adds { "remove one of them, or use '+=' to add" } else { "remove one of them" };
    Problem::new(&DUPLICATE_FIELD, place, format!("'{name}' is set twice"))
        .label("set again here")
        .also(first, "first set here")
        .help(help)
}
