//! Documents as JSON, which is what fields are compared in.

use documents::{Node, Tree};
use serde_json::{Map, Value};

/// The documents of a text that are not empty; nothing where it is no YAML.
pub(crate) fn documents(text: &str) -> Option<Vec<Value>> {
    let nodes = documents::yaml(text).ok()?;
    Some(nodes.iter().map(value).filter(|value| !value.is_null()).collect())
}

/// The only document of a text.
pub(crate) fn document(text: &str) -> Option<Value> {
    let mut all = documents(text)?.into_iter();
    let first = all.next().unwrap_or(Value::Null);
    all.next().is_none().then_some(first)
}

fn value(node: &Node) -> Value {
    match &node.tree {
        Tree::Null => Value::Null,
        Tree::Bool(value) => Value::from(*value),
        Tree::Int(number) => Value::from(*number),
        Tree::Float(number) => Value::from(*number),
        Tree::Text(text) => Value::from(text.as_str()),
        Tree::List(items) => Value::Array(items.iter().map(value).collect()),
        Tree::Map(entries) => {
            let entries = entries.iter().map(|entry| (entry.key.clone(), value(&entry.value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}
