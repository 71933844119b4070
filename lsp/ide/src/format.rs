//! Formatting: the usual form of a file, as the fewest lines that differ.

use std::collections::HashMap;
use std::ops::Range;

use driver::Session;
use names::Item;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::here::items;
use crate::{FileEdit, FilePosition, FileRange};

/// What brings a file into its usual form.
pub fn format(session: &Session, file: &str) -> Vec<FileEdit> {
    let Some(text) = session.text(file) else { return Vec::new() };
    let db = session.db();
    let range = |item: Item<'_>| {
        let (start, length) = (item.offset(db) as usize, item.text(db).len());
        start..start + length
    };
    let items = items(session, file).map(|item| (range(item), names::formatted(db, item)));
    if let Some(pieces) = syntax::joined(text, items) {
        // Most items are as they were, so what is between them is looked at item by item.
        return pieces.iter().flat_map(|(range, new)| between(file, text, range.clone(), new)).collect();
    }
    let items = self::items(session, file)
        .map(|item| (range(item), Some(names::parsed(db, item).problems.as_slice())));
    between(file, text, 0..text.len(), &syntax::format_items(text, items).text)
}

/// The same of the items that a part of a file is in.
pub fn format_range(session: &Session, range: &FileRange) -> Vec<FileEdit> {
    let items = session.items(&range.file).into_iter().map(|item| item.range);
    let touched: Vec<Range<u32>> =
        items.filter(|item| item.start <= range.end && range.start < item.end).collect();
    let mut edits = format(session, &range.file);
    edits.retain(|edit| {
        touched.iter().any(|item| item.start <= edit.range.start && edit.range.end <= item.end)
    });
    edits
}

/// What is done when `typed` has just been typed: behind a `}` the item is brought into its usual form, behind a line's
/// end what stands before that line.
pub fn format_on_type(session: &Session, at: &FilePosition, typed: char) -> Vec<FileEdit> {
    let Some(text) = session.text(&at.file) else { return Vec::new() };
    let Some(before) = text.get(..at.offset as usize) else { return Vec::new() };
    let range = FileRange::new(&at.file, at.offset.saturating_sub(1), at.offset);
    let mut edits = format_range(session, &range);
    if typed == '\n' {
        // Where the cursor is, nothing may move.
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        edits.retain(|edit| edit.range.end as usize <= line && !edit.text.is_empty());
    }
    edits
}

/// What makes `new` of a part of the text of `file`: whole lines, if the part is.
fn between<'t>(file: &str, text: &'t str, part: Range<usize>, new: &'t str) -> Vec<FileEdit> {
    let old = &text[part.clone()];
    if old == new {
        return Vec::new();
    }
    let (before, after): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let mut starts = vec![u32::try_from(part.start).unwrap_or(u32::MAX)];
    for line in &before {
        starts.push(starts.last().copied().unwrap_or(0) + u32::try_from(line.len()).unwrap_or(u32::MAX));
    }
    // Numbers are compared faster than lines.
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut number = |line: &&'t str| {
        let next = numbers.len();
        *numbers.entry(line).or_insert(next)
    };
    let lines: (Vec<usize>, Vec<usize>) =
        (before.iter().map(&mut number).collect(), after.iter().map(&mut number).collect());
    let changed = capture_diff_slices(Algorithm::Myers, &lines.0, &lines.1).into_iter();
    let changed = changed.filter(|op| op.tag() != DiffTag::Equal);
    let edit = |op: similar::DiffOp| {
        let lines = op.old_range();
        let range = FileRange::new(file, starts[lines.start], starts[lines.end]);
        FileEdit::new(range, after[op.new_range()].concat())
    };
    changed.map(edit).collect()
}
