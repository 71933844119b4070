//! Puts what a constant says in the place of its name, everywhere, and takes the constant away.

use names::parsed;
use source::Span;
use syntax::ast::{ExprKind, StatementKind};
use types::Symbol;

use super::{Assist, AssistSort, Selected};
use crate::FileEdit;
use crate::here::range_in;
use crate::references::mentions;

pub(super) fn inline_constant(selected: &Selected<'_>) -> Option<Assist> {
    let (_, symbol) = selected.here.symbol(selected.session)?;
    let Symbol::Item(key) = symbol else { return None };
    let db = selected.session.db();
    let item = names::find(db, key).filter(|_| !key.is_std())?;
    let StatementKind::Set(set) = &parsed(db, item).statement.kind else { return None };
    // What says its type may mean something else without.
    if set.append || set.ty.is_some() || matches!(set.value.kind, ExprKind::Error) {
        return None;
    }
    let text = item.text(db);
    let value = text.get(set.value.span.start as usize..set.value.span.end as usize)?;
    let is_simple = !matches!(
        set.value.kind,
        ExprKind::Binary(..)
            | ExprKind::Unary(..)
            | ExprKind::If(_)
            | ExprKind::Let(_)
            | ExprKind::Match(_)
            | ExprKind::Range(_)
    );
    let value = if is_simple { value.to_owned() } else { format!("({value})") };
    let mut edits: Vec<FileEdit> = mentions(selected.session, symbol)
        .into_iter()
        .map(|(of, span)| FileEdit { range: range_in(selected.session, of, span), text: value.clone() })
        .collect();
    if edits.is_empty() {
        return None;
    }
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    edits.push(FileEdit { range: range_in(selected.session, item, Span::new(0, end)), text: String::new() });
    edits.sort();
    Some(Assist {
        title: format!("put '{value}' in the place of '{}'", key.name()),
        sort: AssistSort::Inline,
        edits,
    })
}
