//! Files of the lab as values: each is read once, whoever uses it.

use std::collections::BTreeMap;
use std::sync::Arc;

use documents::{Leak, Malformed, Node, Tree};
use model::Float;
use names::{Db, Found, Unreadable, Word, data_file};
use smol_str::SmolStr;
use source::{ItemKey, Place, Span};
use types::{Field, Value};

/// What a file of data is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// YAML: one document or several.
    Yaml,
    /// JSON.
    Json,
}

impl Format {
    /// What a file of this name is written in, if its ending tells.
    pub fn of(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1 {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Why a file has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// It cannot be read.
    Unread(Unreadable),
    /// It is a folder.
    Folder,
    /// Nobody has looked what is there.
    Unknown,
    /// It holds what belongs into a secret.
    Leak(Leak),
    /// It is not written as it should be.
    Malformed(Malformed),
}

/// The place of `span` in a file that is no file of the language.
pub(crate) fn place_in(path: &str, span: Span) -> Place {
    Place::new(&key_of(path), span)
}

fn key_of(path: &str) -> ItemKey {
    ItemKey::new(path.into(), "".into(), 0)
}

/// The text of a file.
#[salsa::tracked]
pub(crate) fn file_text<'db>(db: &'db dyn Db, path: Word<'db>) -> Result<Arc<str>, Unusable> {
    let text = match data_file(db, path.text(db)) {
        Some(Found::Text(text)) => text,
        Some(Found::Folder(_)) => return Err(Unusable::Folder),
        Some(Found::Nothing(why)) => return Err(Unusable::Unread(why.clone())),
        None => return Err(Unusable::Unknown),
    };
    documents::leak(text).map_or_else(|| Ok(Arc::clone(text)), |leak| Err(Unusable::Leak(leak)))
}

/// What stands in a file, document by document, each value with its place there.
#[salsa::tracked]
pub(crate) fn file_documents<'db>(
    db: &'db dyn Db,
    path: Word<'db>,
    format: Format,
) -> Result<Vec<Field>, Unusable> {
    let text = file_text(db, path).as_ref().map_err(Unusable::clone)?;
    let read = match format {
        Format::Yaml => documents::yaml(text),
        Format::Json => documents::json(text).map(|node| vec![node]),
    };
    let key = key_of(path.text(db));
    Ok(read.map_err(Unusable::Malformed)?.iter().map(|node| field(node, &key)).collect())
}

fn field(node: &Node, key: &ItemKey) -> Field {
    let value = match &node.tree {
        Tree::Null => Value::Null,
        Tree::Bool(value) => Value::Bool(*value),
        Tree::Int(value) => Value::Int(*value),
        Tree::Float(value) => Value::Float(Float(*value)),
        Tree::Text(text) => Value::text(text.as_str()),
        Tree::List(items) => Value::List(items.iter().map(|item| field(item, key)).collect()),
        Tree::Map(entries) => {
            let entries = entries.iter().map(|entry| (SmolStr::new(&entry.key), field(&entry.value, key)));
            Value::Map(Arc::new(entries.collect::<BTreeMap<_, _>>()))
        }
    };
    Field { value, place: Place::new(key, node.span) }
}
