//! Adds the fields that a declaration must set, with values to be replaced.

use source::Span;
use syntax::ast::{Body, Content, Declare, StatementKind, dotted};
use types::{Form, Shape, Ty};

use super::{Assist, AssistSort, Selected};

pub(super) fn fill_fields(selected: &Selected<'_>) -> Option<Assist> {
    let statement = &names::parsed(selected.session.db(), selected.here.item).statement;
    let StatementKind::Declare(declare) = &statement.kind else { return None };
    let (declare, kind) = innermost(selected, declare, &dotted(&declare.kind))?;
    let (shape, _) = types::shape(selected.session.db(), &kind)?;
    let Content::Body(body) = &declare.content else { return None };
    let missing: Vec<&types::FieldShape> =
        shape.required().filter(|field| !sets(body, &field.name)).collect();
    let name = missing.first()?.name.clone();
    if !declare.templates.is_empty() {
        return None;
    }
    let lines: Vec<String> =
        missing.iter().map(|field| format!("{} = {}", field.name, example(selected, &field.ty))).collect();
    let inside = Span::empty(body.span.start + 1);
    let is_one_line = !selected.text(body.span).contains('\n');
    let text = if is_one_line {
        let comma = if body.statements.is_empty() { " " } else { "," };
        format!(" {}{comma}", lines.join(", "))
    } else {
        let indent = indent(selected, body);
        format!("\n{indent}{}", lines.join(&format!("\n{indent}")))
    };
    let title = if missing.len() == 1 { format!("set '{name}'") } else { "set what must be set".to_owned() };
    Some(Assist { title, sort: AssistSort::QuickFix, edits: vec![selected.edit(inside, text)] })
}

/// The innermost declaration around the cursor, and its kind's full name.
fn innermost<'d>(selected: &Selected<'_>, declare: &'d Declare, kind: &str) -> Option<(&'d Declare, String)> {
    let around = |span: Span| span.start <= selected.here.offset && selected.here.offset <= span.end;
    if let Content::Body(body) = &declare.content {
        let shape: Option<&Shape> = types::shape(selected.session.db(), kind).map(|(shape, _)| &**shape);
        for inner in body.statements.iter().filter(|inner| around(inner.span)) {
            if let StatementKind::Declare(inner) = &inner.kind
                && let Some(full) = shape.and_then(|shape| shape.nested(&dotted(&inner.kind)))
            {
                return innermost(selected, inner, full);
            }
        }
    }
    Some((declare, kind.to_owned()))
}

fn sets(body: &Body, name: &str) -> bool {
    body.statements.iter().any(|statement| match &statement.kind {
        StatementKind::Set(set) => set.path.first().is_some_and(|first| first.text == name),
        StatementKind::Record(record) => record.path.first().is_some_and(|first| first.text == name),
        _ => false,
    })
}

/// The blanks before the first statement of a body.
fn indent(selected: &Selected<'_>, body: &Body) -> String {
    let text = selected.text(body.span);
    let line = text.lines().skip(1).find(|line| !line.trim().is_empty()).unwrap_or_default();
    let blanks = line.len() - line.trim_start().len();
    let is_empty = body.statements.is_empty();
    line[..blanks].to_owned() + if is_empty { "  " } else { "" }
}

/// A value of a type, to be replaced.
fn example(selected: &Selected<'_>, ty: &Ty) -> String {
    let db = selected.session.db();
    match ty.required().0 {
        Ty::Bool => "true".to_owned(),
        Ty::Int(low, _) => (*low).max(1).to_string(),
        Ty::Float => "1.0".to_owned(),
        Ty::Port => "80".to_owned(),
        Ty::Size => "1GiB".to_owned(),
        Ty::Cpu => "100m".to_owned(),
        Ty::Duration => "1h".to_owned(),
        Ty::Address => "192.168.1.10".to_owned(),
        Ty::Cidr => "192.168.1.0/24".to_owned(),
        Ty::Range => "192.168.1.100 .. 192.168.1.150".to_owned(),
        Ty::Literal(word) => word.to_string(),
        Ty::Text(Form::Path) => "/path".to_owned(),
        Ty::Text(Form::Image) => "\"docker.io/library/name:1.0\"".to_owned(),
        Ty::Text(Form::Cron) => "\"0 4 * * *\"".to_owned(),
        Ty::Text(Form::Url) => "\"https://example.net\"".to_owned(),
        Ty::Text(Form::Hostname) => "\"name.example.net\"".to_owned(),
        Ty::List(_) => "[]".to_owned(),
        Ty::Map(_) | Ty::Record(_) | Ty::Fields(_) | Ty::Free(_) => "{}".to_owned(),
        Ty::Kind(kind) => {
            let all = names::index(db).declarations();
            let first = all.iter().find(|one| one.kind == *kind && !one.item.is_std());
            first.map_or_else(|| types::last_segment(kind).to_owned(), |one| one.item.name().to_owned())
        }
        Ty::Union(arms) => arms.first().map_or_else(String::new, |arm| example(selected, arm)),
        _ => "\"\"".to_owned(),
    }
}
