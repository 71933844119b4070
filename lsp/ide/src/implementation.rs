//! What there is of a kind or a template: its declarations.

use driver::Session;
use names::word;
use types::Symbol as Meaning;

use crate::here::range;
use crate::subject::subject;
use crate::type_hierarchy::below;
use crate::{FilePosition, FileRange, Symbol, SymbolKind, definition};

/// The declarations of the kind that a place is about, those that use its template, or else where it is declared.
pub fn implementation(session: &Session, at: &FilePosition) -> Vec<FileRange> {
    let Some(meaning) = subject(session, at) else { return Vec::new() };
    let mut found = match &meaning {
        // What kinds and templates make of themselves is one of them, too.
        Meaning::Kind(kind) => {
            let all = values::all_of(session.db(), word(session.db(), kind)).iter();
            let places = all.map(|decl| session.head(decl));
            let declared = places.filter_map(|place| range(session, &place));
            let templates =
                below(session, &meaning).into_iter().filter(|node| node.kind == SymbolKind::Template);
            declared.chain(templates.map(|node| node.name_range)).collect()
        }
        _ => users(session, &meaning),
    };
    if found.is_empty() {
        return definition(session, at);
    }
    found.sort();
    found.dedup();
    found
}

/// Who uses a template, also by way of others.
fn users(session: &Session, meaning: &Meaning) -> Vec<FileRange> {
    let mut left: Vec<Symbol> = below(session, meaning);
    let mut found: Vec<FileRange> = Vec::new();
    while let Some(node) = left.pop() {
        if found.contains(&node.name_range) {
            continue;
        }
        let at = FilePosition { file: node.name_range.file.clone(), offset: node.name_range.start };
        if node.kind == SymbolKind::Template
            && let Some(meaning) = subject(session, &at)
        {
            left.extend(below(session, &meaning));
        }
        found.push(node.name_range);
    }
    found
}
