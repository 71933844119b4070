//! What can be wrong with names and types. A file a rule: its declaration, and what reports it.

pub mod ambiguous_name;
pub mod ambiguous_unit;
pub mod deprecated_field;
pub mod duplicate_field;
pub mod duplicate_name;
pub mod hidden_name;
pub mod invalid_value;
pub mod may_be_none;
pub mod misplaced_statement;
pub mod missing_field;
pub mod missing_place;
pub mod old_form;
pub mod quoted_name;
pub mod read_only_field;
pub mod refers_to_itself;
pub mod reserved_word;
pub mod secret_in_plain;
pub mod too_much;
pub mod type_mismatch;
pub mod unknown_attribute;
pub mod unknown_edition;
pub mod unknown_field;
pub mod unknown_kind;
pub mod unknown_module;
pub mod unknown_name;
pub mod unknown_template;
pub mod unknown_type;
pub mod wrong_arguments;

use diagnostics::{Edit, Problem, Rule, did_you_mean, is_surely};
use source::Place;

/// The rules of this phase.
pub const RULES: &[&Rule] = &[
    &ambiguous_name::AMBIGUOUS_NAME,
    &ambiguous_unit::AMBIGUOUS_UNIT,
    &deprecated_field::DEPRECATED_FIELD,
    &duplicate_field::DUPLICATE_FIELD,
    &duplicate_name::DUPLICATE_NAME,
    &hidden_name::HIDDEN_NAME,
    &invalid_value::INVALID_VALUE,
    &may_be_none::MAY_BE_NONE,
    &misplaced_statement::MISPLACED_STATEMENT,
    &missing_field::MISSING_FIELD,
    &missing_place::MISSING_PLACE,
    &old_form::OLD_FORM,
    &quoted_name::QUOTED_NAME,
    &read_only_field::READ_ONLY_FIELD,
    &refers_to_itself::REFERS_TO_ITSELF,
    &reserved_word::RESERVED_WORD,
    &secret_in_plain::SECRET_IN_PLAIN,
    &too_much::TOO_MUCH,
    &type_mismatch::TYPE_MISMATCH,
    &unknown_attribute::UNKNOWN_ATTRIBUTE,
    &unknown_edition::UNKNOWN_EDITION,
    &unknown_field::UNKNOWN_FIELD,
    &unknown_kind::UNKNOWN_KIND,
    &unknown_module::UNKNOWN_MODULE,
    &unknown_name::UNKNOWN_NAME,
    &unknown_template::UNKNOWN_TEMPLATE,
    &unknown_type::UNKNOWN_TYPE,
    &wrong_arguments::WRONG_ARGUMENTS,
];

/// What to do about a problem.
#[derive(Clone, Debug, Default)]
pub struct Remedy {
    /// In words.
    pub help: Option<String>,
    /// What does it, and by which edits.
    pub fix: Option<(String, Vec<Edit>)>,
}

impl Remedy {
    /// In words only.
    pub fn help(help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), fix: None }
    }

    /// With edits that do it.
    #[must_use]
    pub fn fix(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { fix: Some((title.into(), edits)), ..self }
    }

    /// With `text` in the place of what is wrong.
    #[must_use]
    pub fn change(self, place: Place, text: &str) -> Self {
        self.fix(format!("change to '{text}'"), vec![Edit { place, text: text.to_owned() }])
    }

    /// The problem with this remedy.
    pub fn of(self, problem: Problem) -> Problem {
        let problem = problem.help_if(self.help);
        match self.fix {
            Some((title, edits)) => problem.fix_all(title, edits),
            None => problem,
        }
    }
}

/// Adds what the wrong `word` at `place` may have meant, and the fix where there is one guess that is sure enough.
pub(crate) fn suggested(problem: Problem, place: &Place, word: &str, near: &[&str]) -> Problem {
    let problem = problem.help_if(did_you_mean(near));
    match near {
        [one] if is_surely(word, one) => {
            problem.fix(format!("change to '{one}'"), place.clone(), (*one).to_owned())
        }
        _ => problem,
    }
}

/// Adds where the requirement comes from.
fn with_requirement(problem: Problem, required: Option<(Place, String)>) -> Problem {
    match required {
        Some((place, message)) => problem.also(place, message),
        None => problem,
    }
}
