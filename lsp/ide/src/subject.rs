//! What a hierarchy is of: a declaration, template, function or kind, as a node that is found again by where its name
//! stands.

use driver::{ItemAt, Session};
use names::Item;
use source::Place;
use syntax::ast::StatementKind;
use types::Symbol as Meaning;

use crate::here::{Here, range};
use crate::symbols::item_symbol;
use crate::{FilePosition, Symbol};

/// What a place is about: what the name there refers to, or else what the item around it declares.
pub(crate) fn subject(session: &Session, at: &FilePosition) -> Option<Meaning> {
    let here = Here::at(session, at)?;
    let own = node_of(session, here.item)?;
    let is_own = own.name_range.touches(at.offset);
    match here.symbol(session) {
        Some((_, Meaning::All(kind))) => Some(Meaning::Kind(kind.clone())),
        Some((_, found @ (Meaning::Item(_) | Meaning::Inner(..) | Meaning::Kind(_)))) if !is_own => {
            Some(found.clone())
        }
        _ => Some(declared_by(session, here.item)),
    }
}

/// What an item declares.
pub(crate) fn declared_by(session: &Session, item: Item<'_>) -> Meaning {
    match &names::parsed(session.db(), item).statement.kind {
        StatementKind::Kind(kind) => Meaning::Kind(kind.name.text.clone()),
        _ => Meaning::Item(item.key(session.db()).clone()),
    }
}

/// The node of what something means: nothing where it stands nowhere.
pub(crate) fn node(session: &Session, meaning: &Meaning) -> Option<Symbol> {
    node_at(session, &meaning.places(session.db()).into_iter().next()?)
}

/// The node whose name stands at a place.
pub(crate) fn node_at(session: &Session, place: &Place) -> Option<Symbol> {
    let name = range(session, place)?;
    let item = names::find(session.db(), &place.item)?;
    within(node_of(session, item)?, name.start)
}

/// The node of an item, with the nodes in it.
pub(crate) fn node_of(session: &Session, item: Item<'_>) -> Option<Symbol> {
    let (db, key) = (session.db(), item.key(session.db()));
    let start = item.offset(db);
    let end = start.saturating_add(u32::try_from(item.text(db).len()).unwrap_or(u32::MAX));
    item_symbol(session, key.file(), &ItemAt { key: key.clone(), range: start..end })
}

/// The node in `outer` whose name begins at `start`.
fn within(outer: Symbol, start: u32) -> Option<Symbol> {
    if outer.name_range.start == start {
        return Some(outer);
    }
    outer.children.into_iter().find_map(|inner| within(inner, start))
}
