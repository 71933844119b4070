//! What is a sort of what: a kind has templates and declarations below it, a template those that use it, and a type with
//! a name the kinds that it may be.

use driver::Session;
use names::{Item, defined, find, items, parsed, word};
use syntax::ast::{StatementKind, TemplateUse};
use types::Symbol as Meaning;

use crate::call_hierarchy::call_subject;
use crate::subject::{declared_by, node, node_of, subject};
use crate::{FilePosition, Symbol};

/// What a place is about, as something that has others above and below it.
pub fn type_subject(session: &Session, at: &FilePosition) -> Option<Symbol> {
    call_subject(session, at)
}

/// What the declaration, template or kind that a place is about is a sort of.
pub fn supertypes(session: &Session, at: &FilePosition) -> Vec<Symbol> {
    let Some(meaning) = subject(session, at) else { return Vec::new() };
    let db = session.db();
    let above = match &meaning {
        Meaning::Item(key) => find(db, key).map(|item| above(session, item)).unwrap_or_default(),
        Meaning::Inner(_, steps) => {
            steps.last().map(|(kind, _)| Meaning::Kind(kind.clone())).into_iter().collect()
        }
        Meaning::Kind(_) => {
            let aliases = items(db).filter(|item| is_alias(session, *item));
            aliases
                .filter(|item| arms(session, *item).contains(&meaning))
                .map(|item| declared_by(session, item))
                .collect()
        }
        _ => Vec::new(),
    };
    above.iter().filter_map(|meaning| node(session, meaning)).collect()
}

/// What is a sort of the template or kind that a place is about.
pub fn subtypes(session: &Session, at: &FilePosition) -> Vec<Symbol> {
    let Some(meaning) = subject(session, at) else { return Vec::new() };
    below(session, &meaning)
}

/// What stands directly below something.
pub(crate) fn below(session: &Session, meaning: &Meaning) -> Vec<Symbol> {
    let db = session.db();
    if let Meaning::Item(key) = meaning
        && let Some(item) = find(db, key).filter(|item| is_alias(session, *item))
    {
        return arms(session, item).iter().filter_map(|meaning| node(session, meaning)).collect();
    }
    if let Meaning::Kind(kind) = meaning
        && kind.contains('.')
    {
        let all = values::all_of(db, word(db, kind)).iter();
        let places = all.map(|decl| session.head(decl));
        return places.filter_map(|place| crate::subject::node_at(session, &place)).collect();
    }
    let is_below = |item: &Item<'_>| above(session, *item).contains(meaning);
    items(db).filter(is_below).filter_map(|item| node_of(session, item)).collect()
}

/// What stands directly above what an item declares.
fn above(session: &Session, item: Item<'_>) -> Vec<Meaning> {
    let db = session.db();
    match &parsed(db, item).statement.kind {
        StatementKind::Template(template) => used(session, &template.bases),
        StatementKind::Declare(declare) => {
            let templates = used(session, &declare.templates);
            let kind = Meaning::Kind(item.key(db).first_word().into());
            if templates.is_empty() { vec![kind] } else { templates }
        }
        StatementKind::Record(record) => vec![Meaning::Kind(record.path[0].text.clone())],
        _ => Vec::new(),
    }
}

/// The templates and kinds that are used.
fn used(session: &Session, uses: &[TemplateUse]) -> Vec<Meaning> {
    let db = session.db();
    let meaning = |one: &TemplateUse| match &defined(db, word(db, &one.name.text)).template {
        Some(template) => Meaning::Item(template.clone()),
        None => Meaning::Kind(one.name.text.clone()),
    };
    uses.iter().map(meaning).collect()
}

fn is_alias(session: &Session, item: Item<'_>) -> bool {
    matches!(parsed(session.db(), item).statement.kind, StatementKind::Alias(_))
}

/// The kinds and other types with a name that a type with a name is made of.
fn arms(session: &Session, item: Item<'_>) -> Vec<Meaning> {
    let own = declared_by(session, item);
    let names = types::item_notes(session.db(), item).names.iter().map(|(_, meaning)| meaning);
    let is_type =
        |meaning: &&Meaning| matches!(meaning, Meaning::Kind(_) | Meaning::Item(_)) && **meaning != own;
    names.filter(is_type).cloned().collect()
}
