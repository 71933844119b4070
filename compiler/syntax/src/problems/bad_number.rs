//! `bad-number`: a number that is written wrongly.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) BAD_NUMBER, "bad-number", error, since "0.1",
    "a number that is written wrongly", page "bad_number.md"
}

/// `written` is no number, version or address.
pub(crate) fn bad_number(place: Place, written: &str) -> Problem {
    Problem::new(&BAD_NUMBER, place, format!("'{written}' is not a number"))
        .label("cannot be read as a number")
        .help("numbers look like 42, 1_000, 1.5, 8GiB, 1h30m, 1.2.3 or 192.168.1.1; anything else stands in quotes")
}
