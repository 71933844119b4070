//! The documents that a client has open, and how edits change them.

use std::collections::BTreeMap;

use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};

use crate::lines::{Encoding, Lines, Starts};

/// A document that is open.
pub(crate) struct Document {
    /// How the client calls it.
    pub(crate) uri: Uri,
    /// Which version of it is open.
    pub(crate) version: i32,
    /// What is in it.
    pub(crate) text: String,
    /// Where its lines begin.
    pub(crate) starts: Starts,
}

/// All that are open, by their URIs.
#[derive(Default)]
pub(crate) struct Documents(BTreeMap<String, Document>);

impl Documents {
    pub(crate) fn open(&mut self, document: Document) {
        self.0.insert(document.uri.as_str().to_owned(), document);
    }

    pub(crate) fn close(&mut self, uri: &Uri) -> Option<Document> {
        self.0.remove(uri.as_str())
    }

    pub(crate) fn get(&self, uri: &Uri) -> Option<&Document> {
        self.0.get(uri.as_str())
    }

    pub(crate) fn get_mut(&mut self, uri: &Uri) -> Option<&mut Document> {
        self.0.get_mut(uri.as_str())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Document> {
        self.0.values()
    }
}

impl Document {
    pub(crate) fn new(uri: Uri, version: i32, text: String) -> Self {
        let starts = Starts::of(&text);
        Self { uri, version, text, starts }
    }

    /// Applies edits, one after the other.
    pub(crate) fn edit(&mut self, changes: &[TextDocumentContentChangeEvent], encoding: Encoding) {
        for change in changes {
            let Some(range) = change.range else {
                self.text.clone_from(&change.text);
                self.starts = Starts::of(&self.text);
                continue;
            };
            let lines = Lines::new(&self.text, self.starts.clone(), encoding);
            let (start, end) = (lines.offset(range.start), lines.offset(range.end));
            // Who holds what is changed has it copied.
            drop(lines);
            let gone = start.min(end)..start.max(end);
            self.text.replace_range(gone.clone(), &change.text);
            self.starts.edit(&self.text, gone, change.text.len());
        }
    }
}
