//! Mistakes between the layers of a lab, found before anything runs.
//!
//! A mistake of one declaration is found where the declaration is evaluated. What is here needs the whole lab: an
//! address that two things have, an app on a host that lacks its device, a custom resource before its provider. To
//! keep that cheap while somebody types, each item is boiled down to its [`Facts`] first, which stay equal when
//! something changes that no check looks at, and only those are compared by [`check`].
//!
//! Each rule is a file of [`rules`], with its page beside it. Everything is pure and the same on every run.

mod facts;
mod lab;
mod ranges;
mod rules;
#[cfg(test)]
mod testing;

pub use facts::{Facts, facts};
pub use rules::RULES;

use diagnostics::Problem;

/// What is wrong between the items of a lab, whose facts come in the order of its text.
pub fn check(all: &[&Facts]) -> Vec<Problem> {
    let lab = lab::Lab::new(all);
    rules::CHECKS.iter().flat_map(|rule| rule(&lab)).collect()
}
