//! What a declaration needs, and who needs it: the graph of references between declarations.

use std::collections::BTreeMap;

use driver::Session;
use types::Symbol as Meaning;

use crate::here::{Here, range_in};
use crate::references::mentions;
use crate::subject::{node, node_of, subject};
use crate::{FilePosition, FileRange, Symbol};

/// A declaration that is on the other end of references, and where they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The declaration.
    pub node: Symbol,
    /// The names that refer.
    pub ranges: Vec<FileRange>,
}

/// The declaration that a place is about.
pub fn call_subject(session: &Session, at: &FilePosition) -> Option<Symbol> {
    node(session, &subject(session, at)?)
}

/// Who refers to the declaration that a place is about.
pub fn incoming_calls(session: &Session, at: &FilePosition) -> Vec<Call> {
    let Some(meaning) = subject(session, at) else { return Vec::new() };
    let mut found: Vec<Call> = Vec::new();
    for (item, span) in mentions(session, &meaning) {
        let Some(node) = node_of(session, item) else { continue };
        let range = range_in(session, item, span);
        match found.iter_mut().find(|call| call.node == node) {
            Some(call) => call.ranges.push(range),
            None => found.push(Call { node, ranges: vec![range] }),
        }
    }
    found
}

/// To what the declaration that a place is about refers.
pub fn outgoing_calls(session: &Session, at: &FilePosition) -> Vec<Call> {
    let Some(own) = call_subject(session, at) else { return Vec::new() };
    let mut found: BTreeMap<Meaning, Vec<FileRange>> = BTreeMap::new();
    let start = FilePosition { file: own.range.file.clone(), offset: own.name_range.start };
    let Some(here) = Here::at(session, &start) else { return Vec::new() };
    let key = here.item.key(session.db());
    for (span, meaning) in &here.noted(session).names {
        let range = range_in(session, here.item, *span);
        let is_inside = own.range.start <= range.start && range.end <= own.range.end;
        let is_other = matches!(meaning, Meaning::Item(of) | Meaning::Inner(of, _) if of != key);
        if is_inside && is_other {
            found.entry(meaning.clone()).or_default().push(range);
        }
    }
    let call = |(meaning, mut ranges): (Meaning, Vec<FileRange>)| {
        ranges.sort();
        ranges.dedup();
        Some(Call { node: node(session, &meaning)?, ranges })
    };
    let mut calls: Vec<Call> = found.into_iter().filter_map(call).collect();
    calls.sort_by(|a, b| a.ranges.cmp(&b.ranges));
    calls
}
