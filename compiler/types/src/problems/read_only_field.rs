//! `read-only-field`: setting a field that follows from others.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub READ_ONLY_FIELD, "read-only-field", error, since "0.1", "setting a field that follows from others", page "read_only_field.md" }

/// `name` of `owner` is derived.
pub fn read_only_field(place: Place, owner: &str, name: &str, declared: Place) -> Problem {
    Problem::new(
        &READ_ONLY_FIELD,
        place,
        format!("'{name}' of {owner} follows from other fields and cannot be set"),
    )
    .also(declared, "derived here")
    .help("remove this line")
}
