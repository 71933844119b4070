//! `hidden-name`: a name that something else has already, of which only one can be meant.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub HIDDEN_NAME, "hidden-name", warning, since "0.1", "a name that hides another, or is hidden", page "hidden_name.md" }

/// `what`, which is declared at `place`, hides one of the same name that comes with `hlc`.
pub fn hides_library(place: Place, what: &str) -> Problem {
    Problem::new(&HIDDEN_NAME, place, format!("{what} hides the one that comes with hlc"))
        .help("choose another name, unless it is to take that one's place in this lab")
}

/// A type of the lab is called like one of the language, which is meant wherever the name stands.
pub fn hidden_type(place: Place, name: &str) -> Problem {
    Problem::new(
        &HIDDEN_NAME,
        place,
        format!("'{name}' is a type of the language, and that is meant everywhere"),
    )
    .help("choose another name: nothing uses this type")
}

/// A constant is called like all declarations of a kind, which are meant where a collection is.
pub fn hidden_constant(place: Place, name: &str) -> Problem {
    Problem::new(
        &HIDDEN_NAME,
        place,
        format!("'for … in {name}' goes through all {name} of the lab, not this constant"),
    )
    .help("choose another name")
}

/// A constant is meant where a word of that name could be.
pub fn hides_word(place: Place, name: &str) -> Problem {
    Problem::new(&HIDDEN_NAME, place.clone(), format!("the constant '{name}' is meant here, not the word"))
        .help(format!("the word is written \"{name}\""))
        .fix("take the word", place, format!("\"{name}\""))
}
