//! `bad-escape`: a `\\` in a text that escapes nothing known.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) BAD_ESCAPE, "bad-escape", error, since "0.1",
    "a `\\` in a text that escapes nothing known", page "bad_escape.md"
}

/// The escape `written`, with its `\`, means nothing.
pub(crate) fn bad_escape(place: Place, written: &str) -> Problem {
    let problem = Problem::new(&BAD_ESCAPE, place.clone(), format!("'{written}' means nothing in a text"))
        .label("not an escape")
        .help(r#"the escapes are \n \r \t \" \\ \$ and \u{…}; a backslash itself is written \\"#);
    problem.fix("write the backslash itself", place, format!("\\{written}"))
}
