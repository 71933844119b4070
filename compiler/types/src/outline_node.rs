//! What is declared in a declaration, without evaluating anything.
//!
//! The outline of an item is the tree of all declarations it can make: those written in it, those of its
//! templates, and those that its kinds make. It is what other items see of an item's inside.

use std::sync::Arc;

use names::Db;
use smol_str::SmolStr;
use syntax::ast::{Body, Declare, Name, Record, StatementKind, TemplateUse};

use crate::{Shape, queries};

/// A declaration and those in it. Of one whose kind does not exist only the name is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OutlineNode {
    /// Its kind's full name.
    pub kind: SmolStr,
    /// Its name; its kind's last word where it has none.
    pub name: SmolStr,
    /// Whether there is one for each element of a collection.
    pub repeated: bool,
    /// Whether it is there only if something holds.
    pub conditional: bool,
    /// Those in it.
    pub children: Vec<Arc<OutlineNode>>,
    /// How many there are with itself and all in it.
    count: u32,
    /// How many of them stand in each other at most.
    depth: u32,
}

impl OutlineNode {
    /// A declaration with those in it.
    pub fn new(kind: SmolStr, name: SmolStr, repeated: bool, children: Vec<Arc<OutlineNode>>) -> Self {
        let (count, depth) = (1 + count(&children), 1 + depth(&children));
        Self { kind, name, repeated, conditional: false, children, count, depth }
    }

    /// One of which only the name is known: what it says has a problem.
    fn lost(name: &SmolStr) -> Self {
        Self::new(SmolStr::default(), name.clone(), false, Vec::new())
    }

    /// Whether only its name is known.
    pub fn is_lost(&self) -> bool {
        self.kind.is_empty()
    }

    /// The inner declaration called `name`.
    pub fn child(&self, name: &str) -> Option<&Arc<OutlineNode>> {
        self.children.iter().find(|node| node.name == name)
    }

    /// The inner declaration of this kind and name.
    pub fn exactly(&self, kind: &str, name: &str) -> Option<&Arc<OutlineNode>> {
        self.children.iter().find(|node| node.kind == kind && node.name == name)
    }

    /// Calls `each` with this declaration's kind and those of all in it.
    pub fn kinds(&self, each: &mut impl FnMut(&SmolStr)) {
        each(&self.kind);
        for child in &self.children {
            child.kinds(each);
        }
    }
}

/// How many declarations there are in an outline, as it is written: those that are repeated count once. Much of it may
/// be there several times and is shared, so that going through it would take far longer than making it.
pub(crate) fn count(nodes: &[Arc<OutlineNode>]) -> u32 {
    nodes.iter().fold(0, |sum: u32, node| sum.saturating_add(node.count))
}

/// How many of them stand in each other at most.
pub(crate) fn depth(nodes: &[Arc<OutlineNode>]) -> u32 {
    nodes.iter().map(|node| node.depth).max().unwrap_or(0)
}

/// The name that a declaration gets in what is built: that of what it is in, and its own.
///
/// A nested kind's declarations (`port http`) are called as they are. What a kind makes is called after the
/// instance; `unnamed` ones get just the instance's name.
pub fn display_name(parent: &str, kind: &str, name: &str, unnamed: bool, index: Option<&str>) -> String {
    let own = match (kind.contains('.'), unnamed) {
        (true, _) => name.to_owned(),
        (false, true) => parent.to_owned(),
        (false, false) => format!("{parent}-{name}"),
    };
    match index {
        Some(index) => format!("{own}-{index}"),
        None => own,
    }
}

/// The declarations that a body makes in a declaration whose kind is `shape`, beyond `made`, which are there
/// already; those written again are joined with them.
pub(crate) fn body_nodes(
    db: &dyn Db,
    shape: Option<&Shape>,
    made: Vec<Arc<OutlineNode>>,
    body: &Body,
    top: bool,
) -> Vec<Arc<OutlineNode>> {
    let mut nodes = made;
    for statement in &body.statements {
        let node = match &statement.kind {
            StatementKind::Declare(declare) => declared_node(db, shape, &nodes, declare, top),
            StatementKind::Record(record) => record_node(db, shape, &nodes, record, top),
            StatementKind::Set(set) => lost_field(shape, &set.path),
            _ => None,
        };
        if let Some(node) = node {
            join(&mut nodes, &Arc::new(node));
        }
    }
    nodes
}

/// Adds `node` to `nodes`, or what is in it to the one of the same kind and name.
pub(crate) fn join(nodes: &mut Vec<Arc<OutlineNode>>, node: &Arc<OutlineNode>) {
    let same = nodes.iter_mut().find(|other| other.kind == node.kind && other.name == node.name);
    if let Some(other) = same {
        let joined = Arc::make_mut(other);
        joined.repeated |= node.repeated;
        joined.conditional |= node.conditional;
        for child in &node.children {
            join(&mut joined.children, child);
        }
        joined.count = 1 + count(&joined.children);
        joined.depth = 1 + depth(&joined.children);
    } else {
        nodes.push(Arc::clone(node));
    }
}

/// What a kind's word means in a declaration.
///
/// A kind nested in the declaration's own kind comes first, then (where `top` is allowed: in `make` and for what
/// is made already) kinds of the top level.
pub(crate) fn inner_kind(
    db: &dyn Db,
    shape: Option<&Shape>,
    nodes: &[Arc<OutlineNode>],
    words: &[Name],
    top: bool,
) -> Option<SmolStr> {
    let written = syntax::ast::dotted(words);
    if let Some(nested) = shape.and_then(|shape| shape.nested(&written)) {
        return Some(nested.clone());
    }
    let known = top || nodes.iter().any(|node| node.kind == written);
    (known && queries::shape_of(db, &written).is_some_and(|shape| !shape.record)).then_some(written)
}

fn declared_node(
    db: &dyn Db,
    shape: Option<&Shape>,
    nodes: &[Arc<OutlineNode>],
    declare: &Declare,
    top: bool,
) -> Option<OutlineNode> {
    let Some(kind) = inner_kind(db, shape, nodes, &declare.kind, top) else {
        return declare.name.as_ref().map(|name| OutlineNode::lost(&name.text));
    };
    let name = match &declare.name {
        Some(name) => name.text.clone(),
        None => SmolStr::new(crate::last_segment(&kind)),
    };
    let body = match &declare.content {
        syntax::ast::Content::Body(body) => Some(body),
        _ => None,
    };
    let mut node = node(db, kind, name, declare.repeat.is_some(), &declare.templates, body);
    if declare.pick.is_some() {
        only_in_one(&mut node, nodes);
    }
    Some(OutlineNode { conditional: declare.condition.is_some(), ..node })
}

/// What `node` declares beyond what the one of `nodes` has that it reopens is there in one of several.
fn only_in_one(node: &mut OutlineNode, nodes: &[Arc<OutlineNode>]) {
    let reopened = nodes.iter().find(|other| other.kind == node.kind && other.name == node.name);
    for child in &mut node.children {
        if reopened.is_none_or(|node| node.exactly(&child.kind, &child.name).is_none()) {
            Arc::make_mut(child).conditional = true;
        }
    }
}

/// What is set and no field may have been meant as a declaration of that name.
fn lost_field(shape: Option<&Shape>, path: &[Name]) -> Option<OutlineNode> {
    let ([name], Some(shape)) = (path, shape) else { return None };
    let is_field = shape.open.is_some() || shape.field(&name.text).is_some();
    (!is_field).then(|| OutlineNode::lost(&name.text))
}

fn record_node(
    db: &dyn Db,
    shape: Option<&Shape>,
    nodes: &[Arc<OutlineNode>],
    record: &Record,
    top: bool,
) -> Option<OutlineNode> {
    let [word] = record.path.as_slice() else { return None };
    if shape.is_some_and(|shape| shape.open.is_some() || shape.field(&word.text).is_some()) {
        return None;
    }
    let kind = inner_kind(db, shape, nodes, &record.path, top)?;
    let name = SmolStr::new(crate::last_segment(&kind));
    Some(node(db, kind, name, false, &[], Some(&record.body)))
}

/// The outline of a declaration of `kind`: what the kind makes, what the templates declare, what the body does.
pub(crate) fn node(
    db: &dyn Db,
    kind: SmolStr,
    name: SmolStr,
    repeated: bool,
    templates: &[TemplateUse],
    body: Option<&Body>,
) -> OutlineNode {
    let shape = queries::shape_of(db, &kind);
    let mut children = queries::made_by(db, shape).to_vec();
    for template in templates {
        for child in queries::template_nodes(db, &template.name.text) {
            join(&mut children, child);
        }
    }
    if let Some(body) = body {
        children = body_nodes(db, shape, children, body, false);
    }
    OutlineNode::new(kind, name, repeated, children)
}
