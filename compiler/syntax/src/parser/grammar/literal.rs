//! Literals and texts.

use chumsky::prelude::*;
use smol_str::SmolStr;

use super::super::tok::Tok;
use super::super::unquoted;
use super::{Rule, With, bytes, expr_at, missing};
use crate::ast::{Expr, ExprKind, Literal, TextPart};
use crate::escape::{dedent, unescape, unescape_nix};

/// Whether [`literal`] reads `tok`.
pub(super) fn is_literal(tok: Tok) -> bool {
    tok.is_value() || tok == Tok::Bad
}

/// What is one token.
pub(super) fn literal() -> Rule<Expr> {
    select! {
        Tok::Ident = e => { let name = slice(e).into(); expr_at(ExprKind::Name(name), e) },
        Tok::Text = e => text(e),
        Tok::Int = e => { let digits = digits(slice(e)); expr_at(ExprKind::Int(digits), e) },
        Tok::Path = e => domain(Literal::Path, e),
        Tok::Quantity = e => domain(Literal::Quantity, e),
        Tok::Address = e => domain(Literal::Address, e),
        Tok::True = e => expr_at(ExprKind::Bool(true), e),
        Tok::False = e => expr_at(ExprKind::Bool(false), e),
        Tok::None = e => expr_at(ExprKind::None, e),
        Tok::Itself = e => expr_at(ExprKind::Itself, e),
        Tok::Cidr = e => domain(Literal::Cidr, e),
        Tok::Mac = e => domain(Literal::Mac, e),
        Tok::Version = e => domain(Literal::Version, e),
        Tok::Float = e => { let digits = digits(slice(e)); expr_at(ExprKind::Float(digits), e) },
        Tok::Nix = e => nix(e),
        Tok::Bad = e => expr_at(ExprKind::Error, e),
    }
    .boxed()
}

pub(super) fn slice<'b>(extra: &'b mut With<'_, '_>) -> &'b str {
    let toks = extra.span();
    extra.state().slice(toks)
}

fn domain(literal: Literal, extra: &mut With<'_, '_>) -> Expr {
    let text = SmolStr::new(slice(extra));
    expr_at(ExprKind::Literal(literal, text), extra)
}

fn digits(number: &str) -> SmolStr {
    if number.contains('_') { number.replace('_', "").into() } else { number.into() }
}

fn text(extra: &mut With<'_, '_>) -> Expr {
    let text = plain_text(slice(extra));
    let parts = if text.is_empty() { Vec::new() } else { vec![TextPart::Text(text)] };
    expr_at(ExprKind::Text(parts), extra)
}

/// What a text without `${…}` means, given with its quotes.
fn plain_text(token: &str) -> SmolStr {
    match unquoted(token) {
        (raw, true) => unescape(&dedent(&[raw]).concat()),
        (raw, false) => unescape(raw),
    }
}

fn nix(extra: &mut With<'_, '_>) -> Expr {
    let token = slice(extra);
    let code = match unquoted(token.strip_prefix("nix").unwrap_or(token)) {
        (raw, true) => unescape_nix(&dedent(&[raw]).concat()),
        (raw, false) => unescape_nix(raw),
    };
    expr_at(ExprKind::Nix(code), extra)
}

/// A text with `${…}` in it.
pub(super) fn interpolated(expr: Rule<Expr>) -> Rule<Expr> {
    let raw = |tok| just(tok).map_with(|_, e| bytes(e));
    raw(Tok::TextStart)
        .then(missing::value(&expr))
        .then(raw(Tok::TextMiddle).then(missing::value(&expr)).repeated().collect::<Vec<_>>())
        .then(raw(Tok::TextEnd))
        .map_with(|(((start, first), middle), end), e| {
            let mut pieces = vec![start];
            let mut values = vec![first];
            for (piece, value) in middle {
                pieces.push(piece);
                values.push(value);
            }
            pieces.push(end);
            let is_closed = e.state().is_closed(end);
            let mut parts = e.state().parts(&pieces, values);
            if !is_closed {
                // What a text without end has swallowed is not known.
                parts.push(TextPart::Value(Expr { kind: ExprKind::Error, span: end }));
            }
            expr_at(ExprKind::Text(parts), e)
        })
        .boxed()
}

impl super::super::source::Source {
    /// Whether the last piece of a text has its quotes.
    fn is_closed(&self, end: source::Span) -> bool {
        self.rest(end.start)[..end.len() as usize].ends_with('"')
    }

    /// The parts of a text from its pieces, given as they are written, and the values between them.
    fn parts(&self, pieces: &[source::Span], values: Vec<Expr>) -> Vec<TextPart> {
        let (raw, block) = self.pieces(pieces);
        let texts: Vec<SmolStr> = if block {
            dedent(&raw).iter().map(|text| unescape(text)).collect()
        } else {
            raw.iter().map(|text| unescape(text)).collect()
        };
        let mut parts = Vec::with_capacity(texts.len() + values.len());
        let mut values = values.into_iter();
        for text in texts {
            if !text.is_empty() {
                parts.push(TextPart::Text(text));
            }
            parts.extend(values.next().map(TextPart::Value));
        }
        parts
    }
}
