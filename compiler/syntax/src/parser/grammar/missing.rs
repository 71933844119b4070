//! What is not there yet: of what stops in the middle, what was written before is kept.
//!
//! Where something must stand and nothing does that could be it, the rule that wants it says so, as it would anyway, and
//! goes on with something empty in its place. So `x = lab.` is a member without a name of `lab`, not one error.

use chumsky::prelude::*;
use source::Span;

use super::super::fault::{Fault, Flaw};
use super::super::tok::Tok;
use super::{Here, Rule};
use crate::ast::{Body, Expr, ExprKind, Name, TypeExpr, TypeExprKind};

/// What `rule` reads; where nothing stands, what `empty` makes of that place.
fn or_empty<O: 'static>(rule: Rule<O>, empty: fn(Span) -> O) -> Rule<O> {
    or_empty_before(is_nothing, rule, empty)
}

/// The same, where `is_nothing` says of the next token whether it begins nothing.
fn or_empty_before<O: 'static>(is_nothing: fn(Tok) -> bool, rule: Rule<O>, empty: fn(Span) -> O) -> Rule<O> {
    custom(move |here: &mut Here<'_>| {
        let start = here.save();
        let at = *here.cursor().inner();
        let fault = match here.parse(&rule) {
            Ok(read) => return Ok(read),
            Err(fault) => fault,
        };
        here.rewind(start);
        if here.peek().is_some_and(|tok| !is_nothing(tok)) {
            return Err(fault);
        }
        here.emit(fault);
        // Behind what stands before it, as it will stand there.
        let before = at.checked_sub(1).map_or(0, |before| here.state().span(before).end);
        Ok(empty(Span::empty(before)))
    })
    .boxed()
}

/// A value that must stand here.
pub(super) fn value(rule: &Rule<Expr>) -> Rule<Expr> {
    or_empty(rule.clone(), |span| Expr { kind: ExprKind::Error, span })
}

/// A name that must stand here.
pub(super) fn name(rule: Rule<Name>) -> Rule<Name> {
    or_empty(rule, |span| Name { text: "".into(), span })
}

/// A token that must stand here.
pub(super) fn token(tok: Tok) -> Rule<()> {
    or_empty(just(tok).ignored().boxed(), |_| ())
}

/// A token that must stand here in a head.
pub(super) fn token_of_head(tok: Tok) -> Rule<()> {
    or_empty_before(is_nothing_of_head, just(tok).ignored().boxed(), |_| ())
}

/// A list that must stand here in a head.
pub(super) fn list_of_head<O: 'static>(rule: Rule<Vec<O>>) -> Rule<Vec<O>> {
    or_empty_before(is_nothing_of_head, rule, |_| Vec::new())
}

/// A type that must stand here.
pub(super) fn ty(rule: &Rule<TypeExpr>) -> Rule<TypeExpr> {
    or_empty(rule.clone(), |span| TypeExpr { kind: TypeExprKind::Error, span })
}

/// A block that must stand here.
pub(super) fn body(rule: &Rule<Body>) -> Rule<Body> {
    or_empty(rule.clone(), |span| Body { statements: Vec::new(), span })
}

/// An operator behind which nothing stands for `operand` to read, and what is said of that.
pub(super) fn operand<B: 'static>(operator: Rule<B>, operand: Rule<Expr>) -> Rule<(B, Fault)> {
    custom(move |here: &mut Here<'_>| {
        let operator = here.parse(&operator)?;
        let at = *here.cursor().inner();
        if here.peek().is_some_and(|tok| !is_nothing(tok)) {
            return Err(Fault { at, expected: 0, flaw: Flaw::Unexpected });
        }
        let start = here.save();
        match here.parse(&operand) {
            Ok(_) => Err(Fault { at, expected: 0, flaw: Flaw::Unexpected }),
            Err(fault) => {
                here.rewind(start);
                Ok((operator, fault))
            }
        }
    })
    .boxed()
}

/// Whether `tok` begins nothing.
fn is_nothing(tok: Tok) -> bool {
    tok.ends_value() || matches!(tok, Tok::FatArrow | Tok::Then | Tok::Else)
}

/// The same of what stands in a head, which its block ends too.
fn is_nothing_of_head(tok: Tok) -> bool {
    is_nothing(tok) || matches!(tok, Tok::LeftBrace | Tok::Assign)
}
