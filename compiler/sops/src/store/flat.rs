//! Trees in formats without trees: `age__list_0__map_recipient` is the recipient of the first of `age`.

use std::collections::BTreeMap;

use crate::error::{Error, Problem};
use crate::tree::{DEEPEST, Node};
use crate::value::{Tree, Value};

const MAP: &str = "__map_";
const LIST: &str = "__list_";
const NO_TREE: Problem = Problem::Metadata("the lines of the 'sops' block do not fit together");

/// The leaves of a tree by the way to them.
pub(crate) fn flattened(tree: Tree) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (key, node) in tree {
        flatten(key, node, &mut found);
    }
    found
}

fn flatten(name: String, node: Node<Value>, found: &mut Vec<(String, Value)>) {
    match node {
        Node::Leaf(value) => found.push((name, value)),
        Node::Map(map) => {
            map.into_iter().for_each(|(key, node)| flatten(format!("{name}{MAP}{key}"), node, found));
        }
        Node::List(items) => {
            let items = items.into_iter().enumerate();
            items.for_each(|(at, item)| flatten(format!("{name}{LIST}{at}"), item, found));
        }
    }
}

/// The tree of which these are the leaves.
pub(crate) fn unflattened(leaves: impl IntoIterator<Item = (String, Value)>) -> Result<Tree, Error> {
    let mut root = Branch::default();
    for (name, value) in leaves {
        let mut branch = &mut root;
        for step in steps(&name)? {
            branch = branch.below.entry(step).or_default();
        }
        branch.value = Some(value);
    }
    match root.into_node()? {
        Node::Map(tree) => Ok(tree),
        _ => Err(Error::new(NO_TREE)),
    }
}

/// Keys come before indices, and both in their order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Key(String),
    Index(usize),
}

#[derive(Default)]
struct Branch {
    value: Option<Value>,
    below: BTreeMap<Step, Branch>,
}

fn steps(name: &str) -> Result<Vec<Step>, Error> {
    let (mut steps, mut rest, mut is_index) = (Vec::new(), name, false);
    while steps.len() <= DEEPEST {
        let next = [(rest.find(MAP), MAP), (rest.find(LIST), LIST)];
        let next = next.into_iter().filter_map(|(at, mark)| Some((at?, mark))).min();
        let step = next.map_or(rest, |(at, _)| &rest[..at]);
        steps.push(match step.parse() {
            Ok(index) if is_index => Step::Index(index),
            Err(_) if is_index => return Err(Error::new(NO_TREE)),
            _ => Step::Key(step.to_owned()),
        });
        let Some((at, mark)) = next else { return Ok(steps) };
        (rest, is_index) = (&rest[at + mark.len()..], mark == LIST);
    }
    Err(Error::new(Problem::TooDeep))
}

impl Branch {
    fn into_node(self) -> Result<Node<Value>, Error> {
        match self.value {
            Some(value) if self.below.is_empty() => return Ok(Node::Leaf(value)),
            Some(_) => return Err(Error::new(NO_TREE)),
            None => {}
        }
        let (mut map, mut items) = (Tree::new(), Vec::new());
        for (step, branch) in self.below {
            let node = branch.into_node()?;
            match step {
                Step::Key(key) => map.push(key, node),
                Step::Index(index) if index == items.len() => items.push(node),
                Step::Index(_) => return Err(Error::new(NO_TREE)),
            }
        }
        match (map.is_empty(), items.is_empty()) {
            (_, true) => Ok(Node::Map(map)),
            (true, false) => Ok(Node::List(items)),
            (false, false) => Err(Error::new(NO_TREE)),
        }
    }
}
