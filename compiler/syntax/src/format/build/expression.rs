//! Expressions.

use super::super::doc::{Doc, Entry, Separator};
use super::{BODY, Brackets, Builder, LIST, PARENS, one};
use crate::parser::Tok;

/// The operators between operands, loosest first.
const LEVELS: [&[Tok]; 7] = [
    &[Tok::Coalesce],
    &[Tok::Or],
    &[Tok::And],
    &[
        Tok::Equal,
        Tok::NotEqual,
        Tok::Less,
        Tok::LessEqual,
        Tok::Greater,
        Tok::GreaterEqual,
        Tok::In,
        Tok::Contains,
    ],
    &[Tok::DotDot],
    &[Tok::Plus, Tok::Minus],
    &[Tok::Star, Tok::Slash, Tok::Percent],
];
/// The level of comparisons.
const COMPARISON: usize = 3;
/// The loosest level without words: `a .. b`.
const SUM: usize = 4;

const VALUE: Brackets = Brackets { empty: "{}", ..BODY };
/// `{ for … }`, which may begin and end on lines that others begin and end on too.
const EACH: Brackets = Brackets { strict: false, ..BODY };
/// `[for …]`.
const LIST_OF_EACH: Brackets = Brackets { separator: Separator::Arguments, hugs: false, ..LIST };
/// `x[…]`.
const INDEX: Brackets = Brackets { separator: Separator::Arguments, hugs: false, ..LIST };

impl<'a> Builder<'a, '_> {
    /// Any expression.
    pub(super) fn expr(&mut self) -> Doc<'a> {
        self.level(0)
    }

    /// An expression without words and comparisons at its top.
    pub(super) fn sum(&mut self) -> Doc<'a> {
        self.level(SUM)
    }

    /// Operands of level `nth` with operators between them, before which lines may break.
    fn level(&mut self, nth: usize) -> Doc<'a> {
        let Some(operators) = LEVELS.get(nth) else { return self.operand() };
        let before = self.met;
        let first = self.level(nth + 1);
        let mut more = Vec::new();
        while self.peek().is_some_and(|tok| operators.contains(&tok)) {
            more.extend([Doc::Line, self.take(), Doc::Space, self.level(nth + 1)]);
        }
        if more.is_empty() {
            return first;
        }
        self.group(before, Doc::Concat(vec![first, Doc::Nest(Box::new(Doc::Concat(more)))]))
    }

    fn operand(&mut self) -> Doc<'a> {
        match self.peek() {
            Some(Tok::Not) => Doc::Concat(vec![self.take(), Doc::Space, self.level(COMPARISON)]),
            Some(Tok::Minus) => Doc::Concat(vec![self.take(), self.operand()]),
            _ => self.with_suffixes(),
        }
    }

    fn with_suffixes(&mut self) -> Doc<'a> {
        let is_path = self.is(Tok::Path);
        let mut docs = vec![self.atom()];
        // A dot could be part of a path.
        if is_path && matches!(self.peek(), Some(Tok::Dot)) {
            docs.push(Doc::Space);
        }
        loop {
            match self.peek() {
                Some(Tok::Dot | Tok::QuestionDot) => docs.extend(self.takes(2)),
                Some(Tok::LeftBracket) => docs.push(self.index()),
                Some(Tok::LeftParen) => docs.push(self.arguments()),
                _ => return one(docs),
            }
        }
    }

    /// `[key]`.
    pub(super) fn index(&mut self) -> Doc<'a> {
        self.brackets(&INDEX, |this| Entry::new(this.expr()))
    }

    /// `(a, name = b)`.
    pub(super) fn arguments(&mut self) -> Doc<'a> {
        self.brackets(&PARENS, |this| {
            if this.peek_next() != Some(Tok::Assign) {
                return Entry::new(this.expr());
            }
            Entry::new(Doc::Concat(vec![this.take(), Doc::Space, this.take(), Doc::Space, this.expr()]))
        })
    }

    fn atom(&mut self) -> Doc<'a> {
        match self.peek() {
            Some(Tok::LeftParen) => self.brackets(&PARENS, |this| Entry::new(this.expr())),
            Some(Tok::LeftBracket) => self.list(),
            Some(Tok::LeftBrace) if self.peek_next() == Some(Tok::MarkFor) => {
                self.brackets(&EACH, Self::pair_of_each)
            }
            Some(Tok::LeftBrace) => self.statements(&VALUE, false),
            Some(Tok::If) => self.if_then_else(),
            Some(Tok::Match) => self.match_arms(),
            Some(Tok::Let) => {
                let before = self.met;
                let docs = vec![self.binding_before(), self.expr()];
                self.group(before, each(docs))
            }
            _ => self.take(),
        }
    }

    fn list(&mut self) -> Doc<'a> {
        if self.peek_next() != Some(Tok::For) {
            return self.brackets(&LIST, |this| Entry::new(this.expr()));
        }
        self.brackets(&LIST_OF_EACH, |this| {
            let before = this.met;
            let mut docs = this.for_clauses();
            docs.push(this.expr());
            Entry::new(this.group(before, each(docs)))
        })
    }

    /// `for … => key: value`, in braces.
    fn pair_of_each(&mut self) -> Entry<'a> {
        if let Some(raw) = self.left_alone() {
            return raw;
        }
        let before = self.met;
        self.skip_tok(Tok::MarkFor);
        let mut docs = self.for_clauses();
        let pair = vec![self.expr(), self.take(), Doc::Space, self.expr()];
        docs.push(Doc::Concat(pair));
        Entry::new(self.group(before, each(docs)))
    }

    /// `for … => for … =>`, each with its arrow.
    pub(super) fn for_clauses(&mut self) -> Vec<Doc<'a>> {
        let mut clauses = Vec::new();
        while matches!(self.peek(), Some(Tok::For | Tok::Let)) {
            if self.is(Tok::Let) {
                clauses.push(self.binding_before());
                continue;
            }
            let mut docs = self.for_in();
            docs.push(self.expr());
            if self.is(Tok::If) {
                docs.extend([Doc::Space, self.take(), Doc::Space, self.expr()]);
            }
            docs.extend([Doc::Space, self.take()]);
            clauses.push(Doc::Concat(docs));
        }
        clauses
    }

    /// `let a = value =>`.
    fn binding_before(&mut self) -> Doc<'a> {
        let mut docs = self.binding();
        docs.extend([Doc::Space, self.take()]);
        Doc::Concat(docs)
    }

    /// `for a, b in`, and a space.
    pub(super) fn for_in(&mut self) -> Vec<Doc<'a>> {
        let mut docs = vec![self.take(), Doc::Space, self.take()];
        if self.is(Tok::Comma) {
            docs.extend([self.take(), Doc::Space, self.take()]);
        }
        docs.extend([Doc::Space, self.take(), Doc::Space]);
        docs
    }

    /// `if c then a else if d then b else c`.
    fn if_then_else(&mut self) -> Doc<'a> {
        let before = self.met;
        let mut docs =
            vec![self.take(), Doc::Space, self.expr(), Doc::Line, self.take(), Doc::Space, self.expr()];
        while self.is(Tok::Else) && self.peek_next() == Some(Tok::If) {
            let before = self.met;
            let head = vec![self.take(), Doc::Space, self.take(), Doc::Space, self.expr()];
            let then = Doc::Concat(vec![Doc::Line, self.take(), Doc::Space, self.expr()]);
            let both = vec![Doc::Concat(head), Doc::Nest(Box::new(then))];
            docs.extend([Doc::Line, self.group(before, Doc::Concat(both))]);
        }
        docs.extend([Doc::Line, self.take(), Doc::Space, self.expr()]);
        self.group(before, Doc::Nest(Box::new(Doc::Concat(docs))))
    }

    /// `match x { a | b => c, _ => d }`.
    fn match_arms(&mut self) -> Doc<'a> {
        let head = vec![self.take(), Doc::Space, self.expr(), Doc::Space];
        let arms = self.brackets(&VALUE, |this| {
            if let Some(raw) = this.left_alone() {
                return raw;
            }
            let before = this.met;
            this.skip();
            let mut docs = vec![this.sum()];
            while this.is(Tok::Pipe) {
                docs.extend([Doc::Space, this.take(), Doc::Space, this.sum()]);
            }
            docs.extend([Doc::Space, this.take()]);
            let arm = each(vec![Doc::Concat(docs), this.expr()]);
            Entry::new(this.group(before, arm))
        });
        Doc::Concat(head.into_iter().chain([arms]).collect())
    }
}

/// Parts that go on, indented, on another line where there is no room.
pub(super) fn each(docs: Vec<Doc<'_>>) -> Doc<'_> {
    let mut docs = docs.into_iter();
    let first = docs.next().unwrap_or(Doc::Nothing);
    let rest = docs.flat_map(|doc| [Doc::Line, doc]).collect();
    Doc::Concat(vec![first, Doc::Nest(Box::new(Doc::Concat(rest)))])
}
