//! Gives an address that is written out a name in its network.

use source::Span;
use syntax::ast::{Content, StatementKind};
use types::{Ty, Value};

use super::{Assist, AssistSort, Selected};
use crate::FileEdit;
use crate::here::range_in;

pub(super) fn name_address(selected: &Selected<'_>) -> Option<Assist> {
    let (span, ty) = selected.expression()?;
    let text = selected.text(span);
    let is_literal = syntax::tokens(text).count() == 1 && text.contains(['.', ':']);
    if ty != Ty::Address || !is_literal {
        return None;
    }
    let db = selected.session.db();
    let networks =
        names::index(db).declarations().iter().filter(|one| one.kind == "network" && !one.item.is_std());
    let network = networks.map(|one| one.item.clone()).find(|item| {
        let inside = selected.session.eval(&format!("{}.cidr contains {text}", item.name()));
        matches!(inside, Ok(Value::Bool(true))) && item != selected.here.item.key(db)
    })?;
    let item = names::find(db, &network)?;
    let statement = &names::parsed(db, item).statement;
    let StatementKind::Declare(declare) = &statement.kind else { return None };
    let Content::Body(body) = &declare.content else { return None };
    let name = name_of(selected)?;
    if body.statements.iter().any(|inner| matches!(&inner.kind, StatementKind::Declare(inner) if inner.name.as_ref().is_some_and(|of| of.text == name)))
    {
        return None;
    }
    let end = Span::empty(body.span.end - 1);
    let is_one_line = !item.text(db).get(body.span.start as usize..body.span.end as usize)?.contains('\n');
    let declared = if is_one_line {
        format!(", address {name} = {text} ")
    } else {
        format!("  address {name} = {text}\n")
    };
    let edits = vec![
        FileEdit { range: range_in(selected.session, item, end), text: declared },
        selected.edit(span, format!("{}.{name}", network.name())),
    ];
    let title = format!("make it the address '{}.{name}'", network.name());
    Some(Assist { title, sort: AssistSort::Extract, edits })
}

/// What the item is called that has the address.
fn name_of(selected: &Selected<'_>) -> Option<String> {
    let name = selected.here.item.key(selected.session.db()).name();
    let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains([' ', '"']);
    is_word.then(|| name.to_owned())
}
