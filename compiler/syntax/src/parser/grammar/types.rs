//! Types.

use chumsky::prelude::*;

use super::super::tok::Tok;
use super::{Rule, Rules, bytes, commas, name_at, path, word};
use crate::ast::{Body, TypeExpr, TypeExprKind};

/// Any type.
pub(super) fn ty(rules: &Rules) -> Rule<TypeExpr> {
    let optional =
        base(rules).then(just(Tok::Question).repeated().at_most(1).count()).map_with(|(ty, marks), e| {
            if marks == 0 {
                return ty;
            }
            TypeExpr { kind: TypeExprKind::Optional(Box::new(ty)), span: bytes(e) }
        });
    optional
        .boxed()
        .separated_by(just(Tok::Pipe))
        .at_least(1)
        .collect::<Vec<_>>()
        .map_with(|mut types, e| match types.len() {
            1 => types.remove(0),
            _ => TypeExpr { kind: TypeExprKind::Union(types), span: bytes(e) },
        })
        .boxed()
}

fn base(rules: &Rules) -> Rule<TypeExpr> {
    let at = |kind, e: &mut super::With<'_, '_>| TypeExpr { kind, span: bytes(e) };
    let arguments = rules
        .ty
        .clone()
        .separated_by(just(Tok::Comma))
        .at_least(1)
        .collect()
        .delimited_by(just(Tok::Less), just(Tok::Greater));
    let generic =
        word().then(arguments).map_with(move |(name, of), e| at(TypeExprKind::Generic(name, of), e));
    let limits = commas(rules.expr.clone()).delimited_by(just(Tok::LeftParen), just(Tok::RightParen));
    let limited = word().then(limits).map_with(move |(name, by), e| at(TypeExprKind::Limited(name, by), e));
    let text = just(Tok::Text).map_with(move |_, e| {
        let name = name_at(e);
        at(TypeExprKind::Text(name.text), e)
    });
    let name = path().map_with(move |path, e| at(TypeExprKind::Name(path), e));
    let record = rules
        .in_kind
        .clone()
        .repeated()
        .collect()
        .delimited_by(just(Tok::LeftBrace), just(Tok::RightBrace))
        .map_with(move |statements, e| {
            let span = bytes(e);
            at(TypeExprKind::Record(Body { statements, span }), e)
        });
    let grouped = rules.ty.clone().delimited_by(just(Tok::LeftParen), just(Tok::RightParen));
    let bad = just(Tok::Bad).map_with(move |_, e| at(TypeExprKind::Error, e));
    choice((text, generic.boxed(), limited.boxed(), name, record.boxed(), grouped, bad)).boxed()
}
