//! Words and keys that have been looked up before.
//!
//! Salsa finds them under a lock, and threads that read the lab together ask for the same few all the time: `app`,
//! `namespace`. So each handle of the database keeps those that it has seen; they stay what they are for as long as the
//! database lives.

use std::cell::RefCell;

use rustc_hash::FxHashMap;
use salsa::Id;
use salsa::plumbing::{AsId, FromId};
use smol_str::SmolStr;
use source::ItemKey;

use crate::queries::{self, Db, Item, Key, Word};

/// What a handle of the database has looked up before. A clone knows nothing yet.
#[derive(Default)]
pub struct Known {
    words: RefCell<FxHashMap<SmolStr, Id>>,
    keys: RefCell<FxHashMap<ItemKey, Id>>,
}

impl Clone for Known {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// `text` as an argument of queries.
pub fn word<'db>(db: &'db dyn Db, text: &str) -> Word<'db> {
    let words = &db.known().words;
    if let Some(id) = words.borrow().get(text) {
        return Word::from_id(*id);
    }
    let word = Word::new(db, SmolStr::new(text));
    words.borrow_mut().insert(word.text(db).clone(), word.as_id());
    word
}

/// An item's key as an argument of queries.
pub fn key<'db>(db: &'db dyn Db, key: &ItemKey) -> Key<'db> {
    let keys = &db.known().keys;
    if let Some(id) = keys.borrow().get(key) {
        return Key::from_id(*id);
    }
    let found = Key::new(db, key.clone());
    keys.borrow_mut().insert(key.clone(), found.as_id());
    found
}

/// The item with this key, if there is one.
pub fn find<'db>(db: &'db dyn Db, item: &ItemKey) -> Option<Item<'db>> {
    queries::item(db, key(db, item))
}
