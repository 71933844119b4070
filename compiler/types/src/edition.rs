//! Which edition of HL a lab is written in. That is read from the tree alone: what the rest means depends on it.

use diagnostics::{Edit, Problem};
use names::{Db, find, index, parsed};
use source::{ItemKey, Place, Span};
use syntax::ast::{Body, Content, ExprKind, StatementKind, TextPart};

use crate::problems::unknown_edition::unknown_edition;

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

/// The kind that says it.
const KIND: &str = "lab";
/// Its field, whose type has the words for all editions that there are.
const FIELD: &str = "edition";

/// The edition that the lab says.
pub(crate) fn said(db: &dyn Db) -> Edition {
    let known = |text: String| Edition::ALL.iter().find(|(known, _)| *known == text);
    let said = labs(db).into_iter().find_map(|(_, body)| known(written(body)?.1));
    said.map_or(Edition::V0_1, |(_, edition)| *edition)
}

/// What is wrong where a lab says an edition that is not known.
pub(crate) fn unknown(db: &dyn Db) -> Option<Problem> {
    let known: Vec<&str> = Edition::ALL.iter().map(|(known, _)| *known).collect();
    let said = labs(db).into_iter().filter_map(|(item, body)| Some((item, written(body)?)));
    let mut unknown = said.filter(|(_, (_, text))| !known.contains(&text.as_str()));
    let (item, (span, text)) = unknown.next()?;
    Some(unknown_edition(Place::new(item, span), &text, &known.join(" and ")))
}

/// What writes into the lab that it is written in edition `to`; nothing where there is no lab to say it.
pub fn raised(db: &dyn Db, to: &str) -> Option<Edit> {
    let labs = labs(db);
    if let Some((item, (span, _))) = labs.iter().find_map(|(item, body)| Some((*item, written(body)?))) {
        return Some(Edit { place: Place::new(item, span), text: format!("\"{to}\"") });
    }
    let (item, body) = labs.first()?;
    let inside = body.span.start + 1;
    let text = find(db, item)?.text(db).get(inside as usize..)?;
    let (before, behind) =
        if text.trim_start_matches(' ').starts_with('\n') { ("\n  ", "") } else { (" ", ",") };
    let text = format!("{before}{FIELD} = \"{to}\"{behind}");
    Some(Edit { place: Place::new(item, Span::empty(inside)), text })
}

/// The lab's own declarations of a `lab`, and what each says.
fn labs(db: &dyn Db) -> Vec<(&ItemKey, &Body)> {
    let labs = index(db).declarations().iter().filter(|one| one.kind == KIND && !one.item.is_std());
    let body = labs.filter_map(|one| match &parsed(db, find(db, &one.item)?).statement.kind {
        StatementKind::Declare(declare) => match &declare.content {
            Content::Body(body) => Some((&one.item, body)),
            _ => None,
        },
        _ => None,
    });
    body.collect()
}

/// The edition that a lab says, and where.
fn written(body: &Body) -> Option<(Span, String)> {
    body.statements.iter().find_map(|statement| {
        let StatementKind::Set(set) = &statement.kind else { return None };
        let ([name], ExprKind::Text(parts)) = (set.path.as_slice(), &set.value.kind) else { return None };
        let [TextPart::Text(text)] = parts.as_slice() else { return None };
        (name.text == FIELD).then(|| (set.value.span, text.to_string()))
    })
}
