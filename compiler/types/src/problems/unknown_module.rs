//! `unknown-module`: an import of something that does not exist.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::suggested;

declare_rule! { pub UNKNOWN_MODULE, "unknown-module", error, since "0.1", "an import of something that does not exist", page "unknown_module.md" }

/// The import names no module of the library or file of the lab.
pub fn unknown_module(place: Place, name: &str, near: &[&str]) -> Problem {
    let problem = Problem::new(
        &UNKNOWN_MODULE,
        place.clone(),
        format!("'{name}' cannot be imported: there is no such module"),
    );
    if near.is_empty() {
        return problem.help(
            "a module of the library is called 'std.apps.NAME'; a file stands in quotes, \"./NAME.hl\"",
        );
    }
    suggested(problem, &place, name, near)
}

/// The import names file `name` without quotes.
pub fn unquoted_file(place: Place, name: &str) -> Problem {
    let right = format!("\"./{name}\"");
    Problem::new(&UNKNOWN_MODULE, place.clone(), format!("the file '{name}' has no quotes"))
        .help(format!("write 'import {right}'"))
        .fix("put it in quotes", place, right)
}

/// The file of an import cannot be read: `reason` says why.
pub fn unreadable_import(place: Place, name: &str, reason: &str) -> Problem {
    Problem::new(&UNKNOWN_MODULE, place, format!("'{name}' cannot be imported: {reason}"))
}
