//! Where the value at a place comes from, as `hlc why` tells it.

use driver::Session;
use driver::why::{Path, Story, found, told};

use crate::here::Here;
use crate::subject::node_of;
use crate::{FilePosition, Symbol, SymbolKind};

/// How what is set or declared at a place came to be.
pub fn why(session: &Session, at: &FilePosition) -> Option<String> {
    let here = Here::at(session, at)?;
    let node = node_of(session, here.item)?;
    // A template or kind has no values; what is made of it has.
    let has_values = matches!(node.kind, SymbolKind::Declaration | SymbolKind::Record | SymbolKind::Constant);
    let text = has_values.then(|| path(&node, at.offset))?;
    let path = Path::read(&text);
    let story = Story { session, paint: |_, text| text.to_owned(), path: &str::to_owned };
    told(story, &path, found(session, &path), || session.eval(&text)).ok()
}

/// The way from an item to the innermost thing around a byte that has a name.
fn path(node: &Symbol, offset: u32) -> String {
    let inner = node.children.iter().find(|inner| inner.range.touches(offset));
    match inner {
        Some(inner) => format!("{}.{}", node.name, path(inner, offset)),
        None => node.name.clone(),
    }
}
