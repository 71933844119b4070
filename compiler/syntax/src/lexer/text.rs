//! Texts: `"…"`, `"""…"""`, `nix"…"`, and the wrong quotes.

use super::{Interpolation, Lexer, starts_statement};
use crate::steps::step;
use crate::token::TokenKind as K;

/// So many bytes at most are taken for a text or a comment in signs of another language.
pub(super) const LONGEST: usize = 8192;
/// So many lines at most are looked through for the quote that closes a text.
const MOST_LINES: usize = 100;

impl Lexer<'_> {
    /// A text, at its first quote.
    pub(super) fn text(&mut self) -> K {
        let start = self.at;
        let block = self.is_block_quote(self.at);
        if self.ends_text_around(block) {
            self.at += 1;
            self.open.pop();
            return K::TextEndUnclosed;
        }
        let guarded = block && self.is_guarded(self.at + 3);
        self.at += if block { 3 } else { 1 };
        match self.text_part(block, guarded) {
            Part::Closed => K::Text,
            Part::Interpolation => {
                self.open.push(Interpolation { block, guarded, braces: 0 });
                K::TextStart
            }
            Part::Unclosed => {
                if !block {
                    self.unclosed(start);
                }
                K::TextUnclosed
            }
        }
    }

    /// Whether a quote that opens nothing stands directly behind a value in a text: it ends that text, and the `}`
    /// before it is missing.
    fn ends_text_around(&self, block: bool) -> bool {
        let is_in_line = |open: &Interpolation| !open.block && open.braces == 0;
        !block && self.after_value && !self.after_blank && self.open.last().is_some_and(is_in_line)
    }

    /// Where a `"…"` text that its line does not close ends: at once, if its quote stands directly behind a value and
    /// so closes what was not opened; at a quote alone on a later line; else at the line's end.
    fn unclosed(&mut self, start: usize) {
        if self.after_value && !self.after_blank {
            self.at = start + 1;
        } else if let Some(end) = self.lone_quote(self.at) {
            self.at = end;
        }
    }

    /// The end of the line whose first character is a quote, with nothing but closing brackets and commas behind it,
    /// if the lines between may be a text.
    fn lone_quote(&self, from: usize) -> Option<usize> {
        let mut at = self.line_end(from);
        for _ in 0..MOST_LINES {
            let start = at + self.text[at..].find('\n')? + 1;
            at = self.line_end(start);
            let line = self.text[start..at].trim();
            if line.starts_with('"') && line[1..].chars().all(|c| ",;)]} ".contains(c)) {
                return Some(start + self.text[start..].find('"')? + 1);
            }
            if line.contains('"')
                || starts_statement(&self.bytes[start..])
                || line.starts_with(['}', ']', ')'])
            {
                return None;
            }
        }
        None
    }

    /// The rest of a text, at the `}` that ends its `${…}`.
    pub(super) fn text_continued(&mut self) -> K {
        self.at += 1;
        let (block, guarded) = self.open.last().map_or((false, false), |open| (open.block, open.guarded));
        match self.text_part(block, guarded) {
            Part::Interpolation => K::TextMiddle,
            Part::Closed => {
                self.open.pop();
                K::TextEnd
            }
            Part::Unclosed => {
                self.open.pop();
                K::TextEndUnclosed
            }
        }
    }

    /// Whether the `${…}` that is being read cannot go on: at the line's end in a `"…"` text, before a line that
    /// starts a statement in a `"""…"""` text, at the end of everything.
    #[inline]
    pub(super) fn interpolation_ends_here(&self) -> bool {
        let Some(open) = self.open.last() else { return false };
        match self.bytes.get(self.at) {
            None => true,
            Some(b'\n') => !open.block || starts_statement(&self.bytes[self.at + 1..]),
            Some(b'\r') => !open.block && self.byte(self.at + 1) == b'\n',
            Some(_) => false,
        }
    }

    fn is_block_quote(&self, at: usize) -> bool {
        self.bytes.get(at..at + 3) == Some(b"\"\"\"")
    }

    /// Reads up to the closing quote or `${`, and over it.
    fn text_part(&mut self, block: bool, guarded: bool) -> Part {
        let start = self.at;
        let part = self.text_part_end(block, guarded);
        if block && matches!(part, Part::Unclosed) {
            self.retreat(start);
        }
        part
    }

    /// Gives back the last lines of an unclosed `"""` text that are empty or start with a closing bracket.
    fn retreat(&mut self, start: usize) {
        while let Some(newline) = self.bytes[start..self.at].iter().rposition(|byte| *byte == b'\n') {
            let line = &self.bytes[start + newline + 1..self.at];
            step(line.len() + 1);
            let is_closer = matches!(line.trim_ascii().first(), None | Some(b'}' | b']' | b')'));
            if !is_closer {
                return;
            }
            self.at = start + newline;
            if self.at > start && self.bytes[self.at - 1] == b'\r' {
                self.at -= 1;
            }
        }
    }

    fn text_part_end(&mut self, block: bool, guarded: bool) -> Part {
        loop {
            self.skip(|byte| !matches!(byte, b'"' | b'\\' | b'$' | b'\n' | b'\r' | 0));
            match self.byte(self.at) {
                b'"' if !block => {
                    self.at += 1;
                    return Part::Closed;
                }
                b'"' if self.is_block_quote(self.at) => {
                    self.at += 3;
                    return Part::Closed;
                }
                b'\\' => self.escaped(),
                b'$' if self.byte(self.at + 1) == b'{' => {
                    self.at += 2;
                    return Part::Interpolation;
                }
                b'\n' if !block => return Part::Unclosed,
                b'\r' if !block && self.byte(self.at + 1) == b'\n' => return Part::Unclosed,
                b'\n' if guarded && starts_statement(&self.bytes[self.at + 1..]) => return Part::Unclosed,
                0 if self.at >= self.bytes.len() => return Part::Unclosed,
                _ => self.at += 1,
            }
        }
    }

    /// A `\` and what it escapes, unless that is the line's end.
    fn escaped(&mut self) {
        self.at += match self.byte(self.at + 1) {
            b'"' | b'\\' | b'$' => 2,
            _ => 1,
        };
    }

    /// Whether a line in a `"""` text that looks like a statement ends it: where its lines are indented or nothing
    /// closes it.
    fn is_guarded(&mut self, from: usize) -> bool {
        let rest = &self.bytes[from.min(self.bytes.len())..];
        let mut lines = rest.split(|byte| *byte == b'\n').skip(1);
        let first = lines.find(|line| {
            step(line.len());
            !line.trim_ascii().is_empty()
        });
        if first.is_some_and(|line| line.starts_with(b" ") || line.starts_with(b"\t"))
            || !self.open.is_empty()
        {
            return true;
        }
        if !self.no_more_blocks {
            let next = rest.windows(3).position(|three| three == b"\"\"\"");
            step(next.unwrap_or(rest.len()));
            self.no_more_blocks = next.is_none();
        }
        self.no_more_blocks
    }

    /// `nix"…"`, at its first quote.
    pub(super) fn nix(&mut self) -> K {
        let block = self.is_block_quote(self.at);
        let guarded = block && self.is_guarded(self.at + 3);
        self.at += if block { 3 } else { 1 };
        let start = self.at;
        loop {
            match self.text_part_end(block, guarded) {
                Part::Closed => return K::Nix,
                // To Nix, not to HL.
                Part::Interpolation => {}
                Part::Unclosed => break,
            }
        }
        if block {
            self.retreat(start);
        }
        K::NixUnclosed
    }

    /// `'…'` or a text in backticks up to the closing quote on the same line, or a lone quote.
    pub(super) fn single_quoted(&mut self) -> K {
        let quote = self.bytes[self.at];
        if let Some(len) = self.nix_text() {
            return self.take(len, K::SingleQuoted);
        }
        let line = &self.bytes[self.at + 1..self.line_end(self.at)];
        match line.iter().position(|byte| *byte == quote) {
            Some(len) => self.take(len + 2, K::SingleQuoted),
            None => self.take(1, K::Stray),
        }
    }

    /// How long the `''…''` is that starts here, if it is one.
    fn nix_text(&self) -> Option<usize> {
        let rest = self.bytes[self.at..].strip_prefix(b"''")?;
        let len = rest.windows(2).take(LONGEST).position(|pair| pair == b"''")?;
        (len > 0).then_some(len + 4)
    }

    /// `“…”` up to the closing quote on the same line, or a lone quote.
    pub(super) fn smart_quoted(&mut self) -> K {
        let line = &self.text[self.at..self.line_end(self.at)];
        let close = |(at, c): &(usize, char)| *at > 0 && matches!(c, '“' | '”' | '"');
        match line.char_indices().find(close) {
            Some((len, c)) => self.take(len + c.len_utf8(), K::SmartQuoted),
            None => self.take(3, K::Stray),
        }
    }
}

/// How a part of a text ends.
enum Part {
    Closed,
    Interpolation,
    Unclosed,
}
