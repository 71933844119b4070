//! `unknown-type`: a type that does not exist.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::suggested;

declare_rule! { pub UNKNOWN_TYPE, "unknown-type", error, since "0.1", "a type that does not exist", page "unknown_type.md" }

/// There is no type `name`.
pub fn unknown_type(place: Place, name: &str, near: &[&str]) -> Problem {
    let problem = Problem::new(&UNKNOWN_TYPE, place.clone(), format!("there is no type '{name}'"));
    suggested(problem, &place, name, near)
}

/// The type is used in a way that it cannot be.
pub fn misused_type(place: Place, message: impl Into<String>, help: &str) -> Problem {
    Problem::new(&UNKNOWN_TYPE, place, message).help(help)
}
