//! What a file shows to everybody.

use crate::document::{Document, Stored};
use crate::path::Path;
use crate::tree::Map;
use crate::value::Value;

/// What can be seen of a value without a key.
#[derive(Debug, PartialEq)]
pub enum Visible {
    /// What it is encrypted to.
    Encrypted(String),
    /// The value itself, which is there for everybody to read, or empty.
    Plain(Value),
}

impl Document {
    /// What can be seen of the first document without a key. Nothing shows that it is as somebody with a key wrote it.
    pub fn visible(&self) -> Map<Visible> {
        let visible = |stored: &Stored, _: &Path| {
            Ok(Some(match stored {
                Stored::Encrypted(sealed) => Visible::Encrypted(sealed.to_string()),
                Stored::Plain(value) => Visible::Plain(value.duplicate()),
            }))
        };
        let first = self.trees.first().map(|tree| tree.as_ref().try_map(&mut Path::root(), &mut { visible }));
        first.and_then(Result::ok).unwrap_or_default()
    }
}
