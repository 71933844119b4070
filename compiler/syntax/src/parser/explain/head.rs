//! Mistakes in how a statement begins.

use diagnostics::Problem;
use source::Span;

use super::super::fault::Fault;
use super::super::tok::Tok;
use super::Context;
use crate::problems::syntax_error::{
    bare_condition, bare_name, brace_on_next_line, late_message, missing_colon, missing_condition,
    missing_for, missing_message, missing_name_before, missing_result, no_control, one_import,
    other_function, stray_for, syntax_error, untyped_parameter,
};
use crate::problems::unquoted_text::unquoted_text;
use crate::problems::wrong_operator::not_assign;

/// Words that languages declare functions with.
const FUNCTIONS: &[&str] = &["def", "fn", "fun", "func", "function"];

impl Context<'_> {
    /// Mistakes in how the statement that token `mark` marks begins.
    pub(super) fn head(&self, fault: Fault, mark: usize) -> Option<Problem> {
        let at = fault.at;
        let here = || self.place(self.source.span(at));
        match (self.tok(mark), self.tok(at)) {
            (_, Tok::MarkFor) => Some(self.stray_for(at)),
            (Tok::MarkDeclare, Tok::LeftBrace) if at == mark + 1 => Some(brace_on_next_line(here(), None)),
            (form, Tok::Assign | Tok::Append) if at == mark + 1 && form.is_mark() => {
                Some(missing_name_before(here(), self.source.word(at)))
            }
            (form, found) if at == mark + 1 && form.is_mark() && !found.is_word() => {
                let message = format!("nothing can start with '{}'", self.shown(at));
                let help = "a line starts with a name: 'name = …', 'kind name { … }'";
                Some(syntax_error(here(), message).label("not expected here").help(help))
            }
            (Tok::MarkDeclare, Tok::Equal | Tok::FatArrow) if self.is_path(mark, at) => {
                Some(not_assign(here(), self.source.word(at), &self.written(mark + 1, at)))
            }
            (Tok::MarkDeclare, _) if self.lacks_for(mark) => {
                let before = Span::empty(self.source.span(mark + 1).start);
                Some(missing_for(self.place(before), self.source.word(mark + 1)))
            }
            (Tok::MarkDeclare, _) if matches!(self.tok(mark + 1), Tok::If | Tok::For) => {
                let word = self.place(self.source.span(mark + 1));
                Some(no_control(word, self.source.word(mark + 1)))
            }
            (Tok::MarkDeclare, _) if self.source.word(mark + 1) == "check" => Some(late_message(here())),
            (Tok::MarkDeclare, _)
                if FUNCTIONS.contains(&self.source.word(mark + 1)) && self.tok(mark + 2).is_word() =>
            {
                let word = self.place(self.source.span(mark + 1));
                Some(other_function(word, self.source.word(mark + 2)))
            }
            (Tok::MarkDeclare, _) => self.declaration(fault, mark),
            (Tok::MarkTemplate, found) if fault.expects(Tok::Colon) && found.is_word() => {
                let before = self.before(at)?;
                Some(missing_colon(self.behind(before), self.source.word(at)))
            }
            (Tok::MarkTemplate | Tok::MarkFunction | Tok::MarkKind, Tok::RightParen | Tok::Comma)
                if fault.expects(Tok::Colon) =>
            {
                let name = self.before(at)?;
                Some(untyped_parameter(self.place(self.source.span(name)), self.source.word(name)))
            }
            (Tok::MarkBare, _) => {
                let span = self.between(mark + 1, at);
                let written = self.written(mark + 1, at);
                Some(bare_name(self.place(span), &written, mark == 0))
            }
            (Tok::MarkColon, _) if !self.is_in_kind(mark) => self.colon(mark, at),
            (Tok::MarkCheck, _) if self.tok(mark + 2) == Tok::LeftBrace => {
                Some(missing_message(self.behind(mark + 1)))
            }
            (Tok::MarkFunction, _)
                if self.before(at).is_some_and(|before| self.lacks_result(mark, before)) =>
            {
                let result = self.before(at).map_or(at, |before| before);
                Some(missing_result(self.place(self.source.span(result))))
            }
            (Tok::MarkImport, _) => Some(self.import(mark, at)),
            _ => None,
        }
    }

    /// Whether a statement is `name in names => …`.
    fn lacks_for(&self, mark: usize) -> bool {
        let rest = self.toks_to_end(mark + 1);
        matches!(rest, [Tok::Ident, Tok::Within, ..]) && rest.contains(&Tok::FatArrow)
    }

    /// `name: value`.
    fn colon(&self, mark: usize, at: usize) -> Option<Problem> {
        let colon = (mark..at).find(|nth| self.tok(*nth) == Tok::Colon)?;
        let has_value = self.tok(at) != Tok::End || at > colon + 1;
        if !has_value || !self.is_path(mark, colon) {
            return None;
        }
        let name = self.written(mark + 1, colon);
        if self.tok(at) == Tok::Assign && at == colon + 1 && self.touches(colon, at) {
            let sign = self.source.span(colon).to(self.source.span(at));
            return Some(not_assign(self.place(sign), ":=", &name));
        }
        Some(not_assign(self.place(self.source.span(colon)), ":", &name))
    }

    /// A `for` behind the mark `at`, in a block that is no value.
    fn stray_for(&self, at: usize) -> Problem {
        let place = self.place(self.source.span(at + 1));
        let name = self.before(at).filter(|brace| self.tok(*brace) == Tok::LeftBrace).and_then(|brace| {
            let mark = self.mark(brace);
            let is_block = self.tok(mark) == Tok::MarkRecord && self.is_path(mark, brace);
            is_block.then(|| self.behind(brace - 1))
        });
        stray_for(place, name)
    }

    /// Whether token `before` stands behind the `->` of the function that token `mark` marks, and no `=` follows on its
    /// line.
    fn lacks_result(&self, mark: usize, before: usize) -> bool {
        before > mark
            && self.tok(before - 1) == Tok::ThinArrow
            && !self.toks_to_end(before).contains(&Tok::Assign)
    }

    /// A check whose message nothing follows, or what must hold without its braces.
    pub(super) fn bare_check(&self, mark: usize, at: usize) -> Option<Problem> {
        if self.tok(mark) != Tok::MarkCheck {
            return None;
        }
        let before = self.before(at)?;
        let is_message = before == mark + 2 || self.tok(before) == Tok::TextEnd;
        let end = (at..self.toks.len()).find(|nth| self.tok(*nth) == Tok::End)?;
        if !is_message || self.tok(at).opens() {
            return None;
        }
        if end == at {
            return Some(missing_condition(self.behind(before)));
        }
        Some(bare_condition(self.place(self.between(at, end))))
    }

    /// A file's name without quotes, or something that is neither a file nor a module.
    fn import(&self, mark: usize, at: usize) -> Problem {
        let end = (at..self.toks.len()).find(|nth| self.ends(*nth)).unwrap_or(self.toks.len());
        let written = self.written(mark + 2, end.max(mark + 3));
        if written.starts_with(['.', '/']) && !written.contains(' ') {
            let span = self.between(mark + 2, end);
            return unquoted_text(self.place(span), &written);
        }
        one_import(self.place(self.source.span(at)), &self.shown(at))
    }

    /// Whether the statement that token `mark` marks is nothing but dotted words up to token `end`.
    pub(super) fn is_path(&self, mark: usize, end: usize) -> bool {
        let is_part = |tok: &Tok| tok.is_word() || matches!(tok, Tok::Text | Tok::Dot);
        end > mark + 1 && self.toks(mark + 1, end).iter().all(is_part)
    }

    /// Whether the statement that token `mark` marks stands in a kind or a record type.
    fn is_in_kind(&self, mark: usize) -> bool {
        let mut depth = 0;
        let brace = (0..mark).rev().find(|nth| {
            let tok = self.tok(*nth);
            depth += i32::from(tok.opens()) - i32::from(tok.closes());
            depth > 0
        });
        let Some(brace) = brace else { return false };
        match self.tok(self.mark(brace)) {
            Tok::MarkKind | Tok::MarkAlias => true,
            Tok::MarkColon => self.is_in_kind(self.mark(brace)),
            _ => false,
        }
    }
}
