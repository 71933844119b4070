//! Ordered trees: maps, lists, and leaves of one type.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use crate::error::{Error, Problem};
use crate::path::Path;

/// What deeper trees are refused for: nobody nests secrets like this, and every walk is a recursion.
pub const DEEPEST: usize = 64;

/// A part of a tree.
#[derive(Debug, PartialEq)]
pub enum Node<L> {
    /// A value.
    Leaf(L),
    /// Nodes one after the other.
    List(Vec<Node<L>>),
    /// Nodes by name.
    Map(Map<L>),
}

/// Nodes by name, in an order that matters: the MAC of a file goes over its values in their order.
pub struct Map<L> {
    entries: Vec<(String, Node<L>)>,
    /// Where each name is, once a map of many has been asked.
    places: OnceLock<BTreeMap<String, usize>>,
}

/// Of fewer entries each is looked at.
const MANY: usize = 16;

impl<L> Default for Map<L> {
    fn default() -> Self {
        Self { entries: Vec::new(), places: OnceLock::new() }
    }
}

impl<L: PartialEq> PartialEq for Map<L> {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl<L: fmt::Debug> fmt::Debug for Map<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map").field("entries", &self.entries).finish_non_exhaustive()
    }
}

/// Entries of which is known that no two have one name.
impl<L> Extend<(String, Node<L>)> for Map<L> {
    fn extend<I: IntoIterator<Item = (String, Node<L>)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(key, node)| self.push(key, node));
    }
}

impl<L> IntoIterator for Map<L> {
    type Item = (String, Node<L>);
    type IntoIter = std::vec::IntoIter<(String, Node<L>)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<L> From<L> for Node<L> {
    fn from(leaf: L) -> Self {
        Self::Leaf(leaf)
    }
}

impl<L> Map<L> {
    /// A map without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry at the end; gives the node back if there is one of this name already.
    pub fn insert(&mut self, key: impl Into<String>, node: impl Into<Node<L>>) -> Result<(), Node<L>> {
        let (key, node) = (key.into(), node.into());
        if self.get(&key).is_some() {
            return Err(node);
        }
        self.push(key, node);
        Ok(())
    }

    /// The node of this name.
    pub fn get(&self, key: &str) -> Option<&Node<L>> {
        self.place(key).map(|at| &self.entries[at].1)
    }

    fn place(&self, key: &str) -> Option<usize> {
        if self.entries.len() < MANY {
            return self.entries.iter().position(|(name, _)| name == key);
        }
        let places = || self.entries.iter().enumerate().map(|(at, (name, _))| (name.clone(), at)).collect();
        self.places.get_or_init(places).get(key).copied()
    }

    /// The node of this name, taken out.
    pub fn remove(&mut self, key: &str) -> Option<Node<L>> {
        let at = self.place(key)?;
        self.places.take();
        Some(self.entries.remove(at).1)
    }

    /// All entries, in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Node<L>)> {
        self.entries.iter().map(|(key, node)| (key.as_str(), node))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds an entry of which is known that there is none of its name.
    pub(crate) fn push(&mut self, key: String, node: Node<L>) {
        if let Some(places) = self.places.get_mut() {
            places.insert(key.clone(), self.entries.len());
        }
        self.entries.push((key, node));
    }

    /// The same map with its leaves borrowed.
    pub(crate) fn as_ref(&self) -> Map<&L> {
        let entries = self.iter().map(|(key, node)| (key.to_owned(), node.as_ref()));
        Map { entries: entries.collect(), ..Map::new() }
    }

    /// The same map with other leaves. A leaf that becomes nothing leaves its list; in a map it cannot.
    pub(crate) fn try_map<M>(
        self,
        path: &mut Path,
        leaf: &mut impl FnMut(L, &Path) -> Result<Option<M>, Error>,
    ) -> Result<Map<M>, Error> {
        let mut map = Map::new();
        for (key, node) in self {
            path.enter_key(&key);
            let made = node.try_map(path, leaf)?;
            let made = made.ok_or_else(|| Error::at_path(Problem::CommentAsValue, path))?;
            path.leave();
            map.push(key, made);
        }
        Ok(map)
    }
}

impl<L> Node<L> {
    fn as_ref(&self) -> Node<&L> {
        match self {
            Self::Leaf(leaf) => Node::Leaf(leaf),
            Self::List(items) => Node::List(items.iter().map(Self::as_ref).collect()),
            Self::Map(map) => Node::Map(map.as_ref()),
        }
    }

    fn try_map<M>(
        self,
        path: &mut Path,
        leaf: &mut impl FnMut(L, &Path) -> Result<Option<M>, Error>,
    ) -> Result<Option<Node<M>>, Error> {
        if path.len() > DEEPEST {
            return Err(Error::at_path(Problem::TooDeep, path));
        }
        Ok(Some(match self {
            Self::Leaf(value) => match leaf(value, path)? {
                Some(made) => Node::Leaf(made),
                None => return Ok(None),
            },
            Self::Map(map) => Node::Map(map.try_map(path, leaf)?),
            Self::List(items) => {
                let mut made = Vec::with_capacity(items.len());
                for (at, item) in items.into_iter().enumerate() {
                    path.enter_index(at);
                    made.extend(item.try_map(path, leaf)?);
                    path.leave();
                }
                Node::List(made)
            }
        }))
    }
}
