//! `misplaced-statement`: a statement that has no meaning where it stands.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub MISPLACED_STATEMENT, "misplaced-statement", error, since "0.1", "a statement that has no meaning where it stands", page "misplaced_statement.md" }

/// `what` has no meaning here.
pub fn misplaced(place: Place, what: &str, help: &str) -> Problem {
    Problem::new(&MISPLACED_STATEMENT, place, format!("{what} has no meaning here")).help(help)
}
