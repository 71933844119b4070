//! What names an item, and a place in it.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ptr;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::Span;

/// Names one top-level item of one file, and stays the same while the item's text changes or moves.
///
/// `head` is what the item's first words say (`app n8n`), `nth` tells equal heads of a file apart, from zero.
///
/// Keys are in every place and every reference, and all threads have those of the standard library in hand. So there is
/// one of each, kept for as long as the process runs, and a key is its address: to clone and to drop one touches
/// nothing that threads share. What that costs is the text of each head that was ever typed.
#[derive(Clone)]
pub struct ItemKey(&'static Parts);

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Parts {
    file: Arc<str>,
    head: Arc<str>,
    nth: u32,
    /// Of the fields above, the same on every run.
    hash: u64,
    /// How many bytes of the head are before its first space.
    first_word: usize,
}

/// All keys that there are.
static KEYS: LazyLock<Mutex<HashSet<&'static Parts>>> = LazyLock::new(Mutex::default);

impl Hash for Parts {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl PartialEq for ItemKey {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.0, other.0)
    }
}

impl Eq for ItemKey {}

impl PartialOrd for ItemKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ItemKey {
    fn cmp(&self, other: &Self) -> Ordering {
        if self == other { Ordering::Equal } else { self.0.cmp(other.0) }
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
        let first_word = head.find(' ').unwrap_or(head.len());
        let parts = Parts { file, head, nth, hash: hasher.finish(), first_word };
        // What a thread that panicked left here is whole.
        let mut keys = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = keys.get(&parts) {
            return Self(known);
        }
        let parts: &'static Parts = Box::leak(Box::new(parts));
        keys.insert(parts);
        Self(parts)
    }

    /// The file's path as the lab names it: relative to the lab's folder with `/`, or `std/…` for the library.
    pub fn file(&self) -> &'static Arc<str> {
        &self.0.file
    }

    /// The item's first words.
    pub fn head(&self) -> &'static str {
        &self.0.head
    }

    /// The first of the item's first words: the kind of a declaration.
    pub fn first_word(&self) -> &'static str {
        &self.0.head[..self.0.first_word]
    }

    /// What follows the first of the item's first words, without quotes: the name of a declaration. All of them where
    /// there is one word.
    pub fn name(&self) -> &'static str {
        let rest = &self.0.head[self.0.first_word..];
        let rest = rest.strip_prefix(' ').unwrap_or(&self.0.head);
        let inner = rest.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        inner.filter(|inner| !inner.contains('"')).unwrap_or(rest)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn key(file: &str, head: &str, nth: u32) -> ItemKey {
        ItemKey::new(file.into(), head.into(), nth)
    }

    #[test]
    fn equal_keys_are_one() {
        assert_eq!(key("a.hl", "app n8n", 0), key("a.hl", "app n8n", 0));
        assert_ne!(key("a.hl", "app n8n", 0), key("a.hl", "app n8n", 1));
        assert_ne!(key("a.hl", "app n8n", 0), key("b.hl", "app n8n", 0));
    }

    #[test]
    fn heads_are_a_word_and_others() {
        for (head, first, others) in [
            ("app n8n", "app", "n8n"),
            ("pihole", "pihole", "pihole"),
            ("check \"a b\"", "check", "a b"),
            ("", "", ""),
        ] {
            let key = key("a.hl", head, 0);
            assert_eq!((key.first_word(), key.name()), (first, others));
        }
    }

    #[test]
    fn keys_are_ordered_by_what_they_say() {
        let second = key("a.hl", "app b", 0);
        let first = key("a.hl", "app a", 7);
        assert!(first < second && second < key("a.hl", "app b", 1) && second < key("b.hl", "app a", 0));
    }
}
