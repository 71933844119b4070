//! Who refers to something: the one answer to "who refers to this".

use driver::Session;
use names::{Item, items};
use source::Span;
use types::Symbol;

use crate::here::{Here, range_in};
use crate::{FilePosition, FileRange};

/// All places that refer to what stands at a place, with those that declare it if `declared`, in the order of files and
/// text.
pub fn references(session: &Session, at: &FilePosition, declared: bool) -> Vec<FileRange> {
    let Some(symbol) = Here::at(session, at).and_then(|here| here.symbol(session)) else { return Vec::new() };
    let symbol = &symbol.1;
    let found = if declared { uses(session, symbol) } else { mentions(session, symbol) };
    found.into_iter().map(|(item, span)| range_in(session, item, span)).collect()
}

/// The places in the same file that refer to what stands at a place.
pub fn highlight(session: &Session, at: &FilePosition) -> Vec<FileRange> {
    let mut found = references(session, at, true);
    found.retain(|range| range.file == at.file);
    found
}

/// The names that refer to a symbol, and do not declare it.
pub(crate) fn mentions<'s>(session: &'s Session, symbol: &Symbol) -> Vec<(Item<'s>, Span)> {
    let places = symbol.places(session.db());
    let mut found = uses(session, symbol);
    found.retain(|(item, span)| {
        !places.iter().any(|place| place.span == *span && place.item == *item.key(session.db()))
    });
    found
}

/// All names that refer to a symbol.
pub(crate) fn uses<'s>(session: &'s Session, symbol: &Symbol) -> Vec<(Item<'s>, Span)> {
    let db = session.db();
    let mut found = Vec::new();
    for item in items(db) {
        let is_far = matches!(symbol, Symbol::Local(key, span) if !may_mention(session, item, key, *span));
        // What does not mention the word cannot refer to it.
        let mentions = |name: &str| item.text(db).contains(name) || is_sole(symbol, item.text(db));
        if is_far || symbol.name().is_some_and(|name| !mentions(name)) {
            continue;
        }
        let names = &types::item_notes(db, item).names;
        let mut spans: Vec<Span> =
            names.iter().filter(|(_, other)| other == symbol).map(|(span, _)| *span).collect();
        spans.sort_unstable();
        spans.dedup();
        found.extend(spans.into_iter().map(|span| (item, span)));
    }
    found
}

/// Whether an item may refer to a local of item `key`: itself, or by the name of a parameter.
fn may_mention(session: &Session, item: Item<'_>, key: &source::ItemKey, span: Span) -> bool {
    let db = session.db();
    if item.key(db) == key {
        return true;
    }
    let word = names::find(db, key).and_then(|of| of.text(db).get(span.start as usize..span.end as usize));
    word.is_some_and(|word| item.text(db).contains(word)) && item.text(db).contains(key.name())
}

/// Whether a text may call a declaration by its kind.
fn is_sole(symbol: &Symbol, text: &str) -> bool {
    matches!(symbol, Symbol::Item(item) if text.contains(item.first_word()))
}
