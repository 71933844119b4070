//! What the file of all values tells without a key.

use std::collections::BTreeMap;

use model::{SecretFacts, SecretRef, StoredValue};
use sops::{Document, Map, Node, Value, Visible};

use crate::Fingerprint;
use crate::source::{OWN, PLAIN};

/// What anybody can know of `document`, the file called `file`: names, dates, public halves, readers.
pub fn facts(file: &str, document: &Document) -> SecretFacts {
    let (mut values, mut plain) = (BTreeMap::new(), Map::new());
    for (name, node) in document.visible() {
        match node {
            Node::Map(sections) if name == PLAIN => plain = sections,
            _ if name.starts_with(OWN) => {}
            Node::Map(keys) => {
                values.extend(keys.iter().map(|(key, node)| (SecretRef::key(&name, key), stored(node))));
            }
            node => drop(values.insert(SecretRef::whole(name), stored(&node))),
        }
    }
    let readers = document.metadata().recipients().map(str::to_owned).collect();
    SecretFacts {
        file: file.to_owned(),
        readers: Some(readers),
        public: texts(plain.get("public")),
        ..SecretFacts::default()
    }
    .with_values(values, &texts(plain.get("changed")))
}

fn stored(node: &Node<Visible>) -> StoredValue {
    let is_empty = matches!(node, Node::Leaf(Visible::Plain(value)) if value.is_empty());
    StoredValue { is_empty, is_plain: is_readable(node), mark: mark(node), ..StoredValue::default() }
}

/// How much of a number tells two apart.
const SHORT: usize = 16;

/// What changes when a value does.
fn mark(node: &Node<Visible>) -> Option<String> {
    match node {
        Node::Leaf(Visible::Encrypted(text)) => {
            Some(Fingerprint::of_content(text.as_bytes()).as_str()[..SHORT].to_owned())
        }
        _ => None,
    }
}

/// Whether a value, or one that is in it, stands there for everybody to read: another rule of SOPS may say so.
fn is_readable(node: &Node<Visible>) -> bool {
    match node {
        Node::Leaf(Visible::Encrypted(_)) => false,
        Node::Leaf(Visible::Plain(value)) => !value.is_empty(),
        Node::List(items) => items.iter().any(is_readable),
        Node::Map(entries) => entries.iter().any(|(_, node)| is_readable(node)),
    }
}

fn texts(section: Option<&Node<Visible>>) -> BTreeMap<String, String> {
    let Some(Node::Map(entries)) = section else { return BTreeMap::new() };
    let text = |(name, node): (&str, &Node<Visible>)| match node {
        Node::Leaf(Visible::Plain(Value::Str(text))) => Some((name.to_owned(), text.expose().clone())),
        _ => None,
    };
    entries.iter().filter_map(text).collect()
}
