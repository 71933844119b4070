//! `unknown-edition`: a lab of an edition of HL that this `hlc` does not know.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub UNKNOWN_EDITION, "unknown-edition", error, since "0.1", "a lab of an edition of HL that this hlc does not know", page "unknown_edition.md" }

/// The lab says that it is written in edition `written`, which is none of those that are `known`.
pub fn unknown_edition(place: Place, written: &str, known: &str) -> Problem {
    let message = format!("the lab is written in edition '{written}' of HL, and this hlc knows {known}");
    Problem::new(&UNKNOWN_EDITION, place, message)
        .label("nothing else was looked at")
        .help("take an hlc that knows it, or say the edition that the lab is written in")
}
