//! `joined-by-equals`: a map set by `=` that adds to what is there, as edition 0.1 has it.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub JOINED_BY_EQUALS, "joined-by-equals", warning, since "0.1", "a map set by '=' that adds to what is there", page "joined_by_equals.md" }

/// `name = { … }` adds to the map at `below`. The `=` stands in `gap`.
pub fn joined_by_equals(place: Place, name: &str, gap: Place, below: Place) -> Problem {
    let message = format!("'{name} =' adds to what is there, and replaces it from edition 0.2 on");
    Problem::new(&JOINED_BY_EQUALS, place, message)
        .also(below, "this stays, too")
        .help("'+=' adds in every edition; 'only(…)' replaces in this one")
        .fix("change to '+='", gap, " += ")
}
