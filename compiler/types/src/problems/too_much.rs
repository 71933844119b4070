//! `too-much`: more than can be worked out.

use diagnostics::{Problem, declare_rule};
use source::Place;

use crate::ty::{DEEPEST, Excess, MOST_TYPES};

declare_rule! { pub TOO_MUCH, "too-much", error, since "0.1", "more than can be worked out", page "too_much.md" }

/// The evaluation takes too many steps.
pub fn out_of_fuel(place: Place) -> Problem {
    Problem::new(&TOO_MUCH, place, "this takes too many steps to work out")
        .help("split it up, or go through fewer elements")
}

/// Functions, or fields that are computed where they are asked for, ask each other more than `most` times.
pub fn too_deep(place: Place, most: usize) -> Problem {
    Problem::new(&TOO_MUCH, place, format!("this goes through more than {most} functions, one in the other"))
        .help("let one function do more, or give what some of them come to a name")
}

/// More than `most` expressions are in each other, through functions and fields.
pub fn too_many_levels(place: Place, most: usize) -> Problem {
    Problem::new(
        &TOO_MUCH,
        place,
        format!("this goes through more than {most} expressions, one in the other"),
    )
    .help("give what some of them come to a name")
}

/// A collection of `count` elements, where `most` are allowed.
pub fn too_many(place: Place, count: u128, most: u128) -> Problem {
    Problem::new(&TOO_MUCH, place, format!("this has {count} elements; at most {most} can be gone through"))
}

/// A value with more than `most` values in it.
pub fn too_large(place: Place, most: u64) -> Problem {
    Problem::new(&TOO_MUCH, place, format!("this has more than {most} values in it"))
        .help("nothing that is built has room for as much")
}

/// A value with values in it, in which there are others, and so on for more than `most` levels.
pub fn too_nested(place: Place, most: usize) -> Problem {
    Problem::new(&TOO_MUCH, place, format!("this is nested in more than {most} levels"))
        .help("nothing that is built has room for as much")
}

/// A text of more than `most` bytes.
pub fn too_long(place: Place, most: usize) -> Problem {
    Problem::new(&TOO_MUCH, place, format!("this text has more than {most} bytes"))
        .help("nothing that is built has room for as much")
}

/// The value of a `let` that is made of more than `most` expressions, with those of each `let` in it.
pub(crate) fn let_too_large(place: Place, most: usize) -> Problem {
    Problem::new(&TOO_MUCH, place, format!("this is made of more than {most} values"))
        .help("make it a constant at the top of the file: that is worked out once")
}

/// A type that is beyond a bound.
pub(crate) fn type_too_large(place: Place, excess: Excess) -> Problem {
    let message = match excess {
        Excess::Deep => format!("this is nested in more than {DEEPEST} levels"),
        Excess::Large => format!("the type of this is made of more than {MOST_TYPES} others"),
    };
    Problem::new(&TOO_MUCH, place, message).help("declare a 'type' for parts of it, or take 'any'")
}

/// A kind each of which makes more than `most` declarations, or more than `deepest` one in the other.
pub(crate) fn makes_too_much(place: Place, kind: &str, most: u32, deepest: u32) -> Problem {
    Problem::new(&TOO_MUCH, place, format!("each '{kind}' makes too many declarations"))
        .label(format!("at most {most}, in at most {deepest} levels"))
        .help("what it makes makes declarations too, and so on: let them make fewer")
}
