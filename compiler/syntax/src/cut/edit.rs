//! What an edit changes of a text's items, without reading the text again.
//!
//! Most edits change a value in a declaration. In a text that is sound, each item is where it is because of what stands
//! in it: its first token, which what stands before it is looked at for, and its last one, which what stands behind it is
//! looked at for. So where an edit leaves those as they were, and the item by itself still is one that is sound, only
//! that item has another text.

use std::ops::Range;

use super::{Cutter, Head};
use crate::layout::{looked_at, wants_more};
use crate::token::TokenKind as K;

/// An edit that changed the text of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Which item, from zero.
    pub nth: usize,
    /// Its bytes in the new text.
    pub range: Range<usize>,
}

/// The edit that made `after` of `before`, if it is certain that it changed the text of one item, and of none the head.
///
/// `before` must be sound (see [`cut_whole`](super::cut_whole)), and `after` is then; `starts` are the first bytes of its
/// items. Nothing comes of an edit that may have changed more: the text must be cut again.
pub fn edit(before: &str, starts: &[u32], after: &str) -> Option<Edit> {
    let front = same_front(before.as_bytes(), after.as_bytes());
    let rest = (&before.as_bytes()[front..], &after.as_bytes()[front..]);
    let back = same_back(rest.0, rest.1);
    let nth = starts.partition_point(|start| (*start as usize) < front).checked_sub(1)?;
    let start = starts[nth] as usize;
    let end = starts.get(nth + 1).map_or(before.len(), |end| *end as usize);
    // What stands behind the item is as it was.
    let behind = before.len() - end;
    if behind > back {
        return None;
    }
    let range = start..after.len() - behind;
    let (old, new) = (before.get(start..end)?, after.get(range.clone())?);
    // A line's end ends its last token, as the end of the text does where it is read by itself.
    if behind > 0 && !(old.ends_with('\n') && new.ends_with('\n')) {
        return None;
    }
    (alone(old)? == alone(new)?).then_some(Edit { nth, range })
}

/// How many bytes are the same from the start.
fn same_front(one: &[u8], other: &[u8]) -> usize {
    let chunks = one.chunks_exact(CHUNK).zip(other.chunks_exact(CHUNK));
    let whole = CHUNK * chunks.take_while(|(one, other)| one == other).count();
    let bytes = one[whole..].iter().zip(&other[whole..]);
    whole + bytes.take_while(|(one, other)| one == other).count()
}

/// How many bytes are the same up to the end.
fn same_back(one: &[u8], other: &[u8]) -> usize {
    let chunks = one.rchunks_exact(CHUNK).zip(other.rchunks_exact(CHUNK));
    let whole = CHUNK * chunks.take_while(|(one, other)| one == other).count();
    let bytes = one[..one.len() - whole].iter().rev().zip(other[..other.len() - whole].iter().rev());
    whole + bytes.take_while(|(one, other)| one == other).count()
}

/// So many bytes are compared at once.
const CHUNK: usize = 256;

/// All of an item that others, and the index, are looked at for.
#[derive(PartialEq, Eq)]
struct Alone<'a> {
    head: Head,
    /// The first word, and what can be found out from it on.
    first: (&'a str, [bool; 5]),
    /// The last token, and what stands behind it.
    last: (K, &'a str, &'a str),
    /// Whether a `,` or `;` ends it.
    ended: bool,
}

/// What others are looked at for of the item that `text` is; nothing if it is not just one, or not sound, or begins with
/// something other than a word that must have more on its line.
fn alone(text: &str) -> Option<Alone<'_>> {
    let mut cutter = Cutter::new(text, Vec::new(), Vec::new());
    cutter.read();
    if !cutter.cuts.is_empty() || !cutter.is_sound() || !cutter.item.open.is_empty() {
        return None;
    }
    let (kind, first) = cutter.item.opening.first()?;
    let word = &text[first.clone()];
    if kind != K::Word || wants_more(kind, word) {
        return None;
    }
    let last = &cutter.last;
    let last_word = if last.kind == K::Word && !last.is_member { &text[last.range.clone()] } else { "" };
    Some(Alone {
        head: cutter.item.opening.head(text),
        first: (word, looked_at(kind, &text[first.start..])),
        last: (last.kind, last_word, &text[last.range.end..]),
        ended: cutter.item.ended,
    })
}
