//! What stands in one column: the `=` of neighbours, and the comments at the ends of lines.

use super::doc::{Bracket, Class, Doc, Entry, List, flat};
use super::print::{INDENT, WIDTH};

/// Where comments at the ends of lines stand, if there is room.
const COMMENTS: usize = 56;

/// Aligns the neighbours in `list` and in all lists within, which is indented by `indent`.
pub(super) fn align(list: &List<'_>, indent: usize) {
    let mut start = 0;
    for (nth, entry) in list.entries.iter().enumerate() {
        walk(&entry.head, indent);
        walk(&entry.tail, indent);
        if nth > 0 && !goes_on(&list.entries[nth - 1], entry, indent) {
            pad(&list.entries[start..nth]);
            start = nth;
        }
    }
    pad(&list.entries[start..]);
}

fn walk(doc: &Doc<'_>, indent: usize) {
    match doc {
        Doc::Concat(docs) => docs.iter().for_each(|doc| walk(doc, indent)),
        Doc::Nest(doc) => walk(doc, indent),
        Doc::Group(group) => walk(&group.doc, indent),
        Doc::Bracket(bracket) => align_bracket(bracket, indent),
        _ => {}
    }
}

fn align_bracket(bracket: &Bracket<'_>, indent: usize) {
    align(&bracket.list, indent + INDENT);
}

/// Whether `entry` is aligned with what is aligned with `before`, the entry before it: where both are of a class and
/// on neighbouring lines, comments aside.
fn goes_on(before: &Entry<'_>, entry: &Entry<'_>, indent: usize) -> bool {
    let (Some(above), Some(below)) = (&before.column, &entry.column) else { return false };
    above.class == below.class
        && !entry.blank
        && !entry.lead.iter().any(|lead| lead.blank)
        && is_one_line(before, indent)
        && (!matches!(below.class, Class::Body(_)) || is_one_line(entry, indent))
}

/// Whether it is on one line, not counting what its alignment adds.
fn is_one_line(entry: &Entry<'_>, indent: usize) -> bool {
    let len = flat(&entry.head).zip(flat(&entry.tail));
    len.is_some_and(|(head, tail)| indent + head + tail <= WIDTH || !can_break(&entry.tail))
}

fn can_break(doc: &Doc<'_>) -> bool {
    match doc {
        Doc::Concat(docs) => docs.iter().any(can_break),
        Doc::Nest(doc) => can_break(doc),
        Doc::Line | Doc::Group(_) | Doc::Bracket(_) => true,
        _ => false,
    }
}

fn pad(run: &[Entry<'_>]) {
    let columns = || run.iter().filter_map(|entry| entry.column.as_ref());
    let widest = columns().map(|column| column.width).max().unwrap_or(0);
    for column in columns() {
        column.pad.set(widest - column.width);
    }
}

/// A comment that ends a line.
#[derive(Clone, Copy)]
pub(super) struct Trail<'a> {
    /// Where its line ends without it, in bytes of the text.
    pub(super) at: usize,
    /// How many lines are above.
    pub(super) line: usize,
    /// The width of its line without it.
    pub(super) width: usize,
    /// With its `#`.
    pub(super) text: &'a str,
}

/// The text with the comments at the ends of its lines; those of neighbouring lines stand in one column.
pub(super) fn with_trails(text: &str, trails: &[Trail<'_>]) -> String {
    let mut out = String::with_capacity(text.len() + trails.len() * 80);
    let mut done = 0;
    for run in trails.chunk_by(|a, b| b.line == a.line + 1) {
        let widest = run.iter().map(|trail| trail.width).max().unwrap_or(0);
        let column = COMMENTS.max(widest + 2);
        for trail in run {
            out.push_str(&text[done..trail.at]);
            out.extend(std::iter::repeat_n(' ', column - trail.width));
            out.push_str(trail.text);
            done = trail.at;
        }
    }
    out.push_str(&text[done..]);
    out
}
