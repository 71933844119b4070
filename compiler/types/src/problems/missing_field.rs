//! `missing-field`: a declaration without a field that it needs.

use diagnostics::{Problem, declare_rule};
use source::Place;

use crate::Ty;

declare_rule! { pub MISSING_FIELD, "missing-field", error, since "0.1", "a declaration without a field that it needs", page "missing_field.md" }

/// `owner` (`app 'n8n'`) does not say `name`; `declared` is where the field is required.
pub fn missing_field(place: Place, owner: &str, name: &str, ty: &Ty, declared: Place) -> Problem {
    Problem::new(&MISSING_FIELD, place, format!("{owner} does not say its '{name}'"))
        .label(format!("'{name}' is missing"))
        .also(declared, format!("'{name}' has no default"))
        .help(format!("add '{name} = …': {}", ty.described()))
}
