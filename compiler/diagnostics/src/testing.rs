//! Rules and labs for the tests of this crate.

use std::collections::BTreeMap;
use std::sync::Arc;

use source::{ItemKey, Place, Span};

use crate::{Sources, declare_rule};

declare_rule! {
    pub(crate) UNKNOWN_NAME, "unknown-name", error, since "0.1",
    "a name that nothing in the lab has", page "testing/unknown_name.md"
}
declare_rule! {
    pub(crate) UNUSED, "unused", warning, since "0.2",
    "something that nothing uses", page "testing/unused.md"
}

/// Texts by file, and where items start.
#[derive(Default)]
pub(crate) struct Lab {
    pub(crate) texts: BTreeMap<String, String>,
    items: BTreeMap<ItemKey, u32>,
}

impl Lab {
    /// Each file is also one item, without a head, that starts at byte 0.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let mut lab = Self::default();
        for (file, text) in files {
            lab.texts.insert((*file).to_owned(), (*text).to_owned());
            lab.items.insert(key(file, ""), 0);
        }
        lab
    }

    pub(crate) fn item(mut self, file: &str, head: &str, offset: u32) -> Self {
        self.items.insert(key(file, head), offset);
        self
    }

    pub(crate) fn place(&self, file: &str, start: u32, end: u32) -> Place {
        self.place_in(file, "", start, end)
    }

    #[expect(clippy::unused_self, reason = "reads like the others")]
    pub(crate) fn place_in(&self, file: &str, head: &str, start: u32, end: u32) -> Place {
        Place::new(&key(file, head), Span::new(start, end))
    }

    /// The first place that says `words` in `file`.
    pub(crate) fn find(&self, file: &str, words: &str) -> Place {
        let start = u32::try_from(self.texts[file].find(words).expect("the words")).unwrap();
        self.place(file, start, start + u32::try_from(words.len()).unwrap())
    }
}

fn key(file: &str, head: &str) -> ItemKey {
    ItemKey::new(Arc::from(file), Arc::from(head), 0)
}

impl Sources for Lab {
    fn text(&self, file: &str) -> Option<&str> {
        self.texts.get(file).map(String::as_str)
    }

    fn offset(&self, item: &ItemKey) -> Option<u32> {
        self.items.get(item).copied()
    }
}
