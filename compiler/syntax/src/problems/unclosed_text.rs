//! `unclosed-text`: a text without its closing quotes.

use diagnostics::{Edit, Problem, declare_rule};
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

/// The text that the quote at `place` opens goes on over lines up to the one at `closed`.
pub(crate) fn several_lines(place: Place, closed: Place) -> Problem {
    let edit = |place: &Place| Edit { place: place.clone(), text: "\"\"\"".to_owned() };
    let edits = vec![edit(&place), edit(&closed)];
    Problem::new(&UNCLOSED_TEXT, place, "this text is not closed on its line")
        .label("opened here")
        .also(closed, "closed here?")
        .help("a text of several lines stands between \"\"\"")
        .fix_all("change both quotes to \"\"\"", edits)
}

/// The quote at `place` closes the text `written`, which has no quote at `opened`.
pub(crate) fn unopened_text(place: Place, written: &str, opened: Place) -> Problem {
    Problem::new(&UNCLOSED_TEXT, place, format!("this '\"' closes a text that no quote opens: '{written}'"))
        .label("closed here")
        .fix("add \" before it", opened, "\"")
}

/// The `${` at `place` has no `}`, which could stand at `end`.
pub(crate) fn unclosed_value(place: Place, end: Place) -> Problem {
    Problem::new(&UNCLOSED_TEXT, place, "this '${' is not closed: a '}' is missing")
        .label("opened here")
        .fix("add '}'", end, "}")
}
