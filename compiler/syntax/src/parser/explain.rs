//! Words for what the grammar says.
//!
//! A [`Fault`] is a token and what could have stood there. What a person needs to hear follows mostly from the tokens
//! around it and the form of the statement: how it begins ([`head`], [`declaration`], [`clause`]), what values are made of ([`value`]), the signs and
//! words between them ([`sign`]), and what of a head stands behind all that ([`late`]).
#![deny(clippy::indexing_slicing, clippy::string_slice, reason = "what is half typed ends anywhere")]

mod clause;
mod declaration;
mod head;
mod late;
mod sign;
mod value;

use diagnostics::Problem;
use source::{ItemKey, Place, Span};

use super::fault::{Fault, Flaw};
use super::source::Source;
use super::tok::Tok;
use crate::problems::comparison_chain::comparison_chain;
use crate::problems::syntax_error::syntax_error;
use crate::problems::unclosed_bracket::missing_bracket;
use crate::steps::step;

/// How a text with values in it is shown.
pub(super) const ANY_TEXT: &str = "\"…\"";

/// What the words are found from.
pub(crate) struct Context<'a> {
    pub(crate) key: &'a ItemKey,
    pub(crate) source: &'a Source,
    pub(crate) toks: &'a [Tok],
    /// Where a `}` closes nothing.
    pub(crate) unopened: Option<u32>,
}

impl Context<'_> {
    /// The problem that `fault` is.
    pub(crate) fn explain(&self, fault: Fault) -> Problem {
        let at = fault.at;
        match fault.flaw {
            Flaw::Chain => return comparison_chain(self.place(self.source.span(at)), self.source.word(at)),
            Flaw::Twice(first) => return self.clause_twice(at, first),
            Flaw::NoKey => return self.no_key(at),
            Flaw::Unexpected => {}
        }
        let mark = self.mark(at);
        if let Some(before) = self.before(at).filter(|before| self.lacks_brace(fault, *before)) {
            return missing_bracket(self.behind(before), '{', &self.shown(before), None);
        }
        self.bare_check(mark, at)
            .or_else(|| self.late_clause(mark, at))
            .or_else(|| self.late_condition(mark, at))
            .or_else(|| self.foreign_sign(fault))
            .or_else(|| self.head(fault, mark))
            .or_else(|| self.value(fault, mark))
            .or_else(|| self.sign(fault))
            .unwrap_or_else(|| self.unexpected(at))
    }

    /// The bytes of the innermost statement around token `at`, up to the line's end.
    pub(crate) fn statement(&self, at: usize) -> Span {
        let start = self.mark(at);
        let mut depth = 0;
        let mut end = start;
        for nth in start..self.toks.len() {
            end = nth;
            match self.tok(nth) {
                Tok::End if depth == 0 => break,
                tok if tok.opens() => depth += 1,
                tok if tok.closes() => depth -= 1,
                _ => {}
            }
        }
        let span = self.source.span(start).to(self.source.span(end));
        let line = self.source.rest(span.end).lines().next().map_or(0, str::len);
        Span::new(span.start, span.end + u32::try_from(line).unwrap_or(0))
    }

    /// The mark of the innermost statement around token `at`.
    fn mark(&self, at: usize) -> usize {
        let mut depth = 0;
        for nth in (0..at.min(self.toks.len())).rev() {
            match self.tok(nth) {
                tok if tok.closes() => depth += 1,
                tok if tok.opens() => depth -= 1,
                tok if tok.is_mark() && depth <= 0 => return nth,
                _ => {}
            }
        }
        0
    }

    fn tok(&self, at: usize) -> Tok {
        step(1);
        self.toks.get(at).copied().unwrap_or(Tok::End)
    }

    fn place(&self, span: Span) -> Place {
        Place::new(self.key, span)
    }

    /// The empty place behind token `at`.
    fn behind(&self, at: usize) -> Place {
        self.place(Span::empty(self.source.span(at).end))
    }

    /// Whether a body could start behind token `before`, and a `}` further on has no `{`.
    fn lacks_brace(&self, fault: Fault, before: usize) -> bool {
        let is_body = fault.expects(Tok::LeftBrace) && !fault.expects(Tok::LeftBracket);
        let is_declaration = fault.expects(Tok::LeftBrace) && fault.expects(Tok::Assign);
        let after = self.unopened.is_some_and(|at| at > self.source.span(before).start);
        after && (is_body || is_declaration)
    }

    /// Whether nothing stands between token `at` and the token `before` it.
    fn touches(&self, before: usize, at: usize) -> bool {
        self.source.span(before).end == self.source.span(at).start
    }

    /// What separates token `at` from the token `before` it.
    fn gap(&self, before: usize, at: usize) -> Place {
        self.place(Span::new(self.source.span(before).end, self.source.span(at).start))
    }

    /// Whether the value or statement ends before token `at`.
    fn ends(&self, at: usize) -> bool {
        matches!(self.tok(at), Tok::End | Tok::Comma) || self.tok(at).closes()
    }

    /// The text of the tokens `from..to`.
    fn written(&self, from: usize, to: usize) -> String {
        self.source.text(self.between(from, to)).to_owned()
    }

    /// From the first to the last of the tokens `from..to`; the first if there are none.
    fn between(&self, from: usize, to: usize) -> Span {
        let first = self.source.span(from);
        if to > from { first.to(self.source.span(to - 1)) } else { first }
    }

    /// The tokens `from..to`, as far as there are any.
    fn toks(&self, from: usize, to: usize) -> &[Tok] {
        self.toks.get(from..to.min(self.toks.len())).unwrap_or_default()
    }

    /// The tokens from `from` on, up to the end of the statement.
    fn toks_to_end(&self, from: usize) -> &[Tok] {
        let rest = self.toks(from, self.toks.len());
        rest.split(|tok| *tok == Tok::End).next().unwrap_or_default()
    }

    /// The last token before `at` that is written.
    fn before(&self, at: usize) -> Option<usize> {
        (0..at.min(self.toks.len())).rev().find(|nth| !self.tok(*nth).is_mark() && self.tok(*nth) != Tok::End)
    }

    fn unexpected(&self, at: usize) -> Problem {
        // What is written there stands behind the mark.
        let at = at + usize::from(self.tok(at).is_mark());
        let before = self.before(at).map(|before| self.shown(before));
        let place = self.place(self.source.span(at));
        match (self.tok(at), before) {
            (Tok::End, Some(before)) => {
                syntax_error(place, format!("something is missing after '{before}'")).label("nothing follows")
            }
            (_, Some(before)) => {
                syntax_error(place, format!("'{}' is not expected after '{before}'", self.shown(at)))
                    .label("not expected here")
            }
            (_, None) => syntax_error(place, format!("'{}' is not expected here", self.shown(at))),
        }
    }

    /// The text of token `at`, short enough to be shown.
    fn shown(&self, at: usize) -> String {
        if matches!(self.tok(at), Tok::TextStart | Tok::TextMiddle | Tok::TextEnd) {
            return ANY_TEXT.to_owned();
        }
        let word = self.source.word(at).lines().next().unwrap_or_default();
        let end = word.char_indices().nth(40).map(|(end, _)| end);
        match end.and_then(|end| word.get(..end)) {
            Some(beginning) => format!("{beginning}…"),
            None => word.to_owned(),
        }
    }
}
