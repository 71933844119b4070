//! Which edition of HL a lab is written in. That is read from the tree alone: what the rest means depends on it.

use diagnostics::Problem;
use names::{Db, index, parsed};
use source::Place;
use syntax::ast::{Content, ExprKind, StatementKind, TextPart};
use types::problems::unknown_edition::unknown_edition;

/// The kind that says it, and its field, whose type has the words for all editions that there are.
const SAID: (&str, &str) = ("lab", "edition");

/// What is wrong where a lab says an edition that is not known. Looked for again when a head changes, or the lab's item.
#[salsa::tracked]
pub(crate) fn unknown(db: &dyn Db) -> Option<Problem> {
    let (kind, field) = SAID;
    let (shape, _) = types::shape(db, kind)?;
    let known: Vec<&str> = shape.field(field)?.ty.words().map(smol_str::SmolStr::as_str).collect();
    let labs = index(db).declarations().iter().filter(|one| one.kind == kind && !one.item.is_std());
    let said = labs.filter_map(|one| {
        let StatementKind::Declare(declare) = &parsed(db, names::find(db, &one.item)?).statement.kind else {
            return None;
        };
        let Content::Body(body) = &declare.content else { return None };
        let (written, span) = body.statements.iter().find_map(|statement| {
            let StatementKind::Set(set) = &statement.kind else { return None };
            let ([name], ExprKind::Text(parts)) = (set.path.as_slice(), &set.value.kind) else { return None };
            let [TextPart::Text(written)] = parts.as_slice() else { return None };
            (name.text == field).then_some((written, set.value.span))
        })?;
        Some((Place::new(&one.item, span), written))
    });
    let mut unknown = said.filter(|(_, written)| !known.contains(&written.as_str()));
    unknown.next().map(|(place, written)| unknown_edition(place, written, &known.join(" and ")))
}
