//! The keys that could stand where the cursor is in `nixos` and `values`: nobody declares them, so they are those that
//! the lab and the library set themselves, of options of NixOS and of values of the same chart.

use std::collections::BTreeMap;

use driver::Session;
use smol_str::SmolStr;
use syntax::ast::{Body, Content, Declare, Expr, ExprKind, Name, Statement, StatementKind, TextPart};
use types::{CURSOR, Candidate, CandidateSort, Fits, Hatch, INT, STRING, Ty, last_segment};

/// The fields whose keys no kind declares.
const BLOCKS: [&str; 2] = ["nixos", "values"];

/// What stands for an element of a list in a path of keys.
const ELEMENT: &str = "[]";

/// What could stand at the cursor of a statement, if that is such a key.
pub(crate) fn raw_keys(session: &Session, statement: &Statement) -> Vec<Candidate> {
    let Some((asked, before)) = asked(statement) else { return Vec::new() };
    let mut found: BTreeMap<SmolStr, Option<Ty>> = BTreeMap::new();
    let mut take = |block: &Block<'_>| {
        if !block.is_like(&asked) {
            return;
        }
        block.keys(&mut |path, value| {
            let Some([key, rest @ ..]) = path.strip_prefix(before.as_slice()) else { return };
            if key != ELEMENT && !path.iter().any(|key| key.contains(CURSOR)) {
                let ty = if rest.is_empty() { value.and_then(shown) } else { Some(Ty::Free(Hatch::Any)) };
                let known = found.entry(key.clone()).or_default();
                *known = known.take().or(ty);
            }
        });
    };
    each_block(statement, None, &mut take);
    for item in names::items(session.db()) {
        each_block(&names::parsed(session.db(), item).statement, None, &mut take);
    }
    let candidate =
        |(name, ty)| Candidate { name, sort: CandidateSort::Field, ty, fits: Fits::Yes, symbol: None };
    found.into_iter().map(candidate).collect()
}

/// A `nixos` or `values` of a declaration.
#[derive(Clone, Copy)]
struct Block<'a> {
    /// Which of the two.
    field: &'a str,
    /// The kind of the declaration.
    kind: &'a str,
    /// The chart that it names.
    chart: Option<&'a str>,
    /// The kind in whose `make` it stands.
    made_by: Option<&'a str>,
    statement: &'a Statement,
}

/// Of what a block is, as [`Block`] has it.
struct Subject {
    field: SmolStr,
    kind: SmolStr,
    chart: Option<SmolStr>,
}

impl Block<'_> {
    /// Whether the keys of one are keys of the other.
    fn is_like(&self, other: &Subject) -> bool {
        let is_of_kind = self.kind == other.kind && self.kind != "release";
        let is_of_chart = self.chart.is_some() && self.chart == other.chart.as_deref();
        let is_same = is_of_kind || is_of_chart || self.made_by == Some(other.kind.as_str());
        self.field == other.field && (self.field == "nixos" || is_same)
    }

    /// All paths of keys, each with the value that is said at its end.
    fn keys(&self, take: &mut impl FnMut(&[SmolStr], Option<&Expr>)) {
        let mut path = Vec::new();
        in_statement(self.statement, &mut path, &mut |path, value| take(&path[1..], value));
    }
}

/// The block that has the cursor in one of its keys, and the keys before that.
fn asked(statement: &Statement) -> Option<(Subject, Vec<SmolStr>)> {
    let mut asked = None;
    each_block(statement, None, &mut |block| {
        block.keys(&mut |path, _| {
            let at = path.iter().position(|key| key.contains(CURSOR));
            if let (Some(at), None) = (at, &asked) {
                let subject = Subject {
                    field: block.field.into(),
                    kind: block.kind.into(),
                    chart: block.chart.map(SmolStr::new),
                };
                asked = Some((subject, path[..at].to_vec()));
            }
        });
    });
    asked
}

/// Goes through the blocks of a statement and of what stands in it.
fn each_block<'a>(statement: &'a Statement, made_by: Option<&'a str>, take: &mut impl FnMut(&Block<'a>)) {
    match &statement.kind {
        StatementKind::Declare(declare) => in_declaration(declare, made_by, take),
        StatementKind::Kind(kind) => in_body(&kind.body, "", Some(&kind.name.text), take),
        StatementKind::Make(body) => in_body(body, "", made_by, take),
        StatementKind::Template(template) => {
            let of = template.bases.first().map_or("", |base| &base.name.text);
            in_body(&template.body, of, made_by, take);
        }
        StatementKind::Record(record) if made_by.is_some() => {
            in_body(&record.body, record.path.last().map_or("", |name| &name.text), made_by, take);
        }
        _ => {}
    }
}

fn in_declaration<'a>(declare: &'a Declare, made_by: Option<&'a str>, take: &mut impl FnMut(&Block<'a>)) {
    if let Content::Body(body) = &declare.content {
        let kind = declare.kind.last().map_or("", |name| last_segment(&name.text));
        in_body(body, kind, made_by, take);
    }
}

fn in_body<'a>(body: &'a Body, kind: &'a str, made_by: Option<&'a str>, take: &mut impl FnMut(&Block<'a>)) {
    let chart = body.statements.iter().find_map(chart);
    for statement in &body.statements {
        let field = match &statement.kind {
            StatementKind::Set(set) => set.path.first(),
            StatementKind::Record(record) => record.path.first(),
            _ => None,
        };
        match field.filter(|field| BLOCKS.contains(&field.text.as_str())) {
            Some(field) => take(&Block { field: &field.text, kind, chart, made_by, statement }),
            None => each_block(statement, made_by, take),
        }
    }
}

/// The name or folder of the chart that a statement says.
fn chart(statement: &Statement) -> Option<&str> {
    let StatementKind::Set(set) = &statement.kind else { return None };
    let is_chart = matches!(set.path.as_slice(), [Name { text, .. }] if text == "chart");
    let named = match &set.value.kind {
        ExprKind::Call(call) => &call.arguments.first()?.value,
        _ => &set.value,
    };
    let ExprKind::Text(parts) = &named.kind else { return None };
    let [TextPart::Text(name)] = parts.as_slice() else { return None };
    is_chart.then_some(name)
}

fn in_statement(
    statement: &Statement,
    path: &mut Vec<SmolStr>,
    take: &mut impl FnMut(&[SmolStr], Option<&Expr>),
) {
    let length = path.len();
    match &statement.kind {
        StatementKind::Set(set) => {
            path.extend(set.path.iter().map(|name| name.text.clone()));
            in_value(&set.value, path, take);
        }
        StatementKind::Record(record) => {
            path.extend(record.path.iter().map(|name| name.text.clone()));
            take(path, None);
            record.body.statements.iter().for_each(|inner| in_statement(inner, path, take));
        }
        _ => {}
    }
    path.truncate(length);
}

fn in_value(value: &Expr, path: &mut Vec<SmolStr>, take: &mut impl FnMut(&[SmolStr], Option<&Expr>)) {
    take(path, Some(value));
    match &value.kind {
        ExprKind::Record(body) => {
            body.statements.iter().for_each(|inner| in_statement(inner, path, take));
        }
        ExprKind::List(elements) => {
            path.push(ELEMENT.into());
            for element in elements {
                in_value(element, path, take);
            }
            path.pop();
        }
        ExprKind::If(decides) => {
            in_value(&decides.then, path, take);
            in_value(&decides.otherwise, path, take);
        }
        _ => {}
    }
}

/// What is said of the type of a value, as far as it can be seen.
fn shown(value: &Expr) -> Option<Ty> {
    match &value.kind {
        ExprKind::Bool(_) => Some(Ty::Bool),
        ExprKind::Int(_) => Some(INT),
        ExprKind::Text(_) => Some(STRING),
        ExprKind::Record(_) => Some(Ty::Free(Hatch::Any)),
        _ => None,
    }
}
