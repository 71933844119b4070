//! `secret-in-plain`: a secret where everybody could read it.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::with_requirement;

declare_rule! { pub SECRET_IN_PLAIN, "secret-in-plain", error, since "0.1", "a secret where everybody could read it", page "secret_in_plain.md" }

/// A secret stands where anything is that everybody may read; `required` is where that is said.
pub fn secret_in_plain(place: Place, required: Option<(Place, String)>) -> Problem {
    let is_own = required.as_ref().is_some_and(|(place, _)| !place.item.is_std());
    let help = if is_own {
        "pass it through something of type 'secret<string>', or make that the type here"
    } else {
        "pass it through a field that takes secrets: 'env' or 'file' of an app, 'values' of a release, a field of a manifest, 'secrets' of a host"
    };
    let problem =
        Problem::new(&SECRET_IN_PLAIN, place, "a secret cannot stand here: everybody could read it")
            .label("this is a secret")
            .help(help);
    with_requirement(problem, required)
}

/// A secret stands in a part of an object of Kubernetes that is for everybody, or that cannot take it: `why`, and what to
/// do.
pub fn secret_in_object(place: Place, why: &str, help: &str) -> Problem {
    Problem::new(&SECRET_IN_PLAIN, place, format!("a secret cannot stand here: {why}"))
        .label("this is a secret")
        .help(help)
}

/// Secret `name` is declared with its value.
pub fn value_in_lab(place: Place, name: &str) -> Problem {
    let message = format!("the value of secret '{name}' cannot stand in the lab: everybody could read it");
    Problem::new(&SECRET_IN_PLAIN, place, message)
        .help(format!("write 'secret {name} {{ }}', and set it with 'hlc secrets set {name}'"))
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
