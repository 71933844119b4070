//! Changes that are offered where the cursor is and that no problem asks for: a file each.

mod declare_missing;
mod extract_constant;
mod extract_template;
mod fill_fields;
mod inline_constant;
mod inline_template;
mod name_address;
mod repeat;

use driver::Session;
use types::Symbol;

use crate::here::Here;
use crate::{FileEdit, FilePosition, FileRange};

/// A change that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assist {
    /// What it does, as an order.
    pub title: String,
    /// What sort of change it is.
    pub sort: AssistSort,
    /// The edits that do it.
    pub edits: Vec<FileEdit>,
}

/// Sorts of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssistSort {
    /// Adds what is missing.
    QuickFix,
    /// Gives something a name of its own.
    Extract,
    /// Puts what a name stands for in its place.
    Inline,
}

/// The changes that are offered for a part of a file.
pub fn assists(session: &Session, range: &FileRange) -> Vec<Assist> {
    let at = FilePosition { file: range.file.clone(), offset: range.start };
    let Some(here) = Here::at(session, &at) else { return Vec::new() };
    let end = here.offset + (range.end - range.start);
    let selected = Selected { session, here, end };
    [
        fill_fields::fill_fields(&selected),
        declare_missing::declare_missing(&selected),
        extract_constant::extract_constant(&selected),
        extract_template::extract_template(&selected),
        inline_constant::inline_constant(&selected),
        inline_template::inline_template(&selected),
        name_address::name_address(&selected),
        repeat::repeat(&selected),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A part of an item.
struct Selected<'s> {
    session: &'s Session,
    here: Here<'s>,
    /// The byte behind the last that is selected, in the item.
    end: u32,
}

impl<'s> Selected<'s> {
    /// The text of a part of the item.
    fn text(&self, span: source::Span) -> &'s str {
        crate::here::text(self.session, self.here.item, span)
    }

    /// The innermost expression around what is selected, and its type.
    fn expression(&self) -> Option<(source::Span, types::Ty)> {
        let values = &self.here.noted(self.session).values;
        let around =
            values.iter().filter(|(span, ..)| span.start <= self.here.offset && self.end <= span.end);
        around.min_by_key(|(span, ..)| span.len()).map(|(span, _, ty)| (*span, ty.clone()))
    }

    /// Puts `text` in the place of a part of the item.
    fn edit(&self, span: source::Span, text: impl Into<String>) -> FileEdit {
        FileEdit { range: crate::here::range_in(self.session, self.here.item, span), text: text.into() }
    }

    /// Where the item's own text begins, behind documentation.
    fn start(&self) -> source::Span {
        let statement = &names::parsed(self.session.db(), self.here.item).statement;
        let text = self.here.item.text(self.session.db());
        // Documentation stands directly above.
        let before = text.get(..statement.span.start as usize).unwrap_or_default();
        let documented = before.lines().rev().take_while(|line| line.trim_start().starts_with("##"));
        let len: usize = documented.map(|line| line.len() + 1).sum();
        source::Span::empty(statement.span.start.saturating_sub(u32::try_from(len).unwrap_or(0)))
    }
}

/// A name that nothing has that could be meant where the cursor is, like `wanted`.
fn free_name(selected: &Selected<'_>, wanted: &str) -> String {
    let db = selected.session.db();
    let near = &selected.here.noted(selected.session).names;
    let is_near = |name: &str| {
        near.iter().any(|(span, symbol)| {
            matches!(symbol, Symbol::Inner(..) | Symbol::Local(..)) && selected.text(*span) == name
        })
    };
    let is_free = |name: &str| {
        let is = names::meanings(db, names::word(db, name));
        !is_near(name)
            && is.declared.is_empty()
            && is.defined == names::Definitions::default()
            && !syntax::is_reserved(name)
    };
    let numbered = (2..).map(|number| format!("{wanted}-{number}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| is_free(name)).unwrap_or_default()
}
