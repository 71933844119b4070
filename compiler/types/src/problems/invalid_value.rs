//! `invalid-value`: a value that is not well-formed or out of range.

use diagnostics::{Problem, declare_rule};
use domain::Invalid;
use source::Place;

use super::with_requirement;

declare_rule! { pub INVALID_VALUE, "invalid-value", error, since "0.1", "a value that is not well-formed or out of range", page "invalid_value.md" }

/// The value is of the right type and still not right: `reason` says why.
pub fn invalid_value(place: Place, invalid: &Invalid, required: Option<(Place, String)>) -> Problem {
    let mut problem =
        Problem::new(&INVALID_VALUE, place.clone(), invalid.reason.clone()).help_if(invalid.help.clone());
    if let Some(fix) = &invalid.fix {
        problem = problem.fix(format!("change to '{fix}'"), place, fix.clone());
    }
    with_requirement(problem, required)
}
