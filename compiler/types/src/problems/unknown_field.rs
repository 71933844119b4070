//! `unknown-field`: a field that its kind does not have.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub UNKNOWN_FIELD, "unknown-field", error, since "0.1", "a field that its kind does not have", page "unknown_field.md" }

/// `owner` (`an app`) has no field `name`.
pub fn unknown_field(place: Place, owner: &str, name: &str) -> Problem {
    Problem::new(&UNKNOWN_FIELD, place, format!("{owner} has no field '{name}'"))
}
