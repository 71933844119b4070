//! Inputs and queries. The only salsa code of the crate.
#![allow(missing_docs, reason = "salsa's macros make functions that cannot be documented")]

use std::sync::Arc;

use smol_str::SmolStr;
use source::ItemKey;
use syntax::{Head, Parsed, Shape};

use crate::heads::{Declared, Definitions, Index, keyed};

/// What all queries of the language are asked of.
#[salsa::db]
pub trait Db: salsa::Database {}

/// A file of the lab or of the standard library.
#[salsa::input(debug)]
pub struct SourceFile {
    /// Relative to the lab's folder with `/`, or `std/…`.
    pub path: Arc<str>,
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
}

/// A top-level item. It is the same item while its head is the same.
#[salsa::tracked(debug)]
pub struct Item<'db> {
    /// Its name.
    pub key: ItemKey,
    /// Its first words.
    pub head: Head,
    /// Its text.
    #[tracked]
    pub text: Arc<str>,
    /// Where its text starts in the file. Only the edge may ask: whoever does depends on all text before it.
    #[tracked]
    #[returns(copy)]
    pub offset: u32,
}

/// A word to look up.
#[salsa::interned(debug)]
pub struct Word<'db> {
    /// The word.
    pub text: SmolStr,
}

/// An item's key, as an argument of queries.
#[salsa::interned(debug)]
pub struct Key<'db> {
    /// The key.
    pub key: ItemKey,
}

/// The items of a file, in the order written.
#[salsa::tracked]
pub fn file_items(db: &dyn Db, file: SourceFile) -> Vec<Item<'_>> {
    let text = file.text(db);
    keyed(file.path(db), syntax::cut(text))
        // A comment before the first item belongs to none.
        .filter(|(_, cut)| cut.head.shape != Shape::Unknown || !is_blank(&text[cut.range.clone()]))
        .map(|(key, cut)| {
            let offset = u32::try_from(cut.range.start).unwrap_or(u32::MAX);
            Item::new(db, key, cut.head, text[cut.range].into(), offset)
        })
        .collect()
}

/// Whether a text says nothing: blanks, and comments with which nothing is wrong.
fn is_blank(text: &str) -> bool {
    syntax::tokens(text).all(|token| token.kind.is_trivia()) && !syntax::turns_direction(text)
}

/// All items: the lab's, in the order of files and of text, then the library's.
#[salsa::tracked]
pub fn items(db: &dyn Db) -> Vec<Item<'_>> {
    let workspace = Workspace::get(db);
    let files = workspace.lab(db).iter().chain(workspace.std(db));
    files.flat_map(|file| file_items(db, *file)).copied().collect()
}

/// All items by what their heads say.
#[salsa::tracked]
pub fn index(db: &dyn Db) -> Index {
    let mut index = Index::default();
    for item in items(db) {
        index.add(item.key(db), item.head(db));
    }
    index
}

/// The item with this key, if there is one.
#[salsa::tracked(returns(copy))]
pub fn item<'db>(db: &'db dyn Db, key: Key<'db>) -> Option<Item<'db>> {
    items(db).get(index(db).position(key.key(db))?).copied()
}

/// The lab's top-level declarations that are called `word`.
#[salsa::tracked]
pub fn declared<'db>(db: &'db dyn Db, word: Word<'db>) -> Vec<Declared> {
    index(db).declared(word.text(db)).to_vec()
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
