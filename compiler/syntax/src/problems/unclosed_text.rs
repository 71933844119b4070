//! `unclosed-text`: a text without its closing quotes.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) UNCLOSED_TEXT, "unclosed-text", error, since "0.1",
    "a text without its closing quotes", page "unclosed_text.md"
}

/// The text at `place` has no closing `quotes`, which could stand at `end`.
pub(crate) fn unclosed_text(place: Place, quotes: &str, end: Place) -> Problem {
    let problem = Problem::new(&UNCLOSED_TEXT, place, "this text is not closed").label("opened here");
    let problem = match quotes {
        "\"" => problem.help("a text of several lines stands between \"\"\""),
        _ => problem,
    };
    let text = if quotes == "\"" { quotes.to_owned() } else { format!("\n{quotes}") };
    problem.fix(format!("add {quotes}"), end, text)
}

/// The `${` at `place` has no `}`, which could stand at `end`.
pub(crate) fn unclosed_value(place: Place, end: Place) -> Problem {
    Problem::new(&UNCLOSED_TEXT, place, "this '${' is not closed: a '}' is missing")
        .label("opened here")
        .fix("add '}'", end, "}")
}
