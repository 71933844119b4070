//! What can be wrong with values. A file a rule: its declaration, and what reports it.

pub mod check_failed;
pub mod joined_by_equals;
pub mod malformed_data;
pub mod no_lab;
pub mod no_object;
pub mod no_public_key;
pub mod no_such_value;
pub mod out_of_range;
pub mod secret_in_file;
pub mod unreadable_file;
pub mod unusable_part;

use diagnostics::Rule;

/// The rules of this phase.
pub const RULES: &[&Rule] = &[
    &out_of_range::OUT_OF_RANGE,
    &check_failed::CHECK_FAILED,
    &joined_by_equals::JOINED_BY_EQUALS,
    &malformed_data::MALFORMED_DATA,
    &no_lab::NO_LAB,
    &no_object::NO_OBJECT,
    &no_public_key::NO_PUBLIC_KEY,
    &no_such_value::NO_SUCH_VALUE,
    &secret_in_file::SECRET_IN_FILE,
    &unreadable_file::UNREADABLE_FILE,
    &unusable_part::UNUSABLE_PART,
];
