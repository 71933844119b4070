//! An item's tokens without trivia.

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
        self.tokens.push(raw);
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

    /// How many bytes stand before a token in its line.
    pub(crate) fn column(&self, token: &Raw) -> usize {
        let before = &self.text[..token.span.start as usize];
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
