//! Which brackets have no partner: it follows from the brackets themselves and, for braces, from indentation.

use std::ops::Range;

use super::super::raw::{Input, Raw};
use super::opening;
use crate::steps::step;
use crate::token::TokenKind as K;

/// How far down an unexpected closing bracket looks for its partner.
const REACH: usize = 80;

/// An open bracket.
#[derive(Clone, Copy)]
pub(super) struct Open {
    pub(super) token: usize,
    pub(super) kind: K,
    /// Where the first token of its line stands in it.
    pub(super) indent: usize,
}

/// What is known about a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Fine,
    /// Opens, and nothing closes it.
    Unclosed,
    /// Closes, and nothing opened it.
    Unopened,
    /// A `}` that is meant to close a list or a parenthesis.
    Wrong,
    /// Stands in a block whose head is missing.
    Lost,
}

/// A bracket that is missing.
#[derive(Clone, Copy)]
pub(super) struct Missing {
    /// The token that it should stand behind.
    pub(super) behind: usize,
    /// What it is.
    pub(super) kind: K,
    /// Its partner.
    pub(super) close: usize,
}

/// What is known about all tokens.
pub(super) struct Roles {
    pub(super) all: Vec<Role>,
    /// In the order of the tokens that they should stand behind.
    missing: Vec<Missing>,
}

impl Roles {
    /// The bracket that is missing behind token `nth`.
    pub(super) fn missing_behind(&self, nth: usize) -> Option<Missing> {
        let first = self.missing.partition_point(|missing| missing.behind < nth);
        self.missing.get(first).filter(|missing| missing.behind == nth).copied()
    }

    /// How many mistakes it takes to explain the brackets so.
    fn mistakes(&self) -> usize {
        let is_mistake = |role: &&Role| !matches!(role, Role::Fine | Role::Lost);
        self.all.iter().filter(is_mistake).count() + self.missing.len()
    }
}

/// What is known about each token of `input`: of the ways to explain its brackets, the one with the fewest mistakes.
pub(super) fn roles(input: &Input<'_>, columns: &[Option<usize>]) -> Roles {
    let (broken, lines) = (broken_texts(input), lines(columns));
    let find =
        |guess| Finder { input, columns, lines: &lines, broken: &broken, guess, open: Vec::new() }.find();
    let plain = find(Guess::Plain);
    let orphaned = find(Guess::Orphaned);
    let mixed = find(Guess::Mixed);
    let beheaded = find(Guess::Beheaded);
    // A `}` for a `]` counts twice, once at each of them.
    if mixed.all.contains(&Role::Wrong) && mixed.mistakes() < plain.mistakes() + 1 {
        mixed
    } else if !beheaded.missing.is_empty() && beheaded.mistakes() <= plain.mistakes() {
        beheaded
    } else if orphaned.all.contains(&Role::Lost) && orphaned.mistakes() <= plain.mistakes() {
        orphaned
    } else {
        plain
    }
}

/// What a `}` may be that does not fit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guess {
    /// Nothing special.
    Plain,
    /// It is meant to close a list or a parenthesis.
    Mixed,
    /// The head of the block that it ends is missing.
    Orphaned,
    /// The `{` before it on its line is missing.
    Beheaded,
}

pub(super) fn is_text(open: &Open) -> bool {
    open.kind == K::TextStart
}

/// The tokens that start a text whose value in `${` has no `}`: closing brackets there belong to what is around it.
fn broken_texts(input: &Input<'_>) -> Vec<usize> {
    let mut open = Vec::new();
    let mut broken = Vec::new();
    for (nth, token) in input.tokens.iter().enumerate() {
        match token.kind {
            K::TextStart => open.push(nth),
            K::TextEnd | K::TextEndUnclosed => {
                let start = open.pop();
                broken.extend(start.filter(|_| token.span.is_empty()));
            }
            _ => {}
        }
    }
    broken.sort_unstable();
    broken
}

/// The token that begins the line of each token, if one does.
fn lines(columns: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut line = None;
    let begins = columns.iter().enumerate().map(|(nth, column)| {
        line = column.map(|_| nth).or(line);
        line
    });
    begins.collect()
}

struct Finder<'i, 'a> {
    input: &'i Input<'a>,
    columns: &'i [Option<usize>],
    /// As [`lines`] says.
    lines: &'i [Option<usize>],
    /// As [`broken_texts`] says.
    broken: &'i [usize],
    guess: Guess,
    open: Vec<Open>,
}

impl Finder<'_, '_> {
    fn find(mut self) -> Roles {
        let mut roles = Roles { all: vec![Role::Fine; self.input.tokens.len()], missing: Vec::new() };
        let mut indent = 0;
        for (nth, token) in self.input.tokens.iter().enumerate() {
            indent = self.columns[nth].unwrap_or(indent);
            if token.kind == K::FatArrow && !self.input.balanced && self.is_over_before_arrow() {
                let inner = self.open.pop();
                roles.all[inner.map_or(nth, |open| open.token)] = Role::Unclosed;
            }
            if token.kind.opens() {
                self.open.push(Open { token: nth, kind: token.kind, indent });
            } else if token.kind.closes() {
                self.close(nth, *token, &mut roles);
            }
        }
        for unclosed in self.open {
            roles.all[unclosed.token] = Role::Unclosed;
        }
        // Stable: of two behind one token the first counts.
        roles.missing.sort_by_key(|missing| missing.behind);
        roles
    }

    /// The closing bracket that is token `nth` takes its partner and what is open in it.
    fn close(&mut self, nth: usize, token: Raw, roles: &mut Roles) {
        if self.guess == Guess::Mixed && self.is_meant_otherwise(nth) {
            roles.all[nth] = Role::Wrong;
            if let Some(open) = self.open.pop() {
                roles.all[open.token] = Role::Unclosed;
            }
            return;
        }
        let column = self.columns[nth].filter(|_| token.kind == K::RightBrace);
        if let Some(lines) =
            column.filter(|_| self.guess == Guess::Orphaned).and_then(|at| self.orphans(nth, at))
        {
            roles.all[lines].fill(Role::Lost);
            roles.all[nth] = Role::Unopened;
            return;
        }
        if let Some((behind, kind)) = self.beheaded(nth).filter(|_| self.guess == Guess::Beheaded) {
            roles.missing.push(Missing { behind, kind, close: nth });
            return;
        }
        if let Some(behind) = column.and_then(|column| self.head(nth, column)) {
            roles.missing.push(Missing { behind, kind: K::LeftBrace, close: nth });
            return;
        }
        match self.partner(token.kind, column) {
            Some(at) => {
                for unclosed in self.open.drain(at..).skip(1) {
                    roles.all[unclosed.token] = Role::Unclosed;
                }
            }
            None => match opening::missing(self.input, nth) {
                Some((behind, kind)) if roles.missing_behind(behind).is_none() => {
                    roles.missing.push(Missing { behind, kind, close: nth });
                }
                _ => roles.all[nth] = Role::Unopened,
            },
        }
    }

    /// Which of the open brackets `close` closes; `column` is where a `}` stands that begins its line.
    fn partner(&self, close: K, column: Option<usize>) -> Option<usize> {
        let open = &self.open;
        let reach = || open.iter().enumerate().rev().take(REACH);
        let blocks = |open: &Open| is_text(open) && self.broken.binary_search(&open.token).is_err();
        let is_reachable = |at: usize| {
            close == K::TextEnd || close == K::TextEndUnclosed || !open[at + 1..].iter().any(blocks)
        };
        let found = reach().find(|(_, open)| close.is_partner_of(open.kind)).map(|(at, _)| at);
        let found = found.filter(|at| is_reachable(*at));
        let aligned = column.and_then(|column| {
            let (at, _) = reach().find(|(_, open)| open.kind == K::LeftBrace && open.indent <= column)?;
            (open[at].indent == column && is_reachable(at)).then_some(at)
        });
        aligned.or(found)
    }

    /// The token that begins the line of token `nth`.
    fn line(&self, nth: usize) -> Option<usize> {
        self.lines[nth]
    }

    /// Whether the `}` that is token `nth` stands on the line of a list or parenthesis that is open, while the nearest
    /// `{` stands on a line before.
    fn is_meant_otherwise(&self, nth: usize) -> bool {
        let Some(inner) = self.open.last() else { return false };
        let brace = self.open.iter().rev().find(|open| open.kind == K::LeftBrace);
        self.input.kind(nth) == K::RightBrace
            && matches!(inner.kind, K::LeftBracket | K::LeftParen)
            && self.line(inner.token) == self.line(nth)
            && brace.is_none_or(|brace| self.line(brace.token) != self.line(nth))
    }

    /// Whether a `=>` belongs to the `for` of a bracket around the innermost one, which so should be closed.
    fn is_over_before_arrow(&self) -> bool {
        let has_for = |open: &Open| self.input.word(open.token + 1) == "for";
        let [.., outer, inner] = self.open.as_slice() else { return false };
        matches!(inner.kind, K::LeftBracket | K::LeftParen) && !has_for(inner) && has_for(outer)
    }

    /// Where the `{` is missing whose partner is token `nth`, a `}` in the middle of a line that no `{` stands in.
    fn beheaded(&self, nth: usize) -> Option<(usize, K)> {
        let is_brace = self.input.kind(nth) == K::RightBrace && self.columns[nth].is_none();
        let is_outside = self.open.last().is_none_or(|open| self.line(open.token) != self.line(nth));
        opening::missing(self.input, nth).filter(|_| is_brace && is_outside)
    }

    /// The lines directly above the `}` at `column`, token `nth`, that are indented more: their first token, and that of
    /// the line above them, if there is one.
    fn above(&self, nth: usize, column: usize) -> (usize, Option<usize>) {
        let mut lines = nth;
        loop {
            let line = lines.checked_sub(1).and_then(|end| self.line(end));
            match line {
                Some(first) if self.columns[first].is_some_and(|other| other > column) => lines = first,
                other => return (lines, other),
            }
        }
    }

    /// The last token of the line that the `}` at `column`, token `nth`, seems to end although no `{` stands in it: the
    /// nearest one above that is not indented more, if that begins like a statement and all between is.
    fn head(&self, nth: usize, column: usize) -> Option<usize> {
        let (lines, first) = self.above(nth, column);
        let first = first.filter(|first| lines < nth && self.columns[*first] == Some(column))?;
        let is_head = self.input.kind(first) == K::Word
            && !self.input.tokens[first..lines]
                .iter()
                .any(|token| matches!(token.kind, K::LeftBrace | K::RightBrace | K::Assign));
        (is_head && self.is_plain(first)).then(|| lines - 1)
    }

    /// The tokens of the lines above the `}` at `column`, token `nth`, whose head is missing: indented as they are, they
    /// belong to nothing.
    fn orphans(&self, nth: usize, column: usize) -> Option<Range<usize>> {
        let (lines, _) = self.above(nth, column);
        let is_aligned = self.open.iter().any(|open| open.kind == K::LeftBrace && open.indent == column);
        let is_orphan =
            lines < nth && !is_aligned && self.head(nth, column).is_none() && self.is_plain(lines);
        (is_orphan && self.is_balanced(lines..nth)).then_some(lines..nth)
    }

    /// Whether no bracket among some tokens closes one before them.
    fn is_balanced(&self, tokens: Range<usize>) -> bool {
        let mut depth = 0;
        self.input.tokens[tokens].iter().all(|token| {
            step(1);
            depth += i32::from(token.kind.opens()) - i32::from(token.kind.closes());
            depth >= 0
        })
    }

    /// Whether nothing but a `{` is open that stands before token `first`.
    fn is_plain(&self, first: usize) -> bool {
        self.open.last().is_none_or(|open| open.kind == K::LeftBrace && open.token < first)
    }
}
