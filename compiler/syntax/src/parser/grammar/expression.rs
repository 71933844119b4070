//! Expressions.

use chumsky::pratt::{infix, left, postfix, prefix, right};
use chumsky::prelude::*;
use source::Span;

use super::super::fault::Fault;
use super::super::source::Source;
use super::super::tok::Tok;
use super::literal::{interpolated, is_literal, literal, slice};
use super::statement::all;
use super::{
    Rule, Rules, With, bytes, commas, expr_at, ident, is_segment, missing, picked, segment, trees, word,
};
use crate::ast::{
    Argument, Arm, BinaryOp, Body, Call, Expr, ExprKind, ForClause, If, Let, ListFor, MapFor, Match, Member,
    Name, UnaryOp,
};

/// Any expression.
pub(super) fn expression(rules: &Rules, atom: &Rule<Expr>) -> Rule<Expr> {
    let words =
        select! { Tok::And => BinaryOp::And, Tok::Or => BinaryOp::Or, Tok::Coalesce => BinaryOp::Otherwise };
    let words = words.boxed();
    let not = just(Tok::Not).map_with(|_, e| bytes(e)).boxed();
    let full = rules
        .sum
        .clone()
        .pratt((
            postfix(5, missing::operand(comparison(), atom.clone()), |a, ((op, _), fault), e| {
                half(op, a, fault, e)
            }),
            postfix(3, missing::operand(words, atom.clone()), |a, (op, fault), e| half(op, a, fault, e)),
            infix(left(5), comparison(), |a, op, b, e| compare(a, op, b, e)),
            infix(left(3), just(Tok::And), |a, _, b, _| binary(BinaryOp::And, a, b)),
            infix(left(2), just(Tok::Or), |a, _, b, _| binary(BinaryOp::Or, a, b)),
            infix(right(1), just(Tok::Coalesce), |a, _, b, _| binary(BinaryOp::Otherwise, a, b)),
            prefix(4, not, |at, a, _| unary(UnaryOp::Not, at, a)),
        ))
        .boxed();
    // Most values are no more than that, and need not be offered to every operator in turn.
    picked(value_form, [full, literal(), alone(), atom.clone()])
}

/// Which of the rules above is for the value that begins with token `at`.
fn value_form(source: &Source, at: usize) -> usize {
    let tok = source.tok(at);
    if tok.opens() {
        let is_alone = source.tok(source.behind(at)).ends_value();
        return if is_alone { 3 } else { 0 };
    }
    if !is_literal(tok) {
        return 0;
    }
    let mut end = at + 1;
    while matches!(source.tok(end), Tok::Dot | Tok::QuestionDot) && is_segment(source.tok(end + 1)) {
        end += 2;
    }
    match source.tok(end).ends_value() {
        false => 0,
        true if end == at + 1 => 1,
        true => 2,
    }
}

/// A literal or a name with its members.
fn alone() -> Rule<Expr> {
    literal().foldl_with(member().repeated(), |base, suffix, e| apply(base, suffix, bytes(e))).boxed()
}

/// An expression without words and comparisons at its top: `a + b`, `a .. b`.
pub(super) fn sum(rules: &Rules, atom: &Rule<Expr>) -> Rule<Expr> {
    let minus = just(Tok::Minus).map_with(|_, e| bytes(e)).boxed();
    let times = select! {
        Tok::Star => BinaryOp::Multiply, Tok::Slash => BinaryOp::Divide, Tok::Percent => BinaryOp::Remainder,
    };
    let plus = select! { Tok::Plus => BinaryOp::Add, Tok::Minus => BinaryOp::Subtract };
    operand(rules, atom)
        .pratt((
            postfix(3, missing::operand(times.boxed(), atom.clone()), |a, (op, fault), e| {
                half(op, a, fault, e)
            }),
            postfix(2, missing::operand(plus.boxed(), atom.clone()), |a, (op, fault), e| {
                half(op, a, fault, e)
            }),
            infix(left(3), times, |a, op, b, _| binary(op, a, b)),
            infix(left(2), plus, |a, op, b, _| binary(op, a, b)),
            infix(left(1), just(Tok::DotDot), |a: Expr, _, b: Expr, _| {
                let span = a.span.to(b.span);
                Expr { kind: ExprKind::Range(Box::new((a, b))), span }
            }),
            prefix(4, minus, |at, a, _| unary(UnaryOp::Minus, at, a)),
        ))
        .boxed()
}

/// An operation whose right side is not there yet.
fn half(op: BinaryOp, a: Expr, fault: Fault, extra: &mut With<'_, '_>) -> Expr {
    extra.emit(fault);
    let b = Expr { kind: ExprKind::Error, span: Span::empty(bytes(extra).end) };
    binary(op, a, b)
}

fn comparison() -> Rule<(BinaryOp, usize)> {
    select! {
        Tok::Equal = e => (BinaryOp::Equal, place(e)),
        Tok::NotEqual = e => (BinaryOp::NotEqual, place(e)),
        Tok::Less = e => (BinaryOp::Less, place(e)),
        Tok::LessEqual = e => (BinaryOp::LessEqual, place(e)),
        Tok::Greater = e => (BinaryOp::Greater, place(e)),
        Tok::GreaterEqual = e => (BinaryOp::GreaterEqual, place(e)),
        Tok::In = e => (BinaryOp::In, place(e)),
        Tok::Contains = e => (BinaryOp::Contains, place(e)),
    }
    .boxed()
}

fn place(extra: &mut With<'_, '_>) -> usize {
    extra.span().start
}

fn binary(op: BinaryOp, a: Expr, b: Expr) -> Expr {
    let span = a.span.to(b.span);
    Expr { kind: ExprKind::Binary(op, Box::new((a, b))), span }
}

fn compare(a: Expr, (op, at): (BinaryOp, usize), b: Expr, extra: &mut With<'_, '_>) -> Expr {
    if is_bare_comparison(&a) {
        extra.emit(Fault::chain(at));
        // What it compares to would be a second problem with the same cause.
        return Expr { kind: ExprKind::Error, span: a.span.to(b.span) };
    }
    binary(op, a, b)
}

/// Whether it is a comparison without parentheses around it, which would be part of its span.
fn is_bare_comparison(expr: &Expr) -> bool {
    let ExprKind::Binary(op, sides) = &expr.kind else { return false };
    let is_comparison = !matches!(
        op,
        BinaryOp::Otherwise
            | BinaryOp::Or
            | BinaryOp::And
            | BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Remainder
    );
    is_comparison && sides.0.span.to(sides.1.span) == expr.span
}

fn unary(op: UnaryOp, at: Span, operand: Expr) -> Expr {
    let span = at.to(operand.span);
    Expr { kind: ExprKind::Unary(op, Box::new(operand)), span }
}

/// What operators stand between: a value with its members, indexes and calls.
fn operand(rules: &Rules, atom: &Rule<Expr>) -> Rule<Expr> {
    let long = atom
        .clone()
        .foldl_with(suffix(rules).repeated(), |base, suffix, e| apply(base, suffix, bytes(e)))
        .boxed();
    let goes_on = |tok| matches!(tok, Tok::Dot | Tok::QuestionDot | Tok::LeftParen | Tok::LeftBracket);
    let which = move |source: &Source, at: usize| usize::from(goes_on(source.tok(source.behind(at))));
    picked(which, [atom.clone(), long])
}

/// What follows a value.
#[derive(Clone)]
enum Suffix {
    Member(Name, bool),
    Index(Expr),
    Call(Vec<Argument>),
}

fn suffix(rules: &Rules) -> Rule<Suffix> {
    let index =
        rules.expr.clone().delimited_by(just(Tok::LeftBracket), just(Tok::RightBracket)).map(Suffix::Index);
    let call = arguments(&rules.expr).map(Suffix::Call);
    choice((member(), call, index)).boxed()
}

/// `.name`, `?.name`.
fn member() -> Rule<Suffix> {
    select! { Tok::Dot => false, Tok::QuestionDot => true }
        .then(missing::name(segment()))
        .map(|(optional, name)| Suffix::Member(name, optional))
        .boxed()
}

fn apply(base: Expr, suffix: Suffix, span: Span) -> Expr {
    let kind = match suffix {
        Suffix::Member(name, optional) => ExprKind::Member(Box::new(Member { base, name, optional })),
        Suffix::Index(index) => ExprKind::Index(Box::new((base, index))),
        Suffix::Call(arguments) => ExprKind::Call(Box::new(Call { callee: base, arguments })),
    };
    Expr { kind, span }
}

/// `(a, name = b)`.
pub(super) fn arguments(expr: &Rule<Expr>) -> Rule<Vec<Argument>> {
    let name = word().then_ignore(just(Tok::Assign)).or_not();
    let argument = name.then(expr.clone()).map(|(name, value)| Argument { name, value }).boxed();
    let error = skipped_element().map(|value| Argument { name: None, value });
    commas(argument.recover_with(via_parser(error)).boxed())
        .delimited_by(just(Tok::LeftParen), just(Tok::RightParen))
        .boxed()
}

/// What could not be read of an element, up to the next comma or closing bracket.
fn skipped_element() -> Rule<Expr> {
    let not_comma = any().filter(|tok: &Tok| *tok != Tok::Comma).rewind();
    not_comma
        .ignore_then(trees())
        .repeated()
        .at_least(1)
        .map_with(|(), e| expr_at(ExprKind::Error, e))
        .boxed()
}

/// A value without members, indexes and calls.
pub(super) fn atom(rules: &Rules) -> Rule<Expr> {
    let all = [
        literal(),
        list(rules),
        interpolated(rules.expr.clone()),
        record(rules),
        parenthesised(&rules.expr),
        if_then_else(&rules.expr),
        match_arms(rules),
        let_in(&rules.expr),
    ];
    let any = choice(all.clone()).boxed();
    let [literal, list, interpolated, record, parenthesised, if_then_else, match_arms, let_in] = all;
    let which = |source: &Source, at: usize| match source.tok(at) {
        Tok::LeftBracket => 1,
        Tok::TextStart => 2,
        Tok::LeftBrace => 3,
        Tok::LeftParen => 4,
        Tok::If => 5,
        Tok::Match => 6,
        Tok::Let => 7,
        tok if is_literal(tok) => 0,
        _ => 8,
    };
    picked(which, [literal, list, interpolated, record, parenthesised, if_then_else, match_arms, let_in, any])
}

fn parenthesised(expr: &Rule<Expr>) -> Rule<Expr> {
    expr.clone()
        .delimited_by(just(Tok::LeftParen), just(Tok::RightParen))
        .map_with(|inner, e| expr_at(inner.kind, e))
        .boxed()
}

/// `for a, b in over if condition`, without the `if` where `condition` is not wanted.
pub(super) fn for_clause(over: Rule<Expr>, condition: Option<Rule<Expr>>) -> Rule<ForClause> {
    let variables = ident().then(just(Tok::Comma).ignore_then(ident()).or_not());
    let clause = just(Tok::For)
        .ignore_then(variables)
        .then_ignore(missing::token(Tok::In))
        .then(missing::value(&over));
    let clause =
        clause.map(|((variable, second), over)| ForClause { variable, second, over, condition: None });
    match condition {
        None => clause.boxed(),
        Some(condition) => clause
            .then(just(Tok::If).ignore_then(condition).or_not())
            .map(|(clause, condition)| ForClause { condition, ..clause })
            .boxed(),
    }
}

/// `for … => for … =>`, and behind the first `let … =>`, which goes through one value.
pub(super) fn for_clauses(rules: &Rules) -> Rule<Vec<ForClause>> {
    let each = for_clause(rules.expr.clone(), Some(rules.expr.clone()));
    let one = binding(rules.expr.clone()).map(|Let { name, value }| {
        let over = Expr { span: value.span, kind: ExprKind::List(vec![value]) };
        ForClause { variable: name, second: None, over, condition: None }
    });
    let first = each.clone().then_ignore(missing::token(Tok::FatArrow));
    let more = each.or(one).then_ignore(missing::token(Tok::FatArrow)).repeated().collect();
    first
        .then(more)
        .map(|(first, more): (_, Vec<_>)| {
            let mut clauses = vec![first];
            clauses.extend(more);
            clauses
        })
        .boxed()
}

fn list(rules: &Rules) -> Rule<Expr> {
    let each = for_clauses(rules)
        .then(missing::value(&rules.expr))
        .then_ignore(just(Tok::Comma).or_not())
        .map(|(clauses, value)| ExprKind::ListFor(Box::new(ListFor { clauses, value })));
    let element = rules.expr.clone().recover_with(via_parser(skipped_element())).boxed();
    let elements = commas(element).map(ExprKind::List);
    let is_for = |source: &Source, at: usize| usize::from(source.tok(at) == Tok::For);
    picked(is_for, [elements.boxed(), each.boxed()])
        .delimited_by(just(Tok::LeftBracket), just(Tok::RightBracket))
        .map_with(expr_at)
        .boxed()
}

fn record(rules: &Rules) -> Rule<Expr> {
    let each = just(Tok::MarkFor)
        .ignore_then(for_clauses(rules))
        .then(missing::value(&rules.expr))
        .then_ignore(missing::token(Tok::Colon))
        .then(missing::value(&rules.expr))
        .then_ignore(just(Tok::End))
        .map(|((clauses, key), value)| Braced::Each(MapFor { clauses, key, value }));
    let statements = all(rules.plain.clone()).map(Braced::Statements);
    let is_for = |source: &Source, at: usize| usize::from(source.tok(at) == Tok::MarkFor);
    picked(is_for, [statements.boxed(), each.boxed()])
        .delimited_by(just(Tok::LeftBrace), just(Tok::RightBrace))
        .map_with(|braced, e| match braced {
            Braced::Each(each) => expr_at(ExprKind::MapFor(Box::new(each)), e),
            Braced::Statements(statements) => {
                let span = bytes(e);
                expr_at(ExprKind::Record(Body { statements, span }), e)
            }
        })
        .boxed()
}

/// What stands between braces.
#[derive(Clone)]
enum Braced {
    Each(MapFor),
    Statements(Vec<crate::ast::Statement>),
}

fn if_then_else(expr: &Rule<Expr>) -> Rule<Expr> {
    just(Tok::If)
        .ignore_then(missing::value(expr))
        .then_ignore(missing::token(Tok::Then))
        .then(missing::value(expr))
        .then_ignore(missing::token(Tok::Else))
        .then(missing::value(expr))
        .map_with(|((condition, then), otherwise), e| {
            expr_at(ExprKind::If(Box::new(If { condition, then, otherwise })), e)
        })
        .boxed()
}

/// `let name = value => result`.
fn let_in(expr: &Rule<Expr>) -> Rule<Expr> {
    binding(missing::value(expr))
        .then_ignore(missing::token(Tok::FatArrow))
        .then(missing::value(expr))
        .map_with(|(binding, result), e| expr_at(ExprKind::Let(Box::new((binding, result))), e))
        .boxed()
}

/// `let name = value`.
pub(super) fn binding(value: Rule<Expr>) -> Rule<Let> {
    just(Tok::Let)
        .ignore_then(word())
        .then_ignore(just(Tok::Assign))
        .then(value)
        .map(|(name, value)| Let { name, value })
        .boxed()
}

fn match_arms(rules: &Rules) -> Rule<Expr> {
    let any_mark = any().filter(|tok: &Tok| tok.is_mark()).boxed();
    let patterns = rules.sum.clone().separated_by(just(Tok::Pipe)).at_least(1).collect().boxed();
    let patterns = just(Tok::Wild).map(|_| Vec::new()).or(patterns);
    let arm = patterns
        .then_ignore(missing::token(Tok::FatArrow))
        .then(missing::value(&rules.expr))
        .map_with(|(patterns, result), e| Arm { patterns, result, span: bytes(e) })
        .boxed();
    let arms = any_mark.ignore_then(arm).then_ignore(just(Tok::End)).repeated().collect();
    just(Tok::Match)
        .ignore_then(missing::value(&rules.expr))
        .then(arms.delimited_by(just(Tok::LeftBrace), just(Tok::RightBrace)))
        .map_with(|(value, arms), e| expr_at(ExprKind::Match(Box::new(Match { value, arms })), e))
        .boxed()
}

/// `a.b[c].d`: where something is.
pub(super) fn place_path(rules: &Rules) -> Rule<Expr> {
    let name = select! {
        Tok::Ident = e => { let name = slice(e).into(); expr_at(ExprKind::Name(name), e) },
        Tok::Itself = e => expr_at(ExprKind::Itself, e),
    };
    let index =
        rules.expr.clone().delimited_by(just(Tok::LeftBracket), just(Tok::RightBracket)).map(Suffix::Index);
    name.foldl_with(member().or(index).repeated(), |base, suffix, e| apply(base, suffix, bytes(e))).boxed()
}
