//! `may-be-none`: a value that may be missing where one is needed.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::with_requirement;
use crate::Ty;

declare_rule! { pub MAY_BE_NONE, "may-be-none", error, since "0.1", "a value that may be missing where one is needed", page "may_be_none.md" }

/// What is written `written`, if it is a chain of names, may be none, where `wanted` is expected, or something that has
/// fields.
pub fn may_be_none(
    place: Place,
    written: Option<&str>,
    wanted: Option<&Ty>,
    required: Option<(Place, String)>,
) -> Problem {
    let subject = written.map_or_else(|| "this".to_owned(), |written| format!("'{written}'"));
    let shown = written.unwrap_or("…");
    let (message, help) = match wanted {
        Some(wanted) => (
            format!("{subject} may be none, and {} is expected here", wanted.required().0.described()),
            format!("say what then, '{shown} ?? …', or ask first, 'if {shown} != none then …'"),
        ),
        None => (
            format!("{subject} may be none, and then has no fields to look at"),
            format!("write '?.' for '.', or ask first, 'if {shown} != none then …'"),
        ),
    };
    with_requirement(Problem::new(&MAY_BE_NONE, place, message).label("may be none").help(help), required)
}
