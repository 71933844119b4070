//! `check-failed`: a check that does not hold.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub CHECK_FAILED, "check-failed", error, since "0.1", "a check that does not hold", page "check_failed.md" }

/// A check says `message` of what is at `place`; `inside` is where the check is written.
pub fn check_failed(place: Place, message: &str, inside: Option<Place>) -> Problem {
    let problem = Problem::new(&CHECK_FAILED, place, message);
    match inside {
        Some(inside) => problem.also(inside, "this must hold"),
        None => problem,
    }
}
