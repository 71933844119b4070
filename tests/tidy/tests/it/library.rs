//! The standard library: everything is documented where it is declared, and mentioned in the manual.

use std::sync::Arc;

use source::ItemKey;
use syntax::ast::{Body, Kind, Statement, StatementKind, TypeExpr, TypeExprKind};
use tidy::{none, text};

/// An item of the library: the file's path, the item's text, what it says.
type Item = (&'static str, &'static str, Statement);

/// The items of all files of the library.
fn items() -> Vec<Item> {
    let parse = |(path, text): &(&'static str, &'static str)| {
        let path = *path;
        let cuts = syntax::cut(text).into_iter();
        let item = cuts.map(|cut| {
            let key = ItemKey::new(Arc::from(path), cut.head.key.as_str().into(), 0);
            let text = &text[cut.range];
            (path, text, syntax::parse(&key, text).statement)
        });
        item.collect::<Vec<_>>()
    };
    stdlib::FILES.iter().flat_map(parse).collect()
}

fn kinds() -> Vec<(&'static str, Kind)> {
    let kind = |(path, _, statement): Item| match statement.kind {
        StatementKind::Kind(kind) => Some((path, *kind)),
        _ => None,
    };
    items().into_iter().filter_map(kind).collect()
}

#[test]
fn every_kind_and_field_says_what_it_is() {
    let mut wrong = Vec::new();
    for (path, text, statement) in items() {
        undocumented((path, text), "", &statement, &mut wrong);
    }
    none(&wrong, "without a '##' comment");
}

/// A record that fits on one line is documented by what it is in.
fn undocumented((path, text): (&str, &str), around: &str, statement: &Statement, wrong: &mut Vec<String>) {
    let (name, inside) = match &statement.kind {
        StatementKind::Kind(kind) => (&kind.name.text, Some(&kind.body)),
        StatementKind::Field(field) | StatementKind::Derived(field) => (&field.name.text, record(&field.ty)),
        StatementKind::Alias(alias) => (&alias.name.text, record(&alias.ty)),
        StatementKind::Function(function) => (&function.name.text, None),
        StatementKind::Template(template) => (&template.name.text, None),
        _ => return,
    };
    let full = format!("{around}{name}");
    if statement.doc.is_none() {
        wrong.push(format!("{path}: {full}"));
    }
    let inside = inside.filter(|body| body.span.slice(text).contains('\n'));
    for inner in inside.into_iter().flat_map(|body| &body.statements) {
        undocumented((path, text), &format!("{full}."), inner, wrong);
    }
}

/// The record type in a type.
fn record(ty: &TypeExpr) -> Option<&Body> {
    match &ty.kind {
        TypeExprKind::Record(body) => Some(body),
        TypeExprKind::Optional(inner) => record(inner),
        TypeExprKind::Generic(_, arguments) => arguments.iter().find_map(record),
        TypeExprKind::Union(arms) => arms.iter().find_map(record),
        _ => None,
    }
}

#[test]
fn the_manual_has_every_kind_with_its_fields() {
    let page = text("docs/standard-library.md");
    let mut wrong = Vec::new();
    for (path, kind) in kinds() {
        let name = &kind.name.text;
        let heading = format!("### {name}\n");
        let Some(at) = page.find(&heading) else {
            wrong.push(format!("{name} ({path}) has no section"));
            continue;
        };
        let rest = &page[at + heading.len()..];
        let section = &rest[..rest.find("\n### ").unwrap_or(rest.len())];
        members(&kind, section, name, &mut wrong);
    }
    none(&wrong, "not in docs/standard-library.md");
}

fn members(kind: &Kind, section: &str, around: &str, wrong: &mut Vec<String>) {
    for statement in &kind.body.statements {
        let name = match &statement.kind {
            StatementKind::Field(field) | StatementKind::Derived(field) => &field.name.text,
            StatementKind::Kind(inner) => {
                members(inner, section, &format!("{around}.{}", inner.name.text), wrong);
                &inner.name.text
            }
            _ => continue,
        };
        if !section.contains(&format!("`{name}`")) {
            wrong.push(format!("{around}: `{name}`"));
        }
    }
}

#[test]
fn the_manual_names_no_kind_that_is_not_there() {
    let known: Vec<String> = kinds().into_iter().map(|(_, kind)| kind.name.text.to_string()).collect();
    let page = text("docs/standard-library.md");
    let headings = page.lines().filter_map(|line| line.strip_prefix("### "));
    let wrong: Vec<String> =
        headings.filter(|name| !known.iter().any(|kind| kind == name)).map(str::to_owned).collect();
    none(&wrong, "sections of docs/standard-library.md without a kind");
}

#[test]
fn the_manual_has_every_function_of_the_language() {
    let page = text("docs/language.md");
    let missing = types::BUILTINS.iter().filter(|(name, ..)| !page.contains(&format!("`{name}(")));
    none(&missing.map(|(name, ..)| (*name).to_owned()).collect::<Vec<_>>(), "not in docs/language.md");
}
