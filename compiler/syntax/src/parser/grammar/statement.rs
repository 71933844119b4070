//! Statements. Each starts with the mark of its form and ends with [`Tok::End`].

use chumsky::prelude::*;
use source::Span;

use super::super::source::Source;
use super::super::tok::Tok;
use super::expression::{binding, for_clauses};
use super::head::{clauses, sound_clauses, templates};
use super::{
    Here, Rule, Rules, bytes, commas, expr_at, keyed_path, missing, path, picked, segment, trees, word,
};
use crate::ast::{
    Alias, Attribute, Body, Check, Content, Expr, ExprKind, Field, Function, Import, Kind, Parameter, Record,
    Set, Statement, StatementKind, Template,
};

/// A statement with its end: anywhere but in a kind; in a kind or record type.
pub(super) fn statements(rules: &Rules) -> (Rule<Statement>, Rule<Statement>) {
    let bare = mark(Tok::MarkBare, bare());
    let lost = just(Tok::MarkLost).to(StatementKind::Error).boxed();
    let rare = choice((items(rules), bare, lost)).boxed();
    let shared = [set(rules), declare(rules), record(rules), rare];
    let with = |colon, make, derived| {
        let [set, declare, record, rare] = shared.clone();
        let colon = mark(Tok::MarkColon, colon);
        let make = mark(Tok::MarkMake, make);
        let derived = mark(Tok::MarkDerived, derived);
        ended(picked(form, [set, declare, record, colon, make, derived, rare]))
    };
    let plain = with(unnamed(rules), named_record(rules), declaration(rules));
    let named = field(rules).map(|field| StatementKind::Field(Box::new(field))).boxed();
    let make = word().ignore_then(body(&rules.plain)).map(StatementKind::Make).boxed();
    let derived = word().ignore_then(field(rules));
    let derived = derived.map(|field| StatementKind::Derived(Box::new(field))).boxed();
    (plain, with(named, make, derived))
}

/// Which of the rules above is for the statement whose mark is token `at`.
fn form(source: &Source, at: usize) -> usize {
    match source.tok(at) {
        Tok::MarkSet => 0,
        Tok::MarkDeclare => 1,
        Tok::MarkRecord => 2,
        Tok::MarkColon => 3,
        Tok::MarkMake => 4,
        Tok::MarkDerived => 5,
        _ => 6,
    }
}

/// The form that `form` marks.
fn mark(form: Tok, statement: Rule<StatementKind>) -> Rule<StatementKind> {
    just(form).ignore_then(statement).boxed()
}

/// A statement with its documentation and its end. One that cannot be read is skipped and is an error.
fn ended(kind: Rule<StatementKind>) -> Rule<Statement> {
    let statement = kind
        .map_with(|kind, e| {
            let toks = e.span();
            let source = e.state();
            Statement { doc: source.doc(toks.start), kind, span: source.bytes(toks) }
        })
        .then_ignore(just(Tok::End))
        .boxed();
    let skipped = any()
        .filter(|tok: &Tok| tok.is_mark())
        .then(rest())
        .map_with(|_, e| {
            let toks = e.span();
            let source = e.state();
            Statement { doc: source.doc(toks.start), kind: StatementKind::Error, span: source.bytes(toks) }
        })
        .then_ignore(just(Tok::End))
        .boxed();
    statement.recover_with(via_parser(skipped)).boxed()
}

/// What is left of a statement.
fn rest() -> Rule<()> {
    let not_end = any().filter(|tok: &Tok| *tok != Tok::End).rewind();
    not_end.ignore_then(trees()).repeated().boxed()
}

/// A value up to the statement's end; an error where it cannot be read, so that what it is for is known all the same.
fn value(rules: &Rules) -> Rule<Expr> {
    let error = rest().map_with(|(), e| expr_at(ExprKind::Error, e));
    let end = just(Tok::End).rewind();
    rules.expr.clone().then_ignore(end).recover_with(via_parser(error)).boxed()
}

/// All statements up to what begins none.
pub(super) fn all(statement: Rule<Statement>) -> Rule<Vec<Statement>> {
    custom(move |here: &mut Here<'_>| {
        let mut statements = Vec::new();
        while here.peek().is_some_and(Tok::is_mark) {
            statements.push(here.parse(&statement)?);
        }
        // They are kept for as long as the lab is.
        statements.shrink_to_fit();
        Ok(statements)
    })
    .boxed()
}

/// `{ … }`.
fn body(statement: &Rule<Statement>) -> Rule<Body> {
    all(statement.clone())
        .delimited_by(just(Tok::LeftBrace), just(Tok::RightBrace))
        .map_with(|statements, e| Body { statements, span: bytes(e) })
        .boxed()
}

fn set(rules: &Rules) -> Rule<StatementKind> {
    let operator = select! { Tok::Assign => false, Tok::Append => true };
    let set = keyed_path(rules).then(operator).then(value(rules));
    let set = set.map(|(((path, keys), append), value)| Set { path, keys, ty: None, append, value });
    mark(Tok::MarkSet, set.map(StatementKind::Set).boxed())
}

/// A path that nothing follows. One that leads into a field is that field's, whose value is not written yet; a word alone
/// may become anything.
fn bare() -> Rule<StatementKind> {
    let path = path().map_with(|path, e| {
        let value = Expr { kind: ExprKind::Error, span: Span::empty(bytes(e).end) };
        // An item begins with its mark, and is no field.
        (path, value, e.span().start == 1)
    });
    let unset = path.then_ignore(missing::token(Tok::Assign)).map(|(path, value, is_item)| match &path[..] {
        [_, _, ..] if !is_item => {
            StatementKind::Set(Set { path, keys: Vec::new(), ty: None, append: false, value })
        }
        _ => StatementKind::Error,
    });
    unset.boxed()
}

fn record(rules: &Rules) -> Rule<StatementKind> {
    mark(Tok::MarkRecord, named_record(rules))
}

fn named_record(rules: &Rules) -> Rule<StatementKind> {
    let record = keyed_path(rules).then(body(&rules.plain));
    record.map(|((path, keys), body)| StatementKind::Record(Record { path, keys, body })).boxed()
}

fn declare(rules: &Rules) -> Rule<StatementKind> {
    mark(Tok::MarkDeclare, declaration(rules))
}

/// `KIND [NAME] [[key]]`, its clauses in any order, and `{ … }` or `= value`.
fn declaration(rules: &Rules) -> Rule<StatementKind> {
    let name = one_of([Tok::Ident, Tok::Text]).map_with(|_, e| super::name_at(e));
    let key = rules.expr.clone().delimited_by(just(Tok::LeftBracket), just(Tok::RightBracket));
    // Most declarations in others have none of them: one look tells.
    let begins = |tok| matches!(tok, Tok::LeftBracket | Tok::Within | Tok::Colon | Tok::For | Tok::If);
    let has_any = move |source: &Source, at: usize| usize::from(begins(source.tok(at)));
    let clauses = key.or_not().then(clauses(rules)).map(Some).boxed();
    let clauses = picked(has_any, [empty().to(None).boxed(), clauses]);
    path()
        .then(name.or_not())
        .then(clauses)
        .then(declared(rules))
        .map_with(|(((kind, name), clauses), (lost, content)), e| {
            let (key, clauses) = clauses.unwrap_or_default();
            let mut declare = clauses.declare(kind, name, key, content, e);
            // Where it is, and whether it is anything, may have been meant by what was skipped.
            declare.place = lost.or(declare.place);
            StatementKind::Declare(Box::new(declare))
        })
        .boxed()
}

/// What a declaration says. What stands before it and cannot be read is skipped, and is an error of its own.
fn declared(rules: &Rules) -> Rule<(Option<Expr>, Content)> {
    let end = just(Tok::End).rewind();
    let is_content = any().filter(|tok: &Tok| matches!(tok, Tok::LeftBrace | Tok::Assign | Tok::End));
    let lost = is_content.not().ignore_then(any()).repeated().count();
    let lost = lost.map_with(|count, e| (count > 0).then(|| expr_at(ExprKind::Error, e)));
    // What stands behind it may have been meant for the head, too.
    let behind =
        rest().map_with(|(), e| (e.span().start < e.span().end).then(|| expr_at(ExprKind::Error, e)));
    let skipped =
        lost.then(content(rules)).then(behind).map_with(|((lost, content), behind), e| match content {
            Content::None => (lost.or(behind), Content::Primary(expr_at(ExprKind::Error, e))),
            content => (lost.or(behind), content),
        });
    let content = content(rules).then_ignore(end).map(|content| (None, content));
    content.recover_with(via_parser(skipped)).boxed()
}

/// `KIND : TEMPLATE …`; a value behind the colon was meant to be set.
fn unnamed(rules: &Rules) -> Rule<StatementKind> {
    let end = just(Tok::End).rewind();
    let declared = path().then(sound_clauses(rules)).then(content(rules)).then_ignore(end).map_with(
        |((kind, clauses), content), e| {
            StatementKind::Declare(Box::new(clauses.declare(kind, None, None, content, e)))
        },
    );
    let error = rest().map_with(|(), e| expr_at(ExprKind::Error, e));
    let set = path()
        .then(error)
        .map(|(path, value)| Set { path, keys: Vec::new(), ty: None, append: false, value })
        .map(StatementKind::Set);
    declared.recover_with(via_parser(set)).boxed()
}

fn content(rules: &Rules) -> Rule<Content> {
    let primary = just(Tok::Assign).ignore_then(value(rules)).map(Content::Primary).boxed();
    let body = body(&rules.plain).map(Content::Body).boxed();
    let any = body.clone().or(primary.clone()).or(empty().to(Content::None)).boxed();
    let which = |source: &Source, at: usize| match source.tok(at) {
        Tok::LeftBrace => 0,
        Tok::Assign => 1,
        _ => 2,
    };
    picked(which, [body, primary, any])
}

fn field(rules: &Rules) -> Rule<Field> {
    let attributes = attributes(rules);
    word()
        .then_ignore(just(Tok::Colon))
        .then(missing::ty(&rules.ty))
        .then(attributes.clone())
        .then(just(Tok::Assign).ignore_then(missing::value(&rules.expr)).or_not())
        .then(attributes)
        .map(|((((name, ty), mut attributes), default), more)| {
            attributes.extend(more);
            Field { name, ty, default, attributes }
        })
        .boxed()
}

fn attributes(rules: &Rules) -> Rule<Vec<Attribute>> {
    let arguments = commas(rules.expr.clone()).delimited_by(just(Tok::LeftParen), just(Tok::RightParen));
    just(Tok::At)
        .ignore_then(word())
        .then(arguments.or_not())
        .map_with(|(name, arguments), e| Attribute {
            name,
            arguments: arguments.unwrap_or_default(),
            span: bytes(e),
        })
        .repeated()
        .collect()
        .boxed()
}

/// `(in name: type = default, …)`.
fn parameters(rules: &Rules) -> Rule<Vec<Parameter>> {
    let place = just(Tok::In).then_ignore(any().filter(|tok: &Tok| tok.is_word()).rewind()).or_not();
    let parameter = place
        .then(word())
        .then_ignore(missing::token(Tok::Colon))
        .then(missing::ty(&rules.ty))
        .then(just(Tok::Assign).ignore_then(missing::value(&rules.expr)).or_not())
        .map(|(((place, name), ty), default)| Parameter { name, is_place: place.is_some(), ty, default })
        .boxed();
    commas(parameter).delimited_by(just(Tok::LeftParen), just(Tok::RightParen)).boxed()
}

/// The statements that begin with a word of the language's.
fn items(rules: &Rules) -> Rule<StatementKind> {
    choice((
        mark(Tok::MarkKind, kind(rules)),
        mark(Tok::MarkTemplate, template(rules)),
        mark(Tok::MarkFunction, function(rules)),
        mark(Tok::MarkAlias, alias(rules)),
        mark(Tok::MarkConstant, constant(rules)),
        mark(Tok::MarkLet, binding(value(rules)).map(Box::new).map(StatementKind::Let).boxed()),
        mark(Tok::MarkCheck, check(rules)),
        mark(Tok::MarkImport, import()),
    ))
    .boxed()
}

fn kind(rules: &Rules) -> Rule<StatementKind> {
    let head = word().ignore_then(word()).then(parameters(rules).or_not()).then(attributes(rules));
    head.then(missing::body(&body(&rules.in_kind)))
        .map(|(((name, parameters), attributes), body)| {
            StatementKind::Kind(Box::new(Kind {
                name,
                parameters: parameters.unwrap_or_default(),
                attributes,
                body,
            }))
        })
        .boxed()
}

fn template(rules: &Rules) -> Rule<StatementKind> {
    let head = word().ignore_then(word()).then(parameters(rules).or_not());
    head.then_ignore(missing::token_of_head(Tok::Colon))
        .then(missing::list_of_head(templates(rules)))
        .then(missing::body(&body(&rules.plain)))
        .map(|(((name, parameters), bases), body)| {
            StatementKind::Template(Box::new(Template {
                name,
                parameters: parameters.unwrap_or_default(),
                bases,
                body,
            }))
        })
        .boxed()
}

fn function(rules: &Rules) -> Rule<StatementKind> {
    let head = word().ignore_then(word()).then(parameters(rules));
    head.then_ignore(missing::token(Tok::ThinArrow))
        .then(missing::ty(&rules.ty))
        .then_ignore(missing::token(Tok::Assign))
        .then(missing::value(&rules.expr))
        .map(|(((name, parameters), result), value)| {
            StatementKind::Function(Box::new(Function { name, parameters, result, value }))
        })
        .boxed()
}

fn alias(rules: &Rules) -> Rule<StatementKind> {
    word()
        .ignore_then(word())
        .then_ignore(missing::token(Tok::Assign))
        .then(missing::ty(&rules.ty))
        .map(|(name, ty)| StatementKind::Alias(Alias { name, ty }))
        .boxed()
}

/// `name: type = value`.
fn constant(rules: &Rules) -> Rule<StatementKind> {
    word()
        .then_ignore(just(Tok::Colon))
        .then(missing::ty(&rules.ty))
        .then_ignore(missing::token(Tok::Assign))
        .then(value(rules))
        .map(|((name, ty), value)| {
            let (path, keys) = (vec![name], Vec::new());
            StatementKind::Set(Set { path, keys, ty: Some(Box::new(ty)), append: false, value })
        })
        .boxed()
}

fn import() -> Rule<StatementKind> {
    let file = just(Tok::Text).map_with(|_, e| Import::File(super::name_at(e)));
    let module = segment().separated_by(just(Tok::Dot)).at_least(1).collect().map(Import::Module);
    word().ignore_then(file.or(module)).map(StatementKind::Import).boxed()
}

fn check(rules: &Rules) -> Rule<StatementKind> {
    let any_mark = any().filter(|tok: &Tok| tok.is_mark());
    let condition = any_mark
        .ignore_then(for_clauses(rules).or_not())
        .then(missing::value(&rules.expr))
        .then_ignore(just(Tok::End))
        .delimited_by(just(Tok::LeftBrace), just(Tok::RightBrace));
    word()
        .ignore_then(rules.expr.clone())
        .then(condition)
        .map(|(message, (clauses, condition))| {
            StatementKind::Check(Box::new(Check { message, clauses: clauses.unwrap_or_default(), condition }))
        })
        .boxed()
}
