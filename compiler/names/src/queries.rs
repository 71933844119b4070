//! Inputs and queries. The only salsa code of the crate.
#![allow(missing_docs, reason = "salsa's macros make functions that cannot be documented")]

use std::sync::Arc;

use smol_str::SmolStr;
use source::ItemKey;
use syntax::{FormattedItem, Head, Parsed};

use crate::heads::{Definitions, Index, Meanings};
use crate::known::Known;

/// What all queries of the language are asked of.
#[salsa::db]
pub trait Db: salsa::Database {
    /// What this handle of the database has looked up before.
    fn known(&self) -> &Known;
}

/// A file of the lab or of the standard library.
#[salsa::input(debug)]
pub struct SourceFile {
    /// Relative to the lab's folder with `/`, or `std/…`.
    pub path: Arc<str>,
    /// Its text. Only the edge may ask: whoever does depends on all of it.
    pub text: Arc<str>,
    /// Its text in pieces, an item each, in the order written.
    pub pieces: Vec<Piece>,
    /// Where each of them starts. Only the edge may ask: whoever does depends on all text before it.
    pub offsets: Vec<u32>,
    /// Whether all brackets and quotes balance, see [`syntax::cut_whole`]. Only the edge may ask.
    #[returns(copy)]
    pub is_sound: bool,
    /// Pieces of items that are gone, for items to come: inputs are never freed. No query asks for them.
    #[default]
    pub(crate) spare: Vec<Piece>,
}

/// The text of an item. An input of its own, so that what depends on other items only need not be looked at when this
/// one is edited.
#[salsa::input(debug)]
pub struct Piece {
    /// The item's name.
    pub key: ItemKey,
    /// Its first words.
    pub head: Head,
    /// Its text.
    pub text: Arc<str>,
}

/// Which files there are.
#[salsa::input(singleton, debug)]
pub struct Workspace {
    /// The lab's, the one named `homelab.hl` first, then what it imports.
    pub lab: Vec<SourceFile>,
    /// The standard library's.
    pub std: Vec<SourceFile>,
    /// Nothing: what has asked it is of the least durability, see [`any_item`].
    #[returns(copy)]
    pub any: (),
    /// Files that are no part of the lab, or not any longer, and may become one: inputs are never freed. No query asks
    /// for them.
    #[default]
    pub left: Vec<SourceFile>,
}

/// To be asked by queries that look at all items. They depend on whatever is edited, and must do so from the start: salsa
/// takes a result whose durability falls for a new one, however equal it is to the one before. What says one small thing
/// of one item must not ask: as long as that is not edited, nothing of it need be looked at again.
pub fn any_item(db: &dyn Db) {
    Workspace::get(db).any(db);
}

/// A top-level item. It is the same item while its head is the same.
#[salsa::tracked(debug)]
pub struct Item<'db> {
    /// Its name.
    pub key: ItemKey,
    /// Its first words.
    pub head: Head,
    /// The input that its text is in.
    #[returns(copy)]
    piece: Piece,
}

impl<'db> Item<'db> {
    /// Its text.
    pub fn text(self, db: &'db dyn Db) -> &'db Arc<str> {
        self.piece(db).text(db)
    }
}

/// A word to look up. Made by [`word`](crate::word); one that was made stays, so that it may be kept.
#[salsa::interned(debug, revisions = usize::MAX)]
pub struct Word<'db> {
    /// The word.
    pub text: SmolStr,
}

/// An item's key, as an argument of queries. It stays, too.
#[salsa::interned(debug, revisions = usize::MAX)]
pub struct Key<'db> {
    /// The key.
    pub key: ItemKey,
}

/// The items of all files: the lab's, in the order of files and of text, then the library's. One query makes them all,
/// so that who depends on items has one thing to look at, and not one for each.
#[salsa::tracked]
pub(crate) fn all_items(db: &dyn Db) -> Vec<Item<'_>> {
    let pieces = files(db).flat_map(|file| file.pieces(db));
    pieces.map(|piece| Item::new(db, piece.key(db).clone(), piece.head(db).clone(), *piece)).collect()
}

/// The items of a file, in the order written.
#[salsa::tracked]
pub fn file_items(db: &dyn Db, file: SourceFile) -> Vec<Item<'_>> {
    any_item(db);
    let before = files(db).take_while(|other| *other != file);
    let before = before.map(|other| other.pieces(db).len()).sum();
    all_items(db).iter().skip(before).take(file.pieces(db).len()).copied().collect()
}

/// All files: the lab's, then the library's.
pub(crate) fn files(db: &dyn Db) -> impl Iterator<Item = SourceFile> {
    let workspace = Workspace::get(db);
    workspace.lab(db).iter().chain(workspace.std(db)).copied()
}

/// All items: the lab's, in the order of files and of text, then the library's.
pub fn items(db: &dyn Db) -> impl Iterator<Item = Item<'_>> {
    all_items(db).iter().copied()
}

/// All items by what their heads say.
#[salsa::tracked]
pub fn index(db: &dyn Db) -> Index {
    let mut index = Index::default();
    for item in all_items(db) {
        index.add(item.key(db), item.head(db));
    }
    index
}

/// The item with this key, if there is one. Asked by [`find`](crate::find).
#[salsa::tracked(returns(copy))]
pub(crate) fn item<'db>(db: &'db dyn Db, key: Key<'db>) -> Option<Item<'db>> {
    all_items(db).get(index(db).position(key.key(db))?).copied()
}

/// All that `word` can mean at the top level: one question where otherwise two are asked for each name in an expression.
#[salsa::tracked]
pub fn meanings<'db>(db: &'db dyn Db, word: Word<'db>) -> Meanings {
    let (index, word) = (index(db), word.text(db));
    Meanings {
        declared: index.declared(word).to_vec(),
        defined: index.defined(word).cloned().unwrap_or_default(),
    }
}

/// What `word` is defined as: a kind, a template, a function, a type, a constant.
#[salsa::tracked]
pub fn defined<'db>(db: &'db dyn Db, word: Word<'db>) -> Definitions {
    index(db).defined(word.text(db)).cloned().unwrap_or_default()
}

/// The tree of an item, and the problems found on the way.
#[salsa::tracked(no_eq)]
pub fn parsed<'db>(db: &'db dyn Db, item: Item<'db>) -> Parsed {
    syntax::parse(item.key(db), item.text(db))
}

/// The item in its usual form, for who asks again after each edit: editors.
#[salsa::tracked]
pub fn formatted<'db>(db: &'db dyn Db, item: Item<'db>) -> FormattedItem {
    syntax::format_item(item.text(db), &parsed(db, item).problems)
}
