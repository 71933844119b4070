//! Fixes, applied to texts.

use std::cmp::Reverse;

use crate::{Located, LocatedEdit, LocatedFix};

/// Of each problem the best fix, as far as they can be applied together: of two that touch each other, the one of the
/// first problem. Left out is what changes a file that is not `own`, and what only a person can decide.
pub fn together<'p>(
    problems: impl IntoIterator<Item = &'p Located>,
    own: &dyn Fn(&str) -> bool,
) -> Vec<(&'p Located, &'p LocatedFix)> {
    let mut taken: Vec<&LocatedEdit> = Vec::new();
    let mut chosen = Vec::new();
    for problem in problems.into_iter().filter(|problem| !problem.is_choice) {
        let Some(fix) = problem.fixes.first() else { continue };
        let is_free = |edit: &LocatedEdit| own(&edit.range.file) && !taken.iter().any(|it| touch(it, edit));
        if fix.edits.iter().all(is_free) {
            taken.extend(&fix.edits);
            chosen.push((problem, fix));
        }
    }
    chosen
}

/// Whether two edits change the same text, or texts without any between them.
fn touch(one: &LocatedEdit, other: &LocatedEdit) -> bool {
    let (a, b) = (&one.range, &other.range);
    a.file == b.file && a.start <= b.end && b.start <= a.end
}

/// Applies fixes that do not touch each other to the texts of files, which are given by their names.
pub fn apply<'f>(texts: &mut [(String, String)], fixes: impl IntoIterator<Item = &'f LocatedFix>) {
    let mut edits: Vec<&LocatedEdit> = fixes.into_iter().flat_map(|fix| &fix.edits).collect();
    // From behind, so that what stands before keeps its place.
    edits.sort_by_key(|edit| Reverse((edit.range.start, edit.range.end)));
    for LocatedEdit { range, text } in edits {
        let file = texts.iter_mut().find(|(name, _)| **name == *range.file);
        let Some((_, written)) = file else { continue };
        let bytes = range.start.byte as usize..range.end.byte as usize;
        if written.get(bytes.clone()).is_some() {
            written.replace_range(bytes, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Lab, UNUSED};
    use crate::{Edit, Problem, locate};

    const TEXT: &str = "one two three";

    /// The text with the fixes of problems, each given by its edits: from, to, and what stands there afterwards.
    fn fixed(problems: &[&[(u32, u32, &str)]]) -> String {
        let lab = Lab::new(&[("homelab.hl", TEXT), ("std/a.hl", TEXT)]);
        let problem = |edits: &&[(u32, u32, &str)]| {
            let edit = |(from, to, text): &(u32, u32, &str)| Edit {
                place: lab.place("homelab.hl", *from, *to),
                text: (*text).to_owned(),
            };
            let place = lab.place("homelab.hl", edits[0].0, edits[0].1);
            Problem::new(&UNUSED, place, "m").fix_all("f", edits.iter().map(edit).collect())
        };
        let problems: Vec<Problem> = problems.iter().map(problem).collect();
        let located = locate(&problems, &lab);
        let mut files = vec![("homelab.hl".to_owned(), TEXT.to_owned())];
        apply(&mut files, together(&located, &|_| true).into_iter().map(|(_, fix)| fix));
        files.swap_remove(0).1
    }

    #[test]
    fn what_does_not_touch_is_applied_together() {
        assert_eq!(fixed(&[&[(8, 13, "3")], &[(0, 3, "1")]]), "1 two 3");
        assert_eq!(fixed(&[&[(0, 0, "\""), (13, 13, "\"")], &[(4, 7, "2")]]), "\"one 2 three\"");
    }

    #[test]
    fn of_what_touches_the_first_problem_is_mended() {
        assert_eq!(fixed(&[&[(4, 7, "2")], &[(0, 5, "x")]]), "xwo three");
        assert_eq!(fixed(&[&[(0, 3, "1")], &[(3, 3, ",")]]), "1 two three");
        assert_eq!(fixed(&[&[(3, 3, ",")], &[(3, 3, ",")]]), "one, two three");
        // All edits of a fix, or none.
        assert_eq!(fixed(&[&[(0, 3, "1")], &[(2, 3, "x"), (8, 13, "3")]]), "1 two three");
    }

    #[test]
    fn choices_and_other_files_are_left_alone() {
        let lab = Lab::new(&[("homelab.hl", TEXT), ("std/a.hl", TEXT)]);
        let (here, there) = (lab.place("homelab.hl", 0, 3), lab.place("std/a.hl", 0, 3));
        let problems = [
            Problem::new(&UNUSED, here.clone(), "a")
                .fix("f", here.clone(), "1")
                .fix("g", here.clone(), "2")
                .choice(),
            Problem::new(&UNUSED, here, "b").fix("f", there, "1"),
        ];
        let located = locate(&problems, &lab);
        assert!(together(&located, &|file| !file.starts_with("std/")).is_empty());
        assert_eq!(together(&located, &|_| true).len(), 1);
    }
}
