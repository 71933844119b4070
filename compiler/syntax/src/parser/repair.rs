//! Brackets to pairs: adds what is missing, takes away what is too much, and reports both.
//!
//! Only asked where brackets do not balance. Which bracket lacks its partner follows from the brackets themselves and,
//! for braces, from indentation; where the partner is missing follows from lines that clearly start something else.

use source::Span;

use super::raw::{Doc, Input, Raw};
use crate::lexer::starts_statement;
use crate::problems::unclosed_bracket::{unclosed_bracket, unopened_bracket, wrong_bracket};
use crate::token::TokenKind as K;

/// How far down an unexpected closing bracket looks for its partner.
const REACH: usize = 80;

/// How many brackets are reported; what follows so many mistakes says nothing new.
const MOST: usize = 50;

/// An open bracket.
#[derive(Clone, Copy)]
struct Open {
    token: usize,
    kind: K,
    /// Where the first token of its line stands in it.
    indent: usize,
}

/// What is known about a token that is a bracket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Fine,
    /// Opens, and nothing closes it.
    Unclosed,
    /// Closes, and nothing opened it.
    Unopened,
}

/// Puts the brackets of `input` in pairs.
pub(crate) fn repair(input: &mut Input<'_>) {
    if input.balanced {
        return;
    }
    let columns = columns(input);
    let roles = roles(input, &columns);
    let mut out = Repair { input, columns, tokens: Vec::new(), open: Vec::new(), docs: Vec::new() };
    out.run(&roles);
    let (tokens, docs) = (out.tokens, out.docs);
    input.tokens = tokens;
    input.docs = docs;
}

/// For each token, its column if it is the first of its line.
fn columns(input: &Input<'_>) -> Vec<Option<usize>> {
    let column = |token: &Raw| {
        let before = &input.text[..token.span.start as usize];
        before.len() - before.rfind('\n').map_or(0, |at| at + 1)
    };
    input.tokens.iter().map(|token| token.line_start.then(|| column(token))).collect()
}

fn roles(input: &Input<'_>, columns: &[Option<usize>]) -> Vec<Role> {
    let mut roles = vec![Role::Fine; input.tokens.len()];
    let mut open: Vec<Open> = Vec::new();
    let mut indent = 0;
    for (nth, token) in input.tokens.iter().enumerate() {
        indent = columns[nth].unwrap_or(indent);
        if token.kind.opens() {
            open.push(Open { token: nth, kind: token.kind, indent });
        } else if token.kind.closes() {
            match partner(&open, token.kind, columns[nth]) {
                Some(at) => {
                    for unclosed in open.drain(at..).skip(1) {
                        roles[unclosed.token] = Role::Unclosed;
                    }
                }
                None => roles[nth] = Role::Unopened,
            }
        }
    }
    for unclosed in open {
        roles[unclosed.token] = Role::Unclosed;
    }
    roles
}

/// Which of the open brackets `close` closes.
fn partner(open: &[Open], close: K, column: Option<usize>) -> Option<usize> {
    let reach = || open.iter().enumerate().rev().take(REACH);
    let is_reachable =
        |at: usize| close == K::TextEnd || close == K::TextEndUnclosed || !open[at + 1..].iter().any(is_text);
    let found = reach().find(|(_, open)| close.is_partner_of(open.kind)).map(|(at, _)| at);
    let found = found.filter(|at| is_reachable(*at));
    let aligned = column.filter(|_| close == K::RightBrace).and_then(|column| {
        let (at, _) = reach().find(|(_, open)| open.kind == K::LeftBrace && open.indent <= column)?;
        (open[at].indent == column && is_reachable(at)).then_some(at)
    });
    aligned.or(found)
}

fn is_text(open: &Open) -> bool {
    open.kind == K::TextStart
}

struct Repair<'i, 'a> {
    input: &'i mut Input<'a>,
    columns: Vec<Option<usize>>,
    tokens: Vec<Raw>,
    open: Vec<(Open, Role)>,
    docs: Vec<Doc>,
}

impl Repair<'_, '_> {
    fn run(&mut self, roles: &[Role]) {
        let mut docs = std::mem::take(&mut self.input.docs).into_iter().peekable();
        let mut indent = 0;
        for (nth, &role) in roles.iter().enumerate() {
            let token = self.input.tokens[nth];
            indent = self.columns[nth].unwrap_or(indent);
            while self.ends_before(nth, role) {
                self.close();
            }
            while let Some(doc) = docs.next_if(|doc| doc.token as usize <= nth) {
                let token = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
                self.docs.push(Doc { token, ..doc });
            }
            if role == Role::Unopened && self.closes_wrongly(token) {
                continue;
            }
            if role == Role::Unopened {
                if self.input.problems.len() < MOST {
                    let place = self.input.place(token.span);
                    self.input.problems.push(unopened_bracket(place, self.input.word(nth)));
                }
                continue;
            }
            if token.kind.opens() {
                self.open.push((Open { token: nth, kind: token.kind, indent }, role));
            } else if token.kind.closes() {
                self.open.pop();
            }
            self.tokens.push(token);
        }
        while !self.open.is_empty() {
            self.close();
        }
    }

    /// Takes the closing bracket `token` for the one that the innermost bracket lacks.
    fn closes_wrongly(&mut self, token: Raw) -> bool {
        let Some((open, Role::Unclosed)) = self.open.last().copied() else { return false };
        let (kind, right) = match open.kind {
            K::LeftBracket => (K::RightBracket, ']'),
            K::LeftParen => (K::RightParen, ')'),
            _ => return false,
        };
        if token.kind == K::RightBrace || self.input.problems.len() >= MOST {
            return false;
        }
        let opened = self.input.place(self.input.tokens[open.token].span);
        self.input.problems.push(wrong_bracket(self.input.place(token.span), right, opened));
        self.open.pop();
        self.tokens.push(Raw { kind, ..token });
        true
    }

    /// Whether the innermost bracket lacks its partner, and that belongs before token `nth`.
    fn ends_before(&self, nth: usize, role: Role) -> bool {
        let Some((open, Role::Unclosed)) = self.open.last() else { return false };
        let token = self.input.tokens[nth];
        if token.kind.closes() && role == Role::Fine {
            return true;
        }
        let Some(column) = self.columns[nth] else { return false };
        let outer_text = self.open.iter().any(|(open, _)| is_text(open));
        let rest = &self.input.text.as_bytes()[token.span.start as usize..];
        let is_statement = starts_statement(rest);
        match open.kind {
            _ if outer_text => false,
            K::LeftBrace => column <= open.indent && nth > open.token + 1,
            K::LeftBracket => column <= open.indent || is_statement,
            _ => {
                let before = self.input.kind(nth - 1);
                column <= open.indent || (is_statement && !matches!(before, K::Comma | K::LeftParen))
            }
        }
    }

    /// Adds the partner of the innermost bracket.
    fn close(&mut self) {
        let Some((open, _)) = self.open.pop() else { return };
        let (kind, bracket) = match open.kind {
            K::LeftBracket => (K::RightBracket, '['),
            K::LeftParen => (K::RightParen, '('),
            K::LeftBrace => (K::RightBrace, '{'),
            _ => (K::TextEndUnclosed, '"'),
        };
        let at = Span::empty(self.tokens.last().map_or(0, |token| token.span.end));
        let opened = self.input.tokens[open.token].span;
        if bracket != '"' && self.input.problems.len() < MOST && !self.is_swallowed(opened, at) {
            let opened = self.input.place(opened);
            self.input.problems.push(unclosed_bracket(self.input.place(at), bracket, opened));
        }
        self.tokens.push(Raw { kind, span: at, line_start: false });
    }

    /// Whether a text that is not closed may have swallowed the closing bracket.
    fn is_swallowed(&self, opened: Span, end: Span) -> bool {
        let unclosed =
            |token: &&Raw| matches!(token.kind, K::TextUnclosed | K::TextEndUnclosed | K::NixUnclosed);
        let between = self.tokens.iter().rev().take_while(|token| token.span.start >= opened.start);
        let close = |token: &Raw| token.span.slice(self.input.text).contains([')', ']', '}']);
        between
            .filter(unclosed)
            .any(|token| token.span.end <= end.end && (close(token) || token.span.is_empty()))
    }
}
