//! What a selection grows to: the token, each expression around it, statement, body, item, file.

use driver::Session;
use source::Span;
use syntax::tokens;

use crate::tree::spans;
use crate::{FilePosition, FileRange};

/// What stands around a place, the smallest first; each stands in the next.
pub fn selections(session: &Session, at: &FilePosition) -> Vec<FileRange> {
    let Some(text) = session.text(&at.file) else { return Vec::new() };
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let mut all = vec![(0, length)];
    if let Some(item) = session.item_at(&at.file, at.offset) {
        all.push((item.range.start, item.range.end));
        let base = item.range.start;
        let inner = at.offset - base;
        let found = session.parsed(&item.key).map(|parsed| spans(&parsed.statement)).unwrap_or_default();
        let found = found.into_iter().chain(session.item_text(&item.key).and_then(|text| token(text, inner)));
        let found = found.filter(|span| span.start <= inner && inner <= span.end && !span.is_empty());
        all.extend(found.map(|span| (base + span.start, base + span.end)));
    }
    all.sort_by_key(|(start, end)| (end - start, *start));
    all.dedup();
    let mut nested: Vec<(u32, u32)> = Vec::new();
    for (start, end) in all {
        // Where two tokens meet, both are around the place: what does not stand around the last is left out.
        if nested.last().is_none_or(|last| start <= last.0 && last.1 <= end) {
            nested.push((start, end));
        }
    }
    nested.into_iter().map(|(start, end)| FileRange::new(&at.file, start, end)).collect()
}

/// The word or literal at a byte of a text.
fn token(text: &str, at: u32) -> Option<Span> {
    let mut start = 0;
    tokens(text).find_map(|token| {
        let span = Span::new(start, start + token.len);
        start = span.end;
        (!token.kind.is_trivia() && span.start <= at && at <= span.end).then_some(span)
    })
}
