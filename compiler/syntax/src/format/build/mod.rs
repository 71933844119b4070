//! An item's tokens to a document.
//!
//! Walks the tokens as the grammar reads them, with the marks of statements, so that both agree on what is what. An
//! item whose grammar is fine is all that gets here; what does not is left as it is.

mod expression;
mod statement;
mod types;

use std::cell::Cell;
use std::ops::Range;

use source::Span;

use super::Tokens;
use super::comments::{Comment, blank_before};
use super::doc::{Bracket, Doc, Entry, Group, Lead, List, Separator};
use crate::parser::Tok;

/// Makes documents of an item's tokens.
pub(super) struct Builder<'a, 't> {
    pub(super) file: &'a str,
    /// Where the item begins in the file.
    pub(super) base: usize,
    /// The item's text.
    pub(super) text: &'a str,
    pub(super) toks: &'t [Tok],
    pub(super) spans: &'t [Span],
    pub(super) comments: &'t [Comment<'a>],
    /// The tokens from the mark to the end of statements that are left as they are.
    pub(super) raw: &'t [Range<usize>],
    at: usize,
    next_comment: usize,
    /// Where the last token ends that is in the document.
    last_end: usize,
    /// How many comments have been met, and how many lines end for other reasons than room.
    met: Met,
    /// Set where a token is not what the grammar wants.
    lost: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Met {
    comments: usize,
    lines: usize,
}

/// Brackets with what is to be known of them.
struct Brackets {
    open: &'static str,
    close: &'static str,
    closing: Tok,
    separator: Separator,
    /// What they are with nothing in them.
    empty: &'static str,
    /// Whether nothing in them may have several lines if they have one.
    strict: bool,
    /// Whether they stand close around a single value, which would not be shorter on a line of its own, or has brackets
    /// itself.
    hugs: bool,
}

const PARENS: Brackets = Brackets {
    open: "(",
    close: ")",
    closing: Tok::RightParen,
    separator: Separator::Arguments,
    empty: "()",
    strict: false,
    hugs: false,
};
const LIST: Brackets = Brackets {
    open: "[",
    close: "]",
    closing: Tok::RightBracket,
    separator: Separator::Elements,
    empty: "[]",
    strict: false,
    hugs: true,
};
const BODY: Brackets = Brackets {
    open: "{",
    close: "}",
    closing: Tok::RightBrace,
    separator: Separator::Statements,
    empty: "{ }",
    strict: true,
    hugs: false,
};

impl<'a, 't> Builder<'a, 't> {
    pub(super) fn new(
        file: &'a str,
        item: Range<usize>,
        tokens: &'t Tokens,
        comments: &'t [Comment<'a>],
    ) -> Self {
        Self {
            file,
            base: item.start,
            text: &file[item],
            toks: &tokens.arranged.toks,
            spans: &tokens.arranged.spans,
            comments,
            raw: &tokens.raw,
            at: 0,
            next_comment: 0,
            last_end: 0,
            met: Met::default(),
            lost: false,
        }
    }

    /// The item, and the comments behind it; nothing if it is not what the grammar wants.
    pub(super) fn item(mut self) -> Option<(Option<Entry<'a>>, Vec<Lead<'a>>)> {
        let entry = (!self.toks.is_empty()).then(|| self.statement(false));
        let rest = self.own_before(self.text.len() + 1);
        (!self.lost && self.at == self.toks.len()).then_some((entry, rest))
    }

    fn peek(&self) -> Option<Tok> {
        self.toks.get(self.at).copied()
    }

    fn peek_next(&self) -> Option<Tok> {
        self.toks.get(self.at + 1).copied()
    }

    fn is(&self, tok: Tok) -> bool {
        self.peek() == Some(tok)
    }

    /// Where the next token starts.
    fn start(&self) -> usize {
        self.spans.get(self.at).map_or(self.text.len(), |span| span.start as usize)
    }

    /// Passes a token that is not printed.
    fn skip(&mut self) {
        self.lost |= self.at >= self.toks.len();
        self.at += 1;
    }

    /// Passes `tok`, which is not printed.
    fn skip_tok(&mut self, tok: Tok) {
        self.lost |= !self.is(tok);
        self.skip();
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        let text: &'a str = self.text;
        text.get(range).unwrap_or_default()
    }

    /// The next token with the comments before and behind it; a whole text with all that is in it.
    fn take(&mut self) -> Doc<'a> {
        if self.peek().is_none_or(|tok| tok == Tok::End || tok.is_mark()) {
            self.lost = true;
            return Doc::Nothing;
        }
        let start = self.start();
        let own = self.own_before(start);
        let last = if self.is(Tok::TextStart) { self.text_end() } else { self.at };
        let end = self.spans[last].end as usize;
        let text = self.slice(start..end);
        self.met.lines += usize::from(text.contains('\n'));
        self.at = last + 1;
        self.last_end = end;
        let trail = if self.ends_here() { None } else { self.trailing() };
        if own.is_empty() && trail.is_none() {
            return Doc::Text(text);
        }
        let mut docs: Vec<_> = own.into_iter().map(Doc::Own).collect();
        docs.push(Doc::Text(text));
        docs.extend(trail.map(Doc::Trail));
        Doc::Concat(docs)
    }

    /// Whether what is being read ends before the next token, so that a comment is one behind all of it.
    fn ends_here(&self) -> bool {
        self.peek().is_none_or(|tok| tok == Tok::End || tok == Tok::Comma || tok.closes())
    }

    /// The token that ends the text which the next token starts.
    fn text_end(&self) -> usize {
        let mut depth = 0;
        let end = self.toks[self.at..].iter().position(|tok| {
            depth += i32::from(*tok == Tok::TextStart) - i32::from(*tok == Tok::TextEnd);
            depth == 0
        });
        end.map_or(self.at, |len| self.at + len)
    }

    /// The comments before byte `at`.
    fn own_before(&mut self, at: usize) -> Vec<Lead<'a>> {
        let mut own = Vec::new();
        while let Some(comment) = self.comments.get(self.next_comment).filter(|comment| comment.start < at) {
            own.push(comment.lead(self.file, self.base));
            self.next_comment += 1;
        }
        self.met.comments += own.len();
        own
    }

    /// The comment on the line on which the last token ends.
    fn trailing(&mut self) -> Option<&'a str> {
        // Behind the next token there is none: the clauses of a head may stand in another order in the text.
        let comment = *self.comments.get(self.next_comment).filter(|comment| comment.start < self.start())?;
        let between = self.text.get(self.last_end..comment.start)?;
        if !between.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b',' | b';')) {
            return None;
        }
        self.next_comment += 1;
        self.met.comments += 1;
        Some(comment.text)
    }

    /// Tokens one after the other, with what stands between them.
    fn takes(&mut self, count: usize) -> Vec<Doc<'a>> {
        (0..count).map(|_| self.take()).collect()
    }

    /// A group, broken if comments have been met since `before`.
    fn group(&self, before: Met, doc: Doc<'a>) -> Doc<'a> {
        Doc::Group(Box::new(Group { doc, broken: self.met.comments > before.comments }))
    }

    /// Brackets around entries, each made by `entry`.
    fn brackets(&mut self, kind: &Brackets, mut entry: impl FnMut(&mut Self) -> Entry<'a>) -> Doc<'a> {
        let own = self.own_before(self.start());
        let before = self.met;
        self.last_end = self.start() + 1;
        self.skip();
        let chosen = self.line_ends_behind();
        let trail = self.trailing();
        let mut entries = Vec::new();
        while !self.is(kind.closing) && self.peek().is_some() && !self.lost {
            let passed = self.at;
            let mut next = self.entry(&mut entry);
            if entries.is_empty() {
                first_needs_no_line(&mut next);
            }
            entries.push(next);
            self.lost |= self.at == passed;
        }
        let mut rest = self.own_before(self.start());
        if let (true, Some(first)) = (entries.is_empty(), rest.first_mut()) {
            first.blank = false;
        }
        self.last_end = self.start() + 1;
        self.skip_tok(kind.closing);
        let commented = self.met.comments > before.comments;
        // Around the brackets, comments in them are just lines.
        self.met.comments = before.comments;
        let mut docs: Vec<_> = own.into_iter().map(Doc::Own).collect();
        if entries.is_empty() && rest.is_empty() && trail.is_none() {
            docs.push(Doc::Text(kind.empty));
        } else if kind.hugs && !chosen && !commented && is_hugged(&entries) {
            let inner = entries.remove(0).doc;
            docs.extend([Doc::Text(kind.open), inner, Doc::Text(kind.close)]);
        } else {
            let lines = kind.strict && self.met.lines > before.lines;
            let broken = (!entries.is_empty() && chosen) || commented || lines;
            self.met.lines += usize::from(broken);
            docs.push(Doc::Bracket(Box::new(Bracket {
                open: kind.open,
                trail,
                list: List { entries, separator: kind.separator, rest },
                close: kind.close,
                spaced: kind.open == "{",
                broken: Cell::new(broken),
            })));
        }
        if !self.ends_here() {
            docs.extend(self.trailing().map(Doc::Trail));
        }
        one(docs)
    }

    /// An entry with the comments and the separator around it.
    fn entry(&mut self, entry: &mut impl FnMut(&mut Self) -> Entry<'a>) -> Entry<'a> {
        let lead = self.own_before(self.start());
        let blank = blank_before(self.file, self.base + self.start());
        let mut next = entry(self);
        while let Some(tok @ (Tok::Comma | Tok::End)) = self.peek() {
            if tok == Tok::End {
                // The clauses of a head may stand in another order in the text.
                self.last_end = self.last_end.max(self.start());
            }
            self.skip();
        }
        let trail = self.trailing();
        next.lead = lead;
        next.blank = blank;
        next.trail = trail;
        next
    }

    /// Whether the line ends behind the last token, comments aside.
    fn line_ends_behind(&self) -> bool {
        // Where a token is missing, there is nothing behind it.
        let rest = self.text.get(self.last_end..).unwrap_or_default();
        rest.trim_start_matches([' ', '\t', '\r']).starts_with(['\n', '#'])
    }
}

/// What stands behind a bracket needs no empty line before it.
fn first_needs_no_line(entry: &mut Entry<'_>) {
    match entry.lead.first_mut() {
        Some(lead) => lead.blank = false,
        None => entry.blank = false,
    }
}

/// Whether there is a single value that is one token or has brackets.
fn is_hugged(entries: &[Entry<'_>]) -> bool {
    let [entry] = entries else { return false };
    matches!(entry.doc, Doc::Text(_) | Doc::Bracket(_))
}

/// Documents as one.
fn one(mut docs: Vec<Doc<'_>>) -> Doc<'_> {
    if docs.len() == 1 { docs.remove(0) } else { Doc::Concat(docs) }
}
