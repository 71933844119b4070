//! A small YAML tree and its printer.
//!
//! The output is block style as `kubectl` writes it, the same bytes on every run, and means the same to readers of
//! YAML 1.1 (helm, kubectl, `PyYAML`) and of YAML 1.2 (sops, ruamel.yaml): what one of them would take for
//! something other than text is quoted. Libraries promise one or the other, which is why this is ours.

use std::collections::BTreeMap;

mod json;
mod plain;
mod print;
mod scalar;

/// A YAML document or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub enum Yaml {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction, or one that is not finite.
    Float(f64),
    /// A text, quoted where it has to be.
    Text(String),
    /// A list.
    List(Vec<Yaml>),
    /// A map in the order given. Keys are different from each other.
    Map(Vec<(String, Yaml)>),
    /// Something with lines above it: above its key in a map, above its dash in a list, above all of a document.
    Under(Lead, Box<Yaml>),
}

/// What stands above an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lead {
    /// Whether an empty line sets it apart from what comes before.
    pub blank: bool,
    /// A comment, without `#`; none if empty.
    pub comment: String,
}

/// A key as it stands before its colon.
pub fn key(key: &str) -> String {
    scalar::one_line(key).into_owned()
}

impl Yaml {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A list of texts.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// A map of texts.
    pub fn text_map<K: Into<String>, V: Into<String>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), Self::text(value))).collect())
    }

    /// The same, with an empty line above.
    #[must_use]
    pub fn after_blank(self) -> Self {
        Self::Under(Lead { blank: true, comment: String::new() }, Box::new(self))
    }

    /// The same, with a comment above.
    #[must_use]
    pub fn under(self, comment: impl Into<String>) -> Self {
        Self::Under(Lead { blank: false, comment: comment.into() }, Box::new(self))
    }

    /// Whether it is a map or list without anything in it.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            Self::Under(_, inner) => inner.is_empty(),
            _ => false,
        }
    }

    /// The document as text; it ends with a line break.
    pub fn print(&self) -> String {
        print::document("", self)
    }

    /// As [`Yaml::print`], under a comment.
    pub fn print_under(&self, comment: &str) -> String {
        print::document(comment, self)
    }
}

impl From<&model::Data> for Yaml {
    /// Data as it is. A secret is never shown: it becomes `null`, so it must be taken out before.
    fn from(data: &model::Data) -> Self {
        use model::Data;
        match data {
            Data::Null | Data::Secret(_) => Self::Null,
            Data::Bool(value) => Self::Bool(*value),
            Data::Int(value) => Self::Int(*value),
            Data::Float(value) => Self::Float(value.0),
            Data::Text(text) | Data::Nix(text) => Self::text(text),
            Data::List(items) => Self::List(items.iter().map(Self::from).collect()),
            Data::Map(entries) => {
                Self::Map(entries.iter().map(|(key, value)| (key.clone(), Self::from(value))).collect())
            }
        }
    }
}

/// Builds a map entry by entry, leaving out what is not there.
#[derive(Debug, Default)]
pub struct MapBuilder {
    entries: Vec<(String, Yaml)>,
}

impl MapBuilder {
    /// A map without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry.
    #[must_use]
    pub fn set(mut self, key: impl Into<String>, value: impl Into<Yaml>) -> Self {
        self.entries.push((key.into(), value.into()));
        self
    }

    /// Adds an entry if there is a value.
    #[must_use]
    pub fn set_some(self, key: &str, value: Option<impl Into<Yaml>>) -> Self {
        match value {
            Some(value) => self.set(key, value),
            None => self,
        }
    }

    /// Adds an entry unless it is an empty map or list.
    #[must_use]
    pub fn set_filled(self, key: &str, value: impl Into<Yaml>) -> Self {
        let value = value.into();
        if value.is_empty() { self } else { self.set(key, value) }
    }
}

impl From<MapBuilder> for Yaml {
    fn from(map: MapBuilder) -> Self {
        Self::Map(map.entries)
    }
}

impl From<BTreeMap<String, String>> for Yaml {
    fn from(entries: BTreeMap<String, String>) -> Self {
        Self::text_map(entries)
    }
}

impl From<Vec<Yaml>> for Yaml {
    fn from(items: Vec<Yaml>) -> Self {
        Self::List(items)
    }
}

impl From<&str> for Yaml {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<&String> for Yaml {
    fn from(text: &String) -> Self {
        Self::text(text)
    }
}

impl From<String> for Yaml {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Yaml {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Yaml {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u32> for Yaml {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u16> for Yaml {
    fn from(value: u16) -> Self {
        Self::Int(value.into())
    }
}
