//! The clauses of heads in the order in which they are written: `KIND NAME[key] in X : T for v in xs if c`.
//!
//! The grammar takes them in any order. So two texts say the same if their tokens are the same in this one.

use std::ops::Range;

use source::Span;

use super::arrange::Arranged;
use super::tok::Tok;

/// A token, its place, and the documentation of the statement that it marks.
type Token = (Tok, Span, Option<Span>);

/// The tokens of `arranged`, with the clauses of each head in order, unless `stays` is so of the head's bytes.
pub(crate) fn in_order(arranged: &Arranged, stays: impl Fn(Span) -> bool) -> Arranged {
    let doc = |nth: usize| {
        let at = arranged.docs.binary_search_by_key(&nth, |doc| doc.0 as usize).ok()?;
        Some(arranged.docs[at].1)
    };
    let toks = arranged.toks.iter().zip(&arranged.spans).enumerate();
    let mut tokens: Vec<Token> = toks.map(|(nth, (tok, span))| (*tok, *span, doc(nth))).collect();
    // What stands in a head is in order before the head is.
    for mark in (0..tokens.len()).rev() {
        if matches!(tokens[mark].0, Tok::MarkDeclare | Tok::MarkColon) {
            sort(&mut tokens, mark, &stays);
        }
    }
    let docs =
        tokens.iter().enumerate().filter_map(|(nth, token)| Some((u32::try_from(nth).ok()?, token.2?)));
    Arranged {
        docs: docs.collect(),
        toks: tokens.iter().map(|token| token.0).collect(),
        spans: tokens.iter().map(|token| token.1).collect(),
        ..Arranged::default()
    }
}

/// Brings the clauses of the head behind `mark` into order.
fn sort(tokens: &mut [Token], mark: usize, stays: &impl Fn(Span) -> bool) {
    let mut clauses = clauses(tokens, mark);
    let (Some(first), Some(last)) = (clauses.first(), clauses.last()) else { return };
    let all = first.start..last.end;
    let is_sorted = clauses.is_sorted_by_key(|clause| place(tokens[clause.start].0));
    if is_sorted || stays(tokens[mark].1.to(tokens[all.end - 1].1)) {
        return;
    }
    clauses.sort_by_key(|clause| place(tokens[clause.start].0));
    let sorted: Vec<Token> = clauses.into_iter().flat_map(|clause| tokens[clause].to_vec()).collect();
    if all.start == path_end(tokens, mark + 1) {
        let is_colon = sorted.first().is_some_and(|token| token.0 == Tok::Colon);
        tokens[mark].0 = if is_colon { Tok::MarkColon } else { Tok::MarkDeclare };
    }
    tokens[all].copy_from_slice(&sorted);
}

/// The token behind the dotted words that begin with token `at`.
fn path_end(tokens: &[Token], mut at: usize) -> usize {
    while tokens.get(at + 1).is_some_and(|token| token.0 == Tok::Dot) {
        at += 2;
    }
    at + 1
}

/// Where the clause stands that begins with `tok`.
fn place(tok: Tok) -> usize {
    [Tok::Within, Tok::Colon, Tok::For, Tok::If].into_iter().take_while(|other| *other != tok).count()
}

/// The tokens of the clauses of the head behind `mark`.
fn clauses(tokens: &[Token], mark: usize) -> Vec<Range<usize>> {
    let tok = |nth: usize| tokens.get(nth).map_or(Tok::End, |token| token.0);
    let mut clauses: Vec<Range<usize>> = Vec::new();
    let (mut depth, mut matches) = (0, 0);
    for nth in mark + 1.. {
        let ends_value = tok(nth - 1).is_value() || tok(nth - 1).closes();
        match tok(nth) {
            tok if tok.closes() => depth -= 1,
            _ if depth > 0 => depth += i32::from(tok(nth).opens()),
            Tok::End | Tok::Assign | Tok::Append | Tok::FatArrow => break,
            // Of a `match`, or the body.
            Tok::LeftBrace if ends_value && matches == 0 => break,
            Tok::LeftBrace => {
                matches -= i32::from(ends_value);
                depth += 1;
            }
            tok if tok.opens() => depth += 1,
            Tok::Match => matches += 1,
            Tok::Within | Tok::Colon | Tok::For | Tok::If if ends_value => clauses.push(nth..nth),
            _ => {}
        }
        if let Some(last) = clauses.last_mut() {
            last.end = nth + 1;
        }
        if let [.., before, last] = clauses.as_mut_slice()
            && last.start == nth
        {
            before.end = nth;
        }
    }
    clauses
}
