//! Mistakes in the head of a declaration: `stage last 20`, `stage 2nd = 20`, `app my player in media { … }`.

use diagnostics::Problem;

use super::super::fault::Fault;
use super::super::tok::Tok;
use super::Context;
use crate::problems::stray_character::name_with_digit;
use crate::problems::syntax_error::{
    bare_values, in_or_dash, missing_assign, missing_colon, missing_name, name_of_words, quoted_head,
    quoted_place, reserved_name,
};
use crate::problems::wrong_operator::not_assign;

impl Context<'_> {
    /// Mistakes in the head of the declaration that token `mark` marks.
    pub(super) fn declaration(&self, fault: Fault, mark: usize) -> Option<Problem> {
        let at = fault.at;
        let before = self.before(at)?;
        self.reserved(mark, at)
            .or_else(|| self.clause(mark, at, before))
            .or_else(|| self.head_of_words(fault, mark, before))
    }

    /// Mistakes in what stands behind the name: `in X`, `: TEMPLATE`, `for v in COLL`.
    fn clause(&self, mark: usize, at: usize, before: usize) -> Option<Problem> {
        let here = || self.place(self.source.span(at));
        let word = |at: usize| self.source.word(at);
        if let Some(problem) = self.bare_membership(mark, at) {
            return Some(problem);
        }
        match (self.tok(before), self.tok(at)) {
            (Tok::Within, _) if self.ends(at) => Some(missing_name(self.behind(before), "in")),
            (Tok::Within, Tok::Text) => Some(quoted_place(here(), word(at))),
            (Tok::Colon | Tok::Plus, Tok::LeftParen | Tok::LeftBrace) => {
                Some(missing_name(self.behind(before), word(before)))
            }
            (Tok::Colon, found) if found.is_value() && self.is_path(mark, before) => {
                let colon = self.place(self.source.span(before));
                Some(not_assign(colon, ":", &self.written(mark + 1, before)))
            }
            (_, Tok::Ident)
                if at == mark + 3 && self.tok(at + 1) == Tok::LeftParen && self.touches(at, at + 1) =>
            {
                Some(missing_colon(self.behind(before), word(at)))
            }
            (Tok::Ident, found)
                if found.is_value()
                    && !found.is_word()
                    && matches!(self.tok(before - 1), Tok::Colon | Tok::Plus) =>
            {
                Some(bare_values(here(), word(before), word(at), self.gap(before, at)))
            }
            _ => None,
        }
    }

    /// A word of the language where the name of a declaration stands: `app let in media`.
    fn reserved(&self, mark: usize, at: usize) -> Option<Problem> {
        let found = self.tok(at);
        let begins_clause = matches!(found, Tok::Within | Tok::In | Tok::If | Tok::For);
        let is_head = matches!(
            self.tok(at + 1),
            Tok::Within | Tok::Colon | Tok::LeftBrace | Tok::LeftBracket | Tok::Assign | Tok::If | Tok::For
        );
        let is_name = at == mark + 2 && self.tok(mark + 1) == Tok::Ident && is_head;
        let is_reserved = found.is_word() && !matches!(found, Tok::Ident | Tok::Wild) && !begins_clause;
        (is_name && is_reserved)
            .then(|| reserved_name(self.place(self.source.span(at)), self.source.word(at)))
    }

    /// Mistakes in the kind and the name, which are all that stands before token `fault.at`.
    fn head_of_words(&self, fault: Fault, mark: usize, before: usize) -> Option<Problem> {
        let at = fault.at;
        let is_body =
            |at: usize| matches!(self.tok(at), Tok::Assign | Tok::LeftBrace | Tok::Within | Tok::Colon);
        let found = self.tok(at);
        if !self.is_path(mark, at) || !fault.expects(Tok::Assign) {
            return None;
        }
        if matches!(found, Tok::Int | Tok::Quantity) && at == mark + 2 && is_body(at + 1) {
            return Some(name_with_digit(self.place(self.source.span(at)), self.source.word(at)));
        }
        if at == mark + 3 && self.tok(before) == Tok::Text && found == Tok::Text {
            let head = self.source.span(mark + 1).to(self.source.span(at));
            let bare = |at: usize| self.source.word(at).trim_matches('"').to_owned();
            let kind = bare(before);
            // A kind is a word; what is none is a name, such as a file's.
            if kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
                return Some(quoted_head(self.place(head), &kind, &bare(at)));
            }
            return Some(missing_assign(self.behind(before), &self.written(mark + 1, at)));
        }
        if mark == 0 && at == mark + 3 && found == Tok::Ident && is_body(at + 1) {
            if self.tok(at + 1) == Tok::LeftBrace {
                let place = self.place(self.source.span(at));
                return Some(in_or_dash(place, self.source.word(before), self.source.word(at)));
            }
            let words = self.source.span(before).to(self.source.span(at));
            return Some(name_of_words(
                self.place(words),
                &self.written(before, at + 1),
                self.gap(before, at),
            ));
        }
        let is_value = found.is_value() && !found.is_word() && found != Tok::Text;
        is_value.then(|| missing_assign(self.behind(before), &self.written(mark + 1, at)))
    }
}
