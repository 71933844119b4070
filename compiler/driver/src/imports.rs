//! Which files a file of the lab imports.

use std::sync::Arc;

use source::{ItemKey, Place};
use syntax::ast::{Import as Written, StatementKind};
use syntax::{Cut, Shape};

/// A file that the lab imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The file, relative to the lab's folder.
    pub path: String,
    /// What the import says.
    pub written: String,
    /// Where.
    pub place: Place,
}

/// The files that the file at `path`, with this text and these items, imports, in the order written.
///
/// Asks no database, so that the lab can be opened when all its files are known.
pub fn imports(path: &str, text: &str, items: &[Cut]) -> Vec<Import> {
    let is_import = |cut: &Cut| cut.head.shape == Shape::Import;
    if !items.iter().any(is_import) {
        return Vec::new();
    }
    let file: Arc<str> = path.into();
    let items = names::keyed(&file, items.to_vec());
    let imports = items.filter(|(_, cut)| is_import(cut));
    imports.filter_map(|(key, cut)| import(&key, &text[cut.range])).collect()
}

fn import(key: &ItemKey, text: &str) -> Option<Import> {
    let StatementKind::Import(Written::File(name)) = syntax::parse(key, text).statement.kind else {
        return None;
    };
    Some(Import {
        path: relative_to(key.file(), &name.text),
        written: name.text.to_string(),
        place: Place::new(key, name.span),
    })
}

/// `name` as written in `file`, relative to the lab's folder.
fn relative_to(file: &str, name: &str) -> String {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
