//! Gives a value a name: a constant above the item.

use source::Span;
use types::{Symbol, Ty};

use super::{Assist, AssistSort, Selected, free_name};

pub(super) fn extract_constant(selected: &Selected<'_>) -> Option<Assist> {
    let (span, ty) = selected.expression()?;
    let text = selected.text(span);
    if selected.here.item.key(selected.session.db()).is_std()
        || !is_alone(selected, span)
        || !says_its_type(text, &ty)
    {
        return None;
    }
    let name = free_name(selected, &wanted(selected, span));
    let constant = format!("{name} = {text}\n\n");
    let edits = vec![selected.edit(selected.start(), constant), selected.edit(span, name.clone())];
    Some(Assist { title: format!("make it the constant '{name}'"), sort: AssistSort::Extract, edits })
}

/// Whether a value means the same outside of the item: nothing in it is known only there.
fn is_alone(selected: &Selected<'_>, span: Span) -> bool {
    let names = &selected.here.noted(selected.session).names;
    let inside = names.iter().filter(|(at, _)| span.start <= at.start && at.end <= span.end);
    inside.map(|(_, symbol)| symbol).all(|symbol| {
        matches!(
            symbol,
            Symbol::Item(_) | Symbol::Builtin(_) | Symbol::Field(..) | Symbol::Fact(_) | Symbol::All(_)
        )
    })
}

/// Whether the type of a value is told by how it is written, and it is worth a name.
fn says_its_type(text: &str, ty: &Ty) -> bool {
    let is_value = matches!(
        ty,
        Ty::Int(..)
            | Ty::Size
            | Ty::Duration
            | Ty::Address
            | Ty::Cidr
            | Ty::Range
            | Ty::Text(types::Form::Any)
    );
    // `5m` is minutes or thousandths of a core.
    let is_told = !text.ends_with('m') && !text.contains("self");
    is_value && is_told && !syntax::is_word(text) && !text.contains('\n')
}

/// What the value is set to, as a name for it.
fn wanted(selected: &Selected<'_>, span: Span) -> String {
    let before = selected.text(Span::new(0, span.start));
    let line = before.rsplit(['\n', '{', ',']).next().unwrap_or_default();
    let words: Vec<&str> = line
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))
        .collect();
    words.last().map_or_else(|| "value".to_owned(), |word| word.to_ascii_lowercase())
}
