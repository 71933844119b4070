//! `unknown-kind`: a declaration of a kind that does not exist.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::suggested;

declare_rule! { pub UNKNOWN_KIND, "unknown-kind", error, since "0.1", "a declaration of a kind that does not exist", page "unknown_kind.md" }

/// There is no kind `name`.
pub fn unknown_kind(place: Place, name: &str, near: &[&str]) -> Problem {
    let problem = Problem::new(&UNKNOWN_KIND, place.clone(), format!("there is no kind '{name}'"));
    suggested(problem, &place, near)
}

/// Kind `name` exists, but nothing of it can be declared in `owner` (`an app`).
pub fn kind_not_here(place: Place, name: &str, owner: &str) -> Problem {
    Problem::new(&UNKNOWN_KIND, place, format!("{owner} cannot have {} in it", crate::ty::with_article(name)))
        .help(format!("move the {name} to the top level of the file"))
}
