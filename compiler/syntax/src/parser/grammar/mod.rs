//! The grammar, in combinators.
//!
//! Built once a thread and used for every item: nothing in it borrows, tokens are small values, and trees take their
//! text from the [`Source`] in the parser's state. Every rule is boxed, which keeps types and compile times short.

mod expression;
mod head;
mod literal;
mod missing;
mod statement;
mod types;

use chumsky::input::{InputRef, MapExtra, Stream};
use chumsky::inspector::SimpleState;
use chumsky::prelude::*;
use source::Span;

use super::fault::{Fault, Flaw};
use super::source::Source;
use super::tok::Tok;
use crate::ast::{Expr, ExprKind, Key, Name, Statement};

/// The tokens of an item, owned.
pub(crate) type Toks = Stream<std::vec::IntoIter<Tok>>;
pub(crate) type State = SimpleState<Source>;
type Extra = extra::Full<Fault, State, ()>;
/// A rule that makes an `O`.
pub(crate) type Rule<O> = Boxed<'static, 'static, Toks, O, Extra>;
type With<'a, 'b> = MapExtra<'a, 'b, Toks, Extra>;
type Here<'b> = InputRef<'static, 'b, Toks, Extra>;

/// The grammar of an item: statements, each with its end.
pub(crate) fn grammar() -> Rule<Vec<Statement>> {
    let mut expr = Recursive::declare();
    let mut sum = Recursive::declare();
    let mut ty = Recursive::declare();
    let mut plain = Recursive::declare();
    let mut in_kind = Recursive::declare();
    let rules = Rules {
        expr: expr.clone().boxed(),
        sum: sum.clone().boxed(),
        ty: ty.clone().boxed(),
        plain: plain.clone().boxed(),
        in_kind: in_kind.clone().boxed(),
    };
    let atom = expression::atom(&rules);
    sum.define(expression::sum(&rules, &atom));
    expr.define(expression::expression(&rules, &atom));
    ty.define(types::ty(&rules));
    let (plain_statement, kind_statement) = statement::statements(&rules);
    plain.define(plain_statement);
    in_kind.define(kind_statement);
    statement::all(rules.plain).then_ignore(end()).boxed()
}

/// The rules that others refer to.
struct Rules {
    expr: Rule<Expr>,
    /// An expression without words and comparisons at its top.
    sum: Rule<Expr>,
    ty: Rule<crate::ast::TypeExpr>,
    /// A statement anywhere but in a kind, with its end.
    plain: Rule<Statement>,
    /// A statement of a kind or of a record type, with its end.
    in_kind: Rule<Statement>,
}

/// That one of `rules` which `which` picks by a look at the tokens from the one at hand on: others are not tried. None
/// when too many have been picked: all that goes down into brackets passes here, so nothing takes longer than that.
fn picked<O: 'static, const N: usize>(
    which: impl Fn(&Source, usize) -> usize + 'static,
    rules: [Rule<O>; N],
) -> Rule<O> {
    custom(move |here: &mut Here<'_>| {
        let at = *here.cursor().inner();
        if !here.state().take_turn() {
            return Err(Fault { at, expected: 0, flaw: Flaw::Unexpected });
        }
        let nth = which(here.state(), at);
        here.parse(&rules[nth])
    })
    .boxed()
}

fn bytes(extra: &mut With<'_, '_>) -> Span {
    let toks = extra.span();
    extra.state().bytes(toks)
}

fn expr_at(kind: ExprKind, extra: &mut With<'_, '_>) -> Expr {
    Expr { kind, span: bytes(extra) }
}

fn name_at(extra: &mut With<'_, '_>) -> Name {
    let toks = extra.span();
    extra.state().name(toks)
}

/// A computed text as it is written, whatever stands between its tokens.
fn computed_name(extra: &mut With<'_, '_>) -> Name {
    let toks = extra.span();
    let source = extra.state();
    let text: String = (toks.start..toks.end).map(|nth| source.word(nth)).collect();
    Name { text: text.into(), span: source.bytes(toks) }
}

/// A word that is no keyword.
fn ident() -> Rule<Name> {
    just(Tok::Ident).map_with(|_, e| name_at(e)).boxed()
}

/// Any word.
fn word() -> Rule<Name> {
    any().filter(|tok: &Tok| tok.is_word()).map_with(|_, e| name_at(e)).boxed()
}

/// Any word or a text.
fn segment() -> Rule<Name> {
    any().filter(|tok: &Tok| is_segment(*tok)).map_with(|_, e| name_at(e)).boxed()
}

fn is_segment(tok: Tok) -> bool {
    tok.is_word() || tok == Tok::Text
}

/// Dotted words and texts.
fn path() -> Rule<Vec<Name>> {
    let rest = just(Tok::Dot).ignore_then(segment()).repeated().collect();
    let dotted = segment().then(rest).map(|(first, rest)| join(first, rest)).boxed();
    // Most are one word.
    let single = segment().map(|name| vec![name]).boxed();
    picked(|source, at| usize::from(source.tok(at + 1) != Tok::Dot), [dotted, single])
}

/// Dotted words and texts, of which some are computed.
fn keyed_path(rules: &Rules) -> Rule<(Vec<Name>, Vec<Key>)> {
    let key = literal::interpolated(rules.expr.clone());
    let key = key.map_with(|value, e| (computed_name(e), Some(value))).boxed();
    let segment = segment().map(|name| (name, None)).boxed();
    let which = |source: &Source, at: usize| usize::from(source.tok(at) == Tok::TextStart);
    let segment = picked(which, [segment, key]);
    let dotted = segment.clone().then(just(Tok::Dot).ignore_then(segment).repeated().collect::<Vec<_>>());
    let dotted = dotted.map(|(first, rest)| {
        let (mut path, mut keys) = (Vec::with_capacity(rest.len() + 1), Vec::new());
        for (at, (name, value)) in std::iter::once(first).chain(rest).enumerate() {
            path.push(name);
            keys.extend(value.map(|value| Key { at, value }));
        }
        (path, keys)
    });
    let plain = path().map(|path| (path, Vec::new())).boxed();
    picked(|source, at| usize::from(has_key(source, at)), [plain, dotted.boxed()])
}

/// Whether a segment is computed of the path that starts with token `at`.
fn has_key(source: &Source, mut at: usize) -> bool {
    while is_segment(source.tok(at)) && source.tok(at + 1) == Tok::Dot {
        at += 2;
    }
    source.tok(at) == Tok::TextStart
}

fn join(first: Name, mut rest: Vec<Name>) -> Vec<Name> {
    rest.insert(0, first);
    rest
}

/// `element, element` with a comma behind the last or not.
fn commas<O: 'static>(element: Rule<O>) -> Rule<Vec<O>> {
    element.separated_by(just(Tok::Comma)).allow_trailing().collect().boxed()
}

/// Tokens with their brackets, up to a closing bracket that was not opened among them.
fn trees() -> Rule<()> {
    recursive(|tree| {
        let group = any()
            .filter(|tok: &Tok| tok.opens())
            .then(tree.repeated())
            .then(any().filter(|tok: &Tok| tok.closes()))
            .ignored();
        group.or(any().filter(|tok: &Tok| !tok.opens() && !tok.closes()).ignored())
    })
    .boxed()
}
