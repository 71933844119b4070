//! `out-of-range`: a calculation whose result does not exist.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub OUT_OF_RANGE, "out-of-range", error, since "0.1", "a calculation whose result does not exist", page "out_of_range.md" }

/// The result is too large or below zero.
pub fn out_of_range(place: Place) -> Problem {
    Problem::new(&OUT_OF_RANGE, place, "the result of this calculation is too large or too small")
}

/// A division by zero.
pub fn division_by_zero(place: Place) -> Problem {
    Problem::new(&OUT_OF_RANGE, place, "this divides by zero")
}
