//! What is derived and not written: types of variables, addresses of ports, numbers of stages.

use driver::Session;
use types::{Symbol, Ty, Value};

use crate::here::{file, range_in};
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
    let Some(file) = file(session, &range.file) else { return Vec::new() };
    let db = session.db();
    let mut found = Vec::new();
    for item in names::file_items(db, file) {
        let notes = types::item_notes(db, *item);
        for (span, symbol) in &notes.names {
            let shown = range_in(session, *item, *span);
            if shown.end < range.start || shown.start > range.end {
                continue;
            }
            let is_here =
                symbol.places(db).iter().any(|place| place.span == *span && place.item == *item.key(db));
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
            let notes = types::item_notes(session.db(), found);
            let used = notes.names.iter().filter(|(_, other)| other == symbol).map(|(span, _)| *span);
            let ty = used.into_iter().find_map(|span| notes.values.iter().find(|(of, ..)| *of == span))?;
            (ty.2 != Ty::Error).then(|| format!(": {}", ty.2))
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
