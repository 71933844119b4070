//! Where two trees differ, without what they differ in.

use crate::path::Path;
use crate::tree::{Map, Node};
use crate::value::{Tree, Value};

impl Map<Value> {
    /// The places at which this tree has something else than another one, or only one of them has something. Trees that
    /// differ in nothing but the order of their entries differ at the maps of these.
    pub fn differences(&self, other: &Tree) -> Vec<Path> {
        let mut found = Vec::new();
        of_maps(self, other, &mut Path::root(), &mut found);
        found
    }
}

fn of_maps(one: &Tree, other: &Tree, path: &mut Path, found: &mut Vec<Path>) {
    let before = found.len();
    for (key, node) in one.iter() {
        path.enter_key(key);
        of_nodes(Some(node), other.get(key), path, found);
        path.leave();
    }
    for (key, node) in other.iter().filter(|(key, _)| one.get(key).is_none()) {
        path.enter_key(key);
        of_nodes(None, Some(node), path, found);
        path.leave();
    }
    let is_same_order = one.iter().map(|(key, _)| key).eq(other.iter().map(|(key, _)| key));
    if found.len() == before && !is_same_order {
        found.push(path.clone());
    }
}

fn of_nodes(one: Option<&Node<Value>>, other: Option<&Node<Value>>, path: &mut Path, found: &mut Vec<Path>) {
    match (one, other) {
        (Some(Node::Map(one)), Some(Node::Map(other))) => of_maps(one, other, path, found),
        (Some(Node::List(one)), Some(Node::List(other))) => {
            for at in 0..one.len().max(other.len()) {
                path.enter_index(at);
                of_nodes(one.get(at), other.get(at), path, found);
                path.leave();
            }
        }
        (one, other) if one == other => {}
        _ => found.push(path.clone()),
    }
}
