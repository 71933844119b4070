//! What something is, says and comes to.

mod neighbours;

use std::collections::BTreeSet;
use std::fmt::Write;

use driver::Session;
use driver::explain::Topic;
use names::parsed;
use source::{ItemKey, Span};
use syntax::ast::StatementKind;
use types::{Shape, Symbol, Ty};

use crate::built::{BuiltFrom, built_from};
use crate::here::{Here, range, range_in};
use crate::references::uses;
use crate::{FilePosition, FileRange};

/// What is said of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What it is said of.
    pub range: FileRange,
    /// What is said, as Markdown.
    pub text: String,
    /// The declaration here, if something is built of it: see [`crate::built`].
    pub built: Option<BuiltFrom>,
    /// What the documentation has a page or section about.
    pub topic: Option<Topic>,
}

/// What is said of what stands at a place.
pub fn hover(session: &Session, at: &FilePosition) -> Option<Hover> {
    let here = Here::at(session, at)?;
    let notes = here.noted(session);
    if let Some((span, symbol)) = here.symbol(session) {
        let mut text = described(session, symbol);
        if let Some(value) = value(session, &here, *span) {
            let _ = write!(text, "\n\n= `{value}`");
        }
        if let Some(users) = users(session, symbol) {
            let _ = write!(text, "\n\nused by {users}");
        }
        if let Some(around) = neighbours::neighbours(session, &here, *span) {
            let _ = write!(text, "\n\n{around}");
        }
        let is_own = symbol.is_declared_at(session.db(), here.item.key(session.db()), *span);
        let built =
            matches!(symbol, Symbol::Item(_)).then(|| built_of(session, symbol, at, is_own)).flatten();
        let topic = Topic::of(session, symbol);
        return Some(Hover { range: range_in(session, here.item, *span), text, built, topic });
    }
    let (span, wanted, found) = notes.value_at(here.offset)?;
    let ty = if *found == Ty::Error { wanted.as_ref()? } else { found };
    let mut text = ty.described();
    if let Some(around) = neighbours::neighbours(session, &here, *span) {
        let _ = write!(text, "\n\n{around}");
    }
    Some(Hover { range: range_in(session, here.item, *span), text, built: None, topic: None })
}

/// The declaration that a name refers to, if something is built of it.
fn built_of(session: &Session, symbol: &Symbol, at: &FilePosition, is_own: bool) -> Option<BuiltFrom> {
    if is_own {
        return built_from(session, at);
    }
    let place = symbol.places(session.db()).into_iter().next()?;
    let there = range(session, &place)?;
    built_from(session, &FilePosition { file: there.file, offset: there.start })
}

/// What a symbol is, with its documentation.
pub(crate) fn described(session: &Session, symbol: &Symbol) -> String {
    let db = session.db();
    match symbol {
        Symbol::Item(item) => with_doc(code(&head(session, item)), doc_of_item(session, item)),
        Symbol::Inner(_, steps) => match steps.last() {
            Some((kind, name)) => {
                let doc = types::shape(db, kind).and_then(|(shape, _)| shape.doc.as_deref());
                with_doc(code(&format!("{} {name}", types::last_segment(kind))), doc)
            }
            None => String::new(),
        },
        Symbol::Kind(kind) => match types::shape(db, kind) {
            Some((shape, _)) => with_doc(code(&format!("kind {kind}")), shape.doc.as_deref()),
            None => code(&format!("kind {kind}")),
        },
        Symbol::All(kind) => format!("all declarations of the kind `{kind}`"),
        Symbol::Field(owner, name) => match types::shape(db, owner) {
            Some((shape, _)) => field(shape, name),
            None => name.to_string(),
        },
        Symbol::Local(..) => local(session, symbol),
        Symbol::Builtin(name) => {
            let parameters = types::Builtin::named(name).map(|(_, parameters)| parameters.join(", "));
            code(&format!("{name}({})", parameters.unwrap_or_default()))
        }
        Symbol::Fact(name) => format!("`{name}`: what every one has"),
        Symbol::Type(name) => format!("`{name}`, a type of the language"),
        Symbol::Key(name) => format!("the key `{name}`"),
        Symbol::Word(word) => format!("the word `{word}`"),
    }
}

fn field(shape: &Shape, name: &str) -> String {
    let Some(field) = shape.field(name) else { return name.to_owned() };
    let derived = if field.derived { "derived " } else { "" };
    let mut text = code(&format!("{derived}{name}: {}", field.ty));
    let _ = write!(text, "\n\nof {}", shape.described());
    if field.is_required() {
        text.push_str("; must be set");
    }
    if let Some(advice) = &field.deprecated {
        let _ = write!(text, "\n\n**Obsolete**: {advice}");
    }
    with_doc(text, field.doc.as_deref())
}

fn local(session: &Session, symbol: &Symbol) -> String {
    let Some(place) = symbol.places(session.db()).into_iter().next() else { return String::new() };
    let name = session.text_of(&place).unwrap_or_default().to_owned();
    let Some(item) = names::find(session.db(), &place.item) else { return code(&name) };
    let ty = types::item_notes(session.db(), item).type_of(symbol).map(Ty::described);
    code(&ty.map_or_else(|| name.clone(), |ty| format!("{name}: {ty}")))
}

/// The first line of an item, up to where its body begins.
fn head(session: &Session, item: &ItemKey) -> String {
    let Some(found) = names::find(session.db(), item) else { return item.head().to_owned() };
    let statement = &parsed(session.db(), found).statement;
    let text = found.text(session.db());
    let start = statement.span.start as usize;
    let text = text.get(start..).unwrap_or_default();
    let is_value = matches!(
        statement.kind,
        StatementKind::Set(_) | StatementKind::Function(_) | StatementKind::Alias(_)
    );
    let end = if is_value { text.find('\n') } else { text.find(['{', '\n']) };
    text[..end.unwrap_or(text.len())].trim().to_owned()
}

fn doc_of_item<'s>(session: &'s Session, item: &ItemKey) -> Option<&'s str> {
    let found = names::find(session.db(), item)?;
    parsed(session.db(), found).statement.doc.as_deref()
}

/// So many users are named.
const MOST_USERS: usize = 6;

/// The items of the lab that use a declaration of it: of a secret, who reads it.
fn users(session: &Session, symbol: &Symbol) -> Option<String> {
    let (Symbol::Item(own) | Symbol::Inner(own, _)) = symbol else { return None };
    if own.is_std() {
        return None;
    }
    let keys = uses(session, symbol).into_iter().map(|(item, _)| item.key(session.db()));
    let mut known = BTreeSet::new();
    // There can be thousands.
    let all: Vec<&ItemKey> =
        keys.filter(|key| *key != own && known.insert((key.first_word(), key.name()))).collect();
    let named = all.iter().take(MOST_USERS).map(|key| match (key.first_word(), key.name()) {
        (kind, name) if kind == name => format!("`{name}`"),
        (kind, name) => format!("{kind} `{name}`"),
    });
    let named = named.collect::<Vec<_>>().join(", ");
    let more = all.len().saturating_sub(MOST_USERS);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!all.is_empty()).then(|| format!("{named}{rest}"))
}

/// What the chain of names that ends at `span` comes to.
fn value(session: &Session, here: &Here<'_>, span: Span) -> Option<String> {
    let notes = here.noted(session);
    let chain = notes.values.iter().filter(|(of, ..)| of.end == span.end).max_by_key(|(of, ..)| of.len())?;
    let text = here.item.text(session.db());
    let written = text.get(chain.0.start as usize..chain.0.end as usize)?;
    let is_chain = written.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let plain = is_chain && !written.starts_with("self");
    let value = session.eval(written).ok().filter(|_| plain)?;
    match value {
        types::Value::Decl(_) | types::Value::Error(_) => None,
        value => Some(driver::show::brief(&value)),
    }
}

fn code(text: &str) -> String {
    format!("```hl\n{text}\n```")
}

fn with_doc(text: String, doc: Option<&str>) -> String {
    match doc {
        Some(doc) => format!("{text}\n\n{doc}"),
        None => text,
    }
}
