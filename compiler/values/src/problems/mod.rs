//! What can be wrong with values. A file a rule: its declaration, and what reports it.

pub mod arithmetic;
pub mod beyond_reach;
pub mod check_failed;
pub mod no_lab;
pub mod value_problem;

use diagnostics::Rule;

/// The rules of this phase.
pub const RULES: &[&Rule] = &[
    &arithmetic::OUT_OF_RANGE,
    &beyond_reach::TOO_MUCH,
    &check_failed::CHECK_FAILED,
    &no_lab::NO_LAB,
    &value_problem::NO_SUCH_VALUE,
];
