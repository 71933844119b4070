//! Puts values in the place of names.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use emit_secrets::{Delivered, Format};
use model::{Data, SecretPart, SecretText};
use sops::{Map, Node, Tree, Value};
use zeroize::Zeroizing;

use crate::{Error, Source};

/// What a delivered file is to hold, in the clear.
pub(crate) fn resolve(file: &Delivered, source: &Source) -> Result<Tree, Error> {
    match (file.format, &file.tree) {
        (Format::Binary, Data::Secret(text)) => bytes(text, source).map(Tree::binary),
        (_, Data::Map(_)) => match node(&file.tree, source)? {
            Node::Map(map) => Ok(map),
            _ => Ok(Tree::new()),
        },
        _ => Ok(Tree::new()),
    }
}

fn node(data: &Data, source: &Source) -> Result<Node<Value>, Error> {
    Ok(match data {
        Data::Null => Node::Leaf(Value::Null),
        Data::Bool(value) => Node::Leaf(Value::bool(*value)),
        Data::Int(number) => Node::Leaf(Value::int(*number)),
        Data::Float(number) => Node::Leaf(Value::float(number.0)),
        Data::Text(text) | Data::Nix(text) => Node::Leaf(Value::str(text.clone())),
        Data::Secret(text) => Node::Leaf(Value::Str(joined(text, source)?.into())),
        Data::List(items) => {
            Node::List(items.iter().map(|item| node(item, source)).collect::<Result<_, _>>()?)
        }
        Data::Map(entries) => {
            let mut map = Map::new();
            for (key, entry) in entries {
                // Keys of a map are unique.
                let _ = map.insert(key.clone(), node(entry, source)?);
            }
            Node::Map(map)
        }
    })
}

/// A text with its values in it.
fn joined(text: &SecretText, source: &Source) -> Result<Zeroizing<String>, Error> {
    let mut whole = Zeroizing::new(String::new());
    for part in &text.parts {
        match part {
            SecretPart::Plain(plain) => whole.push_str(plain),
            SecretPart::Secret(secret) | SecretPart::Bytes(secret) => {
                whole.push_str(source.value(secret).ok_or_else(|| Error::NoValue(secret.clone()))?);
            }
        }
    }
    Ok(whole)
}

/// The bytes that a text in Base64 stands for.
fn bytes(text: &SecretText, source: &Source) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut encoded = joined(text, source)?;
    encoded.retain(|char| !char.is_ascii_whitespace());
    let decoded = BASE64_STANDARD.decode(encoded.as_bytes());
    let first = text.secrets().next().cloned();
    decoded.map(Zeroizing::new).map_err(|_| match first {
        Some(secret) => Error::Generate(secret, "its value is not Base64"),
        None => Error::Plain("a file of bytes has no secret in it"),
    })
}
