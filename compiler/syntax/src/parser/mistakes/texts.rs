//! Texts without one of their quotes.
#![deny(clippy::indexing_slicing, clippy::string_slice, reason = "what is half typed ends anywhere")]

use source::Span;

use super::super::raw::{Input, Raw};
use super::Edits;
use crate::lexer::starts_statement;
use crate::problems::unclosed_text::{several_lines, unclosed_text, unclosed_value, unopened_text};
use crate::token::TokenKind as K;

/// Reports token `nth`, which is the end of a text that lacks a quote.
pub(super) fn report(input: &mut Input<'_>, nth: usize, token: Raw, edits: &mut Edits) {
    match token.kind {
        K::TextEndUnclosed => report_end(input, nth, token, edits),
        // The quote that should have ended a text opens another where the `}` before it is missing.
        _ if input.kind(nth + 1) == K::TextEndUnclosed && input.span(nth + 1).is_empty() => {}
        K::TextUnclosed if input.word(nth) == "\"" && touches(input, nth) => report_lone(input, nth, edits),
        _ => report_whole(input, nth, token, edits),
    }
}

/// Whether token `nth` stands directly behind the one before.
fn touches(input: &Input<'_>, nth: usize) -> bool {
    nth > 0 && input.span(nth - 1).end == input.start(nth)
}

/// A text that nothing closes.
fn report_whole(input: &mut Input<'_>, nth: usize, token: Raw, edits: &mut Edits) {
    let word = input.word(nth);
    let quotes = if word.contains("\"\"\"") { "\"\"\"" } else { "\"" };
    let len = u32::try_from(word.find('"').unwrap_or(0) + quotes.len()).unwrap_or(1);
    let opened = input.place(Span::new(token.span.start, token.span.start + len));
    let problem = if quotes == "\"" && word.contains('\n') {
        let closed = input.place(Span::new(token.span.end - 1, token.span.end));
        several_lines(opened, closed)
    } else {
        let end = token.span.start + written(input, nth, edits);
        unclosed_text(opened, quotes, input.place(Span::empty(end)))
    };
    input.problems.push(problem);
}

/// The end of a text with values in it.
fn report_end(input: &mut Input<'_>, nth: usize, token: Raw, edits: &mut Edits) {
    let Some(start) = start_of(input, nth) else { return };
    let start = input.span(start);
    let is_quote = input.word(nth) == "\"";
    if token.span.is_empty() || is_quote {
        let opened = input.place(Span::new(start.end - 2, start.end));
        // The text's start stands before it.
        let before = input.span(nth - 1);
        let at = if input.kind(nth - 1) == K::TextUnclosed { before.start } else { before.end };
        input.problems.push(unclosed_value(opened, input.place(Span::empty(at))));
        return;
    }
    let quotes = if start.slice(input.text).starts_with("\"\"\"") { "\"\"\"" } else { "\"" };
    let opened = Span::new(start.start, start.start + u32::try_from(quotes.len()).unwrap_or(1));
    let end = Span::empty(token.span.start + written(input, nth, edits));
    input.problems.push(unclosed_text(input.place(opened), quotes, input.place(end)));
}

/// A quote directly behind a value: it closes a text whose first quote is missing, or another quote on the line does
/// so, or has closed its text too early.
fn report_lone(input: &mut Input<'_>, nth: usize, edits: &mut Edits) {
    let line = input.line(nth).unwrap_or(0);
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
            let text = input.span(at);
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
            let text = Span::new(input.start(start), input.start(at));
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
            K::Assign => touches(input, *at) && is_in_list(input, line, *at),
            K::Comma => false,
            K::Colon => touches(input, *at),
            _ => depth >= 0,
        };
        is_part && touches(input, at + 1)
    };
    (line..nth).rev().take_while(is_part).last().unwrap_or(nth)
}

/// Whether token `nth` stands in a list or parenthesis that opens on the line that token `line` begins.
fn is_in_list(input: &Input<'_>, line: usize, nth: usize) -> bool {
    let mut depth = 0;
    let open = (line..nth).rev().map(|at| input.kind(at)).find(|kind| {
        depth += i32::from(kind.opens()) - i32::from(kind.closes());
        depth > 0
    });
    matches!(open, Some(K::LeftBracket | K::LeftParen))
}

/// How much of what the text without end that is token `nth` has swallowed belongs to it: neither the `{` of a check,
/// nor what looks like another field, nor, where brackets do not balance, those at its end that close nothing in it.
fn written(input: &Input<'_>, nth: usize, edits: &mut Edits) -> u32 {
    // The `}` of a value in it is its own.
    let own = usize::from(input.kind(nth) == K::TextEndUnclosed);
    let word = input.word(nth).get(own..).unwrap_or_default().trim_end();
    let text = match before_brace(input, nth, word) {
        Some(text) => {
            if word.strip_prefix(text).is_some_and(|rest| rest.trim() == "{") {
                let kind = if input.kind(nth) == K::TextEndUnclosed { K::TextEnd } else { K::Text };
                edits.replace(nth..nth + 1, kind);
                edits.replace(nth + 1..nth + 1, K::LeftBrace);
            }
            text
        }
        None => without_closing(input, before_field(word)),
    };
    u32::try_from(own + text.len()).unwrap_or(0)
}

/// The message of a check that has swallowed its `{`.
fn before_brace<'a>(input: &Input<'a>, nth: usize, word: &'a str) -> Option<&'a str> {
    let line = input.line(nth)?;
    let (message, _) = word.rsplit_once(" {").filter(|_| input.word(line) == "check")?;
    Some(message.trim_end())
}

/// The part of a text that stands before something like `, name = `.
fn before_field(word: &str) -> &str {
    let halves = word.match_indices(',').filter_map(|(at, _)| word.split_at_checked(at));
    let is_field = |rest: &str| starts_statement(rest.trim_start_matches(',').trim_start().as_bytes());
    let before = halves.into_iter().find(|(_, rest)| is_field(rest)).map(|(before, _)| before);
    before.filter(|_| !word.contains('\n')).unwrap_or(word)
}

/// A text without the closing brackets and commas at its end that it does not open.
fn without_closing<'a>(input: &Input<'_>, mut text: &'a str) -> &'a str {
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
        text = text.strip_suffix(last).unwrap_or_default().trim_end();
    }
    text
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
