//! What can be wrong with values. A file a rule: its declaration, and what reports it.

pub mod check_failed;
pub mod joined_by_equals;
pub mod no_lab;
pub mod no_public_key;
pub mod no_such_value;
pub mod out_of_range;
pub mod unusable_part;

use diagnostics::Rule;

/// The rules of this phase.
pub const RULES: &[&Rule] = &[
    &out_of_range::OUT_OF_RANGE,
    &check_failed::CHECK_FAILED,
    &joined_by_equals::JOINED_BY_EQUALS,
    &no_lab::NO_LAB,
    &no_public_key::NO_PUBLIC_KEY,
    &no_such_value::NO_SUCH_VALUE,
    &unusable_part::UNUSABLE_PART,
];
