//! What is said above a declaration of who uses it.

use driver::Session;
use names::{Item, parsed};
use source::Place;
use syntax::ast::StatementKind;
use types::Symbol;

use crate::here::{Here, items, range_in};
use crate::references::uses;
use crate::{FilePosition, FileRange};

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

/// The names of the templates, functions, kinds and secrets that a file declares: what [`lens`] says something of.
pub fn lens_places(session: &Session, name: &str) -> Vec<FileRange> {
    items(session, name).filter_map(|item| Some(used(session, item)?.range)).collect()
}

/// Who uses what is declared at a place.
pub fn lens(session: &Session, at: &FilePosition) -> Option<Lens> {
    let here = Here::at(session, at)?;
    let Used { symbol, word, place, range } = used(session, here.item)?;
    let others =
        uses(session, &symbol).into_iter().filter(|(of, span)| *of != here.item || *span != place.span);
    let uses: Vec<FileRange> = others.map(|(of, span)| range_in(session, of, span)).collect();
    let title = match uses.len() {
        0 => format!("no {word}s"),
        1 => format!("1 {word}"),
        many => format!("{many} {word}s"),
    };
    Some(Lens { range, title, uses })
}

/// Something that is there to be used.
struct Used {
    symbol: Symbol,
    /// What a use of it is called.
    word: &'static str,
    place: Place,
    range: FileRange,
}

fn used(session: &Session, item: Item<'_>) -> Option<Used> {
    let db = session.db();
    let key = item.key(db);
    let (symbol, word) = match &parsed(db, item).statement.kind {
        StatementKind::Template(_) => (Symbol::Item(key.clone()), "use"),
        StatementKind::Function(_) => (Symbol::Item(key.clone()), "call"),
        StatementKind::Kind(kind) => (Symbol::Kind(kind.name.text.clone()), "use"),
        StatementKind::Declare(_) | StatementKind::Record(_) if key.first_word() == "secret" => {
            (Symbol::Item(key.clone()), "reader")
        }
        _ => return None,
    };
    let place = symbol.places(db).into_iter().next()?;
    let range = range_in(session, item, place.span);
    Some(Used { symbol, word, place, range })
}
