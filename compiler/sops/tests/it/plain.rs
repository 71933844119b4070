//! Trees that can be printed, compared and made up, which those of the crate cannot on purpose.

use proptest::prelude::*;
use sops::{Map, Node, Tree, Value};

/// A tree in the clear.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Plain {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    /// A point in time, or a binary file.
    Other(Vec<u8>),
    List(Vec<Plain>),
    Map(Vec<(String, Plain)>),
}

/// A map of these.
pub(crate) fn map<const N: usize>(entries: [(&str, Plain); N]) -> Plain {
    Plain::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A list of these.
pub(crate) fn list<const N: usize>(items: [Plain; N]) -> Plain {
    Plain::List(items.into())
}

/// A text.
pub(crate) fn text(text: &str) -> Plain {
    Plain::Str(text.to_owned())
}

impl Plain {
    /// The tree of the crate.
    pub(crate) fn tree(&self) -> Tree {
        match self.node() {
            Node::Map(tree) => tree,
            _ => panic!("no map: {self:?}"),
        }
    }

    fn node(&self) -> Node<Value> {
        Node::Leaf(match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::bool(*value),
            Self::Int(number) => Value::int(*number),
            Self::Float(number) => Value::float(*number),
            Self::Str(text) => Value::str(text.as_str()),
            Self::Other(bytes) => Value::Bytes(bytes.clone().into()),
            Self::List(items) => return Node::List(items.iter().map(Self::node).collect()),
            Self::Map(entries) => {
                let mut map = Map::new();
                for (key, value) in entries {
                    map.insert(key.as_str(), value.node()).unwrap_or_else(|_| panic!("{key:?} twice"));
                }
                return Node::Map(map);
            }
        })
    }

    /// Whether a leaf is like this.
    pub(crate) fn has(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        match self {
            Self::List(items) => items.iter().any(|item| item.has(is)),
            Self::Map(entries) => entries.iter().any(|(_, value)| value.has(is)),
            leaf => is(leaf),
        }
    }

    /// As JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Int(number) => (*number).into(),
            Self::Float(number) => (*number).into(),
            Self::Str(text) => text.as_str().into(),
            Self::Other(bytes) => String::from_utf8_lossy(bytes).into(),
            Self::List(items) => items.iter().map(Self::json).collect::<Vec<_>>().into(),
            Self::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| (key.clone(), value.json()));
                serde_json::Value::Object(entries.collect())
            }
        }
    }
}

impl From<&Tree> for Plain {
    fn from(tree: &Tree) -> Self {
        Self::Map(tree.iter().map(|(key, node)| (key.to_owned(), node.into())).collect())
    }
}

impl From<&Node<Value>> for Plain {
    fn from(node: &Node<Value>) -> Self {
        match node {
            Node::Map(map) => map.into(),
            Node::List(items) => Self::List(items.iter().map(Self::from).collect()),
            Node::Leaf(Value::Null) => Self::Null,
            Node::Leaf(Value::Str(text)) => Self::Str(text.expose().clone()),
            Node::Leaf(Value::Int(number)) => Self::Int(*number.expose()),
            Node::Leaf(Value::Float(number)) => Self::Float(*number.expose()),
            Node::Leaf(Value::Bool(value)) => Self::Bool(*value.expose()),
            Node::Leaf(Value::Time(text)) => Self::Other(text.expose().clone().into_bytes()),
            Node::Leaf(Value::Bytes(bytes)) => Self::Other(bytes.expose().clone()),
        }
    }
}

/// Texts that formats have trouble with, and any others.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    const ODD: [&str; 40] = [
        "",
        " ",
        "\n",
        "\n\n",
        "a\n",
        "a\nb",
        "a\nb\n",
        "a\n\n",
        " a\n b",
        "a \nb",
        "\ta",
        "a\tb",
        "a\r\nb",
        "- a",
        "a: b",
        "a #b",
        "#b",
        "yes",
        "no",
        "on",
        "null",
        "~",
        "true",
        "1",
        "-1",
        "1.5",
        "1e3",
        "0x1F",
        "010",
        "12:30:45",
        "2024-01-01",
        "'",
        "\"",
        "\\",
        "ENC[AES256_GCM,data:x]",
        "hé 🎉",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "\0\u{7f}",
    ];
    prop_oneof![
        3 => proptest::sample::select(&ODD[..]).prop_map(str::to_owned),
        3 => "[ -~]{0,40}",
        2 => "[a-z]{1,8}(\n[ a-z:#-]{0,8}){0,4}",
        2 => any::<String>(),
    ]
}

/// Keys that can be written.
pub(crate) fn any_key() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-z][a-z0-9_-]{0,10}",
        1 => "[ -9;-~]{0,20}",
        1 => "[a-zé🎉日本語 ]{1,8}",
        1 => proptest::sample::select(&["y", "no", "null", "1", "1.5", "true", "-", "?", "~", "'", "\"", "#"][..])
            .prop_map(str::to_owned),
    ]
    .prop_filter("reserved", |key| key != "sops" && key != "<<" && !key.ends_with("_unencrypted"))
}

fn any_leaf() -> impl Strategy<Value = Plain> {
    prop_oneof![
        6 => any_text().prop_map(Plain::Str),
        1 => Just(Plain::Null),
        1 => any::<bool>().prop_map(Plain::Bool),
        2 => prop_oneof![any::<i64>(), -10_i64..10].prop_map(Plain::Int),
        2 => any::<f64>().prop_filter("finite", |float| float.is_finite()).prop_map(Plain::Float),
    ]
}

/// Trees of all kinds.
pub(crate) fn any_tree() -> impl Strategy<Value = Plain> {
    let node = any_leaf().prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Plain::List),
            entries(inner, 0..5).prop_map(Plain::Map),
        ]
    });
    entries(node, 1..8).prop_map(Plain::Map)
}

fn entries(
    value: impl Strategy<Value = Plain> + Clone,
    size: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<(String, Plain)>> {
    proptest::collection::vec((any_key(), value), size).prop_map(|entries| {
        let mut unique: Vec<(String, Plain)> = Vec::new();
        for (key, value) in entries {
            if !unique.iter().any(|(other, _)| *other == key) {
                unique.push((key, value));
            }
        }
        unique
    })
}
