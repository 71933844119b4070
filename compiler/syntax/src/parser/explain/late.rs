//! Clauses of a head that stand behind what the declaration says: `port http = 80 if true`, `app web { … } in media`.

use diagnostics::{Edit, Problem};
use source::Span;

use super::super::tok::Tok;
use super::Context;
use crate::problems::syntax_error::{condition_behind_value, late_clause};

impl Context<'_> {
    /// The token `at` begins a clause of the head of the declaration that token `mark` marks, behind its value or braces.
    pub(super) fn late_clause(&self, mark: usize, at: usize) -> Option<Problem> {
        let is_clause = matches!(self.tok(at), Tok::If | Tok::For | Tok::In | Tok::Within | Tok::Colon);
        let before = self.before(at).filter(|_| is_clause)?;
        let is_said = self.tok(before).is_value() || self.tok(before).closes();
        if !is_said || self.tok(mark) != Tok::MarkDeclare {
            return None;
        }
        let content = self.content(mark, at)?;
        if content == mark + 2 && self.tok(content) == Tok::Assign {
            // Without a name it sets a field.
            return None;
        }
        let end = (at..self.toks.len()).find(|nth| self.ends(*nth) && self.is_level(at, *nth))?;
        let clause = self.source.text(self.between(at, end));
        let name = self.clauses(mark, content).first().copied().unwrap_or(content) - 1;
        let head = self.source.text(self.between(mark + 1, content)).to_owned();
        let place = self.place(self.source.span(at));
        let content_place = self.place(self.source.span(content));
        let key = (self.tok(at) == Tok::For && self.tok(name) != Tok::RightBracket)
            .then(|| format!("[{}]", self.source.word(at + 1)));
        let moved = self.moved(at, end, clause);
        let sign = self.source.word(content);
        let said = if self.tok(content) == Tok::LeftBrace { "{ … }" } else { "= …" };
        let is_bare = name + 1 == content;
        let written = match &key {
            None => format!("{head} {moved} {said}"),
            Some(key) if is_bare => format!("{head}{key} {moved} {said}"),
            Some(key) => format!("{}{key} … {moved} {said}", self.written(mark + 1, name + 1)),
        };
        let problem = late_clause(place, self.source.word(at), sign, content_place, &written);
        if !self.can_move((mark, content), (at, end)) {
            return Some(problem);
        }
        let edit = |span: Span, text: String| Edit { place: self.place(span), text };
        let gap = Span::new(self.source.span(before).end, self.source.span(end - 1).end);
        // What is put at one place is one edit.
        let (key, start) = match key {
            Some(key) if is_bare => (None, key),
            key => (key, String::new()),
        };
        let mut edits: Vec<Edit> = key.into_iter().map(|key| edit(self.behind(name).span, key)).collect();
        edits.push(edit(self.behind(content - 1).span, format!("{start} {moved}")));
        edits.push(edit(gap, String::new()));
        Some(problem.fix_all(format!("move it before the '{sign}'"), edits))
    }

    /// An `if` at token `at` stands behind the value that a name is set to by the statement that token `mark` marks.
    pub(super) fn late_condition(&self, mark: usize, at: usize) -> Option<Problem> {
        let before = self.before(at).filter(|_| self.tok(at) == Tok::If)?;
        let assign = (mark..at).find(|nth| self.tok(*nth) == Tok::Assign)?;
        // Of several words it may be one: a text without quotes.
        let is_value = self.tok(before).closes() || (before == assign + 1 && !self.tok(before).is_word());
        let is_set = matches!(self.tok(mark), Tok::MarkSet | Tok::MarkConstant);
        (is_set && is_value && self.is_level(assign, at)).then(|| {
            condition_behind_value(self.place(self.source.span(at)), &self.written(mark + 1, assign))
        })
    }

    /// Where the `=` or `{` of the declaration stands that token `mark` marks, before token `at`.
    fn content(&self, mark: usize, at: usize) -> Option<usize> {
        let mut depth = 0;
        (mark + 1..at).find(|nth| {
            let tok = self.tok(*nth);
            let is_it = depth == 0 && matches!(tok, Tok::Assign | Tok::LeftBrace);
            depth += i32::from(tok.opens()) - i32::from(tok.closes());
            is_it
        })
    }

    /// Whether as many brackets open as close in the tokens `from..to`.
    fn is_level(&self, from: usize, to: usize) -> bool {
        let toks = self.toks(from, to).iter();
        toks.map(|tok| i32::from(tok.opens()) - i32::from(tok.closes())).sum::<i32>() == 0
    }

    /// The clause `written` of tokens `at..end` as it stands in a head: a condition with an `in` in parentheses.
    fn moved(&self, at: usize, end: usize, written: &str) -> String {
        let is_membership = self.tok(at) == Tok::If && self.toks(at, end).contains(&Tok::In);
        match written.strip_prefix("if ").filter(|_| is_membership) {
            Some(condition) => format!("if ({condition})"),
            None => written.to_owned(),
        }
    }

    /// Whether the clause of tokens `at..end` is only one, and none of its form stands in the head `mark..content`.
    fn can_move(&self, (mark, content): (usize, usize), (at, end): (usize, usize)) -> bool {
        let form = |tok: Tok| if tok == Tok::In { Tok::Within } else { tok };
        let own = form(self.tok(at));
        let is_new = self.clauses(mark, content).iter().all(|nth| form(self.tok(*nth)) != own);
        let mut rest = self.toks(at + 1, end).iter().filter(|tok| {
            matches!(tok, Tok::If | Tok::For | Tok::Colon | Tok::LeftBrace | Tok::Assign | Tok::Within)
        });
        let needs_parentheses =
            own == Tok::For && self.toks(at, end).iter().filter(|tok| **tok == Tok::In).count() > 1;
        is_new && !needs_parentheses && rest.next().is_none() && end > at + 1
    }
}
