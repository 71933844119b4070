//! What a delivered file is to hold, in the clear: for whoever hands it to the cluster without a file.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use emit_secrets::Delivered;
use serde_json::Value as Json;
use sops::{Node, Tree, Value};
use zeroize::Zeroizing;

use crate::resolve::resolve;
use crate::{Error, Source};

/// What a delivered file is to hold.
pub struct Clear(Tree);

impl Clear {
    /// The values of `source` in the place of the names in `file`.
    pub fn of(file: &Delivered, source: &Source) -> Result<Self, Error> {
        resolve(file, source).map(Self)
    }

    /// The text that keys lead to, as charts show it; `None` if there is no value.
    pub fn text(&self, path: &[String]) -> Option<Zeroizing<String>> {
        let (last, maps) = path.split_last()?;
        let map = maps.iter().try_fold(&self.0, |map, key| match map.get(key)? {
            Node::Map(inner) => Some(inner),
            _ => None,
        })?;
        let Node::Leaf(value) = map.get(last)? else { return None };
        text(value)
    }

    /// All of it as JSON, with what `keep` gives for each text in its place: a value of a chart that is no text is none
    /// of a secret's, but stands in a list beside one.
    pub fn json(&self, keep: &mut dyn FnMut(Zeroizing<String>) -> Json) -> Json {
        map(&self.0, keep)
    }

    /// A text in Base64, as Secrets have it.
    pub fn encoded(text: &str) -> Zeroizing<String> {
        Zeroizing::new(BASE64_STANDARD.encode(text))
    }
}

fn text(value: &Value) -> Option<Zeroizing<String>> {
    Some(Zeroizing::new(match value {
        Value::Str(text) | Value::Time(text) => text.expose().clone(),
        Value::Int(number) => number.expose().to_string(),
        Value::Float(number) => number.expose().to_string(),
        Value::Bool(value) => value.expose().to_string(),
        Value::Bytes(bytes) => BASE64_STANDARD.encode(bytes.expose()),
        Value::Null => return None,
    }))
}

fn map(tree: &Tree, keep: &mut dyn FnMut(Zeroizing<String>) -> Json) -> Json {
    tree.iter()
        .map(|(key, node)| (key.to_owned(), json(node, keep)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn json(node: &Node<Value>, keep: &mut dyn FnMut(Zeroizing<String>) -> Json) -> Json {
    match node {
        Node::Map(tree) => map(tree, keep),
        Node::List(items) => items.iter().map(|item| json(item, keep)).collect(),
        Node::Leaf(Value::Null) => Json::Null,
        Node::Leaf(Value::Bool(value)) => (*value.expose()).into(),
        Node::Leaf(Value::Int(number)) => (*number.expose()).into(),
        Node::Leaf(Value::Float(number)) => (*number.expose()).into(),
        Node::Leaf(value) => text(value).map_or(Json::Null, keep),
    }
}
