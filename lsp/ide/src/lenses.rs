//! What is said above a declaration of who uses it.

use driver::Session;
use names::parsed;
use syntax::ast::StatementKind;
use types::Symbol;

use crate::FileRange;
use crate::here::{items, range_in};
use crate::references::uses;

/// Who uses something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The name of what is used.
    pub range: FileRange,
    /// How many use it: `3 users`.
    pub title: String,
    /// Where.
    pub uses: Vec<FileRange>,
}

/// Templates, functions, kinds of the lab and secrets of a file, with those who use each.
pub fn lenses(session: &Session, name: &str) -> Vec<Lens> {
    let db = session.db();
    let mut found = Vec::new();
    for item in items(session, name) {
        let key = item.key(db);
        let (symbol, word) = match &parsed(db, item).statement.kind {
            StatementKind::Template(_) => (Symbol::Item(key.clone()), "use"),
            StatementKind::Function(_) => (Symbol::Item(key.clone()), "call"),
            StatementKind::Kind(kind) => (Symbol::Kind(kind.name.text.clone()), "use"),
            StatementKind::Declare(_) | StatementKind::Record(_) if key.first_word() == "secret" => {
                (Symbol::Item(key.clone()), "reader")
            }
            _ => continue,
        };
        let Some(place) = symbol.places(db).into_iter().next() else { continue };
        let others =
            uses(session, &symbol).into_iter().filter(|(of, span)| *of != item || *span != place.span);
        let uses: Vec<FileRange> = others.map(|(of, span)| range_in(session, of, span)).collect();
        let title = match uses.len() {
            0 => format!("no {word}s"),
            1 => format!("1 {word}"),
            many => format!("{many} {word}s"),
        };
        found.push(Lens { range: range_in(session, item, place.span), title, uses });
    }
    found
}
