//! The rules of all phases.

use diagnostics::Rule;

/// The rules of all phases, each phase's in the order in which it reports.
pub const RULES: &[&[&Rule]] = &[syntax::RULES, types::RULES, values::RULES, checks::RULES];
