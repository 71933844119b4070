//! `wrong-arguments`: a call with arguments that do not fit.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::suggested;

declare_rule! { pub WRONG_ARGUMENTS, "wrong-arguments", error, since "0.1", "a call with arguments that do not fit", page "wrong_arguments.md" }

/// The call of `function` is wrong as `message` says; `signature` is how it is called.
pub fn wrong_arguments(place: Place, message: impl Into<String>, signature: &str) -> Problem {
    Problem::new(&WRONG_ARGUMENTS, place, message).help(format!("it is called as '{signature}'"))
}

/// `name` is called, and is something else than a function.
pub fn no_function(place: Place, name: &str) -> Problem {
    Problem::new(&WRONG_ARGUMENTS, place, format!("'{name}' is not a function"))
        .help("only functions are called; a field is taken with '.', an element with '[…]'")
}

/// There is no function `name`.
pub fn unknown_function(place: Place, name: &str, near: &[&str]) -> Problem {
    let problem = Problem::new(&WRONG_ARGUMENTS, place.clone(), format!("there is no function '{name}'"));
    suggested(problem, &place, near)
}
