//! One JSON object, whose shape `cli.md` promises.

use serde::Serialize;

use super::plain::plain_json;
use super::{DisplayPath, plain};
use crate::{Located, LocatedEdit, LocatedFix, LocatedLabel, Position, Range};

/// The number that changes when readers of the format have to.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report {
    version: u32,
    problems: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    rule: &'static str,
    severity: &'static str,
    message: String,
    help: Option<String>,
    #[serde(flatten)]
    place: Place,
    labels: Vec<Label>,
    fixes: Vec<Fix>,
}

#[derive(Serialize)]
struct Place {
    file: String,
    start: At,
    end: At,
}

#[derive(Serialize)]
struct At {
    byte: u32,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Label {
    #[serde(flatten)]
    place: Place,
    message: String,
}

#[derive(Serialize)]
struct Fix {
    title: String,
    edits: Vec<Edit>,
}

#[derive(Serialize)]
struct Edit {
    #[serde(flatten)]
    place: Place,
    text: String,
}

/// One JSON object with all problems. Texts for people have no active characters (see [`plain`]); paths and the
/// texts of edits are exactly what they are.
pub fn json(problems: &[Located], display_path: DisplayPath<'_>) -> String {
    let problems = problems.iter().map(|problem| entry(problem, display_path)).collect();
    let report = Report { version: VERSION, problems };
    let text = serde_json::to_string_pretty(&report).expect("numbers and strings have a JSON form");
    plain_json(&text) + "\n"
}

fn entry(problem: &Located, display_path: DisplayPath<'_>) -> Entry {
    Entry {
        rule: problem.rule.name,
        severity: problem.severity().word(),
        message: plain(&problem.message).into_owned(),
        help: problem.help.as_deref().map(|help| plain(help).into_owned()),
        place: place(&problem.range, display_path),
        labels: problem.labels.iter().map(|it| label(it, display_path)).collect(),
        fixes: problem.fixes.iter().map(|it| fix(it, display_path)).collect(),
    }
}

fn label(label: &LocatedLabel, display_path: DisplayPath<'_>) -> Label {
    Label { place: place(&label.range, display_path), message: plain(&label.message).into_owned() }
}

fn fix(fix: &LocatedFix, display_path: DisplayPath<'_>) -> Fix {
    let edit = |edit: &LocatedEdit| Edit { place: place(&edit.range, display_path), text: edit.text.clone() };
    Fix { title: plain(&fix.title).into_owned(), edits: fix.edits.iter().map(edit).collect() }
}

fn place(range: &Range, display_path: DisplayPath<'_>) -> Place {
    Place { file: display_path(&range.file), start: at(range.start), end: at(range.end) }
}

fn at(position: Position) -> At {
    At { byte: position.byte, line: position.line, column: position.column }
}
