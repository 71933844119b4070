//! What a selection grows to.

use tower_lsp::ls_types::{Position, SelectionRange};

use crate::scene::Here;

/// What stands around each of some places.
pub(crate) fn around(here: &Here<'_>, positions: &[Position]) -> Vec<SelectionRange> {
    positions.iter().map(|position| around_one(here, *position)).collect()
}

fn around_one(here: &Here<'_>, position: Position) -> SelectionRange {
    let around = ide::selections(here.session, &here.at(position));
    let nested = around.iter().rev().fold(None, |parent: Option<SelectionRange>, range| {
        Some(SelectionRange { range: here.range(range), parent: parent.map(Box::new) })
    });
    let own = here.position(here.offset(position));
    nested.unwrap_or(SelectionRange { range: tower_lsp::ls_types::Range::new(own, own), parent: None })
}
