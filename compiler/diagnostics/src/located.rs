//! Problems at absolute places, as the edge needs them.

use std::collections::BTreeMap;
use std::sync::Arc;

use source::{ItemKey, LineIndex, Place};

use crate::{Fix, Problem, Rule, Severity};

/// Where texts and items are, which only the edge knows.
pub trait Sources {
    /// The text of a file, by the name that [`ItemKey::file`] has for it.
    fn text(&self, file: &str) -> Option<&str>;

    /// The absolute byte that an item starts at in its file.
    fn offset(&self, item: &ItemKey) -> Option<u32>;
}

/// A [`Problem`] whose places are absolute.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Located {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub range: Range,
    /// What to say at the place itself.
    pub label: Option<String>,
    /// Other places that matter, without those that could not be found.
    pub labels: Vec<LocatedLabel>,
    /// The remedy.
    pub help: Option<String>,
    /// Ways to repair it, without those that no longer fit the text.
    pub fixes: Vec<LocatedFix>,
    /// Whether only a person can choose between them.
    pub is_choice: bool,
}

/// Part of a file, inside of its text and between characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Range {
    /// The file, as [`ItemKey::file`] names it.
    pub file: Arc<str>,
    /// First byte.
    pub start: Position,
    /// One past the last byte.
    pub end: Position,
}

/// A position in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Bytes before it, the text being UTF-8.
    pub byte: u32,
    /// Line, from one.
    pub line: u32,
    /// Column in characters, from one.
    pub column: u32,
}

/// Another place that matters to a problem.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LocatedLabel {
    /// The place.
    pub range: Range,
    /// Why it matters.
    pub message: String,
}

/// A way to repair a problem: all its edits together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LocatedFix {
    /// What it does, as an order.
    pub title: String,
    /// The edits.
    pub edits: Vec<LocatedEdit>,
}

/// Puts a text where another stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LocatedEdit {
    /// What is replaced.
    pub range: Range,
    /// What stands there afterwards.
    pub text: String,
}

impl Located {
    /// How bad it is, which the rule says.
    pub fn severity(&self) -> Severity {
        self.rule.severity
    }

    /// The message, and the help if there is one, in one line.
    pub fn sentence(&self) -> String {
        match &self.help {
            Some(help) => format!("{}; {help}", self.message),
            None => self.message.clone(),
        }
    }

    /// What problems are sorted by: those of the user's files first, then as they stand in the text.
    fn order(&self) -> impl Ord + '_ {
        let range = &self.range;
        (range.file.starts_with("std/"), &range.file, range.start, range.end, self.rule, &self.message)
    }
}

/// Finds the absolute places of `problems`, sorts them, and drops what is said twice.
///
/// A problem whose place cannot be found is kept, at the start of its file: better in the wrong line than lost.
pub fn locate<'p>(problems: impl IntoIterator<Item = &'p Problem>, sources: &dyn Sources) -> Vec<Located> {
    let mut locator = Locator { sources, lines: BTreeMap::new() };
    let mut located: Vec<Located> = problems.into_iter().map(|problem| locator.problem(problem)).collect();
    // Equal problems end up beside each other, since the sort is stable and by all that tells most of them apart.
    located.sort_by(|a, b| a.order().cmp(&b.order()));
    let mut unique: Vec<Located> = Vec::with_capacity(located.len());
    for problem in located {
        let same_place = unique.iter().rev().take_while(|other| other.order() == problem.order());
        if !same_place.into_iter().any(|other| *other == problem) {
            unique.push(problem);
        }
    }
    unique
}

struct Locator<'s> {
    sources: &'s dyn Sources,
    lines: BTreeMap<Arc<str>, LineIndex>,
}

impl Locator<'_> {
    fn problem(&mut self, problem: &Problem) -> Located {
        let range = self.range(&problem.place).map_or_else(|| file_start(&problem.place), |(range, _)| range);
        let labels = problem.labels.iter().filter_map(|label| {
            let (range, _) = self.range(&label.place)?;
            Some(LocatedLabel { range, message: label.message.clone() })
        });
        let labels = labels.collect();
        let fixes = problem.fixes.iter().filter_map(|fix| self.fix(fix)).collect();
        Located {
            rule: problem.rule,
            message: problem.message.clone(),
            range,
            label: problem.label.clone(),
            labels,
            help: problem.help.clone(),
            fixes,
            is_choice: problem.is_choice,
        }
    }

    /// The fix, if all its edits are exactly where they were meant to be.
    fn fix(&mut self, fix: &Fix) -> Option<LocatedFix> {
        let edits = fix.edits.iter().map(|edit| match self.range(&edit.place) {
            Some((range, true)) => Some(LocatedEdit { range, text: edit.text.clone() }),
            _ => None,
        });
        Some(LocatedFix { title: fix.title.clone(), edits: edits.collect::<Option<_>>()? })
    }

    /// The absolute place, and whether it is the one that was asked for and not only the nearest.
    fn range(&mut self, place: &Place) -> Option<(Range, bool)> {
        let file = place.item.file();
        let text = self.sources.text(file)?;
        let offset = self.sources.offset(&place.item)?;
        let wanted = (offset.saturating_add(place.span.start), offset.saturating_add(place.span.end));
        let start = floor(text, wanted.0);
        let end = ceil(text, wanted.1).max(start);
        let lines = self.lines.entry(file.clone()).or_insert_with(|| LineIndex::new(text));
        let position = |byte| {
            let at = lines.line_column(text, byte);
            Position { byte, line: at.line, column: at.column }
        };
        let range = Range { file: file.clone(), start: position(start), end: position(end) };
        Some((range, (start, end) == wanted))
    }
}

fn file_start(place: &Place) -> Range {
    let start = Position { byte: 0, line: 1, column: 1 };
    Range { file: place.item.file().clone(), start, end: start }
}

/// The last boundary between characters that is not after `offset`.
fn floor(text: &str, offset: u32) -> u32 {
    let offset = offset as usize;
    let inside = text.floor_char_boundary(offset);
    u32::try_from(inside).unwrap_or(u32::MAX)
}

/// The first boundary between characters that is not before `offset`.
fn ceil(text: &str, offset: u32) -> u32 {
    let inside = text.ceil_char_boundary((offset as usize).min(text.len()));
    u32::try_from(inside).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Lab, UNKNOWN_NAME, UNUSED};

    fn at(located: &Located) -> (&str, u32, u32, u32, u32) {
        let Range { file, start, end } = &located.range;
        (file, start.byte, end.byte, start.line, start.column)
    }

    #[test]
    fn places_are_relative_to_items() {
        let lab = Lab::new(&[("homelab.hl", "# é\napp b { in x }\n")]).item("homelab.hl", "app b", 5);
        let place = lab.place_in("homelab.hl", "app b", 11, 12);
        let located = locate(&[Problem::new(&UNUSED, place, "m")], &lab);
        assert_eq!(at(&located[0]), ("homelab.hl", 16, 17, 2, 12));
    }

    #[test]
    fn the_users_files_are_before_the_library_and_duplicates_go() {
        let lab = Lab::new(&[("z.hl", "abc"), ("std/a.hl", "abc"), ("b.hl", "abc")]);
        let problem = |rule, file, start| Problem::new(rule, lab.place(file, start, 3), "m");
        let problems = [
            problem(&UNUSED, "std/a.hl", 0),
            problem(&UNUSED, "z.hl", 1),
            problem(&UNKNOWN_NAME, "z.hl", 1).label("one"),
            problem(&UNKNOWN_NAME, "z.hl", 1).label("two"),
            problem(&UNKNOWN_NAME, "z.hl", 1).label("one"),
            problem(&UNUSED, "z.hl", 0),
            problem(&UNUSED, "b.hl", 2),
            problem(&UNUSED, "z.hl", 1),
        ];
        let located = locate(&problems, &lab);
        let found: Vec<_> =
            located.iter().map(|p| (&*p.range.file, p.range.start.byte, p.rule.name)).collect();
        assert_eq!(
            found,
            [
                ("b.hl", 2, "unused"),
                ("z.hl", 0, "unused"),
                ("z.hl", 1, "unknown-name"),
                ("z.hl", 1, "unknown-name"),
                ("z.hl", 1, "unused"),
                ("std/a.hl", 0, "unused"),
            ]
        );
    }

    #[test]
    fn places_that_do_not_fit_the_text_are_clamped_and_their_fixes_dropped() {
        let lab = Lab::new(&[("a.hl", "aé\n")]);
        let past = lab.place("a.hl", 2, 99);
        let problem = Problem::new(&UNUSED, past.clone(), "m")
            .fix("f", past, "x")
            .also(lab.place_in("nowhere.hl", "", 0, 1), "lost");
        let lost = Problem::new(&UNUSED, lab.place_in("nowhere.hl", "app x", 7, 9), "m");
        let located = locate([&problem, &lost], &lab);
        assert_eq!(at(&located[0]), ("a.hl", 1, 4, 1, 2));
        assert!(located[0].fixes.is_empty() && located[0].labels.is_empty());
        assert_eq!(at(&located[1]), ("nowhere.hl", 0, 0, 1, 1));
    }
}
