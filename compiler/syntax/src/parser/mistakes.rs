//! Tokens that are mistakes of their own, reported once each, whatever stands around them.

use source::Span;

use super::raw::{Input, Raw};
use crate::escape::bad_escapes;
use crate::problems::{bad_escape, bad_number, stray_character, unclosed_text, wrong_operator};
use crate::token::TokenKind as K;

/// How many are reported; what follows so many says nothing new.
const MOST: usize = 50;

/// Reports the mistaken tokens of `input`, and takes away those that the grammar must not see.
pub(crate) fn report(input: &mut Input<'_>) {
    for nth in 0..input.tokens.len() {
        let token = input.tokens[nth];
        if has_escapes(token.kind)
            && input.problems.len() < MOST
            && input.word(nth).as_bytes().contains(&b'\\')
        {
            report_escapes(input, token);
        }
        if token.kind.is_mistake() && input.problems.len() < MOST {
            report_token(input, nth, token);
        }
    }
    if input.mistaken {
        remove_comments(input);
    }
}

fn has_escapes(kind: K) -> bool {
    matches!(kind, K::Text | K::TextStart | K::TextMiddle | K::TextEnd)
}

fn report_escapes(input: &mut Input<'_>, token: Raw) {
    let text = token.span.slice(input.text);
    for bad in bad_escapes(text) {
        let offset = |at: usize| token.span.start + u32::try_from(at).unwrap_or(u32::MAX);
        let place = input.place(Span::new(offset(bad.start), offset(bad.end)));
        input.problems.push(bad_escape::bad_escape(place, &text[bad.start..bad.end]));
    }
}

fn report_token(input: &mut Input<'_>, nth: usize, token: Raw) {
    let word = input.word(nth);
    let place = input.place(token.span);
    let problem = match token.kind {
        K::TextUnclosed | K::NixUnclosed | K::TextEndUnclosed => return report_text(input, nth, token),
        K::BadNumber => bad_number::bad_number(place, word),
        K::BadWord => stray_character::bad_name(place, word),
        K::WrongComment => {
            let start = token.span.start;
            wrong_operator::not_comment(place, input.place(Span::new(start, start + 2)))
        }
        K::SingleQuoted | K::SmartQuoted => wrong_operator::wrong_quotes(place, &requoted(word)),
        K::AndAnd => wrong_operator::wrong_operator(place, word, "and", "and"),
        K::OrOr => wrong_operator::wrong_operator(place, word, "or", "or"),
        K::Bang => wrong_operator::wrong_operator(place, word, "not", "not "),
        _ => stray_character::stray_character(place, word),
    };
    input.problems.push(problem);
}

/// A text in double quotes.
fn requoted(word: &str) -> String {
    let inner = super::source::unquoted(word).0;
    format!("\"{}\"", inner.replace('"', "\\\""))
}

fn report_text(input: &mut Input<'_>, nth: usize, token: Raw) {
    let word = input.word(nth);
    let written = word.trim_end();
    // Where brackets do not balance, those at the end are most likely not meant to be part of the text.
    let written = if input.balanced { written } else { written.trim_end_matches([' ', '}', ']', ')', ',']) };
    let end = token.span.start + u32::try_from(written.len()).unwrap_or(0);
    let at_end = input.place(Span::empty(end));
    if token.kind != K::TextEndUnclosed {
        // The quote that should have ended a text opens another where the `}` before it is missing.
        if input.kind(nth + 1) == K::TextEndUnclosed && input.tokens[nth + 1].span.is_empty() {
            return;
        }
        let quotes = if word.contains("\"\"\"") { "\"\"\"" } else { "\"" };
        let len = u32::try_from(word.find('"').unwrap_or(0) + quotes.len()).unwrap_or(1);
        let opened = input.place(Span::new(token.span.start, token.span.start + len));
        input.problems.push(unclosed_text::unclosed_text(opened, quotes, at_end));
        return;
    }
    let Some(start) = start_of(input, nth) else { return };
    let start = input.tokens[start].span;
    if token.span.is_empty() {
        let opened = input.place(Span::new(start.end - 2, start.end));
        let before = input.tokens[nth - 1];
        let at = if before.kind == K::TextUnclosed { before.span.start } else { before.span.end };
        input.problems.push(unclosed_text::unclosed_value(opened, input.place(Span::empty(at))));
        return;
    }
    let quotes = if start.slice(input.text).starts_with("\"\"\"") { "\"\"\"" } else { "\"" };
    let opened = Span::new(start.start, start.start + u32::try_from(quotes.len()).unwrap_or(1));
    input.problems.push(unclosed_text::unclosed_text(input.place(opened), quotes, at_end));
}

/// The token that starts the text that token `end` ends.
fn start_of(input: &Input<'_>, end: usize) -> Option<usize> {
    let mut depth = 0;
    (0..end).rev().find(|nth| match input.kind(*nth) {
        K::TextEnd | K::TextEndUnclosed => {
            depth += 1;
            false
        }
        K::TextStart if depth > 0 => {
            depth -= 1;
            false
        }
        kind => kind == K::TextStart,
    })
}

fn remove_comments(input: &mut Input<'_>) {
    let mut line_start = false;
    let mut removed = 0;
    let mut docs = std::mem::take(&mut input.docs).into_iter().peekable();
    let mut kept = Vec::with_capacity(input.tokens.len());
    for (nth, token) in input.tokens.iter().enumerate() {
        while let Some(doc) = docs.next_if(|doc| doc.token as usize <= nth) {
            let token = doc.token.saturating_sub(removed);
            input.docs.push(super::raw::Doc { token, ..doc });
        }
        if token.kind == K::WrongComment {
            line_start |= token.line_start;
            removed += 1;
            continue;
        }
        kept.push(Raw { line_start: token.line_start || line_start, ..*token });
        line_start = false;
    }
    input.tokens = kept;
}
