//! Another name for something, wherever it is called so.

use driver::Session;
use names::{defined, meanings, word};
use source::{ItemKey, Place, Span};
use types::Symbol;

use crate::here::{Here, range_in, text};
use crate::references::uses;
use crate::{FileEdit, FilePosition, FileRange};

/// What would be renamed at a place: where its name stands, and the name. Or why it cannot be.
pub fn prepare_rename(session: &Session, at: &FilePosition) -> Result<(FileRange, String), String> {
    let here = Here::at(session, at).ok_or("nothing here has a name")?;
    let (span, symbol) = here.symbol(session).ok_or("nothing here has a name")?;
    let name = called(session, symbol).ok_or("this has no name")?;
    may_change(session, symbol, &name)?;
    let written = text(session, here.item, *span);
    if bare(written) != name {
        return Err(format!("this is called '{name}': rename it where that stands"));
    }
    Ok((range_in(session, here.item, unquoted(written, *span)), name))
}

/// The edits that rename what stands at a place, or why it cannot be called so.
pub fn rename(session: &Session, at: &FilePosition, new: &str) -> Result<Vec<FileEdit>, String> {
    let (_, old) = prepare_rename(session, at)?;
    let here = Here::at(session, at).ok_or("nothing here has a name")?;
    let (_, symbol) = here.symbol(session).ok_or("nothing here has a name")?;
    if new == old {
        return Ok(Vec::new());
    }
    let uses = uses(session, symbol);
    let is_quoted = uses.iter().any(|(item, span)| text(session, *item, *span).starts_with('"'));
    may_be_called(new, is_quoted)?;
    is_free(session, symbol, new, &uses)?;
    let mut edits = Vec::new();
    for (item, span) in &uses {
        let text = text(session, *item, *span);
        // What is the only one of its kind may be called by its kind.
        if bare(text) == old {
            edits.push(FileEdit {
                range: range_in(session, *item, unquoted(text, *span)),
                text: new.to_owned(),
            });
        }
    }
    for place in symbol.places(session.db()) {
        edits.extend(named(session, &place, &uses, new));
    }
    edits.sort();
    edits.dedup();
    Ok(edits)
}

/// The edit that gives a name to a declaration that is called like its kind.
fn named(session: &Session, place: &Place, uses: &[(names::Item<'_>, Span)], new: &str) -> Option<FileEdit> {
    let item = names::find(session.db(), &place.item)?;
    let has_name = uses.iter().any(|(of, span)| *of == item && *span == place.span);
    let behind = Span::empty(place.span.end);
    (!has_name).then(|| FileEdit { range: range_in(session, item, behind), text: format!(" {new}") })
}

/// What a symbol is called.
fn called(session: &Session, symbol: &Symbol) -> Option<String> {
    if let Some(name) = symbol.name() {
        return Some(name.to_owned());
    }
    let place = symbol.places(session.db()).into_iter().next()?;
    Some(bare(session.text_of(&place)?).to_owned())
}

fn may_change(session: &Session, symbol: &Symbol, name: &str) -> Result<(), String> {
    match symbol {
        Symbol::Word(_) => Err(format!("'{name}' is a word that stands for itself")),
        Symbol::Fact(_) => Err(format!("every declaration has '{name}'")),
        Symbol::Type(_) => Err(format!("'{name}' is a type of the language")),
        Symbol::Key(_) => Err(format!("'{name}' is a key of data, which nothing refers to")),
        Symbol::Builtin(_) => Err(format!("'{name}' is a function of the language")),
        Symbol::All(kind) => {
            Err(format!("'{name}' means all of a kind: rename the kind '{kind}', or say '@plural'"))
        }
        symbol if symbol.is_std(session.db()) => Err(format!("'{name}' belongs to the standard library")),
        _ => Ok(()),
    }
}

/// Whether something may be called so at all.
fn may_be_called(new: &str, is_quoted: bool) -> Result<(), String> {
    if is_quoted {
        let is_fine = !new.is_empty() && !new.contains(['"', '\\', '\n', '$']);
        return if is_fine { Ok(()) } else { Err("a name has no quotes, '$' or '\\' in it".to_owned()) };
    }
    if !syntax::is_word(new) {
        return Err(format!("'{new}' is no name: letters, digits, '_' and '-', with a letter first"));
    }
    if syntax::is_reserved(new) {
        return Err(format!("'{new}' is a word of the language"));
    }
    Ok(())
}

/// Whether nothing else is called so where the symbol is meant.
fn is_free(
    session: &Session,
    symbol: &Symbol,
    new: &str,
    uses: &[(names::Item<'_>, Span)],
) -> Result<(), String> {
    let db = session.db();
    let taken = |what: &str| Err(format!("there is {what} called '{new}' already"));
    let is = defined(db, word(db, new));
    match symbol {
        Symbol::Item(item) if is_definition(item) => {
            let same = [&is.kind, &is.template, &is.function, &is.alias].into_iter().flatten();
            if same.clone().next().is_some() {
                return taken("something");
            }
        }
        Symbol::Item(item) => {
            let all = meanings(db, word(db, new));
            if all.declared.iter().any(|one| one.kind == item.first_word()) || is.constant.is_some() {
                return taken("something");
            }
        }
        Symbol::Kind(_) if is.kind.is_some() || is.alias.is_some() => return taken("a type"),
        Symbol::Field(owner, _) => {
            let owner = types::shape(db, owner).map(|(shape, _)| shape);
            if owner.is_some_and(|shape| shape.field(new).is_some() || shape.nested(new).is_some()) {
                return taken("a field");
            }
        }
        _ => {}
    }
    // Where it is referred to, nothing nearer may have the name.
    for (item, _) in uses {
        let notes = types::item_notes(db, *item);
        let own = hull(notes, symbol);
        let clash = notes.names.iter().find(|(span, other)| {
            let hides = match (symbol, other) {
                // What is known at one place only hides what is named there.
                (Symbol::Local(..), Symbol::Local(..) | Symbol::Item(_) | Symbol::Inner(..))
                | (Symbol::Item(_) | Symbol::Inner(..), Symbol::Local(..)) => meet(own, hull(notes, other)),
                // What is expected tells declarations of two kinds apart.
                (one, other) => kind(one).is_some() && kind(one) == kind(other),
            };
            other != symbol && hides && bare(text(session, *item, *span)) == new
        });
        if clash.is_some() {
            return taken("something where it is used");
        }
    }
    Ok(())
}

/// From the first to the last place in an item where a symbol is named.
fn hull(notes: &types::Noted, symbol: &Symbol) -> Option<Span> {
    let spans = notes.names.iter().filter(|(_, other)| other == symbol).map(|(span, _)| *span);
    spans.reduce(|a, b| Span::new(a.start.min(b.start), a.end.max(b.end)))
}

fn meet(a: Option<Span>, b: Option<Span>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a.start < b.end && b.start < a.end)
}

/// The word of the kind of a declaration.
fn kind(symbol: &Symbol) -> Option<&str> {
    match symbol {
        Symbol::Item(item) if !is_definition(item) => Some(item.first_word()),
        Symbol::Inner(_, steps) => steps.last().map(|(kind, _)| types::last_segment(kind)),
        _ => None,
    }
}

/// Whether an item is none of a lab's declarations.
fn is_definition(item: &ItemKey) -> bool {
    matches!(item.first_word(), "template" | "fn" | "type" | "kind")
}

/// A name without its quotes; of one with dots the last.
fn bare(text: &str) -> &str {
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(inner) => inner,
        None => text.rsplit('.').next().unwrap_or(text),
    }
}

/// Where [`bare`] of a text at `span` stands.
fn unquoted(text: &str, span: Span) -> Span {
    let inner = u32::try_from(bare(text).len()).unwrap_or(0);
    let end = if text.ends_with('"') { span.end - 1 } else { span.end };
    Span::new(end - inner, end)
}
