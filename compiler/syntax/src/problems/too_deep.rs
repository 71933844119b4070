//! `too-deep`: brackets or operators nested too deeply.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) TOO_DEEP, "too-deep", error, since "0.1",
    "brackets or operators nested too deeply", page "too_deep.md"
}

/// What starts at `place` is nested too deeply.
pub(crate) fn too_deep(place: Place, most: u32) -> Problem {
    Problem::new(&TOO_DEEP, place, "this is nested too deeply to be read")
        .label(format!("more than {most} levels"))
        .help("give parts of it names of their own")
}
