//! `malformed-data`: a file that is not written as YAML or JSON.

use diagnostics::{Problem, declare_rule};
use documents::Malformed;
use source::Place;

use crate::data_files::place_in;

declare_rule! { pub MALFORMED_DATA, "malformed-data", error, since "0.1", "a file that is not written as YAML or JSON", page "malformed_data.md" }

/// The file at `path` cannot be understood.
pub fn malformed_data(path: &str, wrong: &Malformed) -> Problem {
    let problem = Problem::new(&MALFORMED_DATA, place_in(path, wrong.span), wrong.message.clone());
    let problem = match wrong.also {
        Some((span, what)) => problem.also(place_in(path, span), what),
        None => problem,
    };
    problem.help_if(wrong.help.clone())
}

/// There are several documents in the file at `path`, where one is expected; the second is here.
pub fn several_documents(place: Place, path: &str) -> Problem {
    Problem::new(&MALFORMED_DATA, place, "a second document begins here, and one is expected in this file")
        .help(format!("'documents(\"./{path}\")' gives a list of them"))
}
