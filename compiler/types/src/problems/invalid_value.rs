//! `invalid-value`: a value that is not well-formed or out of range.

use diagnostics::{Problem, declare_rule};
use domain::Invalid;
use source::Place;

use super::with_requirement;

declare_rule! { pub INVALID_VALUE, "invalid-value", error, since "0.1", "a value that is not well-formed or out of range", page "invalid_value.md" }

/// The value is of the right type and still not right: `invalid` says why. What is right is put in quotes where the
/// value `is_quoted`.
pub fn invalid_value(
    place: Place,
    invalid: &Invalid,
    is_quoted: bool,
    required: Option<(Place, String)>,
) -> Problem {
    let mut problem =
        Problem::new(&INVALID_VALUE, place.clone(), invalid.reason.clone()).help_if(invalid.help.clone());
    if let Some(fix) = &invalid.fix {
        let text = if is_quoted { format!("\"{}\"", fix.replace('"', "\\\"")) } else { fix.clone() };
        problem = problem.fix(format!("change to '{fix}'"), place, text);
    }
    with_requirement(problem, required)
}

/// As [`invalid_value`], of a value that is worked out: it cannot be changed where it stands.
pub fn invalid_result(place: Place, invalid: &Invalid, required: Option<(Place, String)>) -> Problem {
    let right = invalid.fix.as_ref().map(|fix| format!("'{fix}' would be right"));
    let help = invalid.help.clone().or(right);
    with_requirement(Problem::new(&INVALID_VALUE, place, invalid.reason.clone()).help_if(help), required)
}
