//! The rules. A file each: the declaration, the check, and what reports it; its page stands beside it.

use diagnostics::{Problem, Rule};

use crate::lab::Lab;

/// The rules of this phase.
pub const RULES: &[&Rule] = &[];

/// What checks a lab for one rule, in the order in which people should repair things.
pub(crate) const CHECKS: &[fn(&Lab<'_>) -> Vec<Problem>] = &[];
