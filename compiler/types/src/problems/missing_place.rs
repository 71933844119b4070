//! `missing-place`: a declaration that does not say what it is in.

use diagnostics::{Problem, declare_rule};
use source::Place;

use crate::Ty;
use crate::ty::last_segment;

declare_rule! { pub MISSING_PLACE, "missing-place", error, since "0.1", "a declaration that does not say what it is in", page "missing_place.md" }

/// `owner` needs `in` with something of type `wanted`; `required` is where that is said, `help` how it is written.
pub fn missing_place(
    place: Place,
    owner: &str,
    wanted: &Ty,
    required: (Place, String),
    help: &str,
) -> Problem {
    Problem::new(&MISSING_PLACE, place, format!("{owner} does not say which {} it is in", word(wanted)))
        .label("'in' is missing behind it")
        .also(required.0, required.1)
        .help(help)
}

/// `owner` is in nothing.
pub fn unexpected_place(place: Place, owner: &str) -> Problem {
    Problem::new(&MISSING_PLACE, place, format!("{owner} is not in anything, so 'in' has no meaning here"))
        .help("remove 'in' and what follows it")
}

fn word(ty: &Ty) -> String {
    match ty {
        Ty::Kind(kind) => last_segment(kind).to_owned(),
        other => other.described(),
    }
}
