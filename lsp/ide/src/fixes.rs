//! What can be done about problems: each fix of each, and those of a file together.

use diagnostics::{Located, LocatedFix, together};
use driver::Session;

use crate::{FileEdit, FileRange};

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedFix {
    /// What it does, as an order.
    pub title: String,
    /// How.
    pub edits: Vec<FileEdit>,
    /// The problem that it is about.
    pub problem: Located,
    /// Whether nothing else is better.
    pub is_best: bool,
}

/// The fixes of all problems that touch a part of a file.
pub fn fixes(session: &Session, range: &FileRange) -> Vec<OfferedFix> {
    let mut found = Vec::new();
    for problem in session.problems_of(&range.file) {
        let (start, end) = (problem.range.start.byte, problem.range.end.byte);
        if start > range.end || range.start > end {
            continue;
        }
        for (nth, fix) in problem.fixes.iter().enumerate() {
            let edits = edits(fix);
            if edits.iter().all(|edit| is_own(session, &edit.range.file)) {
                let is_best = nth == 0 && !problem.is_choice;
                found.push(OfferedFix { title: fix.title.clone(), edits, problem: problem.clone(), is_best });
            }
        }
    }
    found
}

/// The best fixes of the problems of a file, as far as they can be applied together.
pub fn fix_all(session: &Session, file: &str) -> Vec<FileEdit> {
    let problems = session.problems_of(file);
    let chosen = together(&problems, &|file| is_own(session, file));
    chosen.into_iter().flat_map(|(_, fix)| edits(fix)).collect()
}

/// The library is nobody's to change.
fn is_own(session: &Session, file: &str) -> bool {
    session.has_file(file)
}

fn edits(fix: &LocatedFix) -> Vec<FileEdit> {
    let edit = |edit: &diagnostics::LocatedEdit| {
        let range = FileRange::new(&edit.range.file, edit.range.start.byte, edit.range.end.byte);
        FileEdit::new(range, edit.text.clone())
    };
    fix.edits.iter().map(edit).collect()
}
