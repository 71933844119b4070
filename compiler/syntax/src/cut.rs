//! Tokens of a file to its top-level items, without parsing.
//!
//! An item ends where the next begins: behind a line's end, `,` or `;` outside brackets. Where brackets do not
//! balance, a line that looks like the start of a statement and is not indented begins an item too, so that a
//! missing `}` spoils one item and not the rest of the file:
//!
//! ```text
//! app a {             ┐ first item: a '}' is missing
//!   port http = 80    ┘
//! app b { }           ─ second item
//! ```
//!
//! That is so where the lines in the brackets are indented; where they are not, only if nothing closes the bracket.
//!
//! A `}` at a line's start that closes nothing ends the indented lines above it, which are one item with it, and with
//! the line above them if that may be a head whose `{` is missing.

mod edit;
mod head;

use std::ops::Range;

pub use edit::{Edit, edit};
pub use head::{Head, ItemForm};

use crate::layout::goes_on;
use crate::lexer::{Lexer, starts_statement, tokens};
use crate::steps::step;
use crate::token::TokenKind as K;
use head::Opening;

/// One top-level item of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Its bytes: documentation, the item, and what separates it from the next.
    pub range: Range<usize>,
    /// What its first words say; empty for a file's beginning without an item.
    pub head: Head,
}

/// The items of `text`, which cover all of its bytes.
pub fn cut(text: &str) -> Vec<Cut> {
    cut_whole(text).items
}

/// How a text is cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cuts {
    /// The items, which cover all bytes of the text.
    pub items: Vec<Cut>,
    /// Whether the text is sound: all brackets and quotes in each item balance, so that no item is where it is because of
    /// what stands in another.
    pub is_sound: bool,
}

/// As [`cut`], and whether the text is sound.
pub fn cut_whole(text: &str) -> Cuts {
    let mut cutter = Cutter::new(text, Vec::new(), Vec::new());
    cutter.run();
    let is_sound = cutter.is_sound();
    let joined = blocks(text, &cutter.strays);
    if cutter.hidden || !joined.is_empty() {
        let unclosed = if cutter.hidden { unclosed(text) } else { Vec::new() };
        cutter = Cutter::new(text, unclosed, joined);
        cutter.run();
    }
    Cuts { items: cutter.cuts, is_sound }
}

/// The lines that each `}` of `strays` seems to end, in order; each byte is in one of them at most.
fn blocks(text: &str, strays: &[usize]) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut before = 0;
    for &stray in strays {
        step(stray - before);
        // Of many on one line, that line is looked at once.
        let is_same_line =
            blocks.last().is_some_and(|last| last.end == before) && !text[before..stray].contains('\n');
        let block = if is_same_line { Some(before..stray + 1) } else { block(text, stray) };
        if let Some(mut block) = block {
            while let Some(last) = blocks.pop_if(|last| last.end >= block.start) {
                block.start = block.start.min(last.start);
            }
            blocks.push(block);
        }
        before = stray + 1;
    }
    blocks
}

/// The lines that the `}` at byte `stray` seems to end: its own, or if it begins that, those above it that are indented,
/// and the line directly above them if that may be their head, with its `{` missing. Nothing where no line is between.
fn block(text: &str, stray: usize) -> Option<Range<usize>> {
    if !is_column_0(text, stray) {
        let line = text[..stray].rfind('\n').map_or(0, |at| at + 1);
        step(stray - line);
        return (!text[line..stray].trim().is_empty()).then_some(line..stray + 1);
    }
    let (mut first, mut end) = (stray, stray);
    while let Some(before) = end.checked_sub(1) {
        let start = text[..before].rfind('\n').map_or(0, |at| at + 1);
        let line = text[start..before].trim_end();
        step(before - start);
        if line.starts_with([' ', '\t']) {
            first = start;
        } else if !line.is_empty() {
            let begins = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            let is_head = begins
                && text[end..first].trim().is_empty()
                && !text[end..first].contains('\n')
                && is_head(line);
            first = if is_head { start } else { first };
            break;
        }
        end = start;
    }
    (first < stray).then_some(first..stray + 1)
}

/// Whether `line` may be a head whose `{` is missing.
fn is_head(line: &str) -> bool {
    !tokens(line).any(|token| matches!(token.kind, K::LeftBrace | K::RightBrace | K::Assign))
}

/// The brackets that nothing closes, by the byte they stand at.
fn unclosed(text: &str) -> Vec<usize> {
    let mut lexer = Lexer::new(text);
    let mut open: Vec<(K, usize)> = Vec::new();
    let mut at = 0;
    while let Some(token) = lexer.next() {
        if token.kind.opens() {
            open.push((token.kind, at));
        } else if token.kind.closes() {
            close(&mut open, token.kind, |open| open.0);
        }
        at = lexer.offset();
    }
    open.into_iter().map(|open| open.1).collect()
}

/// Takes what `kind` closes from the open brackets, with what is open in it; nothing if it closes nothing near.
fn close<T>(open: &mut Vec<T>, kind: K, kind_of: impl Fn(&T) -> K) {
    let near = open.iter().enumerate().rev().take(8);
    let partner = near.into_iter().find(|(_, open)| kind.is_partner_of(kind_of(open))).map(|(at, _)| at);
    if let Some(at) = partner {
        open.truncate(at);
    }
}

/// Whether byte `at` begins a line.
fn is_column_0(text: &str, at: usize) -> bool {
    at == 0 || text.as_bytes()[at - 1] == b'\n'
}

#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about what was read")]
struct Cutter<'a> {
    text: &'a str,
    cuts: Vec<Cut>,
    /// Brackets known to be unclosed, in order.
    unclosed: Vec<usize>,
    /// Bytes of lines that are one item, in order.
    joined: Vec<Range<usize>>,
    /// Each `}` that closes nothing.
    strays: Vec<usize>,
    /// How many of them the item has opened.
    unclosed_open: bool,
    /// Set when a bracket swallowed lines that look like items although nothing closes it.
    hidden: bool,
    /// Set when an item's brackets do not balance, or a token is none that the lexer can tell by itself.
    odd: bool,
    has_candidate: bool,
    item: Item,
    /// Where documentation starts that the next item may own.
    doc: Option<usize>,
    last: Last,
}

/// The item being read.
struct Item {
    start: usize,
    opening: Opening,
    open: Vec<K>,
    /// Whether the first line in its brackets is indented, once known.
    indented: Option<bool>,
    /// Whether a `,` or `;` ended it.
    ended: bool,
}

/// The last token that is not trivia.
struct Last {
    kind: K,
    range: Range<usize>,
    is_member: bool,
}

impl<'a> Cutter<'a> {
    fn new(text: &'a str, unclosed: Vec<usize>, joined: Vec<Range<usize>>) -> Self {
        Self {
            text,
            cuts: Vec::new(),
            unclosed,
            joined,
            strays: Vec::new(),
            unclosed_open: false,
            hidden: false,
            odd: false,
            has_candidate: false,
            item: Item::new(0),
            doc: None,
            last: Last { kind: K::Newline, range: 0..0, is_member: false },
        }
    }

    fn run(&mut self) {
        self.read();
        self.finish(self.text.len());
    }

    /// Reads all of the text; the last item is not finished then.
    fn read(&mut self) {
        let mut lexer = Lexer::new(self.text);
        let mut at = 0;
        let mut line_start = true;
        let mut blank_line = true;
        while let Some(token) = lexer.next() {
            let end = lexer.offset();
            match token.kind {
                K::Space | K::Comment => blank_line = blank_line && token.kind == K::Space,
                K::Newline => {
                    if blank_line {
                        self.doc = None;
                    }
                    (line_start, blank_line) = (true, true);
                }
                K::DocComment => {
                    if line_start && blank_line && (is_column_0(self.text, at) || self.item.open.is_empty()) {
                        self.doc = self.doc.or(Some(at));
                    }
                    blank_line = false;
                }
                kind => {
                    self.token(kind, at..end, line_start);
                    (line_start, blank_line) = (false, false);
                    self.doc = None;
                }
            }
            at = end;
        }
        if !self.item.open.is_empty() && self.has_candidate {
            self.hidden = true;
        }
    }

    /// Whether nothing was read that does not balance.
    fn is_sound(&self) -> bool {
        !self.odd && !self.hidden && self.strays.is_empty()
    }

    fn token(&mut self, kind: K, range: Range<usize>, line_start: bool) {
        if self.begins_item(kind, &range, line_start) {
            let start = self.doc.unwrap_or(range.start);
            // With its indentation, which tells the lines from what is around them.
            self.finish(self.joined_lines(range.start).map_or(start, |lines| lines.start.min(start)));
        }
        let item = &mut self.item;
        if !item.open.is_empty() && line_start && item.indented.is_none() && !kind.closes() {
            let before = self.text.as_bytes()[..range.start].last();
            item.indented = Some(matches!(before, Some(b' ' | b'\t')));
        }
        if kind.opens() {
            item.open.push(kind);
            self.unclosed_open |= self.unclosed.binary_search(&range.start).is_ok();
        } else if kind.closes() {
            if kind == K::RightBrace && item.open.is_empty() {
                self.strays.push(range.start);
            }
            close(&mut item.open, kind, |open| *open);
        } else if item.open.is_empty() && self.is_separator(kind) {
            self.item.ended = true;
        }
        self.odd |= kind.is_odd();
        self.item.opening.push(kind, range.clone());
        let is_member = matches!(self.last.kind, K::Dot | K::QuestionDot);
        self.last = Last { kind, range, is_member };
    }

    /// Whether `kind` separates items; the comma of `for key, value in` does not.
    fn is_separator(&self, kind: K) -> bool {
        kind == K::Semicolon || (kind == K::Comma && !self.item.opening.ends_with_for_word(self.text))
    }

    /// Whether the token at `range` is the first of an item.
    fn begins_item(&mut self, kind: K, range: &Range<usize>, line_start: bool) -> bool {
        if self.item.opening.is_empty() {
            // What comes before the first item is a piece of its own.
            return self.cuts.is_empty() && self.doc.unwrap_or(range.start) > 0;
        }
        if self.joined_lines(range.start).is_some_and(|lines| lines.start < self.last.range.end) {
            return false;
        }
        if self.item.open.is_empty() {
            let separates = self.item.ended || line_start;
            return separates
                && !kind.closes()
                && !matches!(kind, K::Comma | K::Semicolon | K::LeftBrace)
                && { self.item.ended || !self.goes_on(kind, range.start) };
        }
        let is_column_0 = line_start && is_column_0(self.text, range.start);
        if kind != K::Word || !is_column_0 || !starts_statement(&self.text.as_bytes()[range.start..]) {
            return false;
        }
        self.has_candidate = true;
        self.item.indented == Some(true) || self.unclosed_open
    }

    /// The lines of one item that byte `at` stands in.
    fn joined_lines(&self, at: usize) -> Option<&Range<usize>> {
        let nth = self.joined.partition_point(|lines| lines.end <= at);
        self.joined.get(nth).filter(|lines| lines.start <= at)
    }

    fn goes_on(&self, next: K, start: usize) -> bool {
        let word = if self.last.is_member { "" } else { &self.text[self.last.range.clone()] };
        goes_on(self.last.kind, word, next, &self.text[start..])
    }

    /// Ends the item before byte `end`.
    fn finish(&mut self, end: usize) {
        let item = std::mem::replace(&mut self.item, Item::new(end));
        self.unclosed_open = false;
        self.has_candidate = false;
        self.odd |= !item.open.is_empty();
        if item.start < end {
            self.cuts.push(Cut { range: item.start..end, head: item.opening.head(self.text) });
        }
    }
}

impl Item {
    fn new(start: usize) -> Self {
        Self { start, opening: Opening::new(), open: Vec::new(), indented: None, ended: false }
    }
}
