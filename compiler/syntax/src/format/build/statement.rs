//! Statements, each by the mark of its form.

use super::super::doc::{Doc, Entry};
use super::expression::each;
use super::{BODY, Brackets, Builder};
use crate::parser::Tok;

impl<'a> Builder<'a, '_> {
    /// `{ … }`, of a kind or a record type if `in_kind`.
    pub(super) fn body(&mut self, in_kind: bool) -> Doc<'a> {
        self.statements(&BODY, in_kind)
    }

    pub(super) fn statements(&mut self, kind: &Brackets, in_kind: bool) -> Doc<'a> {
        self.brackets(kind, |this| this.marked(in_kind))
    }

    /// A statement with its mark, its end, and the comments around it.
    pub(super) fn statement(&mut self, in_kind: bool) -> Entry<'a> {
        self.entry(&mut |this: &mut Self| this.marked(in_kind))
    }

    /// A statement with its mark.
    fn marked(&mut self, in_kind: bool) -> Entry<'a> {
        if let Some(raw) = self.left_alone() {
            return raw;
        }
        let mark = self.peek();
        self.skip();
        match mark {
            Some(Tok::MarkSet) => self.set(),
            Some(Tok::MarkRecord | Tok::MarkMake) => {
                let mut docs = self.path();
                docs.extend([Doc::Space, self.body(false)]);
                whole(docs)
            }
            Some(Tok::MarkColon) if in_kind => whole(self.field()),
            Some(Tok::MarkDerived) if in_kind => {
                let mut docs = vec![self.take(), Doc::Space];
                docs.extend(self.field());
                whole(docs)
            }
            Some(Tok::MarkColon | Tok::MarkDerived | Tok::MarkDeclare) => self.declaration(),
            Some(Tok::MarkKind) => self.kind(),
            Some(Tok::MarkTemplate) => self.template(),
            Some(Tok::MarkFunction) => self.function(),
            Some(Tok::MarkAlias) => {
                let mut docs = self.words(3);
                docs.extend([Doc::Space, self.ty()]);
                whole(docs)
            }
            Some(Tok::MarkConstant) => whole(self.field()),
            Some(Tok::MarkLet) => whole(self.binding()),
            Some(Tok::MarkImport) => {
                let mut docs = self.words(1);
                docs.push(Doc::Space);
                docs.extend(self.path());
                whole(docs)
            }
            Some(Tok::MarkCheck) => self.check(),
            _ => {
                self.lost = true;
                Entry::new(Doc::Nothing)
            }
        }
    }

    /// The next statement, if it could not be read.
    pub(super) fn left_alone(&mut self) -> Option<Entry<'a>> {
        let end = self.raw.iter().find(|raw| raw.start == self.at)?.end;
        let (first, last) = (self.spans[self.at], self.spans[end.max(1) - 1]);
        let range = first.start as usize..last.end as usize;
        self.at = end;
        self.last_end = range.end;
        let inside = |comment: &&super::Comment<'_>| comment.start < range.end;
        self.next_comment += self.comments[self.next_comment..].iter().take_while(inside).count();
        // A text that is not closed has the blanks behind it in it.
        let text = self.slice(range).trim_end();
        self.met.lines += usize::from(text.contains('\n'));
        Some(Entry::new(Doc::Raw(text)))
    }

    /// `let a = value`.
    pub(super) fn binding(&mut self) -> Vec<Doc<'a>> {
        let mut docs = self.words(3);
        docs.extend([Doc::Space, self.expr()]);
        docs
    }

    /// Tokens with spaces between.
    fn words(&mut self, count: usize) -> Vec<Doc<'a>> {
        let mut docs = vec![self.take()];
        for _ in 1..count {
            docs.extend([Doc::Space, self.take()]);
        }
        docs
    }

    /// `a.b."c d"."${e}"`.
    fn path(&mut self) -> Vec<Doc<'a>> {
        let mut docs = vec![self.take()];
        while self.is(Tok::Dot) {
            docs.extend(self.takes(2));
        }
        docs
    }

    fn set(&mut self) -> Entry<'a> {
        let mut docs = self.path();
        docs.extend([Doc::Space, self.take(), Doc::Space, self.expr()]);
        whole(docs)
    }

    /// `KIND [NAME] [[key]] [in X] [: TEMPLATES] [for v in xs] [if c] [{ … } | = value]`.
    fn declaration(&mut self) -> Entry<'a> {
        let mut docs = self.path();
        if matches!(self.peek(), Some(Tok::Ident | Tok::Text)) {
            docs.extend([Doc::Space, self.take()]);
        }
        if self.is(Tok::LeftBracket) {
            docs.push(self.index());
        }
        // In this order, unless comments stand between.
        let mut clauses = Vec::new();
        while let Some(clause @ (Tok::Within | Tok::Colon | Tok::For | Tok::If)) = self.peek() {
            clauses.push(Doc::Space);
            match clause {
                Tok::For => {
                    clauses.extend(self.for_in());
                    clauses.push(self.sum());
                }
                Tok::Colon => clauses.extend(self.templates()),
                Tok::Within => clauses.extend([self.take(), Doc::Space, self.sum()]),
                _ => clauses.extend([self.take(), Doc::Space, self.expr()]),
            }
        }
        if !clauses.is_empty() {
            docs.push(Doc::Nest(Box::new(Doc::Concat(clauses))));
        }
        match self.peek() {
            Some(Tok::LeftBrace) => docs.extend([Doc::Space, self.body(false)]),
            Some(Tok::Assign) => docs.extend([Doc::Space, self.take(), Doc::Space, self.expr()]),
            _ => {}
        }
        whole(docs)
    }

    /// `: template(arguments) + template`.
    fn templates(&mut self) -> Vec<Doc<'a>> {
        let mut docs = Vec::new();
        while let Some(Tok::Colon | Tok::Plus) = self.peek() {
            docs.extend((!docs.is_empty()).then_some(Doc::Space));
            docs.extend([self.take(), Doc::Space]);
            docs.extend(self.path());
            if self.is(Tok::LeftParen) {
                docs.push(self.arguments());
            }
        }
        docs
    }

    /// `name: type @attribute = default @attribute`.
    fn field(&mut self) -> Vec<Doc<'a>> {
        let mut docs = self.takes(2);
        docs.extend([Doc::Space, self.ty()]);
        docs.extend(self.attributes());
        if self.is(Tok::Assign) {
            docs.extend([Doc::Space, self.take(), Doc::Space, self.expr()]);
            docs.extend(self.attributes());
        }
        docs
    }

    /// `kind name(parameters) @attributes { … }`.
    fn kind(&mut self) -> Entry<'a> {
        let mut docs = self.words(2);
        if self.is(Tok::LeftParen) {
            docs.push(self.parameters());
        }
        docs.extend(self.attributes());
        docs.extend([Doc::Space, self.body(true)]);
        whole(docs)
    }

    /// `template name(parameters) : base + other { … }`.
    fn template(&mut self) -> Entry<'a> {
        let mut docs = self.words(2);
        if self.is(Tok::LeftParen) {
            docs.push(self.parameters());
        }
        docs.push(Doc::Space);
        docs.extend(self.templates());
        docs.extend([Doc::Space, self.body(false)]);
        whole(docs)
    }

    /// `fn name(parameters) -> type = value`.
    fn function(&mut self) -> Entry<'a> {
        let mut docs = self.words(2);
        docs.extend([self.parameters(), Doc::Space, self.take(), Doc::Space, self.ty()]);
        docs.extend([Doc::Space, self.take(), Doc::Space, self.expr()]);
        whole(docs)
    }

    /// `check "message" { for a in apps => condition }`.
    fn check(&mut self) -> Entry<'a> {
        let mut docs = vec![self.take(), Doc::Space, self.expr(), Doc::Space];
        docs.push(self.brackets(&BODY, |this| {
            if let Some(raw) = this.left_alone() {
                return raw;
            }
            let before = this.met;
            this.skip();
            let mut docs = this.for_clauses();
            docs.push(this.expr());
            Entry::new(this.group(before, each(docs)))
        }));
        whole(docs)
    }
}

/// A statement of these parts.
fn whole(docs: Vec<Doc<'_>>) -> Entry<'_> {
    Entry::new(Doc::Concat(docs))
}
