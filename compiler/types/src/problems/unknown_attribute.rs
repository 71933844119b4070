//! `unknown-attribute`: an attribute that does not exist.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::suggested;

declare_rule! { pub UNKNOWN_ATTRIBUTE, "unknown-attribute", error, since "0.1", "an attribute that does not exist", page "unknown_attribute.md" }

/// There is no attribute `@name`.
pub fn unknown_attribute(place: Place, name: &str, near: &[&str]) -> Problem {
    let problem = Problem::new(&UNKNOWN_ATTRIBUTE, place.clone(), format!("there is no attribute '@{name}'"));
    suggested(problem, &place, near)
}

/// The attribute is used wrongly.
pub fn misused_attribute(place: Place, message: impl Into<String>) -> Problem {
    Problem::new(&UNKNOWN_ATTRIBUTE, place, message)
}
