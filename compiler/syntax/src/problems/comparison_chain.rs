//! `comparison-chain`: a comparison of a comparison.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) COMPARISON_CHAIN, "comparison-chain", error, since "0.1",
    "a comparison of a comparison", page "comparison_chain.md"
}

/// The operator `written` compares what a comparison already is.
pub(crate) fn comparison_chain(place: Place, written: &str) -> Problem {
    Problem::new(&COMPARISON_CHAIN, place, format!("'{written}' compares the result of another comparison"))
        .label("the second comparison")
        .help("join two comparisons with 'and', or put one of them in parentheses")
}
