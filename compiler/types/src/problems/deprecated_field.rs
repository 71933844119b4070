//! `deprecated-field`: a field that is going away.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub DEPRECATED_FIELD, "deprecated-field", warning, since "0.1", "a field that is going away", page "deprecated_field.md" }

/// `name` is deprecated; `advice` says what to do.
pub fn deprecated_field(place: Place, name: &str, advice: &str) -> Problem {
    Problem::new(&DEPRECATED_FIELD, place, format!("'{name}' is going away")).help(advice.to_owned())
}
