//! Mistakes in the clauses of a head that each can be read: one stands twice, or a `for` has no key.

use std::ops::Range;

use diagnostics::Problem;

use super::super::tok::Tok;
use super::Context;
use crate::problems::syntax_error::{bare_membership, clause_twice, missing_key, unbracketed_in};

impl Context<'_> {
    /// The clause at token `at` stands twice in its head, first at token `first`.
    pub(super) fn clause_twice(&self, at: usize, first: usize) -> Problem {
        let sign = self.source.word(at);
        let place = self.place(self.source.span(at));
        let before = self.place(self.source.span(first));
        // An 'in' behind a condition is most likely part of it.
        let mut asked = [first, at].into_iter().filter(|nth| self.tok(*nth) == Tok::Within);
        if let Some(condition) = asked.find_map(|nth| self.condition(nth, false)) {
            return unbracketed_in(place, before, self.place(self.between(condition.start, condition.end)));
        }
        let directly = self.clauses(self.mark(at), at).last() == Some(&first);
        clause_twice(place, sign, before, directly)
    }

    /// Token `at` cannot stand behind an `in`, or what that says, which so is part of the condition before it.
    pub(super) fn bare_membership(&self, mark: usize, at: usize) -> Option<Problem> {
        let before = self.clauses(mark, at).into_iter().rev().take_while(|nth| self.tok(*nth) == Tok::Within);
        let within = before
            .last()
            .filter(|_| !self.ends(at) && !matches!(self.tok(at), Tok::LeftBrace | Tok::Assign))?;
        let condition = self.condition(within, true)?;
        let place = self.place(self.source.span(within));
        Some(bare_membership(place, self.place(self.between(condition.start, condition.end))))
    }

    /// The `for` at token `at` has no key before it.
    pub(super) fn no_key(&self, at: usize) -> Problem {
        let mark = self.mark(at);
        let first = self.clauses(mark, at).first().copied().unwrap_or(at);
        let name = first.saturating_sub(1).max(mark + 1);
        let here = self.place(self.source.span(at));
        missing_key(here, self.behind(name), self.source.word(name), self.source.word(at + 1))
    }

    /// The tokens of the condition that stands directly before the `in` at token `at`, and of what that says; with what
    /// others of the head say, if `all`.
    fn condition(&self, at: usize, all: bool) -> Option<Range<usize>> {
        let mark = self.mark(at);
        let start = *self.clauses(mark, at).last().filter(|nth| self.tok(**nth) == Tok::If)? + 1;
        let mut depth = 0;
        let end = (at + 1..self.toks.len()).find(|nth| {
            let (tok, is_first) = (self.tok(*nth), *nth == at + 1);
            let is_clause = self.is_clause(*nth) && !(all && tok == Tok::Within);
            let is_over = self.ends(*nth) || is_clause || matches!(tok, Tok::LeftBrace | Tok::Assign);
            let is_end = depth == 0 && is_over && !is_first;
            depth += i32::from(tok.opens()) - i32::from(tok.closes());
            is_end
        });
        Some(start..end?)
    }

    /// The tokens that clauses begin with in the head behind the mark `mark`, before token `end`.
    pub(super) fn clauses(&self, mark: usize, end: usize) -> Vec<usize> {
        let mut depth = 0;
        let starts = (mark + 1..end).filter(|nth| {
            let tok = self.tok(*nth);
            depth += i32::from(tok.opens()) - i32::from(tok.closes());
            depth == 0 && self.is_clause(*nth)
        });
        starts.collect()
    }

    /// Whether token `at` begins a clause of the head that it stands in.
    fn is_clause(&self, at: usize) -> bool {
        let begins = matches!(self.tok(at), Tok::Within | Tok::Colon | Tok::For | Tok::If);
        begins
            && self.before(at).is_some_and(|before| self.tok(before).is_value() || self.tok(before).closes())
    }
}
