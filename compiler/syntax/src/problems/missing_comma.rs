//! `missing-comma`: a comma that is missing between two values.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) MISSING_COMMA, "missing-comma", error, since "0.1",
    "a comma that is missing between two values", page "missing_comma.md"
}

/// A `,` is missing at `place`, which is empty, before `next`.
pub(crate) fn missing_comma(place: Place, next: &str) -> Problem {
    let message = match next {
        "" => "a ',' is missing".to_owned(),
        next => format!("a ',' is missing before '{next}'"),
    };
    Problem::new(&MISSING_COMMA, place.clone(), message).label("',' expected").fix("add ','", place, ",")
}
