//! `syntax-error`: something that cannot be read.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) SYNTAX_ERROR, "syntax-error", error, since "0.1",
    "something that cannot be read", page "syntax_error.md"
}

/// What is wrong, in words.
pub(crate) fn syntax_error(place: Place, message: impl Into<String>) -> Problem {
    Problem::new(&SYNTAX_ERROR, place, message)
}

/// A value is missing behind `before`.
pub(crate) fn missing_value(place: Place, before: &str) -> Problem {
    syntax_error(place, format!("a value is missing after '{before}'")).label("a value is expected here")
}

/// The statement `written` is only a name.
pub(crate) fn bare_name(place: Place, written: &str) -> Problem {
    syntax_error(place, format!("'{written}' needs a value or a body"))
        .label("nothing follows")
        .help(format!("write '{written} = …' or '{written} {{ … }}'"))
}

/// A `{` at the start of a line; `gap` is what separates it from its head, if nothing but space.
pub(crate) fn brace_on_next_line(place: Place, gap: Option<Place>) -> Problem {
    let problem = syntax_error(place, "this '{' belongs to no statement")
        .help("the '{' of a body stands on the line of what it belongs to");
    match gap {
        Some(gap) => problem.fix("move it to the line before", gap, " "),
        None => problem,
    }
}
