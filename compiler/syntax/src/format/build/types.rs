//! Types.

use super::super::doc::{Doc, Entry};
use super::{Builder, PARENS, one};
use crate::parser::Tok;

impl<'a> Builder<'a, '_> {
    /// Any type. A long union is filled line by line.
    pub(super) fn ty(&mut self) -> Doc<'a> {
        let first = self.optional();
        let mut more = Vec::new();
        while self.is(Tok::Pipe) {
            let before = self.met;
            let docs = vec![Doc::Line, self.take(), Doc::Space, self.optional()];
            more.push(self.group(before, Doc::Concat(docs)));
        }
        if more.is_empty() {
            return first;
        }
        Doc::Concat(vec![first, Doc::Nest(Box::new(Doc::Nest(Box::new(Doc::Concat(more)))))])
    }

    fn optional(&mut self) -> Doc<'a> {
        let mut docs = vec![self.base()];
        if self.is(Tok::Question) {
            docs.push(self.take());
        }
        one(docs)
    }

    fn base(&mut self) -> Doc<'a> {
        match self.peek() {
            Some(Tok::LeftBrace) => return self.body(true),
            Some(Tok::LeftParen) => return self.brackets(&PARENS, |this| Entry::new(this.ty())),
            _ => {}
        }
        let mut docs = vec![self.take()];
        match self.peek() {
            Some(Tok::Less) => {
                docs.extend([self.take(), self.ty()]);
                while self.is(Tok::Comma) {
                    docs.extend([self.take(), Doc::Space, self.ty()]);
                }
                docs.push(self.take());
            }
            Some(Tok::LeftParen) => docs.push(self.brackets(&PARENS, |this| Entry::new(this.limit()))),
            _ => {
                while self.is(Tok::Dot) {
                    docs.extend(self.takes(2));
                }
            }
        }
        one(docs)
    }

    /// `0..100`, without spaces between numbers; any other expression.
    fn limit(&mut self) -> Doc<'a> {
        let number = |at: usize| {
            let sign = usize::from(self.toks.get(at) == Some(&Tok::Minus));
            let is = matches!(self.toks.get(at + sign), Some(Tok::Int | Tok::Float | Tok::Quantity));
            is.then_some(at + sign + 1)
        };
        let end = number(self.at).filter(|at| self.toks.get(*at) == Some(&Tok::DotDot));
        let end = end.and_then(|at| number(at + 1));
        match end {
            Some(end) if matches!(self.toks.get(end), Some(Tok::Comma | Tok::RightParen)) => {
                one(self.takes(end - self.at))
            }
            _ => self.expr(),
        }
    }

    /// `@primary @deprecated("…")`, each behind a space.
    pub(super) fn attributes(&mut self) -> Vec<Doc<'a>> {
        let mut docs = Vec::new();
        while self.is(Tok::At) {
            docs.push(Doc::Space);
            docs.extend(self.takes(2));
            if self.is(Tok::LeftParen) {
                docs.push(self.arguments());
            }
        }
        docs
    }

    /// `(in name: type = default, …)`.
    pub(super) fn parameters(&mut self) -> Doc<'a> {
        self.brackets(&PARENS, |this| {
            let mut docs = Vec::new();
            if this.is(Tok::In) && this.peek_next() != Some(Tok::Colon) {
                docs.extend([this.take(), Doc::Space]);
            }
            docs.extend(this.takes(2));
            docs.extend([Doc::Space, this.ty()]);
            if this.is(Tok::Assign) {
                docs.extend([Doc::Space, this.take(), Doc::Space, this.expr()]);
            }
            Entry::new(Doc::Concat(docs))
        })
    }
}
