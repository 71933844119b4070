//! What stands where in the lab's files: from bytes of a file to items, and what is known of one.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use diagnostics::Sources;
use names::parsed;
use smol_str::SmolStr;
use source::{ItemKey, LineIndex, Place};
use syntax::Parsed;
use types::{DeclRef, Field, ItemCore};
use values::{DeclKey, FieldKey};

use super::Session;

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The file.
    pub file: String,
    /// Which, from one.
    pub number: u32,
    /// What stands there, without its end.
    pub text: String,
}

/// An item, and where its text is in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemAt {
    /// The item.
    pub key: ItemKey,
    /// Its bytes in the file. What places say of it is relative to the first.
    pub range: Range<u32>,
}

impl Session {
    /// The items of a file of the lab or of the library, in the order written.
    pub fn items(&self, file: &str) -> Vec<ItemAt> {
        let Some(file) = self.files().file(file) else { return Vec::new() };
        (0..file.pieces(&self.db).len()).filter_map(|nth| self.nth_item(file, nth)).collect()
    }

    /// The item that a byte of a file is in, or that ends there.
    pub fn item_at(&self, file: &str, byte: u32) -> Option<ItemAt> {
        let file = self.files().file(file)?;
        let behind = file.offsets(&self.db).partition_point(|start| *start <= byte);
        self.nth_item(file, behind.checked_sub(1)?).filter(|item| byte <= item.range.end)
    }

    /// The item that alone would be another if the file said `text`, with its bytes there. None where others may be, too.
    pub fn edited_item(&self, file: &str, text: &str) -> Option<ItemAt> {
        let file = self.files().file(file)?;
        let edit = file.edit(&self.db, text)?;
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let key = file.pieces(&self.db)[edit.nth].key(&self.db).clone();
        Some(ItemAt { key, range: byte(edit.range.start)..byte(edit.range.end) })
    }

    fn nth_item(&self, file: names::SourceFile, nth: usize) -> Option<ItemAt> {
        let (piece, start) = (file.pieces(&self.db).get(nth)?, *file.offsets(&self.db).get(nth)?);
        let length = u32::try_from(piece.text(&self.db).len()).unwrap_or(u32::MAX);
        Some(ItemAt { key: piece.key(&self.db).clone(), range: start..start.saturating_add(length) })
    }

    /// The text of an item.
    pub fn item_text(&self, item: &ItemKey) -> Option<&Arc<str>> {
        Some(names::find(&self.db, item)?.text(&self.db))
    }

    /// The tree of an item.
    pub fn parsed(&self, item: &ItemKey) -> Option<&Parsed> {
        Some(parsed(&self.db, names::find(&self.db, item)?))
    }

    /// An item, elaborated.
    pub fn core(&self, item: &ItemKey) -> Option<&ItemCore> {
        Some(types::item_core(&self.db, names::find(&self.db, item)?))
    }

    /// What a field of a declaration comes to.
    pub fn value(&self, decl: &DeclRef, field: &SmolStr) -> &Field {
        &values::field_value(&self.db, FieldKey::new(&self.db, decl.clone(), field.clone())).0
    }

    /// `homelab.hl:57`.
    pub fn line_of(&self, place: &Place) -> String {
        let line = self.line(place).map_or(1, |line| line.number);
        format!("{}:{line}", place.item.file())
    }

    /// The line that a place begins in.
    pub fn line(&self, place: &Place) -> Option<Line> {
        let files = self.files();
        let text = files.text(place.item.file())?;
        let offset = files.offset(&place.item)? + place.span.start;
        let lines = LineIndex::new(text);
        let number = lines.line(offset);
        let start = lines.line_start(number)? as usize;
        let line = text.get(start..)?.lines().next().unwrap_or_default();
        Some(Line { file: place.item.file().to_string(), number, text: line.to_owned() })
    }

    /// What stands at a place.
    pub fn text_of(&self, place: &Place) -> Option<&str> {
        let item = names::find(&self.db, &place.item)?;
        item.text(&self.db).get(place.span.start as usize..place.span.end as usize)
    }

    /// The item that defines a constant of this name.
    pub fn constant(&self, name: &str) -> Option<Place> {
        let key = names::defined(&self.db, names::word(&self.db, name)).constant.as_ref()?;
        Some(Place::new(key, self.parsed(key)?.statement.span))
    }

    /// Where the name of a declaration is written.
    pub fn head(&self, decl: &DeclRef) -> Place {
        values::head_place(&self.db, DeclKey::new(&self.db, decl.clone())).clone()
    }

    /// All declarations of the lab: what items declare and what is made of them, and what stands in those.
    pub fn declarations(&self) -> Vec<DeclRef> {
        let declared = names::index(&self.db).declarations().iter();
        let kinds: BTreeSet<&SmolStr> =
            declared.filter(|one| !one.item.is_std()).map(|one| &one.kind).collect();
        let tops = kinds.into_iter().flat_map(|kind| values::all_of(&self.db, names::word(&self.db, kind)));
        let mut all: Vec<DeclRef> = tops.filter(|decl| decl.steps().is_empty()).cloned().collect();
        let mut at = 0;
        while let Some(decl) = all.get(at).cloned() {
            all.extend(self.children(&decl));
            at += 1;
        }
        all
    }

    /// The declarations that stand directly in one.
    pub fn children(&self, decl: &DeclRef) -> Vec<DeclRef> {
        values::children(&self.db, DeclKey::new(&self.db, decl.clone())).clone()
    }

    /// Why a field is as it is, or a part of it.
    pub fn why(&self, decl: &DeclRef, field: &SmolStr, path: &[SmolStr]) -> Option<values::Why> {
        values::why(&self.db, decl, field, path)
    }

    /// The fields of a declaration.
    pub fn fields(&self, decl: &DeclRef) -> Vec<(SmolStr, Field)> {
        values::fields(&self.db, decl)
    }
}
