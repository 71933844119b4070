//! `missing-field`: a declaration without a field that it needs.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub MISSING_FIELD, "missing-field", error, since "0.1", "a declaration without a field that it needs", page "missing_field.md" }

/// `owner` (`app 'n8n'`) does not say `name`; `declared` is where the field is required, `help` how it is said.
pub fn missing_field(place: Place, owner: &str, name: &str, declared: Place, help: &str) -> Problem {
    Problem::new(&MISSING_FIELD, place, format!("{owner} does not say its '{name}'"))
        .label(format!("'{name}' is missing"))
        .also(declared, format!("'{name}' has no default"))
        .help(help)
}
