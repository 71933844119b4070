//! `unknown-module`: an import of something that does not exist.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::suggested;

declare_rule! { pub UNKNOWN_MODULE, "unknown-module", error, since "0.1", "an import of something that does not exist", page "unknown_module.md" }

/// The import names no module of the library or file of the lab.
pub fn unknown_module(place: Place, name: &str, near: &[&str]) -> Problem {
    let problem = Problem::new(
        &UNKNOWN_MODULE,
        place.clone(),
        format!("'{name}' cannot be imported: there is no such module"),
    );
    suggested(problem, &place, near)
}

/// The file of an import cannot be read: `reason` says why.
pub fn unreadable_import(place: Place, name: &str, reason: &str) -> Problem {
    Problem::new(&UNKNOWN_MODULE, place, format!("'{name}' cannot be imported: {reason}"))
}
