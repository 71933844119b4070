//! `secret-in-plain`: a secret where everybody could read it.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::with_requirement;
use crate::Ty;

declare_rule! { pub SECRET_IN_PLAIN, "secret-in-plain", error, since "0.1", "a secret where everybody could read it", page "secret_in_plain.md" }

/// A secret stands where `wanted` is expected.
pub fn secret_in_plain(place: Place, wanted: &Ty, required: Option<(Place, String)>) -> Problem {
    let message =
        format!("a secret cannot stand here: {} is written in plain", wanted.required().0.described());
    let problem = Problem::new(&SECRET_IN_PLAIN, place, message)
        .label("this is a secret")
        .help("pass it through a field that takes a secret, such as 'env' or a chart's 'values'");
    with_requirement(problem, required)
}

/// A plain text stands where a secret is expected.
pub fn plain_for_secret(place: Place, required: Option<(Place, String)>) -> Problem {
    let problem = Problem::new(
        &SECRET_IN_PLAIN,
        place,
        "a secret is expected here, and its value is never written in the lab",
    )
    .help("declare 'secret NAME { }', name it here, and set it with 'hlc secrets set NAME'");
    with_requirement(problem, required)
}
