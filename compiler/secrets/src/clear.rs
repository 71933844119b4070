//! What a delivered file is to hold, in the clear: for whoever hands it to the cluster without a file.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use emit_secrets::Delivered;
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
        Some(Zeroizing::new(match value {
            Value::Str(text) | Value::Time(text) => text.expose().clone(),
            Value::Int(number) => number.expose().to_string(),
            Value::Float(number) => number.expose().to_string(),
            Value::Bool(value) => value.expose().to_string(),
            Value::Bytes(bytes) => BASE64_STANDARD.encode(bytes.expose()),
            Value::Null => return None,
        }))
    }

    /// A text in Base64, as Secrets have it.
    pub fn encoded(text: &str) -> Zeroizing<String> {
        Zeroizing::new(BASE64_STANDARD.encode(text))
    }
}
