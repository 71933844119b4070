//! Positions as clients count them: lines, and in a line bytes, UTF-16 units or characters.

use std::cell::Cell;
use std::ops::Range as Bytes;
use std::sync::Arc;

use memchr::memchr2_iter;
use tower_lsp::ls_types::{Position, PositionEncodingKind, Range};

/// What a client counts in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16, which is what everybody understands.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The best of what a client offers: bytes need no counting.
    pub(crate) fn best(offered: &[PositionEncodingKind]) -> Self {
        if offered.contains(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offered.contains(&PositionEncodingKind::UTF32)
            && !offered.contains(&PositionEncodingKind::UTF16)
        {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// What it is called.
    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn units(self, char: char) -> usize {
        match self {
            Self::Utf8 => char.len_utf8(),
            Self::Utf16 => char.len_utf16(),
            Self::Utf32 => 1,
        }
    }

    /// How many units a text is long.
    pub(crate) fn length(self, text: &str) -> usize {
        if self == Self::Utf8 || text.is_ascii() {
            return text.len();
        }
        text.chars().map(|char| self.units(char)).sum()
    }
}

/// Where the lines of a text begin. A line ends with `\n`, `\r\n` or `\r`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Starts(Arc<Vec<u32>>);

impl Starts {
    /// Those of a text.
    pub(crate) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr2_iter(b'\n', b'\r', bytes);
        let begins = ends.map(|at| at + 1).filter(|at| is_start(bytes, *at));
        Self(Arc::new(std::iter::once(0).chain(begins.map(number)).collect()))
    }

    /// Those of `text`, which was another one until `length` bytes took the place of those in `gone`.
    pub(crate) fn edit(&mut self, text: &str, gone: Bytes<usize>, length: usize) {
        let starts = Arc::make_mut(&mut self.0);
        // Whether a line begins somewhere is said by the bytes on both sides.
        let before = starts.partition_point(|start| *start < number(gone.start)).max(1);
        let behind = starts.partition_point(|start| *start <= number(gone.end)).max(before);
        for start in &mut starts[behind..] {
            *start = *start - number(gone.len()) + number(length);
        }
        let new = (gone.start.max(1)..=gone.start + length).filter(|at| is_start(text.as_bytes(), *at));
        starts.splice(before..behind, new.map(number));
    }

    /// Where a line begins, if there are so many.
    fn get(&self, line: usize) -> Option<usize> {
        self.0.get(line).map(|start| *start as usize)
    }

    /// The line that a byte is in.
    fn line_at(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start as usize <= offset) - 1
    }
}

/// As protocols count; no text is as long as that.
fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Whether a line begins at a byte that is not the first.
fn is_start(bytes: &[u8], at: usize) -> bool {
    bytes[at - 1] == b'\n' || bytes[at - 1] == b'\r' && bytes.get(at) != Some(&b'\n')
}

/// A text and its lines.
pub(crate) struct Lines<'t> {
    text: &'t str,
    encoding: Encoding,
    starts: Starts,
    /// The line that was asked for last: most positions are in the same.
    last: Cell<usize>,
}

impl<'t> Lines<'t> {
    /// Those of a text whose lines begin at `starts`.
    pub(crate) fn new(text: &'t str, starts: Starts, encoding: Encoding) -> Self {
        Self { text, encoding, starts, last: Cell::new(0) }
    }

    /// What stands in a line, without its end, and where it begins.
    fn line(&self, line: usize) -> (usize, &'t str) {
        let Some(start) = self.starts.get(line) else { return (self.text.len(), "") };
        let end = self.starts.get(line + 1).unwrap_or(self.text.len());
        (start, self.text[start..end].trim_end_matches(['\r', '\n']))
    }

    /// The byte at a position. What is past a line is its end; what is past the text is the text's end; what is in the
    /// middle of a character is its beginning.
    pub(crate) fn offset(&self, position: Position) -> usize {
        let (start, line) = self.line(position.line as usize);
        let wanted = position.character as usize;
        if self.encoding == Encoding::Utf8 || line.is_ascii() {
            return start + line.floor_char_boundary(wanted.min(line.len()));
        }
        let mut units = 0;
        for (at, char) in line.char_indices() {
            units += self.encoding.units(char);
            if units > wanted {
                return start + at;
            }
        }
        start + line.len()
    }

    /// The position of a byte.
    pub(crate) fn position(&self, offset: u32) -> Position {
        let offset = self.text.floor_char_boundary(offset as usize);
        let line = self.line_at(offset);
        let (start, text) = self.line(line);
        let before = &text[..(offset - start).min(text.len())];
        Position::new(number(line), number(self.encoding.length(before)))
    }

    /// The line that a byte is in.
    fn line_at(&self, offset: usize) -> usize {
        let (last, starts) = (self.last.get(), &self.starts);
        let begins = |line: usize| starts.get(line).is_some_and(|start| start <= offset);
        if !begins(last) || begins(last + 1) {
            self.last.set(starts.line_at(offset));
        }
        self.last.get()
    }

    /// The positions of a part of the text.
    pub(crate) fn range(&self, start: u32, end: u32) -> Range {
        Range::new(self.position(start), self.position(end))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Ends of lines of all sorts are put together and taken apart.
        #[test]
        fn an_edited_text_has_the_lines_of_a_new_one(
            text in "[a\\r\\n\u{e9}]{0,12}",
            edits in prop::collection::vec(("[a\\r\\n\u{e9}]{0,4}", 0..16usize, 0..8usize), 1..6),
        ) {
            let mut text = text;
            let mut starts = Starts::of(&text);
            for (new, from, length) in edits {
                let from = text.floor_char_boundary(from.min(text.len()));
                let to = text.floor_char_boundary((from + length).min(text.len()));
                text.replace_range(from..to, &new);
                starts.edit(&text, from..to, new.len());
                prop_assert_eq!(&starts, &Starts::of(&text), "{:?}", text);
            }
        }
    }
}
