//! `selector-taken`: two apps that take each other's pods for their own.

use diagnostics::{Problem, declare_rule};

use super::{collision, repeated};
use crate::facts::WorkloadFact;
use crate::lab::Lab;

declare_rule! { pub SELECTOR_TAKEN, "selector-taken", error, since "0.1", "two apps that take each other's pods for their own", page "selector_taken.md" }

/// Looks for apps of a namespace whose pods are found by the same labels.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let own = lab.workloads.iter().filter(|work| !work.selector.is_empty());
    let keyed = own.map(|&work| ((work.placement.namespace.as_str(), &work.selector), work));
    repeated(keyed).into_iter().map(|(first, later)| selector_taken(first, later)).collect()
}

fn selector_taken(first: &WorkloadFact, later: &WorkloadFact) -> Problem {
    let message = format!("{} and {} find their pods by the same labels", first.shown(), later.shown());
    collision(
        &SELECTOR_TAKEN,
        message,
        (&first.placement.place, format!("{} finds them so", first.shown())),
        (&later.placement.place, format!("{} too", later.shown())),
    )
    .help("give each a 'selector' of its own, or leave it out where nothing is taken over")
}
