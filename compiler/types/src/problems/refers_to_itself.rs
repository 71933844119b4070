//! `refers-to-itself`: a value that depends on itself.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub REFERS_TO_ITSELF, "refers-to-itself", error, since "0.1", "a value that depends on itself", page "refers_to_itself.md" }

/// `what` (`function 'twice'`) cannot be worked out without itself, by way of `chain`.
pub fn needs_itself(place: Place, what: &str, chain: Vec<(Place, String)>) -> Problem {
    let problem =
        Problem::new(&REFERS_TO_ITSELF, place, format!("{what} needs itself, and so would never end"))
            .help("break the circle: one of its parts must do without the others");
    chain.into_iter().fold(problem, |problem, (place, message)| problem.also(place, message))
}

/// The value depends on itself, by way of `chain`.
pub fn refers_to_itself(place: Place, what: &str, chain: Vec<(Place, String)>) -> Problem {
    let problem = Problem::new(&REFERS_TO_ITSELF, place, format!("{what} depends on itself"))
        .help("break the circle: give one of the values directly");
    chain.into_iter().fold(problem, |problem, (place, message)| problem.also(place, message))
}
