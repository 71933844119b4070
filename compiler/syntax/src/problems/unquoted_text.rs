//! `unquoted-text`: a text without quotes.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) UNQUOTED_TEXT, "unquoted-text", error, since "0.1",
    "a text without quotes", page "unquoted_text.md"
}

/// The text `written` has no quotes.
pub(crate) fn unquoted_text(place: Place, written: &str) -> Problem {
    Problem::new(&UNQUOTED_TEXT, place.clone(), format!("the text '{written}' has no quotes"))
        .label("a text stands in double quotes")
        .fix("put it in quotes", place, quoted(written))
}

/// The function `name` is called without parentheses, with the value `written` at `value`; `gap` is between.
pub(crate) fn call_without_parentheses(
    place: Place,
    name: &str,
    written: &str,
    gap: Place,
    end: Place,
) -> Problem {
    Problem::new(&UNQUOTED_TEXT, place, format!("{written} is not expected after '{name}'"))
        .help(format!("a text stands in quotes as a whole; a function is called by '{name}({written})'"))
        .fix_all(
            format!("call '{name}'"),
            vec![
                diagnostics::Edit { place: gap, text: "(".to_owned() },
                diagnostics::Edit { place: end, text: ")".to_owned() },
            ],
        )
}

/// A space stands between `nix` and its quotes.
pub(crate) fn nix_with_space(place: Place, gap: Place) -> Problem {
    Problem::new(&UNQUOTED_TEXT, place, "'nix' stands directly before its quotes: nix\"…\"")
        .label("there is a space between")
        .fix("remove the space", gap, "")
}

fn quoted(written: &str) -> String {
    format!("\"{}\"", written.replace('\\', "\\\\").replace('"', "\\\""))
}
