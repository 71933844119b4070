//! Puts what a template says into a declaration that starts from it.

use std::collections::BTreeSet;

use names::parsed;
use source::Span;
use syntax::ast::{Content, Statement, StatementKind};

use super::extract_template::{inside, is_plain};
use super::{Assist, AssistSort, Selected};
use crate::here::text;

pub(super) fn inline_template(selected: &Selected<'_>) -> Option<Assist> {
    let db = selected.session.db();
    let StatementKind::Declare(declare) = &parsed(db, selected.here.item).statement.kind else { return None };
    let [used] = declare.templates.as_slice() else { return None };
    let is_here = used.span.start <= selected.here.offset && selected.end <= used.span.end;
    if !is_here || !used.arguments.is_empty() || !is_plain(declare) {
        return None;
    }
    let key = names::defined(db, names::word(db, &used.name.text)).template.as_ref()?;
    let item = names::find(db, key)?;
    let StatementKind::Template(template) = &parsed(db, item).statement.kind else { return None };
    let [base] = template.bases.as_slice() else { return None };
    let is_of_template = names::defined(db, names::word(db, &base.name.text)).template.is_some();
    if is_of_template || !template.parameters.is_empty() {
        return None;
    }
    let said = text(selected.session, item, inside(template.body.span)).trim_end();
    // From the colon to the end of the template's name.
    let before = selected.text(Span::new(0, used.span.start));
    let colon = u32::try_from(before.trim_end().strip_suffix(':')?.trim_end().len()).ok()?;
    let clause = Span::new(colon, used.span.end);
    let edits = match &declare.content {
        Content::None => vec![selected.edit(clause, format!(" {{{said}\n}}"))],
        Content::Body(body) if are_apart(&template.body.statements, &body.statements) => {
            let start = Span::empty(body.span.start + 1);
            vec![selected.edit(clause, ""), selected.edit(start, format!("{said}\n"))]
        }
        Content::Body(_) | Content::Primary(_) => return None,
    };
    let title = format!("put what '{}' says here", used.name.text);
    Some(Assist { title, sort: AssistSort::Inline, edits })
}

/// Whether two blocks can be written into one: what one says, the other says nothing of.
fn are_apart(one: &[Statement], other: &[Statement]) -> bool {
    let (Some(one), Some(other)) = (said_of(one), said_of(other)) else { return false };
    one.is_disjoint(&other)
}

/// What a block says something of, by the first word of each statement. None where that cannot be told.
fn said_of(statements: &[Statement]) -> Option<BTreeSet<&str>> {
    let mut all = BTreeSet::new();
    for statement in statements {
        let path = match &statement.kind {
            StatementKind::Set(set) if !set.append && set.keys.is_empty() => &set.path,
            StatementKind::Record(record) if record.keys.is_empty() => &record.path,
            StatementKind::Declare(declare) => &declare.kind,
            _ => return None,
        };
        all.insert(path.first().map(|name| name.text.as_str())?);
    }
    Some(all)
}
