//! `merge-conflict`: a line that a merge has left.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) MERGE_CONFLICT, "merge-conflict", error, since "0.1",
    "a line that a merge has left", page "merge_conflict.md"
}

/// The line `written` stands between the two versions of a merge, or around them.
pub(crate) fn merge_conflict(place: Place, written: &str) -> Problem {
    let mark = written.split(' ').next().unwrap_or_default();
    Problem::new(&MERGE_CONFLICT, place, format!("a merge has left '{mark}' here"))
        .help("keep one of the two versions, or parts of both, and remove the lines '<<<<<<<', '=======' and '>>>>>>>'")
}
