//! Which brackets have no partner: it follows from the brackets themselves and, for braces, from indentation.

use super::super::raw::Input;
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

/// What is known about a token that is a bracket.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Fine,
    /// Opens, and nothing closes it.
    Unclosed,
    /// Closes, and nothing opened it.
    Unopened,
    /// A `}` that is meant to close a list or a parenthesis.
    Wrong,
}

/// What is known about all tokens.
pub(super) struct Roles {
    pub(super) all: Vec<Role>,
    /// The tokens behind which a `{` is missing, each with the `}` that closes it.
    missing: Vec<(usize, usize)>,
}

impl Roles {
    /// The `}` whose `{` is missing behind token `nth`.
    pub(super) fn opened_by(&self, nth: usize) -> Option<usize> {
        self.missing.iter().find(|(behind, _)| *behind == nth).map(|(_, close)| *close)
    }

    /// How many mistakes it takes to explain the brackets so.
    fn mistakes(&self) -> usize {
        self.all.iter().filter(|role| **role != Role::Fine).count() + self.missing.len()
    }
}

/// What is known about each token of `input`.
pub(super) fn roles(input: &Input<'_>, columns: &[Option<usize>]) -> Roles {
    let plain = Finder { input, columns, mixed: false, open: Vec::new() }.find();
    let mixed = Finder { input, columns, mixed: true, open: Vec::new() }.find();
    // A `}` for a `]` counts twice, once at each of them.
    if mixed.mistakes() < plain.mistakes() + 1 && mixed.all.contains(&Role::Wrong) { mixed } else { plain }
}

pub(super) fn is_text(open: &Open) -> bool {
    open.kind == K::TextStart
}

struct Finder<'i, 'a> {
    input: &'i Input<'a>,
    columns: &'i [Option<usize>],
    /// Whether a `}` may be meant to close a list or a parenthesis.
    mixed: bool,
    open: Vec<Open>,
}

impl Finder<'_, '_> {
    fn find(mut self) -> Roles {
        let mut roles = Roles { all: vec![Role::Fine; self.input.tokens.len()], missing: Vec::new() };
        let mut indent = 0;
        for (nth, token) in self.input.tokens.iter().enumerate() {
            indent = self.columns[nth].unwrap_or(indent);
            if token.kind.opens() {
                self.open.push(Open { token: nth, kind: token.kind, indent });
            } else if token.kind.closes() {
                self.close(nth, &mut roles);
            }
        }
        for unclosed in self.open {
            roles.all[unclosed.token] = Role::Unclosed;
        }
        roles
    }

    /// The closing bracket that is token `nth` takes its partner and what is open in it.
    fn close(&mut self, nth: usize, roles: &mut Roles) {
        let close = self.input.kind(nth);
        if self.mixed && self.is_meant_otherwise(nth) {
            roles.all[nth] = Role::Wrong;
            if let Some(open) = self.open.pop() {
                roles.all[open.token] = Role::Unclosed;
            }
            return;
        }
        if let Some(behind) =
            self.columns[nth].filter(|_| close == K::RightBrace).and_then(|column| self.head(nth, column))
        {
            roles.missing.push((behind, nth));
            return;
        }
        match self.partner(close, self.columns[nth]) {
            Some(at) => {
                for unclosed in self.open.drain(at..).skip(1) {
                    roles.all[unclosed.token] = Role::Unclosed;
                }
            }
            None => roles.all[nth] = Role::Unopened,
        }
    }

    /// Which of the open brackets `close` closes.
    fn partner(&self, close: K, column: Option<usize>) -> Option<usize> {
        let open = &self.open;
        let reach = || open.iter().enumerate().rev().take(REACH);
        let is_reachable = |at: usize| {
            close == K::TextEnd || close == K::TextEndUnclosed || !open[at + 1..].iter().any(is_text)
        };
        let found = reach().find(|(_, open)| close.is_partner_of(open.kind)).map(|(at, _)| at);
        let found = found.filter(|at| is_reachable(*at));
        let aligned = column.filter(|_| close == K::RightBrace).and_then(|column| {
            let (at, _) = reach().find(|(_, open)| open.kind == K::LeftBrace && open.indent <= column)?;
            (open[at].indent == column && is_reachable(at)).then_some(at)
        });
        aligned.or(found)
    }

    /// Whether the `}` that is token `nth` stands on the line of a list or parenthesis that is open, while the nearest
    /// `{` stands on a line before.
    fn is_meant_otherwise(&self, nth: usize) -> bool {
        let Some(inner) = self.open.last() else { return false };
        let line = |nth: usize| (0..=nth).rev().find(|at| self.columns[*at].is_some());
        let brace = self.open.iter().rev().find(|open| open.kind == K::LeftBrace);
        self.input.kind(nth) == K::RightBrace
            && matches!(inner.kind, K::LeftBracket | K::LeftParen)
            && line(inner.token) == line(nth)
            && brace.is_none_or(|brace| line(brace.token) != line(nth))
    }

    /// The last token of the line that the `}` at `column`, token `nth`, seems to end although no `{` stands in it: the
    /// nearest one above that is not indented more, if that begins like a statement and all between is.
    fn head(&self, nth: usize, column: usize) -> Option<usize> {
        let starts = |end: usize| (0..end).rev().find(|at| self.columns[*at].is_some());
        let mut behind = nth;
        let mut first = starts(behind)?;
        while self.columns[first].is_some_and(|other| other > column) {
            behind = first;
            first = starts(behind)?;
        }
        let line = first..behind;
        let is_head = self.columns[first] == Some(column)
            && behind < nth
            && self.input.kind(first) == K::Word
            && !self.input.tokens[line.clone()]
                .iter()
                .any(|token| matches!(token.kind, K::LeftBrace | K::RightBrace | K::Assign));
        // What is open there is open still.
        let is_plain = self.open.last().is_none_or(|open| open.kind == K::LeftBrace && open.token < first);
        (is_head && is_plain).then(|| behind - 1)
    }
}
