//! Tokens that are mistakes of their own, reported once each, whatever stands around them.

mod edits;
mod foreign;
mod texts;

use source::Span;

use super::raw::{Input, Raw};
use crate::escape::bad_escapes;
use crate::problems::{
    bad_escape, bad_number, merge_conflict, stray_character, unquoted_text, wrong_operator,
};
use crate::token::TokenKind as K;
use edits::Edits;

/// How many are reported; what follows so many says nothing new.
const MOST: usize = 50;

/// Reports the mistaken tokens of `input`, and takes away those that the grammar must not see.
pub(crate) fn report(input: &mut Input<'_>) {
    let mut edits = Edits::default();
    foreign::report(input, &mut edits);
    for nth in 0..input.tokens.len() {
        let Some(token) = input.tokens.get(nth).copied() else { break };
        if has_escapes(token.kind)
            && input.problems.len() < MOST
            && input.word(nth).as_bytes().contains(&b'\\')
        {
            report_escapes(input, token);
        }
        if token.kind.is_mistake() && !edits.is_spoiled(nth) {
            report_token(input, nth, token, &mut edits);
        }
    }
    edits.apply(input);
}

fn has_escapes(kind: K) -> bool {
    matches!(kind, K::Text | K::TextStart | K::TextMiddle | K::TextEnd)
}

fn report_escapes(input: &mut Input<'_>, token: Raw) {
    let text = token.span.slice(input.text);
    for bad in bad_escapes(text) {
        let offset = |at: usize| token.span.start + u32::try_from(at).unwrap_or(u32::MAX);
        let place = input.place(Span::new(offset(bad.start), offset(bad.end)));
        input.problems.push(bad_escape::bad_escape(place, text.get(bad.start..bad.end).unwrap_or_default()));
    }
}

fn report_token(input: &mut Input<'_>, nth: usize, token: Raw, edits: &mut Edits) {
    if matches!(token.kind, K::WrongComment | K::ConflictMark) {
        edits.remove(nth..nth + 1);
    }
    if input.problems.len() >= MOST {
        return;
    }
    let word = input.word(nth);
    let place = input.place(token.span);
    let problem = match token.kind {
        K::TextUnclosed | K::NixUnclosed | K::TextEndUnclosed => {
            return texts::report(input, nth, token, edits);
        }
        K::BadNumber => bad_number::bad_number(place, word),
        K::BadWord => stray_character::bad_name(place, word),
        K::WrongComment if joins(input, nth) => {
            let sign = Span::new(token.span.start, token.span.start + 2);
            wrong_operator::wrong_operator(input.place(sign), "//", "+", "+")
        }
        K::WrongComment => wrong_operator::not_comment(place, word, beside(input, nth)),
        K::ConflictMark => merge_conflict::merge_conflict(place, word),
        K::BareUrl => unquoted_text::unquoted_text(place, word),
        K::SingleQuoted | K::SmartQuoted => wrong_operator::wrong_quotes(place, &requoted(word)),
        K::AndAnd => wrong_operator::wrong_operator(place, word, "and", "and"),
        K::OrOr => wrong_operator::wrong_operator(place, word, "or", "or"),
        K::Bang => wrong_operator::wrong_operator(place, word, "not", "not "),
        _ => stray_character::stray_character(place, word),
    };
    input.problems.push(problem);
}

/// What else stands in the lines of the comment that token `nth` is.
fn beside(input: &Input<'_>, nth: usize) -> wrong_operator::Beside {
    let behind = input.kind(nth + 1) != K::Newline && !input.starts_line(nth + 1);
    wrong_operator::Beside { before: !input.starts_line(nth), behind }
}

/// Whether what looks like a comment is `//` between two blocks, as Nix joins them.
fn joins(input: &Input<'_>, nth: usize) -> bool {
    let rest = input.word(nth).strip_prefix("//").unwrap_or_default().trim();
    let follows_block = nth > 0 && !input.starts_line(nth) && input.kind(nth - 1) == K::RightBrace;
    follows_block && rest.starts_with('{') && rest.ends_with('}')
}

/// A text in double quotes, three of them if it has several lines.
fn requoted(word: &str) -> String {
    let nix = word.strip_prefix("''").and_then(|word| word.strip_suffix("''"));
    let inner = nix.unwrap_or_else(|| super::source::unquoted(word).0);
    if inner.contains('\n') {
        format!("\"\"\"{inner}\"\"\"")
    } else {
        format!("\"{}\"", inner.replace('"', "\\\""))
    }
}
