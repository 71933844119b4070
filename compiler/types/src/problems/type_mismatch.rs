//! `type-mismatch`: a value of another type than is expected.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::with_requirement;
use crate::Ty;

declare_rule! { pub TYPE_MISMATCH, "type-mismatch", error, since "0.1", "a value of another type than is expected", page "type_mismatch.md" }

/// A value that is `found` (`a text`), called `name` if it has one, stands where `wanted` is expected; `required` is where that is
/// said, and by what.
pub fn type_mismatch(
    place: Place,
    wanted: &Ty,
    found: &str,
    name: Option<&str>,
    required: Option<(Place, String)>,
) -> Problem {
    let wanted = wanted.required().0.described();
    let subject = name.map_or_else(|| "this".to_owned(), |name| format!("'{name}'"));
    let message = format!("{wanted} is expected here, but {subject} is {found}");
    let problem = Problem::new(&TYPE_MISMATCH, place, message).label(format!("this is {found}"));
    with_requirement(problem, required)
}

/// An operator or function cannot do anything with what it is given.
pub fn cannot_apply(place: Place, message: impl Into<String>) -> Problem {
    Problem::new(&TYPE_MISMATCH, place, message)
}
