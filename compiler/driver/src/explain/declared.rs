//! All that the language and the library have: by name, and where it is written.

use names::parsed;
use smol_str::SmolStr;
use source::{ItemKey, Span};
use syntax::ast::{Field, Statement, StatementKind, TypeExpr, TypeExprKind};
use types::{ABOUT_TYPES, BUILTINS};

use crate::Session;

/// The kinds of the library that stand in none, sorted.
pub fn kinds(session: &Session) -> Vec<SmolStr> {
    named(session, |defined| defined.kind.as_ref()).map(|(name, _)| name).collect()
}

/// The types that have a name, the language's and the library's, sorted.
pub fn types(session: &Session) -> Vec<SmolStr> {
    let own = named(session, |defined| defined.alias.as_ref()).map(|(name, _)| name);
    sorted(own.chain(ABOUT_TYPES.iter().map(|(name, ..)| SmolStr::new_static(name))))
}

/// The functions, the language's and the library's, sorted.
pub fn functions(session: &Session) -> Vec<SmolStr> {
    let own = named(session, |defined| defined.function.as_ref()).map(|(name, _)| name);
    sorted(own.chain(BUILTINS.iter().map(|(name, ..)| SmolStr::new_static(name))))
}

fn sorted(names: impl Iterator<Item = SmolStr>) -> Vec<SmolStr> {
    let mut names: Vec<SmolStr> = names.collect();
    names.sort();
    names.dedup();
    names
}

/// What of the library is defined in a way, with its item.
fn named<'s>(
    session: &'s Session,
    way: impl Fn(&'s names::Definitions) -> Option<&'s ItemKey>,
) -> impl Iterator<Item = (SmolStr, &'s ItemKey)> {
    let all = names::index(session.db()).defined_names();
    all.filter_map(move |(name, defined)| Some((name.clone(), way(defined).filter(|item| item.is_std())?)))
}

/// The type of the library with this name.
pub(super) fn alias<'s>(session: &'s Session, name: &str) -> Option<&'s ItemKey> {
    named(session, |defined| defined.alias.as_ref()).find(|(other, _)| other == name).map(|(_, item)| item)
}

/// The function of the library with this name.
pub(super) fn function<'s>(session: &'s Session, name: &str) -> Option<&'s ItemKey> {
    named(session, |defined| defined.function.as_ref()).find(|(other, _)| other == name).map(|(_, item)| item)
}

/// What an item says, and its text.
pub(super) fn written<'s>(session: &'s Session, item: &ItemKey) -> Option<(&'s Statement, &'s str)> {
    let found = names::find(session.db(), item)?;
    Some((&parsed(session.db(), found).statement, found.text(session.db())))
}

/// The field whose name is written at `name` of a statement.
pub(super) fn field(statement: &Statement, name: Span) -> Option<&Field> {
    match &statement.kind {
        StatementKind::Field(field) | StatementKind::Derived(field) if field.name.span == name => Some(field),
        StatementKind::Field(field) | StatementKind::Derived(field) => in_type(&field.ty, name),
        StatementKind::Alias(alias) => in_type(&alias.ty, name),
        StatementKind::Kind(kind) => kind.body.statements.iter().find_map(|inner| self::field(inner, name)),
        _ => None,
    }
}

fn in_type(ty: &TypeExpr, name: Span) -> Option<&Field> {
    match &ty.kind {
        TypeExprKind::Record(body) => body.statements.iter().find_map(|inner| field(inner, name)),
        TypeExprKind::Optional(inner) => in_type(inner, name),
        TypeExprKind::Generic(_, inner) | TypeExprKind::Union(inner) => {
            inner.iter().find_map(|ty| in_type(ty, name))
        }
        _ => None,
    }
}
