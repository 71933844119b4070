//! What all files of a lab declare, by words of their names.

use driver::Session;

use crate::symbols::{Symbol, SymbolKind, document_symbols};

/// How many are found at most: nobody reads on.
const MOST: usize = 500;

/// What the files of a lab declare whose name has all letters of `query` in that order, the best first.
pub fn workspace_symbols(session: &Session, query: &str) -> Vec<Symbol> {
    let query = query.to_lowercase();
    let mut found: Vec<(usize, Symbol)> = Vec::new();
    for file in session.file_names() {
        collect(document_symbols(session, &file), &query, &mut found);
    }
    found.sort_by_key(|(distance, _)| *distance);
    found.truncate(MOST);
    found.into_iter().map(|(_, symbol)| symbol).collect()
}

fn collect(symbols: impl IntoIterator<Item = Symbol>, query: &str, found: &mut Vec<(usize, Symbol)>) {
    for mut symbol in symbols {
        let children = std::mem::take(&mut symbol.children);
        // What is set in a block is found where the block is.
        let is_named = !matches!(symbol.kind, SymbolKind::Setting | SymbolKind::Record);
        if is_named && let Some(distance) = distance(&symbol.name.to_lowercase(), query) {
            found.push((distance, symbol));
        }
        collect(children, query, found);
    }
}

/// How far a name is from what is looked for: nothing where letters are missing.
fn distance(name: &str, query: &str) -> Option<usize> {
    if let Some(at) = name.find(query) {
        return Some(at.min(1) + usize::from(name.len() != query.len()));
    }
    let mut rest = name.chars();
    let all = query.chars().all(|wanted| rest.any(|found| found == wanted));
    all.then_some(name.len() + 2)
}
