//! `unknown-field`: a field that its kind does not have.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::suggested;

declare_rule! { pub UNKNOWN_FIELD, "unknown-field", error, since "0.1", "a field that its kind does not have", page "unknown_field.md" }

/// `owner` (`an app`) has no field `name`; `near` are fields that it may have meant.
pub fn unknown_field(place: Place, owner: &str, name: &str, near: &[&str]) -> Problem {
    let problem = Problem::new(&UNKNOWN_FIELD, place.clone(), format!("{owner} has no field '{name}'"));
    suggested(problem, &place, near)
}
