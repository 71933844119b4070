//! Declares what is named and not there: a namespace, a secret, anything of which the kind is known.

use source::Span;
use types::Ty;

use super::{Assist, AssistSort, Selected};

pub(super) fn declare_missing(selected: &Selected<'_>) -> Option<Assist> {
    let values = &selected.here.noted(selected.session).values;
    let around =
        values.iter().filter(|(span, ..)| span.start <= selected.here.offset && selected.end <= span.end);
    let (span, wanted, found) = around.min_by_key(|(span, ..)| span.len())?;
    let name = selected.text(*span);
    if *found != Ty::Error || !syntax::is_word(name) || syntax::is_reserved(name) {
        return None;
    }
    let kind = match wanted.as_ref()?.required().0 {
        Ty::Kind(kind) if !kind.contains('.') => kind.to_string(),
        Ty::Secret(_) => "secret".to_owned(),
        _ => return None,
    };
    let db = selected.session.db();
    let is = names::meanings(db, names::word(db, name));
    if is.declared.iter().any(|one| one.kind == kind) {
        return None;
    }
    let (shape, _) = types::shape(db, &kind)?;
    let fields: Vec<String> = shape
        .required()
        .filter_map(|field| Some(format!("{} = {}", field.name, first(selected, &field.ty)?)))
        .collect();
    let body = if fields.is_empty() { "{ }".to_owned() } else { format!("{{ {} }}", fields.join(", ")) };
    let edit = selected.edit(Span::empty(selected.start().start), format!("{kind} {name} {body}\n\n"));
    Some(Assist { title: format!("declare {kind} '{name}'"), sort: AssistSort::QuickFix, edits: vec![edit] })
}

/// The first declaration of a kind.
fn first(selected: &Selected<'_>, ty: &Ty) -> Option<String> {
    let Ty::Kind(kind) = ty.required().0 else { return None };
    let all = names::index(selected.session.db()).declarations();
    let last = all.iter().rfind(|one| one.kind == *kind && !one.item.is_std())?;
    Some(last.item.name().to_owned())
}
