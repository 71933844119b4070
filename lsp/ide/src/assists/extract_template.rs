//! Makes a template of what a declaration says, and starts the declaration from that.

use names::parsed;
use source::Span;
use syntax::ast::{Content, Declare, StatementKind};

use super::{Assist, AssistSort, Selected, free_name};

pub(super) fn extract_template(selected: &Selected<'_>) -> Option<Assist> {
    let statement = &parsed(selected.session.db(), selected.here.item).statement;
    let StatementKind::Declare(declare) = &statement.kind else { return None };
    let Content::Body(body) = &declare.content else { return None };
    let is_in_head = statement.span.start <= selected.here.offset && selected.end <= body.span.start;
    let ([kind], Some(name)) = (declare.kind.as_slice(), &declare.name) else { return None };
    // On top of another template, what is added to a list would be added to what that says.
    let is_plain = is_plain(declare) && declare.templates.is_empty();
    if !is_in_head || body.statements.is_empty() || !is_plain || !syntax::is_word(&name.text) {
        return None;
    }
    let template = free_name(selected, &format!("{}-base", name.text));
    let text = selected.text(body.span);
    let declared = format!("template {template} : {} {text}\n\n", kind.text);
    let edits =
        vec![selected.edit(selected.start(), declared), selected.edit(body.span, format!(": {template}"))];
    let title = format!("make it the template '{template}'");
    Some(Assist { title, sort: AssistSort::Extract, edits })
}

/// Whether a head has no clauses behind its templates, and declares one thing.
pub(super) fn is_plain(declare: &Declare) -> bool {
    declare.repeat.is_none() && declare.pick.is_none() && declare.condition.is_none()
}

/// What stands between the braces of a block.
pub(super) fn inside(block: Span) -> Span {
    Span::new(block.start + 1, block.end.saturating_sub(1).max(block.start + 1))
}
