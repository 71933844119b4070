//! HL text to trees.
//!
//! ```text
//! text ─ lex ─▶ tokens ─ cut ─▶ items, each with its head ─ parse ─▶ one tree an item, and problems
//! ```
//!
//! Every byte of a file is in exactly one token; parsing always yields a tree. This crate knows no salsa, does no
//! IO and renders nothing.

pub mod ast;
mod cut;
mod escape;
mod format;
mod layout;
mod lexer;
mod parser;
mod problems;
mod steps;
mod token;

pub use cut::{Cut, Cuts, Edit, Head, ItemForm, cut, cut_whole, edit};
pub use format::{Formatted, FormattedItem, format, format_item, format_items, joined};
pub use lexer::{Lexer, tokens};
pub use parser::{Parsed, parse};
pub use problems::RULES;
pub use steps::steps_of;
pub use token::{Token, TokenKind};

/// Whether `word` is a word of the language's where a value can stand, so that nothing that is called so can be named.
pub fn is_reserved(word: &str) -> bool {
    !matches!(parser::Tok::of_word(word), parser::Tok::Ident | parser::Tok::Wild)
}

/// Whether a text is one word, as names are, reserved or not.
pub fn is_word(text: &str) -> bool {
    let mut tokens = tokens(text);
    tokens.next().is_some_and(|token| token.kind == TokenKind::Word) && tokens.next().is_none()
}

/// What a text token without values in it says, if it stands in one pair of quotes.
pub fn plain_text(token: &str) -> Option<String> {
    let (raw, is_block) = parser::unquoted(token);
    (!is_block).then(|| escape::unescape(raw).to_string())
}

/// Whether a character in `text` turns the direction of reading.
pub fn turns_direction(text: &str) -> bool {
    !text.is_ascii() && text.contains(problems::text_direction::turns)
}
