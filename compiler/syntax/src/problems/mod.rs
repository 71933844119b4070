//! What can be wrong with a text. One file a rule: its declaration, its wording, its fixes.

pub(crate) mod bad_escape;
pub(crate) mod bad_number;
pub(crate) mod comparison_chain;
pub(crate) mod merge_conflict;
pub(crate) mod missing_comma;
pub(crate) mod stray_character;
pub(crate) mod syntax_error;
pub(crate) mod text_direction;
pub(crate) mod too_deep;
pub(crate) mod unclosed_bracket;
pub(crate) mod unclosed_text;
pub(crate) mod unquoted_text;
pub(crate) mod wrong_operator;

use diagnostics::Rule;

/// The rules of this crate.
pub static RULES: &[&Rule] = &[
    &bad_escape::BAD_ESCAPE,
    &bad_number::BAD_NUMBER,
    &comparison_chain::COMPARISON_CHAIN,
    &merge_conflict::MERGE_CONFLICT,
    &missing_comma::MISSING_COMMA,
    &stray_character::STRAY_CHARACTER,
    &syntax_error::SYNTAX_ERROR,
    &text_direction::TEXT_DIRECTION,
    &too_deep::TOO_DEEP,
    &unclosed_bracket::UNCLOSED_BRACKET,
    &unclosed_text::UNCLOSED_TEXT,
    &unquoted_text::UNQUOTED_TEXT,
    &wrong_operator::WRONG_OPERATOR,
];
