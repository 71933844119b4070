//! Which edition of HL a lab is written in. That is read from the tree alone: what the rest means depends on it.

use diagnostics::{Edit, Problem};
use names::{Db, find, index, parsed};
use source::{ItemKey, Place, Span};
use syntax::ast::{Content, ExprKind, StatementKind, TextPart};

use crate::problems::unknown_edition::unknown_edition;
use crate::queries;

/// An edition of HL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edition {
    /// 0.1, which a lab is written in that says nothing: `=` joins maps, and `only(…)` replaces them.
    V0_1,
    /// 0.2: `=` replaces, `+=` and blocks join.
    V0_2,
}

impl Edition {
    /// The newest, in which the library is written.
    pub const NEWEST: Self = Self::V0_2;

    /// All of them, with what labs call them, from the oldest on.
    pub const ALL: &[(&str, Self)] = &[("0.1", Self::V0_1), ("0.2", Self::V0_2)];

    /// What labs call it.
    pub fn written(self) -> &'static str {
        Self::ALL.iter().find(|(_, edition)| *edition == self).map_or("", |(written, _)| written)
    }
}

/// The kind that says it, and its field.
const SAID: (&str, &str) = ("lab", "edition");

/// The edition that the lab says.
pub(crate) fn said(db: &dyn Db) -> Edition {
    let is = |(_, _, written): (ItemKey, Span, String)| {
        Edition::ALL.iter().find(|(text, _)| *text == written).map(|(_, edition)| *edition)
    };
    written(db).into_iter().find_map(is).unwrap_or(Edition::V0_1)
}

/// What is wrong where a lab says an edition that is not known.
pub(crate) fn unknown(db: &dyn Db) -> Option<Problem> {
    let (kind, field) = SAID;
    let (shape, _) = queries::shape(db, kind)?;
    let known: Vec<&str> = shape.field(field)?.ty.words().map(smol_str::SmolStr::as_str).collect();
    let mut unknown = written(db).into_iter().filter(|(_, _, written)| !known.contains(&written.as_str()));
    let (item, span, written) = unknown.next()?;
    Some(unknown_edition(Place::new(&item, span), &written, &known.join(" and ")))
}

/// What the lab's own declarations say, and where.
fn written(db: &dyn Db) -> Vec<(ItemKey, Span, String)> {
    let (kind, field) = SAID;
    let labs = index(db).declarations().iter().filter(|one| one.kind == kind && !one.item.is_std());
    let said = labs.filter_map(|one| {
        let StatementKind::Declare(declare) = &parsed(db, find(db, &one.item)?).statement.kind else {
            return None;
        };
        let Content::Body(body) = &declare.content else { return None };
        body.statements.iter().find_map(|statement| {
            let StatementKind::Set(set) = &statement.kind else { return None };
            let ([name], ExprKind::Text(parts)) = (set.path.as_slice(), &set.value.kind) else { return None };
            let [TextPart::Text(written)] = parts.as_slice() else { return None };
            (name.text == field).then(|| (one.item.clone(), set.value.span, written.to_string()))
        })
    });
    said.collect()
}

/// What writes into the lab that it is written in edition `to`; nothing where there is no lab to say it.
pub fn raised(db: &dyn Db, to: &str) -> Option<Edit> {
    if let Some((item, span, _)) = written(db).into_iter().next() {
        return Some(Edit { place: Place::new(&item, span), text: format!("\"{to}\"") });
    }
    let (kind, field) = SAID;
    let lab = index(db).declarations().iter().find(|one| one.kind == kind && !one.item.is_std())?;
    let item = find(db, &lab.item)?;
    let StatementKind::Declare(declare) = &parsed(db, item).statement.kind else { return None };
    let Content::Body(body) = &declare.content else { return None };
    let inside = body.span.start + 1;
    let is_on_one_line = !item.text(db).get(inside as usize..)?.trim_start_matches(' ').starts_with('\n');
    let (before, behind) = if is_on_one_line { (" ", ",") } else { ("\n  ", "") };
    let text = format!("{before}{field} = \"{to}\"{behind}");
    Some(Edit { place: Place::new(&lab.item, Span::empty(inside)), text })
}
