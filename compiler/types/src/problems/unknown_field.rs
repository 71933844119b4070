//! `unknown-field`: a field that its kind does not have.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub UNKNOWN_FIELD, "unknown-field", error, since "0.1", "a field that its kind does not have", page "unknown_field.md" }

/// `owner` (`an app`) has no field `name`.
pub fn unknown_field(place: Place, owner: &str, name: &str) -> Problem {
    Problem::new(&UNKNOWN_FIELD, place, format!("{owner} has no field '{name}'"))
}

/// `owner` (`app 'redis'`) has no field `name`, and nothing in it is called so.
pub fn nothing_called(place: Place, owner: &str, name: &str) -> Problem {
    Problem::new(
        &UNKNOWN_FIELD,
        place,
        format!("{owner} has no field '{name}', and nothing in it is called so"),
    )
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

/// A declaration of kind `word` says something, `body`, and has no name.
pub fn without_name(place: Place, word: &str, body: &str) -> Problem {
    Problem::new(&UNKNOWN_FIELD, place, format!("this {word} has no name"))
        .label("a name is missing behind it")
        .help(format!("declare it by its name: '{word} NAME {body}'"))
}

/// What is set is a declaration of kind `word` in `owner` (`an app`), and has no name.
pub fn nameless(place: Place, owner: &str, word: &str, body: &str) -> Problem {
    let message = format!("this {word} has no name: {owner} can have several");
    Problem::new(&UNKNOWN_FIELD, place, message)
        .label("a name is missing behind it")
        .help(format!("declare each by its name: '{word} NAME {body}'"))
}
