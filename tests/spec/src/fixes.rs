//! Applying fixes: each must make its problem go, and bring no other; all in turn must come to an end.

use diagnostics::{Located, LocatedEdit, LocatedFix, apply};

use crate::lab::Files;
use crate::reused::Reused;

/// What is wrong with the fixes of `problems`, which are all that the lab with these files has.
///
/// Where labs have many mistakes, what is mended lays bare what could not be seen before: then a fix must only leave
/// nothing wrong where it was applied.
pub(crate) fn faults(
    session: &mut Reused,
    files: &Files,
    problems: &[Located],
    lays_bare: bool,
) -> Vec<String> {
    let mut faults = Vec::new();
    for problem in problems {
        for fix in &problem.fixes {
            let mut fixed = files.clone();
            apply(&mut fixed, [fix]);
            let after = session.open(&fixed).problems();
            let left = left(problems, &after, problem);
            let wrong = left.iter().filter(|other| !lays_bare || is_at(other, problem, fix));
            let wrong: Vec<String> = wrong.map(|other| shown(other)).collect();
            if !wrong.is_empty() {
                let of = format!("    {}: the fix '{}' leaves or brings", said(problem), fix.title);
                faults.push(format!("{of}\n{}", wrong.join("\n")));
            }
        }
    }
    faults.extend(unfinished(session, files, problems));
    faults
}

/// What is wrong once `problem` is mended and was not before, or is still.
fn left<'a>(before: &[Located], after: &'a [Located], problem: &Located) -> Vec<&'a Located> {
    let mut known: Vec<String> = before.iter().map(said).collect();
    let own = known.iter().position(|other| *other == said(problem)).expect("it is one of them");
    known.remove(own);
    let is_new = |other: &&Located| match known.iter().position(|known| *known == said(other)) {
        Some(at) => {
            known.remove(at);
            false
        }
        None => true,
    };
    after.iter().filter(is_new).collect()
}

/// Whether a problem is where `fix` was applied, or where what it mended was.
fn is_at(other: &Located, problem: &Located, fix: &LocatedFix) -> bool {
    let moved = |byte: u32| {
        let before = fix.edits.iter().filter(|edit| edit.range.file == problem.range.file);
        let before = before.filter(|edit| edit.range.end.byte <= byte);
        before.fold(i64::from(byte), |byte, edit| byte + grown(edit))
    };
    let touches = |from: i64, to: i64| {
        let (start, end) = (i64::from(other.range.start.byte), i64::from(other.range.end.byte));
        if from < to && start < end { start < to && from < end } else { start <= to && from <= end }
    };
    let at = |edit: &LocatedEdit| {
        let earlier = fix
            .edits
            .iter()
            .filter(|it| it.range.file == edit.range.file && it.range.start < edit.range.start);
        let start = earlier.fold(i64::from(edit.range.start.byte), |byte, edit| byte + grown(edit));
        edit.range.file == other.range.file
            && touches(start, start + i64::try_from(edit.text.len()).expect("it is short"))
    };
    let is_there = problem.range.file == other.range.file
        && touches(moved(problem.range.start.byte), moved(problem.range.end.byte));
    is_there || fix.edits.iter().any(at)
}

fn grown(edit: &LocatedEdit) -> i64 {
    i64::try_from(edit.text.len()).expect("it is short")
        - i64::from(edit.range.end.byte - edit.range.start.byte)
}

/// What is wrong with the lab that all fixes in turn make of it: of what they are for, nothing may be left.
fn unfinished(session: &mut Reused, files: &Files, problems: &[Located]) -> Option<String> {
    if !problems.iter().any(is_offered) {
        return None;
    }
    let left = session.mended(files);
    let (offered, others): (Vec<&Located>, Vec<&Located>) =
        problems.iter().partition(|problem| is_offered(problem));
    let mut offered: Vec<String> = offered.into_iter().map(said).collect();
    let mut others: Vec<String> = others.into_iter().map(said).collect();
    let is_one_of = |all: &mut Vec<String>, other: &Located| {
        let same = all.iter().position(|known| *known == said(other));
        same.map(|at| all.remove(at)).is_some()
    };
    let is_left = |other: &&Located| {
        is_offered(other) || (!is_one_of(&mut others, other) && is_one_of(&mut offered, other))
    };
    let left: Vec<String> = left.iter().filter(is_left).map(shown).collect();
    (!left.is_empty()).then(|| format!("    all fixes in turn leave\n{}", left.join("\n")))
}

/// Whether a program can mend it without asking.
fn is_offered(problem: &Located) -> bool {
    !problem.fixes.is_empty() && !problem.is_choice
}

fn shown(problem: &Located) -> String {
    format!("      {}:{}: {}", problem.range.file, problem.range.start.line, said(problem))
}

/// What makes a problem the same as one of another text.
fn said(problem: &Located) -> String {
    format!("{}: {}", problem.rule.name, problem.message)
}
