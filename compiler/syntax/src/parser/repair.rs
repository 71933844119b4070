//! Brackets to pairs: adds what is missing, takes away what is too much, and reports both.
//!
//! Only asked where brackets do not balance. Which bracket lacks its partner is found by [`roles`]; where the partner is
//! missing follows from lines that clearly start something else.

mod opening;
mod owner;
mod roles;

use source::Span;

use super::explain::ANY_TEXT;
use super::raw::{Doc, Input, Raw};
use crate::lexer::starts_statement;
use crate::problems::unclosed_bracket::{
    Bracket, headless_block, missing_bracket, unclosed_bracket, unopened_bracket, unopened_call,
    wrong_bracket,
};
use crate::token::TokenKind as K;
use owner::owner;
use roles::{Missing, Open, Role, Roles, is_text};

/// How many brackets are reported; what follows so many mistakes says nothing new.
const MOST: usize = 50;

/// Puts the brackets of `input` in pairs.
pub(crate) fn repair(input: &mut Input<'_>) {
    if input.balanced {
        return;
    }
    let columns = columns(input);
    let roles = roles::roles(input, &columns);
    let mut out = Repair { input, columns, tokens: Vec::new(), open: Vec::new(), docs: Vec::new() };
    out.run(&roles);
    let (tokens, docs) = (out.tokens, out.docs);
    input.tokens = tokens;
    input.docs = docs;
}

/// For each token, its column if it is the first of its line.
fn columns(input: &Input<'_>) -> Vec<Option<usize>> {
    (0..input.tokens.len()).map(|nth| input.starts_line(nth).then(|| input.column(nth))).collect()
}

struct Repair<'i, 'a> {
    input: &'i mut Input<'a>,
    columns: Vec<Option<usize>>,
    tokens: Vec<Raw>,
    open: Vec<(Open, Role)>,
    docs: Vec<Doc>,
}

impl Repair<'_, '_> {
    fn run(&mut self, roles: &Roles) {
        let mut docs = std::mem::take(&mut self.input.docs).into_iter().peekable();
        let mut indent = 0;
        for (nth, &role) in roles.all.iter().enumerate() {
            let token = self.input.tokens[nth];
            indent = self.columns[nth].unwrap_or(indent);
            while self.ends_before(nth, role) {
                self.close();
            }
            while let Some(doc) = docs.next_if(|doc| doc.token as usize <= nth) {
                let token = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
                self.docs.push(Doc { token, ..doc });
            }
            if (role == Role::Unopened || role == Role::Wrong) && self.closes_wrongly(token) {
                continue;
            }
            match role {
                Role::Unopened => {
                    self.unopened(nth, token, roles);
                    continue;
                }
                Role::Lost => continue,
                _ => {}
            }
            if token.kind.opens() {
                self.open.push((Open { token: nth, kind: token.kind, indent }, role));
            } else if token.kind.closes() {
                self.open.pop();
            }
            self.tokens.push(token);
            if let Some(missing) = roles.missing_behind(nth) {
                self.open_behind(missing, indent);
            }
        }
        while !self.open.is_empty() {
            self.close();
        }
    }

    /// Reports that token `nth` closes nothing. What stands in front of it without a head is taken away with it, and
    /// something unreadable is left.
    fn unopened(&mut self, nth: usize, token: Raw, roles: &Roles) {
        // The end of a text whose `${` is not closed is not written anywhere.
        if token.span.is_empty() {
            return;
        }
        let lost = (0..nth).rev().take_while(|before| roles.all[*before] == Role::Lost).last();
        let called = self.called(nth);
        if self.input.problems.len() < MOST {
            let place = self.input.place(token.span);
            self.input.problems.push(match lost {
                Some(first) => headless_block(place, self.input.place(self.input.span(first))),
                None if called.is_some() => unopened_call(place),
                None => unopened_bracket(place, self.input.word(nth)),
            });
        }
        if let Some(first) = lost {
            let span = self.input.span(first).to(token.span);
            self.tokens.push(Raw { kind: K::Stray, span, line_start: true });
        } else if let Some((called, name)) = called.and_then(|name| Some((self.tokens.pop()?, name))) {
            self.tokens.push(Raw { kind: K::Stray, span: name.span.to(token.span), ..called });
        }
    }

    /// The word that is all there is of a value before the `)` that is token `nth`: `random24)`. What it calls, and with
    /// what, cannot be told apart without the `(`.
    fn called(&self, nth: usize) -> Option<Raw> {
        let name = nth.checked_sub(1).filter(|name| self.input.kind(*name) == K::Word)?;
        let is_value =
            self.input.kind(nth) == K::RightParen && self.input.kind(name.checked_sub(1)?) == K::Assign;
        is_value.then(|| self.input.tokens[name])
    }

    /// Adds a bracket that is missing.
    fn open_behind(&mut self, missing: Missing, indent: usize) {
        let Missing { behind, kind, close } = missing;
        let at = Span::empty(self.input.span(behind).end);
        if self.input.problems.len() < MOST {
            let close = self.input.place(self.input.span(close));
            let is_text = self.input.kind(behind) == K::TextEnd;
            let before = if is_text { ANY_TEXT } else { self.input.word(behind) };
            let bracket = match kind {
                K::LeftBrace => '{',
                K::LeftBracket => '[',
                _ => '(',
            };
            self.input.problems.push(missing_bracket(self.input.place(at), bracket, before, Some(close)));
        }
        self.open.push((Open { token: behind, kind, indent }, Role::Fine));
        self.tokens.push(Raw { kind, span: at, line_start: false });
    }

    /// Takes the closing bracket `token` for the one that the innermost bracket lacks.
    fn closes_wrongly(&mut self, token: Raw) -> bool {
        let Some((open, Role::Unclosed)) = self.open.last().copied() else { return false };
        let (kind, bracket) = match open.kind {
            K::LeftBracket => (K::RightBracket, Bracket::List),
            K::LeftParen => (K::RightParen, Bracket::Parenthesis),
            _ => return false,
        };
        if self.input.problems.len() >= MOST {
            return false;
        }
        let opened = self.input.place(self.input.span(open.token));
        let written = token.span.slice(self.input.text);
        self.input.problems.push(wrong_bracket(self.input.place(token.span), written, &bracket, opened));
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
        // Where the list of a `for` ends, and where a head goes on with its block.
        let is_list = matches!(open.kind, K::LeftBracket | K::LeftParen);
        let has_for = self.input.word(open.token + 1) == "for";
        if is_list && !has_for && (token.kind == K::FatArrow || self.is_body(open.token, nth)) {
            return true;
        }
        let Some(column) = self.columns[nth] else { return false };
        let outer_text = self.open.iter().any(|(open, _)| is_text(open));
        let rest = &self.input.text.as_bytes()[token.span.start as usize..];
        let is_statement = starts_statement(rest);
        match open.kind {
            _ if outer_text => false,
            K::LeftBrace if self.is_operand(open.token) && self.adds(nth) => true,
            K::LeftBrace => {
                column <= open.indent && (nth > open.token + 1 || self.is_another(open.token, nth))
            }
            K::LeftBracket => column <= open.indent || is_statement,
            _ => {
                let before = self.input.kind(nth - 1);
                column <= open.indent || (is_statement && !matches!(before, K::Comma | K::LeftParen))
            }
        }
    }

    /// Whether token `nth` is the `{` of a block that ends a line, in a list or parenthesis that token `open` opens.
    fn is_body(&self, open: usize, nth: usize) -> bool {
        let has_match = || (open..nth).any(|at| self.input.word(at) == "match");
        self.input.kind(nth) == K::LeftBrace
            && self.input.kind(nth - 1).ends_value()
            && self.columns.get(nth + 1).is_some_and(Option::is_some)
            && !has_match()
    }

    /// Whether the `{` that is token `open` begins a value that `+` may follow, or follows one.
    fn is_operand(&self, open: usize) -> bool {
        open > 0 && matches!(self.input.kind(open - 1), K::Assign | K::Append | K::Plus)
    }

    /// Whether token `nth` is a `+` before a `{` or `[`.
    fn adds(&self, nth: usize) -> bool {
        let next = self.input.kind(nth + 1);
        self.input.kind(nth) == K::Plus && matches!(next, K::LeftBrace | K::LeftBracket)
    }

    /// Whether token `nth` begins a declaration of the kind whose `{` is token `open`.
    fn is_another(&self, open: usize, nth: usize) -> bool {
        let line = (0..=open).rev().find(|at| self.columns[*at].is_some());
        line.is_some_and(|line| {
            self.input.kind(line) == K::Word && self.input.word(line) == self.input.word(nth)
        })
    }

    /// Adds the partner of the innermost bracket.
    fn close(&mut self) {
        let Some((open, _)) = self.open.pop() else { return };
        let (kind, bracket) = match open.kind {
            K::LeftBracket => (K::RightBracket, Some(Bracket::List)),
            K::LeftParen => (K::RightParen, Some(Bracket::Parenthesis)),
            K::LeftBrace => (K::RightBrace, Some(Bracket::Block(owner(self.input, open.token)))),
            _ => (K::TextEndUnclosed, None),
        };
        let at = Span::empty(self.tokens.last().map_or(0, |token| token.span.end));
        let opened = self.input.span(open.token);
        if let Some(bracket) = bracket
            && self.input.problems.len() < MOST
            && !self.is_swallowed(opened, at)
        {
            let text = self.partner(&bracket, opened, open.indent, at);
            let opened = self.input.place(opened);
            self.input.problems.push(unclosed_bracket(self.input.place(at), &bracket, opened, text));
        }
        self.tokens.push(Raw { kind, span: at, line_start: false });
    }

    /// What to write to close `bracket` at `at`: a `}` stands on a line of its own, unless its `{` has this line too.
    fn partner(&self, bracket: &Bracket, opened: Span, indent: usize, at: Span) -> String {
        match bracket {
            Bracket::List => "]".to_owned(),
            Bracket::Parenthesis => ")".to_owned(),
            Bracket::Block(_) => {
                let is_one_line =
                    !Span::new(opened.end, at.start.max(opened.end)).slice(self.input.text).contains('\n');
                if is_one_line { " }".to_owned() } else { format!("\n{}}}", " ".repeat(indent)) }
            }
        }
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
