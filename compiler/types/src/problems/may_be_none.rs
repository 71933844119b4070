//! `may-be-none`: a value that may be missing where one is needed.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::with_requirement;
use crate::Ty;

declare_rule! { pub MAY_BE_NONE, "may-be-none", error, since "0.1", "a value that may be missing where one is needed", page "may_be_none.md" }

/// The value may be none, where `wanted` is expected.
pub fn may_be_none(place: Place, wanted: Option<&Ty>, required: Option<(Place, String)>) -> Problem {
    let message = match wanted {
        Some(wanted) => format!("{} is expected here, but this may be none", wanted.described()),
        None => "this may be none, so it has no fields to look at".to_owned(),
    };
    let help = match wanted {
        Some(_) => "say what then with '??', or ask first with 'if … != none then …'",
        None => "write '?.' for '.', or ask first with 'if … != none then …'",
    };
    with_requirement(Problem::new(&MAY_BE_NONE, place, message).help(help), required)
}
