//! The plain part of the file of values: on which day each was changed, and public halves of pairs of keys.
//!
//! SOPS encrypts nothing below a key that ends in `_unencrypted`. Its MAC goes over the values there, but not over their
//! names, so a number that goes over both is kept among the encrypted values: whoever decrypts the file finds out whether
//! somebody changed anything.

use std::collections::BTreeMap;

use domain::Date;
use model::SecretRef;
use sops::{Node, Tree, Value};

use crate::Error;
use crate::fingerprint::Hash;
use crate::source::reference;

/// What is kept in the open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plain {
    /// When each value was last changed.
    pub(crate) changed: BTreeMap<SecretRef, Date>,
    /// The public halves of pairs of keys.
    pub(crate) public: BTreeMap<SecretRef, String>,
}

impl Plain {
    /// Reads what stands there.
    pub(crate) fn read(node: Node<Value>) -> Result<Self, Error> {
        let Node::Map(mut map) = node else { return Err(Error::Plain("it is no map")) };
        let mut plain = Self::default();
        for (name, text) in texts(map.remove("changed"))? {
            // Somebody with a key may have written anything here by hand. That is no reason to lock up the values.
            plain.changed.extend(Date::parse(&text).ok().map(|date| (name, date)));
        }
        plain.public.extend(texts(map.remove("public"))?);
        Ok(plain)
    }

    /// What is known of a value is known of it under another name.
    pub(crate) fn rename(&mut self, secret: &SecretRef, to: &SecretRef) {
        let changed = self.changed.remove(secret);
        self.changed.extend(changed.map(|date| (to.clone(), date)));
        let public = self.public.remove(secret);
        self.public.extend(public.map(|half| (to.clone(), half)));
    }

    /// As it is written; nothing where there is nothing to say.
    pub(crate) fn node(&self) -> Option<Node<Value>> {
        let changed = map(self.changed.iter().map(|(name, date)| (name, date.to_string())));
        let public = map(self.public.iter().map(|(name, key)| (name, key.clone())));
        let mut all = Tree::new();
        for (section, entries) in [("changed", changed), ("public", public)] {
            if !entries.is_empty() {
                let _ = all.insert(section, Node::Map(entries));
            }
        }
        (!all.is_empty()).then_some(Node::Map(all))
    }

    /// What all of it comes to, as a number; nothing where there is nothing to say.
    pub(crate) fn sum(&self) -> Option<String> {
        let changed = self.changed.iter().map(|(name, date)| ("changed", name, date.to_string()));
        let public = self.public.iter().map(|(name, key)| ("public", name, key.clone()));
        let all: Vec<_> = changed.chain(public).collect();
        let mut hash = Hash::new("hlc plain 1");
        for (section, name, text) in &all {
            hash.text(section);
            hash.text(&name.to_string());
            hash.text(text);
        }
        (!all.is_empty()).then(|| hash.finish())
    }
}

fn map<'a>(entries: impl Iterator<Item = (&'a SecretRef, String)>) -> Tree {
    let mut map = Tree::new();
    for (name, text) in entries {
        // Names are unique.
        let _ = map.insert(name.to_string(), Value::str(text));
    }
    map
}

fn texts(node: Option<Node<Value>>) -> Result<Vec<(SecretRef, String)>, Error> {
    let map = match node {
        None => return Ok(Vec::new()),
        Some(Node::Map(map)) => map,
        Some(_) => return Err(Error::Plain("a part of it is no map")),
    };
    let text = |(name, node): (String, Node<Value>)| match node {
        Node::Leaf(value) if value.as_str().is_some() => {
            Ok((reference(&name), value.as_str().unwrap_or_default().to_owned()))
        }
        _ => Err(Error::Plain("a part of it is no text")),
    };
    map.into_iter().map(text).collect()
}
