//! Texts of files to pieces that stay the same while items do.
//!
//! Salsa looks at everything again that depends on an input which may have changed. So a text is cut into its items
//! before salsa sees it, each an input that says how likely it is to change: what nobody edits is
//! [`Durability::MEDIUM`], what somebody has edited is [`Durability::LOW`] from then on. A keystroke changes one input,
//! and only what depends on items that are edited is looked at.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use salsa::{Durability, Setter};
use source::ItemKey;
use syntax::{Cuts, Edit, Head, ItemForm};

use crate::heads::keyed;
use crate::queries::{Db, Item, Piece, SourceFile, files, index};

/// An item as the text says it: its name, its first words, its text, and where that starts.
struct Written {
    key: ItemKey,
    head: Head,
    text: Arc<str>,
    offset: u32,
}

/// The items of a text, given how it is cut.
fn written(path: &Arc<str>, text: &str, cuts: Cuts) -> Vec<Written> {
    keyed(path, cuts.items)
        // A comment before the first item belongs to none.
        .filter(|(_, cut)| cut.head.form != ItemForm::Unknown || !is_blank(&text[cut.range.clone()]))
        .map(|(key, cut)| {
            let offset = length(cut.range.start);
            Written { key, head: cut.head, text: text[cut.range].into(), offset }
        })
        .collect()
}

/// So many bytes as places count them.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Whether a text says nothing: blanks, and comments with which nothing is wrong.
fn is_blank(text: &str) -> bool {
    syntax::tokens(text).all(|token| token.kind.is_trivia()) && !syntax::turns_direction(text)
}

impl SourceFile {
    /// A file with its items, which are those of `cuts`. `durability` says how likely it is that they change.
    pub fn open(db: &dyn Db, path: &str, text: Arc<str>, cuts: Cuts, durability: Durability) -> Self {
        let path: Arc<str> = path.into();
        let is_sound = cuts.is_sound;
        let written = written(&path, &text, cuts);
        let offsets = written.iter().map(|one| one.offset).collect();
        let piece = |one: Written| Piece::builder(one.key, one.head, one.text).durability(durability).new(db);
        let pieces = written.into_iter().map(piece).collect();
        // Any edit changes these, of whichever item.
        let whole = if durability == Durability::MEDIUM { Durability::LOW } else { durability };
        Self::builder(path, text, pieces, offsets, is_sound)
            .durability(durability)
            .path_durability(Durability::NEVER_CHANGE)
            .text_durability(whole)
            .offsets_durability(whole)
            .is_sound_durability(whole)
            .new(db)
    }

    /// Gives the file another text. Items that are the same keep their piece.
    pub fn change(self, db: &mut impl Db, text: Arc<str>) {
        let is_same = Arc::ptr_eq(self.text(db), &text) || *self.text(db) == text;
        if is_same {
            return;
        }
        match self.edit(db, &text) {
            Some(edit) => self.change_item(db, &text, edit),
            None => self.change_all(db, &text),
        }
        self.set_text(db).to(text);
    }

    /// The edit that makes `text` of this file's, where it concerns one item.
    pub fn edit(self, db: &dyn Db, text: &str) -> Option<Edit> {
        self.is_sound(db).then(|| syntax::edit(self.text(db), self.offsets(db), text)).flatten()
    }

    /// Gives one item another text.
    fn change_item(self, db: &mut impl Db, text: &str, edit: Edit) {
        let piece = self.pieces(db)[edit.nth];
        let (before, after) = (piece.text(db).len(), edit.range.len());
        piece.set_text(db).with_durability(Durability::LOW).to(text[edit.range].into());
        if before != after {
            let mut offsets = self.offsets(db).clone();
            for offset in &mut offsets[edit.nth + 1..] {
                *offset = offset.wrapping_sub(length(before)).wrapping_add(length(after));
            }
            self.set_offsets(db).to(offsets);
        }
    }

    /// Gives all items the text that they have in `text`.
    fn change_all(self, db: &mut impl Db, text: &str) {
        let cuts = syntax::cut_whole(text);
        if cuts.is_sound != self.is_sound(db) {
            self.set_is_sound(db).to(cuts.is_sound);
        }
        let written = written(self.path(db), text, cuts);
        let offsets: Vec<u32> = written.iter().map(|one| one.offset).collect();
        let before = self.pieces(db).clone();
        let mut known: FxHashMap<ItemKey, Piece> =
            before.iter().map(|piece| (piece.key(db).clone(), *piece)).collect();
        let kept: Vec<Option<Piece>> = written.iter().map(|one| known.remove(&one.key)).collect();
        // Inputs are never freed, so those of items that are gone become those of items that are new.
        let gone = before.iter().copied().filter(|piece| known.contains_key(piece.key(db)));
        let mut spare: Vec<Piece> = self.spare(db).iter().copied().chain(gone).collect();
        let pieces: Vec<Piece> = written
            .into_iter()
            .zip(kept)
            .map(|(one, kept)| one.put(db, kept.or_else(|| spare.pop())))
            .collect();
        if spare != *self.spare(db) {
            self.set_spare(db).to(spare);
        }
        if pieces != before {
            self.set_pieces(db).to(pieces);
        }
        if offsets != *self.offsets(db) {
            self.set_offsets(db).to(offsets);
        }
    }
}

impl Written {
    /// Puts it into `piece`, or a new one.
    fn put(self, db: &mut impl Db, piece: Option<Piece>) -> Piece {
        let Some(piece) = piece else {
            return Piece::builder(self.key, self.head, self.text)
                .durability(Durability::MEDIUM)
                .text_durability(Durability::LOW)
                .new(db);
        };
        if *piece.key(db) != self.key {
            piece.set_key(db).to(self.key);
        }
        if *piece.head(db) != self.head {
            piece.set_head(db).to(self.head);
        }
        if *piece.text(db) != self.text {
            piece.set_text(db).with_durability(Durability::LOW).to(self.text);
        }
        piece
    }
}

impl Item<'_> {
    /// Where its text starts in its file. Only the edge may ask: whoever does depends on all text before it.
    pub fn offset(self, db: &dyn Db) -> u32 {
        let mut at = index(db).position(self.key(db)).unwrap_or_default();
        for file in files(db) {
            let offsets = file.offsets(db);
            match offsets.get(at) {
                Some(offset) => return *offset,
                None => at -= offsets.len(),
            }
        }
        0
    }
}
