//! What is derived and not written: types of variables, addresses of ports, numbers of stages.

use driver::Session;
use types::{Symbol, Ty, Value};

use crate::here::{items, range_in};
use crate::{FilePosition, FileRange};

/// A word that is shown in a text and does not stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlayHint {
    /// Where it is shown.
    pub at: FilePosition,
    /// What is shown.
    pub label: String,
}

/// Fields whose value is worth to be seen where a declaration stands, by kind.
const SHOWN: &[(&str, &str)] =
    &[("app.port", "address"), ("app.ingress", "url"), ("network.address", "address")];

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
            let Some(label) = is_here.then(|| label(session, symbol)).flatten() else { continue };
            found.push(InlayHint { at: FilePosition { file: range.file.clone(), offset: shown.end }, label });
        }
    }
    found.sort_by_key(|hint| hint.at.offset);
    found.dedup();
    found
}

fn label(session: &Session, symbol: &Symbol) -> Option<String> {
    match symbol {
        Symbol::Local(item, _) => {
            let found = names::find(session.db(), item)?;
            let ty = types::item_notes(session.db(), found).type_of(symbol)?;
            (*ty != Ty::Error).then(|| format!(": {ty}"))
        }
        Symbol::Inner(item, steps) => {
            let [(kind, name)] = steps.as_slice() else { return None };
            let (_, field) = SHOWN.iter().find(|(of, _)| of == kind)?;
            let value = session.eval(&format!("{}.{name}.{field}", item.name())).ok()?;
            match value {
                Value::Text(text) => Some(format!(" {text}")),
                _ => None,
            }
        }
        _ => None,
    }
}
