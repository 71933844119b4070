//! What is in a file that values are taken from, and which secrets of a lab it could be.

use diagnostics::render;
use model::SecretRef;
use sops::{Format, Map, Node, Tree, Value};
use zeroize::Zeroizing;

/// A value of a file.
pub(super) struct Found {
    /// The names that lead to it, and places in lists.
    pub(super) path: Vec<String>,
    pub(super) leaf: Leaf,
    /// Whether SOPS kept it as a number or a truth value, and not as it was typed.
    pub(super) was_number: bool,
}

/// What stands there.
pub(super) enum Leaf {
    Text(Zeroizing<String>),
    /// Nothing.
    None,
    /// Something that is no text, and why.
    Unusable(&'static str),
}

/// All values of a file, in its order.
pub(super) fn found(mut tree: Tree, format: Format) -> Vec<Found> {
    let mut all = Vec::new();
    // What stands before the first section of an INI file is in none.
    let above = if format == Format::Ini { tree.remove("DEFAULT") } else { None };
    if let Some(Node::Map(above)) = above {
        in_map(above, &mut Vec::new(), &mut all);
    }
    in_map(tree, &mut Vec::new(), &mut all);
    all
}

/// Those of a part that is called `a/b/c`; nothing where there is no such part.
pub(super) fn at(values: Vec<Found>, part: &str) -> Option<Vec<Found>> {
    let steps: Vec<&str> = part.split('/').filter(|step| !step.is_empty()).collect();
    let is_below = |value: &Found| {
        value.path.len() >= steps.len() && value.path.iter().zip(&steps).all(|(name, step)| name == step)
    };
    let mut below: Vec<Found> = values.into_iter().filter(is_below).collect();
    for value in &mut below {
        // A part that is one value is called by its last name.
        value.path.drain(..steps.len().min(value.path.len() - 1));
    }
    (!below.is_empty()).then_some(below)
}

fn in_map(map: Map<Value>, path: &mut Vec<String>, all: &mut Vec<Found>) {
    for (name, node) in map {
        path.push(name);
        in_node(node, path, all);
        path.pop();
    }
}

fn in_node(node: Node<Value>, path: &mut Vec<String>, all: &mut Vec<Found>) {
    match node {
        Node::Map(map) => in_map(map, path, all),
        Node::List(items) => {
            for (at, item) in items.into_iter().enumerate() {
                path.push(at.to_string());
                in_node(item, path, all);
                path.pop();
            }
        }
        Node::Leaf(value) => {
            let was_number = matches!(value, Value::Int(_) | Value::Float(_) | Value::Bool(_));
            all.push(Found { path: path.clone(), leaf: leaf(&value), was_number });
        }
    }
}

fn leaf(value: &Value) -> Leaf {
    let text = |text: String| {
        if text.is_empty() { Leaf::None } else { Leaf::Text(Zeroizing::new(text)) }
    };
    match value {
        Value::Null => Leaf::None,
        Value::Str(value) => text(value.expose().clone()),
        Value::Int(number) => text(number.expose().to_string()),
        Value::Float(number) => text(number.expose().to_string()),
        Value::Bool(value) => text(value.expose().to_string()),
        Value::Time(_) => {
            Leaf::Unusable("SOPS keeps it as a point in time, not as it was typed; use 'hlc secrets set'")
        }
        Value::Bytes(_) => Leaf::Unusable("it is bytes; --as takes the whole file as a value"),
    }
}

impl Found {
    /// Its name for people: `db.password`.
    pub(super) fn name(&self) -> String {
        render::plain(&self.path.join(".")).into_owned()
    }

    /// The name of what it is in at the top, for people.
    pub(super) fn top(&self) -> String {
        render::plain(&self.path[0]).into_owned()
    }

    /// The secrets of the lab that could be meant: the one that is called exactly so; else, of what is nested deeper or
    /// named as other tools do, each way to put the names together that is the name of one.
    pub(super) fn meant(&self, is_declared: &dyn Fn(&SecretRef) -> bool) -> Vec<SecretRef> {
        let exact = match self.path.as_slice() {
            [name] => Some(SecretRef::whole(name)),
            [name, key] => Some(SecretRef::key(name, key)),
            _ => None,
        };
        if let Some(exact) = exact.filter(is_declared) {
            return vec![exact];
        }
        let kebab: Vec<String> = self.path.iter().map(|name| name.to_lowercase().replace('_', "-")).collect();
        let mut all = Vec::new();
        for words in [&self.path, &kebab] {
            let keys =
                (1..words.len()).map(|at| SecretRef::key(words[..at].join("-"), words[at..].join("-")));
            for secret in keys.chain([SecretRef::whole(words.join("-"))]) {
                if is_declared(&secret) && !all.contains(&secret) {
                    all.push(secret);
                }
            }
        }
        all
    }
}
