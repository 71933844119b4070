//! What is derived and not written: types of variables, addresses of ports, numbers of stages.

use driver::Session;
use types::{Symbol, Ty, Value};

use crate::here::{Here, items, range_in};
use crate::hover::described;
use crate::{FilePosition, FileRange};

/// A word that is shown in a text and does not stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlayHint {
    /// Where it is shown.
    pub at: FilePosition,
    /// What is shown.
    pub label: String,
    /// What sort of hint it is.
    pub sort: HintSort,
}

/// Sorts of hints, which can be switched off each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintSort {
    /// The type of a variable.
    Type,
    /// What a declaration comes to.
    Value,
}

/// Fields whose value is worth to be seen where a declaration stands, by kind.
const SHOWN: &[(&str, &str)] =
    &[("app.port", "address"), ("app.ingress", "url"), ("network.address", "value")];

/// The hints in a part of a file.
pub fn inlay_hints(session: &Session, range: &FileRange) -> Vec<InlayHint> {
    let db = session.db();
    let mut found = Vec::new();
    for item in items(session, &range.file) {
        for (span, symbol) in &types::item_notes(db, item).names {
            let shown = range_in(session, item, *span);
            if shown.end < range.start || shown.start > range.end {
                continue;
            }
            let is_here = symbol.is_declared_at(db, item.key(db), *span);
            let label = if is_here { declared(session, symbol) } else { used(session, symbol) };
            let Some((label, sort)) = label else { continue };
            let at = FilePosition { file: range.file.clone(), offset: shown.end };
            found.push(InlayHint { at, label, sort });
        }
    }
    found.sort_by_key(|hint| hint.at.offset);
    found.dedup();
    found
}

/// What is said of a hint when somebody points at it. No hint can be written into the text: a variable has no place for
/// its type, and what is computed is set nowhere.
pub fn hint_tooltip(session: &Session, at: &FilePosition) -> Option<String> {
    let here = Here::at(session, at)?;
    let (_, symbol) = here.symbol(session)?;
    Some(described(session, symbol)).filter(|said| !said.is_empty())
}

/// What is said of a name where it is declared.
fn declared(session: &Session, symbol: &Symbol) -> Option<(String, HintSort)> {
    match symbol {
        Symbol::Local(item, span) => {
            let found = names::find(session.db(), item)?;
            // The type of a parameter stands behind it.
            let behind = found.text(session.db()).get(span.end as usize..)?;
            if behind.trim_start().starts_with(':') {
                return None;
            }
            let ty = types::item_notes(session.db(), found).type_of(symbol)?;
            (*ty != Ty::Error).then(|| (format!(": {ty}"), HintSort::Type))
        }
        Symbol::Inner(item, steps) => {
            let [(kind, name)] = steps.as_slice() else { return None };
            let (_, field) = SHOWN.iter().find(|(of, _)| of == kind)?;
            let value = session.eval(&format!("{}.{name}.{field}", item.name())).ok()?;
            match value {
                Value::Text(text) => Some((text.to_string(), HintSort::Value)),
                // One that is written out needs no hint.
                Value::Address(address) if !is_written(session, symbol, &address.to_string()) => {
                    Some((address.to_string(), HintSort::Value))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// What is said of a name where it is used: of a stage its number, which says what comes before and behind.
fn used(session: &Session, symbol: &Symbol) -> Option<(String, HintSort)> {
    let Symbol::Item(item) = symbol else { return None };
    if item.first_word() != "stage" {
        return None;
    }
    match session.eval(&format!("stage.{}.number", item.name())).ok()? {
        Value::Int(number) => Some((number.to_string(), HintSort::Value)),
        _ => None,
    }
}

/// Whether a value stands behind the name of what it is the value of.
fn is_written(session: &Session, symbol: &Symbol, value: &str) -> bool {
    let behind = symbol.places(session.db()).into_iter().next().and_then(|place| {
        let text = session.item_text(&place.item)?;
        text.get(place.span.end as usize..)?.split([',', '\n', '}']).next()
    });
    behind.is_some_and(|behind| behind.contains(value))
}
