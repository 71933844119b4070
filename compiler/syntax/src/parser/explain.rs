//! Words for what the grammar says.
//!
//! A [`Fault`] is a token and what could have stood there. What a person needs to hear follows mostly from the tokens
//! around it and the form of the statement.

use diagnostics::Problem;
use source::{ItemKey, Place, Span};

use super::fault::Fault;
use super::source::Source;
use super::tok::Tok;
use crate::lexer::starts_statement;
use crate::problems::comparison_chain::comparison_chain;
use crate::problems::missing_comma::missing_comma;
use crate::problems::syntax_error::{bare_name, brace_on_next_line, missing_value, syntax_error};
use crate::problems::unclosed_bracket::missing_brace;
use crate::problems::wrong_operator::not_assign;

/// What the words are found from.
pub(crate) struct Context<'a> {
    pub(crate) key: &'a ItemKey,
    pub(crate) source: &'a Source,
    pub(crate) toks: &'a [Tok],
    /// Where a `}` closes nothing.
    pub(crate) unopened: Option<u32>,
}

impl Context<'_> {
    /// The problem that `fault` is.
    pub(crate) fn explain(&self, fault: Fault) -> Problem {
        let at = fault.at;
        if fault.chain {
            return comparison_chain(self.place(self.source.span(at)), self.source.word(at));
        }
        let mark = self.mark(at);
        if let Some(before) = self.before(at).filter(|before| self.lacks_brace(fault, *before)) {
            return missing_brace(self.behind(before), &self.shown(before));
        }
        self.head(fault, mark)
            .or_else(|| self.value(fault))
            .or_else(|| self.sign(fault))
            .unwrap_or_else(|| self.unexpected(at))
    }

    /// The bytes of the innermost statement around token `at`, up to the line's end.
    pub(crate) fn statement(&self, at: usize) -> Span {
        let start = self.mark(at);
        let mut depth = 0;
        let mut end = start;
        for (nth, tok) in self.toks.iter().enumerate().skip(start) {
            end = nth;
            match tok {
                Tok::End if depth == 0 => break,
                tok if tok.opens() => depth += 1,
                tok if tok.closes() => depth -= 1,
                _ => {}
            }
        }
        let span = self.source.span(start).to(self.source.span(end));
        let line = self.source.rest(span.end).lines().next().map_or(0, str::len);
        Span::new(span.start, span.end + u32::try_from(line).unwrap_or(0))
    }

    /// The mark of the innermost statement around token `at`.
    fn mark(&self, at: usize) -> usize {
        let mut depth = 0;
        for nth in (0..at.min(self.toks.len())).rev() {
            match self.toks[nth] {
                tok if tok.closes() => depth += 1,
                tok if tok.opens() => depth -= 1,
                tok if tok.is_mark() && depth <= 0 => return nth,
                _ => {}
            }
        }
        0
    }

    fn tok(&self, at: usize) -> Tok {
        self.toks.get(at).copied().unwrap_or(Tok::End)
    }

    fn place(&self, span: Span) -> Place {
        Place::new(self.key, span)
    }

    /// The empty place behind token `at`.
    fn behind(&self, at: usize) -> Place {
        self.place(Span::empty(self.source.span(at).end))
    }

    /// Whether a body could start behind token `before`, and a `}` further on has no `{`.
    fn lacks_brace(&self, fault: Fault, before: usize) -> bool {
        let is_body = fault.expects(Tok::LeftBrace) && !fault.expects(Tok::LeftBracket);
        let is_declaration = fault.expects(Tok::LeftBrace) && fault.expects(Tok::Assign);
        let after = self.unopened.is_some_and(|at| at > self.source.span(before).start);
        let rest = self.source.rest(self.source.span(before).end);
        let line = rest.lines().next().unwrap_or_default();
        let closes_more = line.matches('}').count() > line.matches('{').count();
        (after || closes_more) && (is_body || is_declaration)
    }

    /// Mistakes in how a statement begins.
    fn head(&self, fault: Fault, mark: usize) -> Option<Problem> {
        let at = fault.at;
        let is_path = |end: usize| {
            end > mark + 1
                && self.toks[mark + 1..end]
                    .iter()
                    .all(|tok| tok.is_word() || matches!(tok, Tok::Text | Tok::Dot))
        };
        let path = |end: usize| {
            self.source.rest(self.source.span(mark + 1).start)
                [..(self.source.span(end - 1).end - self.source.span(mark + 1).start) as usize]
                .to_owned()
        };
        match (self.tok(mark), self.tok(at)) {
            (Tok::MarkDeclare, Tok::LeftBrace) if at == mark + 1 => Some(self.next_line(at, mark)),
            (Tok::MarkDeclare, Tok::Equal) if is_path(at) => {
                Some(not_assign(self.place(self.source.span(at)), "==", &path(at)))
            }
            (Tok::MarkBare, _) => {
                let span = self.source.span(mark + 1).to(self.source.span(at - 1));
                Some(bare_name(self.place(span), &path(at)))
            }
            (Tok::MarkColon, _) if !self.is_in_kind(mark) => {
                let colon = (mark..at).find(|nth| self.tok(*nth) == Tok::Colon)?;
                let has_value = self.tok(at) != Tok::End || at > colon + 1;
                (has_value && is_path(colon))
                    .then(|| not_assign(self.place(self.source.span(colon)), ":", &path(colon)))
            }
            (_, found) if at == mark + 1 && self.tok(mark).is_mark() && !found.is_word() => {
                let place = self.place(self.source.span(at));
                let message = format!("a statement cannot start with '{}'", self.shown(at));
                Some(
                    syntax_error(place, message)
                        .help("a statement starts with a name: 'name = …', 'kind name { … }'"),
                )
            }
            _ => None,
        }
    }

    /// Whether the statement that token `mark` marks stands in a kind or a record type.
    fn is_in_kind(&self, mark: usize) -> bool {
        let mut depth = 0;
        let brace = (0..mark).rev().find(|nth| {
            let tok = self.toks[*nth];
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

    fn next_line(&self, brace: usize, mark: usize) -> Problem {
        let place = self.place(self.source.span(brace));
        let gap = mark
            .checked_sub(1)
            .map(|end| Span::new(self.source.span(end).start, self.source.span(brace).start));
        let is_blank = |gap: &Span| self.source.rest(gap.start)[..gap.len() as usize].trim().is_empty();
        brace_on_next_line(place, gap.filter(is_blank).map(|gap| self.place(gap)))
    }

    /// Values that are missing.
    fn value(&self, fault: Fault) -> Option<Problem> {
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
        if !wants_value {
            return None;
        }
        if self.tok(at) == Tok::Comma
            && matches!(self.tok(before), Tok::Comma | Tok::LeftBracket | Tok::LeftParen)
        {
            let place = self.place(self.source.span(at));
            return Some(syntax_error(place.clone(), "a value is missing before ','").fix(
                "remove the ','",
                place,
                "",
            ));
        }
        let ends = matches!(self.tok(at), Tok::End | Tok::Comma) || self.tok(at).closes();
        if ends || starts_statement(self.source.rest(self.source.span(at).start).as_bytes()) {
            return Some(missing_value(self.behind(before), &after));
        }
        let place = self.place(self.source.span(at));
        Some(syntax_error(place, format!("a value is expected after '{after}', not '{}'", self.shown(at))))
    }

    /// Signs and words that are missing.
    fn sign(&self, fault: Fault) -> Option<Problem> {
        let at = fault.at;
        let before = self.before(at)?;
        let signs = [
            (Tok::Then, "'then' expected after the condition"),
            (Tok::Else, "an 'if' needs an 'else'"),
            (Tok::FatArrow, "'=>' expected"),
            (Tok::In, "'in' expected"),
            (Tok::ThinArrow, "'->' and the type of the result expected"),
            (Tok::Greater, "'>' expected"),
        ];
        let is_operator = fault.expects(Tok::Plus);
        let wanted = signs.iter().find(|(tok, _)| {
            fault.expects(*tok)
                && !(is_operator && matches!(tok, Tok::In | Tok::Greater))
                && !(*tok == Tok::In && fault.expects(Tok::LeftBrace))
        });
        if let Some((_, message)) = wanted {
            let message = format!("{message} after '{}'", self.shown(before));
            let message = if message.contains("condition after") || message.contains("needs an") {
                wanted.map_or("", |(_, message)| message).to_owned()
            } else {
                message
            };
            return Some(syntax_error(self.behind(before), message).label("expected here"));
        }
        let follows_value = self.tok(before).is_value() || self.tok(before).closes();
        if follows_value && fault.expects(Tok::End) && self.tok(at).is_word() {
            let rest = self.source.rest(self.source.span(at).start);
            if starts_statement(rest.as_bytes()) {
                return Some(missing_comma(self.behind(before), &self.shown(at)));
            }
        }
        if fault.expects(Tok::Assign) && self.tok(at) == Tok::End {
            let message = format!("'=' expected after '{}'", self.shown(before));
            return Some(syntax_error(self.behind(before), message).label("'=' expected"));
        }
        None
    }

    /// The last token before `at` that is written.
    fn before(&self, at: usize) -> Option<usize> {
        (0..at.min(self.toks.len()))
            .rev()
            .find(|nth| !self.toks[*nth].is_mark() && self.toks[*nth] != Tok::End)
    }

    fn unexpected(&self, at: usize) -> Problem {
        let before = self.before(at).map(|before| self.shown(before));
        let place = self.place(self.source.span(at));
        match (self.tok(at), before) {
            (Tok::End, Some(before)) => syntax_error(place, format!("something is missing after '{before}'"))
                .label("the statement ends here"),
            (_, Some(before)) => {
                syntax_error(place, format!("'{}' is not expected after '{before}'", self.shown(at)))
                    .label("not expected here")
            }
            (_, None) => syntax_error(place, format!("'{}' is not expected here", self.shown(at))),
        }
    }

    /// The text of token `at`, short enough to be shown.
    fn shown(&self, at: usize) -> String {
        let word = self.source.word(at).lines().next().unwrap_or_default();
        match word.char_indices().nth(40) {
            Some((end, _)) => format!("{}…", &word[..end]),
            None => word.to_owned(),
        }
    }
}
