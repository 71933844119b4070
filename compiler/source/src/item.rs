//! What names an item, and a place in it.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::Span;

/// Names one top-level item of one file, and stays the same while the item's text changes or moves.
///
/// `head` is what the item's first words say (`app n8n`), `nth` tells equal heads of a file apart, from zero.
/// Cloning, comparing and hashing are cheap: keys are in every place and every reference.
#[derive(Clone, Eq, PartialOrd, Ord)]
pub struct ItemKey(Arc<Parts>);

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Parts {
    file: Arc<str>,
    head: Arc<str>,
    nth: u32,
    /// Of the fields above, the same on every run.
    hash: u64,
}

impl PartialEq for ItemKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.0.hash == other.0.hash && self.0 == other.0)
    }
}

impl Hash for ItemKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

impl ItemKey {
    /// The key of the `nth` item of `file` whose head is `head`.
    pub fn new(file: Arc<str>, head: Arc<str>, nth: u32) -> Self {
        let mut hasher = DefaultHasher::new();
        (&file, &head, nth).hash(&mut hasher);
        Self(Arc::new(Parts { file, head, nth, hash: hasher.finish() }))
    }

    /// The file's path as the lab names it: relative to the lab's folder with `/`, or `std/…` for the library.
    pub fn file(&self) -> &Arc<str> {
        &self.0.file
    }

    /// The item's first words.
    pub fn head(&self) -> &str {
        &self.0.head
    }

    /// Which of the items with this head, from zero.
    pub fn nth(&self) -> u32 {
        self.0.nth
    }

    /// Whether the item is part of the standard library.
    pub fn is_std(&self) -> bool {
        self.0.file.starts_with("std/")
    }
}

impl fmt::Debug for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.0.file, self.0.head)?;
        if self.0.nth > 0 { write!(f, "~{}", self.0.nth) } else { Ok(()) }
    }
}

/// A span in an item: the only form in which places travel through the compiler.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The item.
    pub item: ItemKey,
    /// The bytes, relative to the item's first.
    pub span: Span,
}

impl Place {
    /// The place of `span` in `item`.
    pub fn new(item: &ItemKey, span: Span) -> Self {
        Self { item: item.clone(), span }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}@{}..{}", self.item, self.span.start, self.span.end)
    }
}
