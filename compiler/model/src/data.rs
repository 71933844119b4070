//! Free-form data: what escape hatches hold.

use std::collections::BTreeMap;

use crate::SecretText;

/// Data without a schema of ours: Helm values, Kubernetes objects, NixOS options.
///
/// Maps are sorted by key: their order has no meaning, and output must not depend on it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Data {
    /// Nothing (`null`).
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(Float),
    /// A text.
    Text(String),
    /// A text that holds secrets; only where the hatch is declared to take them.
    Secret(SecretText),
    /// A Nix expression, verbatim; only in NixOS options.
    Nix(String),
    /// A list.
    List(Vec<Data>),
    /// A map.
    Map(BTreeMap<String, Data>),
}

/// A finite number with a fraction, compared by its bits.
#[derive(Clone, Copy, Debug)]
pub struct Float(pub f64);

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Float {}

impl std::hash::Hash for Float {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl Data {
    /// What stands at a path of maps.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        match (path.split_first(), self) {
            (None, found) => Some(found),
            (Some((first, rest)), Self::Map(entries)) => entries.get(*first)?.at(rest),
            _ => None,
        }
    }

    /// Shows `each` all texts in it, those in Nix too.
    pub fn each_text(&self, each: &mut dyn FnMut(&str)) {
        match self {
            Self::Text(text) | Self::Nix(text) => each(text),
            Self::List(items) => items.iter().for_each(|item| item.each_text(each)),
            Self::Map(entries) => entries.values().for_each(|entry| entry.each_text(each)),
            _ => {}
        }
    }

    /// The text at a path of maps.
    pub fn text_at(&self, path: &[&str]) -> Option<&str> {
        if let Self::Text(text) = self.at(path)? { Some(text) } else { None }
    }
}
