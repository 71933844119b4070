//! What other languages write, told from the tokens alone: YAML's lists and blocks, Jinja's braces, Nix' `with`.

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
            K::Minus if input.tokens[nth].line_start => document_mark(input, nth, edits),
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
    nth + 1 < input.tokens.len() && input.tokens[nth].span.end == input.tokens[nth + 1].span.start
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
        let token = input.tokens[nth];
        if token.line_start && nth > open {
            return None;
        }
        depth += i32::from(token.kind.opens()) - i32::from(token.kind.closes());
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
    let inner = Span::new(input.tokens[nth + 1].span.end, input.tokens[end - 1].span.start);
    let place = input.place(input.tokens[nth].span.to(input.tokens[end].span));
    input.problems.push(other_template(place, inner.slice(input.text).trim()));
    edits.spoil(nth..end + 1);
}

/// `${value}` that stands in no text.
fn value_outside_text(input: &mut Input<'_>, nth: usize, edits: &mut Edits) {
    let Some(end) = partner(input, nth + 1) else { return };
    let open = input.tokens[nth].span.to(input.tokens[nth + 1].span);
    let close = input.tokens[end].span;
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
    let span = input.tokens[nth - 1].span.to(input.tokens[nth + 1].span);
    input.problems.push(decimal_comma(input.place(span), span.slice(input.text)));
    edits.spoil(nth - 1..nth + 2);
}

/// `8080:80`, `scopes:` before a list with dashes, `resources:` before a block that is only indented.
fn colon(input: &mut Input<'_>, nth: usize, edits: &mut Edits) {
    let is_glued = nth > 0 && is_glued(input, nth - 1) && is_glued(input, nth);
    if is_glued && input.kind(nth - 1) == K::Int && input.kind(nth + 1) == K::Int {
        let span = input.tokens[nth - 1].span.to(input.tokens[nth + 1].span);
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
    input.kind(nth) == K::Minus && input.tokens[nth].line_start && !is_glued(input, nth)
}

/// The tokens of the lines from token `first` on that are indented by `least` columns or more.
fn indented(input: &Input<'_>, first: usize, least: usize) -> Range<usize> {
    let mut depth = 0;
    let mut end = first;
    for nth in first..input.tokens.len() {
        let token = input.tokens[nth];
        depth += i32::from(token.kind.opens()) - i32::from(token.kind.closes());
        if depth < 0 || (token.line_start && input.column(&token) < least) {
            break;
        }
        end = nth + 1;
    }
    first..end
}

/// A list that is written as lines with dashes, behind the sign that is token `sign`.
fn dashes(input: &mut Input<'_>, sign: usize, edits: &mut Edits) {
    let first = sign + 1;
    let lines = indented(input, first, input.column(&input.tokens[first]));
    let starts: Vec<usize> = lines.clone().filter(|nth| starts_dashes(input, *nth)).collect();
    let is_simple = input.tokens[lines.clone()].iter().all(|token| token.kind != K::Colon)
        && lines.clone().all(|nth| !input.tokens[nth].line_start || starts_dashes(input, nth));
    let place = |span| input.place(span);
    let mut fix = Vec::new();
    if is_simple {
        let sign = input.tokens[sign];
        fix.extend((sign.kind == K::Colon).then(|| Edit { place: place(sign.span), text: " =".to_owned() }));
        for (at, start) in starts.iter().enumerate() {
            let dash = input.tokens[*start].span;
            let end = starts.get(at + 1).map_or(lines.end, |next| *next);
            let behind = Span::empty(input.tokens[end - 1].span.end);
            let quote = if is_bare_text(input, start + 1..end) { "\"" } else { "" };
            let (open, close) = (if at == 0 { "[" } else { " " }, if end == lines.end { "]" } else { "," });
            let space = Span::new(dash.start, input.tokens[start + 1].span.start);
            let before = if quote.is_empty() { dash } else { space };
            fix.push(Edit { place: place(before), text: format!("{open}{quote}") });
            fix.push(Edit { place: place(behind), text: format!("{quote}{close}") });
        }
    }
    let whole = input.tokens[lines.start].span.to(input.tokens[lines.end - 1].span);
    let first_line = Span::new(whole.start, input.tokens[*starts.get(1).unwrap_or(&lines.end) - 1].span.end);
    let problem = dashed_list(place(first_line), fix);
    input.problems.push(problem);
    edits.spoil(lines);
}

/// Whether tokens are no value as they stand, but would be a text in quotes: `--fast`.
fn is_bare_text(input: &Input<'_>, tokens: Range<usize>) -> bool {
    let is_name = |nth: usize| matches!(input.kind(nth), K::Word | K::Dot);
    let span = input.tokens[tokens.start].span.to(input.tokens[tokens.end - 1].span);
    tokens.len() > 1
        && !tokens.clone().all(is_name)
        && !span.slice(input.text).contains(['"', '\n', '{', '['])
}

/// What stands indented below `name:` as if it were in braces.
fn block(input: &mut Input<'_>, colon: usize, edits: &mut Edits) {
    let Some(line) = (0..=colon).rev().find(|nth| input.tokens[*nth].line_start) else { return };
    let is_path =
        line < colon && (line..colon).all(|nth| matches!(input.kind(nth), K::Word | K::Text | K::Dot));
    let next = colon + 1;
    if !is_path || next >= input.tokens.len() || !input.tokens[next].line_start {
        return;
    }
    let column = input.column(&input.tokens[line]);
    let rest = &input.text.as_bytes()[input.tokens[next].span.start as usize..];
    let lines = indented(input, next, column + 1);
    if lines.is_empty() || !starts_statement(rest) {
        return;
    }
    let sign = input.tokens[colon].span;
    let end = Span::empty(input.tokens[lines.end - 1].span.end);
    let name = input.tokens[line].span.to(input.tokens[colon - 1].span).slice(input.text);
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
    let end = (nth + 1..input.tokens.len()).find(|at| input.tokens[*at].line_start);
    let tokens = nth..end.unwrap_or(input.tokens.len());
    let line = input.tokens[nth].span.to(input.tokens[tokens.end - 1].span);
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
    let span = input.tokens[nth].span.to(input.tokens[end].span);
    let rest = input.text[span.end as usize..].bytes().take_while(|byte| *byte == b' ').count();
    let gone = Span::new(span.start, span.end + u32::try_from(rest).unwrap_or(0));
    input.problems.push(no_with(input.place(span), span.slice(input.text), input.place(gone)));
    edits.remove(nth..end + 1);
}
