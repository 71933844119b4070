//! The item that a place is in, and what stands there: the one answer to "what is at this place".

use driver::Session;
use names::{Item, SourceFile, Workspace};
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

/// The file called `name`, of the lab or the library.
pub(crate) fn file(session: &Session, name: &str) -> Option<SourceFile> {
    let db = session.db();
    let workspace = Workspace::get(db);
    let mut all = workspace.lab(db).iter().chain(workspace.std(db));
    all.find(|file| **file.path(db) == *name).copied()
}

impl<'s> Here<'s> {
    /// The item around a place; none between items.
    pub(crate) fn at(session: &'s Session, at: &FilePosition) -> Option<Self> {
        let db = session.db();
        let items = names::file_items(db, file(session, &at.file)?);
        let next = items.partition_point(|item| item.offset(db) <= at.offset);
        let item = *items.get(next.checked_sub(1)?)?;
        let offset = at.offset - item.offset(db);
        (offset as usize <= item.text(db).len()).then_some(Self { item, offset })
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
    let item = names::find(session.db(), &place.item)?;
    Some(range_in(session, item, place.span))
}

/// Where a span of an item is in its file.
pub(crate) fn range_in(session: &Session, item: Item<'_>, span: Span) -> FileRange {
    let db = session.db();
    let offset = item.offset(db);
    let file = item.key(db).file().to_string();
    FileRange { file, start: offset + span.start, end: offset + span.end }
}
