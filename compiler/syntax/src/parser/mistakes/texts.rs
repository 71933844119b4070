//! Texts without one of their quotes.

use source::Span;

use super::super::raw::{Input, Raw};
use super::Edits;
use crate::problems::unclosed_text::{several_lines, unclosed_text, unclosed_value, unopened_text};
use crate::token::TokenKind as K;

/// Reports token `nth`, which is the end of a text that lacks a quote.
pub(super) fn report(input: &mut Input<'_>, nth: usize, token: Raw, edits: &mut Edits) {
    match token.kind {
        K::TextEndUnclosed => report_end(input, nth, token),
        // The quote that should have ended a text opens another where the `}` before it is missing.
        _ if input.kind(nth + 1) == K::TextEndUnclosed && input.tokens[nth + 1].span.is_empty() => {}
        K::TextUnclosed if input.word(nth) == "\"" && touches(input, nth) => report_lone(input, nth, edits),
        _ => report_whole(input, nth, token),
    }
}

/// Whether token `nth` stands directly behind the one before.
fn touches(input: &Input<'_>, nth: usize) -> bool {
    nth > 0 && input.tokens[nth - 1].span.end == input.tokens[nth].span.start
}

/// A text that nothing closes.
fn report_whole(input: &mut Input<'_>, nth: usize, token: Raw) {
    let word = input.word(nth);
    let quotes = if word.contains("\"\"\"") { "\"\"\"" } else { "\"" };
    let len = u32::try_from(word.find('"').unwrap_or(0) + quotes.len()).unwrap_or(1);
    let opened = input.place(Span::new(token.span.start, token.span.start + len));
    let problem = if quotes == "\"" && word.contains('\n') {
        let closed = input.place(Span::new(token.span.end - 1, token.span.end));
        several_lines(opened, closed)
    } else {
        let end = token.span.start + written(input, word);
        unclosed_text(opened, quotes, input.place(Span::empty(end)))
    };
    input.problems.push(problem);
}

/// The end of a text with values in it.
fn report_end(input: &mut Input<'_>, nth: usize, token: Raw) {
    let Some(start) = start_of(input, nth) else { return };
    let start = input.tokens[start].span;
    let is_quote = input.word(nth) == "\"";
    if token.span.is_empty() || is_quote {
        let opened = input.place(Span::new(start.end - 2, start.end));
        let before = input.tokens[nth - 1];
        let at = if before.kind == K::TextUnclosed { before.span.start } else { before.span.end };
        input.problems.push(unclosed_value(opened, input.place(Span::empty(at))));
        return;
    }
    let quotes = if start.slice(input.text).starts_with("\"\"\"") { "\"\"\"" } else { "\"" };
    let opened = Span::new(start.start, start.start + u32::try_from(quotes.len()).unwrap_or(1));
    let end = Span::empty(token.span.start + written(input, input.word(nth)));
    input.problems.push(unclosed_text(input.place(opened), quotes, input.place(end)));
}

/// A quote directly behind a value: it closes a text whose first quote is missing, or another quote on the line does
/// so, or has closed its text too early.
fn report_lone(input: &mut Input<'_>, nth: usize, edits: &mut Edits) {
    let line = (0..=nth).rev().find(|at| input.tokens[*at].line_start).unwrap_or(0);
    let goes_on = |at: &usize| {
        let next = input.kind(at + 1);
        input.kind(*at) == K::Text
            && touches(input, at + 1)
            && !next.closes()
            && !matches!(next, K::Comma | K::Semicolon | K::Dot)
    };
    let unopened = |at: &usize| input.kind(*at) == K::Text && unopened(input, line, *at) < *at;
    match (line..nth).find(|at| goes_on(at) || unopened(at)) {
        Some(at) if !unopened(&at) => {
            let text = input.tokens[at].span;
            let word = text.slice(input.text);
            let inner = word.strip_suffix('"').unwrap_or(word).trim_end_matches([' ', ',']);
            let end = text.start + u32::try_from(inner.len()).unwrap_or(0);
            let opened = input.place(Span::new(text.start, text.start + 1));
            input.problems.push(unclosed_text(opened, "\"", input.place(Span::empty(end))));
            edits.spoil(at..nth + 1);
        }
        found => {
            let at = found.unwrap_or(nth);
            let start = self::unopened(input, line, at);
            let text = Span::new(input.tokens[start].span.start, input.tokens[at].span.start);
            let quote = input.place(Span::new(text.end, text.end + 1));
            let opened = input.place(Span::empty(text.start));
            input.problems.push(unopened_text(quote, text.slice(input.text), opened));
            edits.spoil(start..nth + 1);
        }
    }
}

/// Where what stands directly before the quote that token `nth` starts with begins, on its line.
fn unopened(input: &Input<'_>, line: usize, nth: usize) -> usize {
    let mut depth = 0;
    let is_part = |at: &usize| {
        let kind = input.kind(*at);
        depth += i32::from(kind.closes()) - i32::from(kind.opens());
        let is_part = match kind {
            K::Assign | K::Comma => false,
            K::Colon => touches(input, *at),
            _ => depth >= 0,
        };
        is_part && touches(input, at + 1)
    };
    (line..nth).rev().take_while(is_part).last().unwrap_or(nth)
}

/// How much of what a text without end has swallowed belongs to it: where brackets do not balance, those at its end
/// that close nothing in it are most likely not meant to be part of it.
fn written(input: &Input<'_>, word: &str) -> u32 {
    let mut text = word.trim_end();
    while let Some(last) = text.chars().next_back().filter(|_| !input.balanced) {
        let open = match last {
            '}' => '{',
            ']' => '[',
            ')' => '(',
            ',' => '\0',
            _ => break,
        };
        if text.matches(open).count() >= text.matches(last).count() && open != '\0' {
            break;
        }
        text = text[..text.len() - 1].trim_end();
    }
    u32::try_from(text.len()).unwrap_or(0)
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
