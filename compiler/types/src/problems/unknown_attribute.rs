//! `unknown-attribute`: an attribute that does not exist.

use diagnostics::{Problem, closest, declare_rule};
use source::Place;

use super::suggested;

declare_rule! { pub UNKNOWN_ATTRIBUTE, "unknown-attribute", error, since "0.1", "an attribute that does not exist", page "unknown_attribute.md" }

/// `owner` (`a field`) can have the attributes `all`, and `@name` is none of them.
pub fn unknown_attribute(place: Place, name: &str, owner: &str, all: &[&str]) -> Problem {
    let list: Vec<String> = all.iter().map(|name| format!("'@{name}'")).collect();
    let problem =
        Problem::new(&UNKNOWN_ATTRIBUTE, place.clone(), format!("{owner} has no attribute '@{name}'"))
            .help(format!("{owner} can have {}", crate::ty::joined_by_or(&list)));
    suggested(problem, &place, name, &closest(name, all.iter().copied(), 3))
}

/// `@name` does not say its text.
pub fn attribute_without_text(place: Place, name: &str) -> Problem {
    Problem::new(&UNKNOWN_ATTRIBUTE, place, format!("'@{name}' needs one text"))
        .help(format!("write '@{name}(\"…\")'"))
}
