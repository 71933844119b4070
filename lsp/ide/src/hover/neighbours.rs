//! Who else is where an address is.

use std::fmt::Write;

use driver::{Neighbours, Session};
use source::Span;
use types::{Symbol, Ty, Value};

use crate::here::{Here, text};

/// So many are named.
const MOST: usize = 12;

/// Who has addresses in the pool or network that what stands at `span` is in, or is.
pub(super) fn neighbours(session: &Session, here: &Here<'_>, span: Span) -> Option<String> {
    let value = value(session, here, span)?;
    let Neighbours { part, range, holders } = session.neighbours(&value)?;
    let mut said = format!("{part} ({range}): ");
    let shown: Vec<String> =
        holders.iter().take(MOST).map(|(address, owner)| format!("`{address}` {owner}")).collect();
    said.push_str(if shown.is_empty() { "nobody is there" } else { "" });
    said.push_str(&shown.join(", "));
    let more = holders.len().saturating_sub(MOST);
    if more > 0 {
        let _ = write!(said, " and {more} more");
    }
    Some(said)
}

/// The address, range or network that stands at a place, or that what is named there has.
fn value(session: &Session, here: &Here<'_>, span: Span) -> Option<Value> {
    let symbol = here.symbol(session).filter(|(at, _)| *at == span).map(|(_, symbol)| symbol);
    let named = match symbol {
        Some(Symbol::Inner(item, steps)) => match steps.as_slice() {
            [(kind, name)] if kind == "network.address" => Some(format!("{}.{name}.value", item.name())),
            [(kind, name)] if kind == "network.pool" => Some(format!("{}.{name}.range", item.name())),
            _ => None,
        },
        Some(Symbol::Item(item)) if item.first_word() == "network" => Some(format!("{}.cidr", item.name())),
        _ => None,
    };
    if let Some(expression) = named {
        return session.eval(&expression).ok();
    }
    // A whole value that is an address: what is written, or what the chain of names up to here comes to.
    let values = here.noted(session).values.iter();
    let ends_here = values.filter(|(of, ..)| of.start <= span.start && of.end == span.end);
    let (of, _, ty) = ends_here.max_by_key(|(of, ..)| of.len())?;
    let is_address = matches!(ty.required().0, Ty::Address | Ty::Range | Ty::Cidr);
    let written = text(session, here.item, *of);
    let is_plain = !written.contains("self") && !written.contains('\n');
    // What stands in a declaration may be named from there.
    let scoped = || session.eval(&format!("{}.{written}", here.item.key(session.db()).name())).ok();
    if is_address && is_plain { session.eval(written).ok().or_else(scoped) } else { None }
}
