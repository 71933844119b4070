//! Fields of Kubernetes objects as the lab says them.

use std::collections::BTreeMap;

use crate::{At, Data};

/// Fields of an object that hlc makes, in Kubernetes' own words, each with where it is said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Raw {
    /// A value that has no parts.
    Plain(Data),
    /// A list.
    List(Vec<At<Raw>>),
    /// A map.
    Map(BTreeMap<String, At<Raw>>),
}

impl Default for Raw {
    fn default() -> Self {
        Self::Map(BTreeMap::new())
    }
}

impl Raw {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.entries().next().is_none()
    }

    /// Whether it is `null`: what is made is taken away.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Plain(Data::Null))
    }

    /// What stands at a path of maps.
    pub fn at(&self, path: &[&str]) -> Option<&At<Self>> {
        let (first, rest) = path.split_first()?;
        let Self::Map(entries) = self else { return None };
        let found = entries.get(*first)?;
        if rest.is_empty() { Some(found) } else { found.value.at(rest) }
    }

    /// The entries of a map.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &At<Self>)> {
        let entries = if let Self::Map(entries) = self { Some(entries) } else { None };
        entries.into_iter().flatten().map(|(key, value)| (key.as_str(), value))
    }

    /// The elements of a list.
    pub fn items(&self) -> &[At<Self>] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// The elements of the list at a path of maps.
    pub fn items_at(&self, path: &[&str]) -> &[At<Self>] {
        self.at(path).map_or(&[], |list| list.value.items())
    }

    /// A text.
    pub fn text(&self) -> Option<&str> {
        if let Self::Plain(Data::Text(text)) = self { Some(text) } else { None }
    }

    /// The text at a path of maps.
    pub fn text_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.value.text()
    }

    /// A whole number.
    pub const fn int(&self) -> Option<i64> {
        if let Self::Plain(Data::Int(number)) = self { Some(*number) } else { None }
    }

    /// A truth value.
    pub const fn bool(&self) -> Option<bool> {
        if let Self::Plain(Data::Bool(value)) = self { Some(*value) } else { None }
    }

    /// Without the places.
    pub fn data(&self) -> Data {
        match self {
            Self::Plain(data) => data.clone(),
            Self::List(items) => Data::List(items.iter().map(|item| item.value.data()).collect()),
            Self::Map(entries) => {
                Data::Map(entries.iter().map(|(key, value)| (key.clone(), value.value.data())).collect())
            }
        }
    }
}
