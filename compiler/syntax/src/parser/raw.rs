//! An item's tokens without trivia.

use std::ops::Range;

use diagnostics::Problem;
use source::{ItemKey, Place, Span};

use crate::lexer::Lexer;
use crate::steps::step;
use crate::token::TokenKind as K;

/// A token with its place, and what stood before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw {
    pub(crate) kind: K,
    pub(crate) span: Span,
    /// Whether it is the first of its line.
    pub(crate) line_start: bool,
}

/// Documentation: the comments `first..last` bytes that stand directly above token `token`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doc {
    pub(crate) token: u32,
    pub(crate) span: Span,
}

/// An item's text, its tokens and what is wrong with it.
pub(crate) struct Input<'a> {
    pub(crate) key: &'a ItemKey,
    pub(crate) text: &'a str,
    pub(crate) tokens: Vec<Raw>,
    pub(crate) docs: Vec<Doc>,
    pub(crate) problems: Vec<Problem>,
    /// Whether each bracket has its partner.
    pub(crate) balanced: bool,
}

impl<'a> Input<'a> {
    /// Reads the tokens of `text`.
    pub(crate) fn read(key: &'a ItemKey, text: &'a str) -> Self {
        let mut input = Self {
            key,
            text,
            tokens: Vec::with_capacity(text.len() / 5 + 8),
            docs: Vec::new(),
            problems: Vec::new(),
            balanced: true,
        };
        let mut open: Vec<K> = Vec::new();
        let (mut start, mut line_start, mut blank_line) = (0, true, true);
        let mut doc: Option<Span> = None;
        for token in Lexer::new(text) {
            let span = Span::new(start, start + token.len);
            start = span.end;
            match token.kind {
                K::Space => {}
                K::Comment => blank_line = false,
                K::Newline => {
                    if blank_line {
                        doc = None;
                    }
                    (line_start, blank_line) = (true, true);
                }
                K::DocComment => {
                    if line_start && blank_line {
                        doc = Some(doc.map_or(span, |doc| doc.to(span)));
                    }
                    blank_line = false;
                }
                kind => {
                    input.push(Raw { kind, span, line_start }, doc.take());
                    input.balanced = input.balanced && balance(&mut open, kind);
                    (line_start, blank_line) = (false, false);
                }
            }
        }
        input.balanced = input.balanced && open.is_empty();
        input
    }

    /// Asks again whether each bracket has its partner.
    pub(crate) fn rebalance(&mut self) {
        let mut open = Vec::new();
        self.balanced = self.tokens.iter().all(|token| balance(&mut open, token.kind)) && open.is_empty();
    }

    fn push(&mut self, raw: Raw, doc: Option<Span>) {
        if let Some(span) = doc {
            let token = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
            self.docs.push(Doc { token, span });
        }
        if raw.kind == K::GreaterEqual && self.is_in_generic() {
            // `list<int>=[1]`: the type ends, and its default begins.
            let middle = raw.span.start + 1;
            self.tokens.push(Raw { kind: K::Greater, span: Span::new(raw.span.start, middle), ..raw });
            let span = Span::new(middle, raw.span.end);
            self.tokens.push(Raw { kind: K::Assign, span, line_start: false });
            return;
        }
        self.tokens.push(raw);
    }

    /// Whether the last tokens are those of a `list<…`, `map<…` or `secret<…` that is open.
    fn is_in_generic(&self) -> bool {
        let (mut brackets, mut open) = (0_usize, 0_usize);
        for nth in (0..self.tokens.len()).rev() {
            match self.kind(nth) {
                kind if kind.closes() => brackets += 1,
                kind if kind.opens() => match brackets.checked_sub(1) {
                    Some(left) => brackets = left,
                    None => return false,
                },
                _ if brackets > 0 => {}
                K::Greater => open += 1,
                K::Less if open > 0 => open -= 1,
                K::Less => return nth > 0 && matches!(self.word(nth - 1), "list" | "map" | "secret"),
                K::Word | K::Text | K::Dot | K::Comma | K::Pipe | K::Question => {}
                _ => return false,
            }
        }
        false
    }

    /// The text of token `nth`.
    pub(crate) fn word(&self, nth: usize) -> &'a str {
        step(1);
        self.tokens.get(nth).map_or("", |token| token.span.slice(self.text))
    }

    /// What token `nth` is; a line end past the last.
    pub(crate) fn kind(&self, nth: usize) -> K {
        step(1);
        self.tokens.get(nth).map_or(K::Newline, |token| token.kind)
    }

    /// Where token `nth` stands; the end of the last past it. Whoever looks at what is half typed finds nothing behind
    /// it rather than an end of the program.
    pub(crate) fn span(&self, nth: usize) -> Span {
        let end = || self.tokens.last().map_or(0, |token| token.span.end);
        self.tokens.get(nth).map_or_else(|| Span::empty(end()), |token| token.span)
    }

    /// Where token `nth` begins.
    pub(crate) fn start(&self, nth: usize) -> u32 {
        self.span(nth).start
    }

    /// Whether token `nth` is the first of its line.
    pub(crate) fn starts_line(&self, nth: usize) -> bool {
        self.tokens.get(nth).is_some_and(|token| token.line_start)
    }

    /// The first token of the line that token `nth` stands in.
    pub(crate) fn line(&self, nth: usize) -> Option<usize> {
        (0..=nth).rev().find(|at| self.starts_line(*at))
    }

    /// From the first to the last of `tokens`; empty, before the first, if there are none.
    pub(crate) fn bytes(&self, tokens: &Range<usize>) -> Span {
        match tokens.end.checked_sub(1).filter(|last| *last >= tokens.start) {
            Some(last) => self.span(tokens.start).to(self.span(last)),
            None => Span::empty(self.start(tokens.start)),
        }
    }

    /// The empty place behind the last of `tokens`.
    pub(crate) fn behind(&self, tokens: &Range<usize>) -> Span {
        Span::empty(self.bytes(tokens).end)
    }

    /// The text from byte `from` on.
    pub(crate) fn rest(&self, from: u32) -> &'a str {
        self.text.get(from as usize..).unwrap_or_default()
    }

    /// How many bytes stand before token `nth` in its line.
    pub(crate) fn column(&self, nth: usize) -> usize {
        let before = self.text.get(..self.start(nth) as usize).unwrap_or_default();
        let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
        step(column);
        column
    }

    /// The place of `span`.
    pub(crate) fn place(&self, span: Span) -> Place {
        Place::new(self.key, span)
    }
}

/// Follows the brackets; whether all is well so far.
fn balance(open: &mut Vec<K>, kind: K) -> bool {
    if kind.opens() {
        open.push(kind);
        return true;
    }
    !kind.closes() || open.pop().is_some_and(|open| kind.is_partner_of(open))
}
