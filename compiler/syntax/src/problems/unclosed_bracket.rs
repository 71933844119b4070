//! `unclosed-bracket`: a bracket without its partner.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) UNCLOSED_BRACKET, "unclosed-bracket", error, since "0.1",
    "a bracket without its partner", page "unclosed_bracket.md"
}

/// The bracket `open` at `opened` is not closed; its partner is missing at `place`, which is empty.
pub(crate) fn unclosed_bracket(place: Place, open: char, opened: Place) -> Problem {
    let (what, close) = match open {
        '[' => ("list", ']'),
        '(' => ("parenthesis", ')'),
        _ => ("block", '}'),
    };
    let message = format!("the {what} is not closed: a '{close}' is missing");
    Problem::new(&UNCLOSED_BRACKET, place.clone(), message)
        .label(format!("'{close}' expected"))
        .also(opened, format!("the {what} is opened here"))
        .fix(format!("add '{close}'"), place, if open == '{' { "\n}".to_owned() } else { close.to_string() })
}

/// The bracket `close` closes nothing.
pub(crate) fn unopened_bracket(place: Place, close: &str) -> Problem {
    Problem::new(&UNCLOSED_BRACKET, place.clone(), format!("this '{close}' closes nothing"))
        .label("nothing is open here")
        .fix(format!("remove the '{close}'"), place, "")
}

/// What is opened at `opened` is closed by another bracket than `right`.
pub(crate) fn wrong_bracket(place: Place, right: char, opened: Place) -> Problem {
    let what = if right == ']' { "list" } else { "parenthesis" };
    Problem::new(
        &UNCLOSED_BRACKET,
        place.clone(),
        format!("the {what} is closed by another bracket than '{right}'"),
    )
    .label(format!("'{right}' expected"))
    .also(opened, format!("the {what} is opened here"))
    .fix(format!("change to '{right}'"), place, right.to_string())
}

/// A `{` is missing at `place`, which is empty, behind `before`: a `}` further on closes nothing.
pub(crate) fn missing_brace(place: Place, before: &str) -> Problem {
    Problem::new(&UNCLOSED_BRACKET, place.clone(), format!("a '{{' is missing after '{before}'"))
        .label("'{' expected")
        .fix("add '{'", place, " {")
}
