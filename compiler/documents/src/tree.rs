//! What a document is, and why a text is none.

use source::Span;

/// How deep a tree may be nested.
pub const MOST_NESTED: usize = 60;

/// How many nodes all documents of a file may have. Aliases count as what they stand for.
pub const MOST_NODES: usize = 1 << 17;

/// A value, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its bytes in the file.
    pub span: Span,
    /// What it is.
    pub tree: Tree,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// Nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction, or a whole one that is too large; never infinite.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order written. No key is there twice.
    Map(Vec<Entry>),
}

/// An entry of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its key.
    pub key: String,
    /// Where that stands.
    pub at: Span,
    /// Its value.
    pub value: Node,
}

/// Why a text is no document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Malformed {
    /// The smallest bytes that it concerns.
    pub span: Span,
    /// In one line, in lower case.
    pub message: String,
    /// What to do, where that is known.
    pub help: Option<String>,
    /// Another place that it has to do with, and what is there.
    pub also: Option<(Span, &'static str)>,
}

impl Malformed {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None, also: None }
    }

    #[must_use]
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// A key that a map has already.
    pub(crate) fn twice(key: &str, at: Span, first: Span) -> Self {
        let problem = Self::new(at, format!("the key '{key}' is there twice"));
        let problem = Self { also: Some((first, "first here")), ..problem };
        problem.help("readers disagree on which of them counts: remove one")
    }

    pub(crate) fn too_deep(span: Span) -> Self {
        Self::new(span, format!("this is nested in more than {MOST_NESTED} levels"))
    }

    pub(crate) fn too_many(span: Span) -> Self {
        Self::new(span, format!("there are more than {MOST_NODES} values in this file"))
    }
}

impl Node {
    /// The entry of a map.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        let Tree::Map(entries) = &self.tree else { return None };
        entries.iter().find(|entry| entry.key == key)
    }

    /// How many nodes it is, itself among them.
    pub(crate) fn count(&self) -> usize {
        1 + match &self.tree {
            Tree::List(items) => items.iter().map(Self::count).sum::<usize>(),
            Tree::Map(entries) => entries.iter().map(|entry| entry.value.count()).sum(),
            _ => 0,
        }
    }

    /// How many levels there are below it.
    pub(crate) fn levels(&self) -> usize {
        let inner = match &self.tree {
            Tree::List(items) => items.iter().map(Self::levels).max(),
            Tree::Map(entries) => entries.iter().map(|entry| entry.value.levels()).max(),
            _ => None,
        };
        inner.map_or(0, |levels| levels + 1)
    }
}
