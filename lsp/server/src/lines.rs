//! Positions as clients count them: lines, and in a line bytes, UTF-16 units or characters.

use std::cell::Cell;

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

/// A text, and where its lines begin. A line ends with `\n`, `\r\n` or `\r`.
pub(crate) struct Lines<'t> {
    text: &'t str,
    encoding: Encoding,
    starts: Vec<usize>,
    /// The line that was asked for last: most positions are in the same.
    last: Cell<usize>,
}

impl<'t> Lines<'t> {
    /// Those of a text.
    pub(crate) fn new(text: &'t str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr2_iter(b'\n', b'\r', bytes);
        let ends = ends.filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
        let starts = std::iter::once(0).chain(ends.map(|at| at + 1)).collect();
        Self { text, encoding, starts, last: Cell::new(0) }
    }

    /// What stands in a line, without its end, and where it begins.
    fn line(&self, line: usize) -> (usize, &'t str) {
        let (Some(&start), next) = (self.starts.get(line), self.starts.get(line + 1)) else {
            return (self.text.len(), "");
        };
        let end = next.copied().unwrap_or(self.text.len());
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
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Position::new(number(line), number(self.encoding.length(before)))
    }

    /// The line that a byte is in.
    fn line_at(&self, offset: usize) -> usize {
        let last = self.last.get();
        let is_in_last =
            self.starts[last] <= offset && self.starts.get(last + 1).is_none_or(|next| offset < *next);
        if !is_in_last {
            self.last.set(self.starts.partition_point(|start| *start <= offset) - 1);
        }
        self.last.get()
    }

    /// The positions of a part of the text.
    pub(crate) fn range(&self, start: u32, end: u32) -> Range {
        Range::new(self.position(start), self.position(end))
    }
}
