//! `too-much`: a calculation that takes too long.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub TOO_MUCH, "too-much", error, since "0.1", "a calculation that takes too long", page "too_much.md" }

/// The evaluation takes too many steps or goes too deep.
pub fn out_of_fuel(place: Place) -> Problem {
    Problem::new(&TOO_MUCH, place, "this takes too many steps to work out")
        .help("split it up, or go through fewer elements")
}

/// A collection of `count` elements, where `most` are allowed.
pub fn too_many(place: Place, count: u128, most: u128) -> Problem {
    Problem::new(&TOO_MUCH, place, format!("this has {count} elements; at most {most} can be gone through"))
}
