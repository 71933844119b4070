//! `unknown-field`: a field that its kind does not have.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub UNKNOWN_FIELD, "unknown-field", error, since "0.1", "a field that its kind does not have", page "unknown_field.md" }

/// `owner` (`an app`) has no field `name`.
pub fn unknown_field(place: Place, owner: &str, name: &str) -> Problem {
    Problem::new(&UNKNOWN_FIELD, place, format!("{owner} has no field '{name}'"))
}

/// A name is computed where `owner` (`an app`) has fields of its own.
pub fn computed_field(place: Place, owner: &str) -> Problem {
    Problem::new(
        &UNKNOWN_FIELD,
        place,
        format!("the fields of {owner} have names that are known, not computed ones"),
    )
    .help("write the field's name; only keys of maps and of data can be computed")
}

/// What is set is a declaration of kind `word` in `owner` (`an app`), and has no name.
pub fn nameless(place: Place, owner: &str, word: &str, body: &str) -> Problem {
    let message = format!("this {word} has no name: {owner} can have several");
    Problem::new(&UNKNOWN_FIELD, place, message)
        .label("a name is missing behind it")
        .help(format!("declare each by its name: '{word} NAME {body}'"))
}
