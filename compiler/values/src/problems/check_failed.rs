//! `check-failed`: a check that does not hold.

use diagnostics::{Label, Problem, declare_rule};
use source::Place;

declare_rule! { pub CHECK_FAILED, "check-failed", error, since "0.1", "a check that does not hold", page "check_failed.md" }

/// A check says `message` of what is at `place`; `through` is what a kind or template has to do with it, and `inside`
/// where the check is written.
pub fn check_failed(place: Place, message: &str, through: Option<Label>, inside: Option<Place>) -> Problem {
    let mut problem = Problem::new(&CHECK_FAILED, place, message);
    problem.labels.extend(through);
    match inside {
        Some(inside) => problem.also(inside, "this must hold"),
        None => problem,
    }
}
