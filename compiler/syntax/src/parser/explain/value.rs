//! Values that are missing, and those that are no value.

use diagnostics::Problem;

use super::super::fault::Fault;
use super::super::tok::Tok;
use super::Context;
use crate::lexer::starts_statement;
use crate::problems::bad_number::{bad_groups, bare_dot, is_grouped, percentage, spaced_unit};
use crate::problems::syntax_error::{missing_name, missing_value, nothing_shown, syntax_error};
use crate::problems::unquoted_text::{call_without_parentheses, nix_with_space, unquoted_text};

impl Context<'_> {
    /// Values that are missing or cannot be read, in the statement that token `mark` marks.
    pub(super) fn value(&self, fault: Fault, mark: usize) -> Option<Problem> {
        let at = fault.at;
        let before = self.before(at)?;
        let wants_value =
            fault.expects(Tok::LeftBrace) && fault.expects(Tok::LeftParen) && fault.expects(Tok::If);
        let wants_type = fault.expects(Tok::Text) && fault.expects(Tok::LeftBrace) && !fault.expects(Tok::If);
        let after = self.shown(before);
        if wants_type
            && matches!(self.tok(before), Tok::Colon | Tok::ThinArrow | Tok::Pipe | Tok::Less | Tok::Assign)
        {
            return Some(
                syntax_error(self.behind(before), format!("a type is missing after '{after}'"))
                    .label("a type is expected here"),
            );
        }
        if matches!(self.tok(before), Tok::Dot | Tok::QuestionDot) && self.ends(at) {
            let number = before.checked_sub(1).filter(|nth| self.tok(*nth) == Tok::Int);
            return Some(match number.filter(|nth| self.touches(*nth, before)) {
                Some(nth) => {
                    let span = self.source.span(nth).to(self.source.span(before));
                    bare_dot(self.place(span), &format!("{}.0", self.source.word(nth)))
                }
                None => missing_name(self.behind(before), &after),
            });
        }
        if wants_value { Some(self.missing(at, before)) } else { self.unquoted(fault, mark, before) }
    }

    /// A value is missing behind token `before`, where token `at` stands.
    fn missing(&self, at: usize, before: usize) -> Problem {
        let here = || self.place(self.source.span(at));
        let after = self.shown(before);
        if self.tok(at) == Tok::Comma
            && matches!(self.tok(before), Tok::Comma | Tok::LeftBracket | Tok::LeftParen)
        {
            return syntax_error(here(), "a value is missing before ','")
                .label("a value is expected here")
                .fix("remove the ','", here(), "");
        }
        if matches!(self.tok(before), Tok::TextStart | Tok::TextMiddle)
            && matches!(self.tok(at), Tok::TextMiddle | Tok::TextEnd)
        {
            return nothing_shown(self.behind(before));
        }
        if self.tok(before) == Tok::Percent && self.ends(at) {
            return percentage(self.place(self.source.span(before)));
        }
        if self.tok(at) == Tok::Dot && self.tok(at + 1) == Tok::Int && self.touches(at, at + 1) {
            let span = self.source.span(at).to(self.source.span(at + 1));
            return bare_dot(self.place(span), &format!("0.{}", self.source.word(at + 1)));
        }
        if self.ends(at) || starts_statement(self.source.rest(self.source.span(at).start).as_bytes()) {
            return missing_value(self.behind(before), &after);
        }
        syntax_error(here(), format!("a value is expected after '{after}', not '{}'", self.shown(at)))
            .label("a value is expected here")
    }

    /// Words that are no value, behind one: a text without quotes, a unit behind a space, a call without parentheses.
    fn unquoted(&self, fault: Fault, mark: usize, before: usize) -> Option<Problem> {
        let at = fault.at;
        let starts = |tok: Tok| matches!(tok, Tok::Assign | Tok::Append | Tok::Comma) || tok.opens();
        let start = (mark..at).rev().find(|nth| starts(self.tok(*nth)))? + 1;
        let end = (at..self.toks.len()).find(|nth| self.ends(*nth))?;
        let is_value = fault.follows_value() && matches!(self.tok(start - 1), Tok::Assign | Tok::Append);
        let follows = starts_statement(self.source.rest(self.source.span(at).start).as_bytes());
        if !is_value || follows || start >= at || start != self.line_start(start, end) {
            return None;
        }
        let span = self.between(start, end);
        let written = self.written(start, end);
        if end == at + 1 && start == before {
            match (self.tok(start), self.tok(at)) {
                (Tok::Int | Tok::Float, Tok::Ident) => {
                    return Some(spaced_unit(self.place(span), &written, self.gap(before, at)));
                }
                (Tok::Ident, Tok::Text) if self.source.word(start) == "nix" => {
                    return Some(nix_with_space(self.place(span), self.gap(before, at)));
                }
                (Tok::Ident, Tok::Text) => {
                    let end = self.behind(at);
                    let here = self.place(self.source.span(at));
                    let name = self.source.word(start);
                    return Some(call_without_parentheses(
                        here,
                        name,
                        &self.shown(at),
                        self.gap(before, at),
                        end,
                    ));
                }
                _ => {}
            }
        }
        let is_plain = |tok: &Tok| {
            tok.is_word()
                || (tok.is_value() && !matches!(tok, Tok::Text | Tok::Nix))
                || matches!(
                    tok,
                    Tok::Dot
                        | Tok::DotDot
                        | Tok::Colon
                        | Tok::Slash
                        | Tok::Minus
                        | Tok::Star
                        | Tok::At
                        | Tok::Percent
                )
        };
        if is_grouped(&written) {
            return Some(bad_groups(self.place(span), &written));
        }
        self.toks(start, end).iter().all(is_plain).then(|| unquoted_text(self.place(span), &written))
    }

    /// `start`, if the tokens up to `end` stand on its line; else where the last line of them starts.
    fn line_start(&self, start: usize, end: usize) -> usize {
        let breaks = |nth: &usize| self.written(*nth - 1, *nth + 1).contains('\n');
        (start + 1..end).rev().find(breaks).unwrap_or(start)
    }
}
