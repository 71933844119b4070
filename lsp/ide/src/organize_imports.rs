//! Imports in order: each once, modules before files, by name; modules of which a file says nothing are left out.
//!
//! An import of a file is never left out: what it declares is a part of the lab, whoever refers to it.

use std::ops::Range;

use driver::Session;
use names::{Item, find};
use syntax::ast::{Import, StatementKind, dotted};

use crate::here::items;
use crate::{FileEdit, FileRange};

/// The edits that bring the imports of a file in order, those that stand together at a time.
pub fn organize_imports(session: &Session, file: &str) -> Vec<FileEdit> {
    let Some(text) = session.text(file).filter(|_| session.has_file(file)) else { return Vec::new() };
    let mut edits = Vec::new();
    for block in blocks(session, file, text) {
        let (start, end) = (block[0].lines.start, block[block.len() - 1].lines.end);
        let mut kept: Vec<&Written> = block.iter().filter(|one| one.is_used).collect();
        kept.sort_by(|a, b| a.order.cmp(&b.order));
        kept.dedup_by(|a, b| a.order == b.order);
        let new: String = kept.iter().map(|one| line(&text[one.lines.clone()])).collect();
        if new != text[start..end] {
            let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            edits.push(FileEdit::new(FileRange::new(file, number(start), number(end)), new));
        }
    }
    edits
}

/// An import, as it is written.
struct Written {
    /// Its lines, with the comments right above it.
    lines: Range<usize>,
    /// What it is sorted by: whether it is a file, and which.
    order: (bool, String),
    is_used: bool,
}

/// The imports of a file, those together that stand on lines which follow each other.
fn blocks(session: &Session, file: &str, text: &str) -> Vec<Vec<Written>> {
    let mut blocks: Vec<Vec<Written>> = Vec::new();
    for item in items(session, file) {
        let Some(import) = written(session, file, item, text) else { continue };
        match blocks.last_mut() {
            Some(block) if block.last().is_some_and(|last| last.lines.end == import.lines.start) => {
                block.push(import);
            }
            _ => blocks.push(vec![import]),
        }
    }
    blocks
}

fn written(session: &Session, file: &str, item: Item<'_>, text: &str) -> Option<Written> {
    let statement = &names::parsed(session.db(), item).statement;
    let StatementKind::Import(import) = &statement.kind else { return None };
    let (order, is_used) = match import {
        Import::File(name) => ((true, name.text.to_string()), true),
        Import::Module(path) => {
            let words: Vec<&str> = path.iter().map(|name| name.text.as_str()).collect();
            ((false, dotted(path).into()), mentions_module(session, file, &format!("{}.hl", words.join("/"))))
        }
    };
    let offset = item.offset(session.db());
    let start = start_of_lines(text, (offset + statement.span.start) as usize);
    let end = (offset + statement.span.end) as usize;
    let end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    Some(Written { lines: start..end, order, is_used })
}

/// Where the line of a byte begins, or the comments that stand right above it.
fn start_of_lines(text: &str, at: usize) -> usize {
    let mut start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    while let Some(before) = text[..start].strip_suffix('\n') {
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        if !before[line..].trim_start().starts_with('#') {
            break;
        }
        start = line;
    }
    start
}

/// Whether a file refers to something that a module declares.
fn mentions_module(session: &Session, file: &str, module: &str) -> bool {
    let db = session.db();
    let is_of_module = |symbol: &types::Symbol| {
        symbol
            .places(db)
            .iter()
            .any(|place| **place.item.file() == *module && find(db, &place.item).is_some())
    };
    // Of a module that is not there, something else is to be said.
    session.text(module).is_none()
        || items(session, file)
            .any(|item| types::item_notes(db, item).names.iter().any(|(_, symbol)| is_of_module(symbol)))
}

/// A line with its end, which the last of a file may lack.
fn line(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
