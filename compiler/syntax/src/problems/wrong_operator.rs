//! `wrong-operator`: a sign of another language.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) WRONG_OPERATOR, "wrong-operator", error, since "0.1",
    "a sign of another language", page "wrong_operator.md"
}

/// `right` is written here as `wrong`, which another language uses.
pub(crate) fn wrong_operator(place: Place, wrong: &str, right: &str, text: &str) -> Problem {
    Problem::new(&WRONG_OPERATOR, place.clone(), format!("'{right}' is written '{wrong}' here"))
        .label(format!("write '{right}'"))
        .fix(format!("change to '{right}'"), place, text)
}

/// `=` is written here as `wrong`, behind `name`.
pub(crate) fn not_assign(place: Place, wrong: &str, name: &str) -> Problem {
    Problem::new(&WRONG_OPERATOR, place.clone(), format!("'=' expected after '{name}', not '{wrong}'"))
        .label("write '='")
        .fix("change to '='", place, if wrong == ":" { " =" } else { "=" })
}

/// A comment that does not start with `#`.
pub(crate) fn not_comment(place: Place, marks: Place) -> Problem {
    Problem::new(&WRONG_OPERATOR, place, "a comment starts with '#', not '//'").label("not a comment").fix(
        "change to '#'",
        marks,
        "#",
    )
}

/// A text in other quotes than `"`, and how it is written rightly.
pub(crate) fn wrong_quotes(place: Place, right: &str) -> Problem {
    Problem::new(&WRONG_OPERATOR, place.clone(), "a text stands in double quotes: \"…\"")
        .label("other quotes")
        .fix("change to double quotes", place, right)
}
