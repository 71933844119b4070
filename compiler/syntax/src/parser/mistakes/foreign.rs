//! What other languages write, told from the tokens alone: YAML's lists and blocks, Jinja's braces, Nix' `with`.
#![deny(clippy::indexing_slicing, clippy::string_slice, reason = "what is half typed ends anywhere")]

use std::ops::Range;

use diagnostics::Edit;
use source::{Place, Span};

use super::super::raw::Input;
use super::{Edits, MOST};
use crate::lexer::starts_statement;
use crate::problems::bad_number::{decimal_comma, two_numbers};
use crate::problems::wrong_operator::{
    bare_value, dashed_list, indented_block, no_with, other_document, other_template,
};
use crate::token::TokenKind as K;

/// Reports what is written as in another language, and makes of it what it was meant to be.
pub(super) fn report(input: &mut Input<'_>, edits: &mut Edits) {
    if !may_have_any(input) {
        return;
    }
    let is_type = matches!(input.word(0), "kind" | "type");
    let mut frames = Vec::new();
    for nth in 0..input.tokens.len() {
        if input.problems.len() >= MOST {
            return;
        }
        let kind = input.kind(nth);
        if edits.is_spoiled(nth) {
            continue;
        }
        match kind {
            K::LeftBrace if is_doubled(input, nth) => other_language_template(input, nth, edits),
            K::Stray if is_bare_value(input, nth) => value_outside_text(input, nth, edits),
            K::Comma if !matches!(frames.last(), Some(K::LeftBracket | K::LeftParen)) => {
                comma_in_number(input, nth, edits);
            }
            K::Colon if !is_type => colon(input, nth, edits),
            K::Assign if starts_dashes(input, nth + 1) => dashes(input, nth, edits),
            K::Word if input.word(nth) == "with" => with(input, nth, edits),
            K::Minus if input.starts_line(nth) => document_mark(input, nth, edits),
            _ => {}
        }
        if kind.opens() {
            frames.push(kind);
        } else if kind.closes() {
            frames.pop();
        }
    }
}

/// Whether there is any sign that [`report`] looks further into: in most items there is none.
fn may_have_any(input: &Input<'_>) -> bool {
    let mut last = K::Newline;
    input.tokens.iter().any(|token| {
        let before = std::mem::replace(&mut last, token.kind);
        match token.kind {
            K::Stray | K::Colon => true,
            K::Minus => token.line_start,
            K::LeftBrace => before == K::LeftBrace,
            K::Comma => before == K::Int,
            K::Word => token.span.len() == 4 && token.span.slice(input.text) == "with",
            _ => false,
        }
    })
}

/// Whether token `nth + 1` stands directly behind token `nth`.
fn is_glued(input: &Input<'_>, nth: usize) -> bool {
    nth + 1 < input.tokens.len() && input.span(nth).end == input.start(nth + 1)
}

/// Whether token `nth` is the `$` of a `${…}` that stands by itself.
fn is_bare_value(input: &Input<'_>, nth: usize) -> bool {
    let stands_alone = nth == 0 || !is_glued(input, nth - 1) || input.kind(nth - 1).opens();
    input.word(nth) == "$" && stands_alone && is_glued(input, nth) && input.kind(nth + 1) == K::LeftBrace
}

fn is_doubled(input: &Input<'_>, nth: usize) -> bool {
    is_glued(input, nth) && input.kind(nth + 1) == K::LeftBrace
}

/// The number of the token that closes the bracket that is token `open`, if it stands on the same line.
fn partner(input: &Input<'_>, open: usize) -> Option<usize> {
    let mut depth = 0;
    for nth in open..input.tokens.len() {
        if input.starts_line(nth) && nth > open {
            return None;
        }
        let kind = input.kind(nth);
        depth += i32::from(kind.opens()) - i32::from(kind.closes());
        if depth == 0 {
            return Some(nth);
        }
    }
    None
}

/// `{{ value }}`.
fn other_language_template(input: &mut Input<'_>, nth: usize, edits: &mut Edits) {
    let Some(end) = partner(input, nth) else { return };
    if !is_glued(input, end - 1) || input.kind(end - 1) != K::RightBrace {
        return;
    }
    let inner = Span::new(input.span(nth + 1).end, input.start(end - 1));
    let place = input.place(input.bytes(&(nth..end + 1)));
    input.problems.push(other_template(place, inner.slice(input.text).trim()));
    edits.spoil(nth..end + 1);
}

/// `${value}` that stands in no text.
fn value_outside_text(input: &mut Input<'_>, nth: usize, edits: &mut Edits) {
    let Some(end) = partner(input, nth + 1) else { return };
    let open = input.bytes(&(nth..nth + 2));
    let close = input.span(end);
    let inner = Span::new(open.end, close.start).slice(input.text).trim();
    let edit = |span| Edit { place: input.place(span), text: String::new() };
    let problem = bare_value(input.place(open.to(close)), inner, vec![edit(open), edit(close)]);
    input.problems.push(problem);
    edits.spoil(nth..end + 1);
}

/// `1,5`.
fn comma_in_number(input: &mut Input<'_>, nth: usize, edits: &mut Edits) {
    let is_number = |kind| matches!(kind, K::Int | K::Float | K::Quantity);
    let is_one = nth > 0 && is_glued(input, nth - 1) && is_glued(input, nth);
    if !is_one || input.kind(nth - 1) != K::Int || !is_number(input.kind(nth + 1)) {
        return;
    }
    let span = input.bytes(&(nth - 1..nth + 2));
    input.problems.push(decimal_comma(input.place(span), span.slice(input.text)));
    edits.spoil(nth - 1..nth + 2);
}

/// `8080:80`, `scopes:` before a list with dashes, `resources:` before a block that is only indented.
fn colon(input: &mut Input<'_>, nth: usize, edits: &mut Edits) {
    let is_glued = nth > 0 && is_glued(input, nth - 1) && is_glued(input, nth);
    if is_glued && input.kind(nth - 1) == K::Int && input.kind(nth + 1) == K::Int {
        let span = input.bytes(&(nth - 1..nth + 2));
        input.problems.push(two_numbers(input.place(span), span.slice(input.text)));
        edits.spoil(nth - 1..nth + 2);
    } else if starts_dashes(input, nth + 1) {
        dashes(input, nth, edits);
    } else {
        block(input, nth, edits);
    }
}

/// Whether token `nth` is the first dash of a list.
fn starts_dashes(input: &Input<'_>, nth: usize) -> bool {
    input.kind(nth) == K::Minus && input.starts_line(nth) && !is_glued(input, nth)
}

/// The tokens of the lines from token `first` on that are indented by `least` columns or more.
fn indented(input: &Input<'_>, first: usize, least: usize) -> Range<usize> {
    let mut depth = 0;
    let mut end = first;
    for nth in first..input.tokens.len() {
        let kind = input.kind(nth);
        depth += i32::from(kind.opens()) - i32::from(kind.closes());
        if depth < 0 || (input.starts_line(nth) && input.column(nth) < least) {
            break;
        }
        end = nth + 1;
    }
    first..end
}

/// A list that is written as lines with dashes, behind the sign that is token `sign`.
fn dashes(input: &mut Input<'_>, sign: usize, edits: &mut Edits) {
    let first = sign + 1;
    let lines = indented(input, first, input.column(first));
    let starts: Vec<usize> = lines.clone().filter(|nth| starts_dashes(input, *nth)).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.end]);
    let entries: Vec<Range<usize>> = starts.iter().zip(ends).map(|(start, end)| *start..end).collect();
    let is_simple = lines
        .clone()
        .all(|nth| input.kind(nth) != K::Colon && (!input.starts_line(nth) || starts_dashes(input, nth)));
    // Behind a dash with nothing behind it somebody is about to write a value.
    let is_whole = entries.iter().all(|entry| entry.len() > 1);
    let fix = if is_simple && is_whole { bracketed(input, sign, &entries) } else { Vec::new() };
    let first_line = input.bytes(&(first..entries.first().map_or(lines.end, |entry| entry.end)));
    let problem = dashed_list(input.place(first_line), fix);
    input.problems.push(problem);
    edits.spoil(lines);
}

/// What makes a list in brackets of `entries`, each of which begins with its dash.
fn bracketed(input: &Input<'_>, sign: usize, entries: &[Range<usize>]) -> Vec<Edit> {
    let edit = |span, text: String| Edit { place: input.place(span), text };
    let is_colon = input.kind(sign) == K::Colon;
    let mut fix: Vec<Edit> = is_colon.then(|| edit(input.span(sign), " =".to_owned())).into_iter().collect();
    for (at, entry) in entries.iter().enumerate() {
        let value = entry.start + 1..entry.end;
        let dash = input.span(entry.start);
        let quote = if is_bare_text(input, &value) { "\"" } else { "" };
        let open = if at == 0 { "[" } else { " " };
        let close = if at + 1 == entries.len() { "]" } else { "," };
        let space = Span::new(dash.start, input.start(value.start));
        let before = if quote.is_empty() { dash } else { space };
        fix.push(edit(before, format!("{open}{quote}")));
        fix.push(edit(input.behind(&value), format!("{quote}{close}")));
    }
    fix
}

/// Whether tokens are no value as they stand, but would be a text in quotes: `--fast`.
fn is_bare_text(input: &Input<'_>, tokens: &Range<usize>) -> bool {
    let is_name = |nth: usize| matches!(input.kind(nth), K::Word | K::Dot);
    tokens.len() > 1
        && !tokens.clone().all(is_name)
        && !input.bytes(tokens).slice(input.text).contains(['"', '\n', '{', '['])
}

/// What stands indented below `name:` as if it were in braces.
fn block(input: &mut Input<'_>, colon: usize, edits: &mut Edits) {
    let Some(line) = input.line(colon) else { return };
    let is_path =
        line < colon && (line..colon).all(|nth| matches!(input.kind(nth), K::Word | K::Text | K::Dot));
    let next = colon + 1;
    if !is_path || !input.starts_line(next) {
        return;
    }
    let column = input.column(line);
    let rest = input.rest(input.start(next)).as_bytes();
    let lines = indented(input, next, column + 1);
    if lines.is_empty() || !starts_statement(rest) {
        return;
    }
    let sign = input.span(colon);
    let end = input.behind(&lines);
    let name = input.bytes(&(line..colon)).slice(input.text);
    let place = |span: Span| -> Place { input.place(span) };
    let fix = vec![
        Edit { place: place(sign), text: " {".to_owned() },
        Edit { place: place(end), text: format!("\n{}}}", " ".repeat(column)) },
    ];
    let problem = indented_block(place(sign), name, fix);
    input.problems.push(problem);
    edits.replace(colon..colon + 1, K::LeftBrace);
    edits.replace(lines.end..lines.end, K::RightBrace);
}

/// A line `---`.
fn document_mark(input: &mut Input<'_>, nth: usize, edits: &mut Edits) {
    let end = (nth + 1..input.tokens.len()).find(|at| input.starts_line(*at));
    let tokens = nth..end.unwrap_or(input.tokens.len());
    let line = input.bytes(&tokens);
    if line.slice(input.text) == "---" {
        input.problems.push(other_document(input.place(line)));
        edits.remove(tokens);
    }
}

/// `with pkgs;`.
fn with(input: &mut Input<'_>, nth: usize, edits: &mut Edits) {
    let is_value = nth > 0 && matches!(input.kind(nth - 1), K::Assign | K::LeftParen | K::Semicolon);
    if !is_value || input.kind(nth + 1) != K::Word {
        return;
    }
    let end = (nth + 1..input.tokens.len()).find(|at| !matches!(input.kind(*at), K::Word | K::Dot));
    let Some(end) = end.filter(|end| input.kind(*end) == K::Semicolon) else { return };
    let span = input.bytes(&(nth..end + 1));
    let rest = input.rest(span.end).bytes().take_while(|byte| *byte == b' ').count();
    let gone = Span::new(span.start, span.end + u32::try_from(rest).unwrap_or(0));
    input.problems.push(no_with(input.place(span), span.slice(input.text), input.place(gone)));
    edits.remove(nth..end + 1);
}
