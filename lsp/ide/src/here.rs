//! The item that a place is in, and what stands there: the one answer to "what is at this place".

use driver::Session;
use names::Item;
use source::{Place, Span};
use types::{Noted, Symbol};

use crate::{FilePosition, FileRange};

/// A place in an item.
#[derive(Clone, Copy)]
pub(crate) struct Here<'s> {
    pub(crate) item: Item<'s>,
    /// Bytes from the item's start.
    pub(crate) offset: u32,
}

/// The items of a file of the lab or of the library, in the order written.
pub(crate) fn items<'s>(session: &'s Session, file: &str) -> impl Iterator<Item = Item<'s>> {
    session.items(file).into_iter().filter_map(|item| names::find(session.db(), &item.key))
}

/// What stands in a part of an item.
pub(crate) fn text<'s>(session: &'s Session, item: Item<'s>, span: Span) -> &'s str {
    item.text(session.db()).get(span.start as usize..span.end as usize).unwrap_or_default()
}

impl<'s> Here<'s> {
    /// The item around a place; none between items.
    pub(crate) fn at(session: &'s Session, at: &FilePosition) -> Option<Self> {
        let found = session.item_at(&at.file, at.offset)?;
        let item = names::find(session.db(), &found.key)?;
        Some(Self { item, offset: at.offset - found.range.start })
    }

    /// What stands where in the item.
    pub(crate) fn noted(&self, session: &'s Session) -> &'s Noted {
        types::item_notes(session.db(), self.item)
    }

    /// What the name here refers to, and where that name stands in the item.
    pub(crate) fn symbol(&self, session: &'s Session) -> Option<&'s (Span, Symbol)> {
        self.noted(session).at(self.offset)
    }
}

/// Where a place in an item is in its file.
pub(crate) fn range(session: &Session, place: &Place) -> Option<FileRange> {
    if let Some(item) = names::find(session.db(), &place.item) {
        return Some(range_in(session, item, place.span));
    }
    // A file that is read as data has no items.
    let file = place.item.file();
    let is_data = place.item.head().is_empty() && session.data_file(file).is_some();
    is_data.then(|| FileRange::new(file, place.span.start, place.span.end))
}

/// Where a span of an item is in its file.
pub(crate) fn range_in(session: &Session, item: Item<'_>, span: Span) -> FileRange {
    let db = session.db();
    let offset = item.offset(db);
    FileRange::new(item.key(db).file(), offset + span.start, offset + span.end)
}
