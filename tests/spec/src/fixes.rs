//! Applying fixes: each must make its problem go, and bring no other.

use diagnostics::{Located, LocatedFix};

use crate::lab::Files;
use crate::reused::Reused;

/// What is wrong with the fixes of `problems`, which are all that the lab with these files has.
pub(crate) fn faults(session: &mut Reused, files: &Files, problems: &[Located]) -> Vec<String> {
    let mut faults = Vec::new();
    for problem in problems {
        for fix in &problem.fixes {
            let after = session.open(&applied(files, fix)).problems();
            faults.extend(fault(problems, &after, problem, fix));
        }
    }
    faults
}

/// What is wrong with a fix of `problem`, by the problems before and after it is applied.
fn fault(before: &[Located], after: &[Located], problem: &Located, fix: &LocatedFix) -> Option<String> {
    let mut left: Vec<String> = before.iter().map(said).collect();
    let gone = left.iter().position(|other| *other == said(problem))?;
    left.remove(gone);
    let mut more = Vec::new();
    for other in after {
        match left.iter().position(|known| *known == said(other)) {
            Some(known) => drop(left.remove(known)),
            None => {
                more.push(format!("      {}:{}: {}", other.range.file, other.range.start.line, said(other)));
            }
        }
    }
    let of = format!("    {}: the fix '{}' leaves or brings", said(problem), fix.title);
    (!more.is_empty()).then(|| format!("{of}\n{}", more.join("\n")))
}

/// What makes a problem the same as one of another text.
fn said(problem: &Located) -> String {
    format!("{}: {}", problem.rule.name, problem.message)
}

fn applied(files: &Files, fix: &LocatedFix) -> Files {
    let mut files = files.clone();
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start));
    for edit in edits {
        let file = files.iter_mut().find(|(name, _)| **name == *edit.range.file);
        let Some((_, text)) = file else { continue };
        text.replace_range(edit.range.start.byte as usize..edit.range.end.byte as usize, &edit.text);
    }
    files
}
