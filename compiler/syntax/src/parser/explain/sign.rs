//! Signs and words that are missing, or those of other languages.

use diagnostics::Problem;
use source::Span;

use super::super::fault::Fault;
use super::super::tok::Tok;
use super::Context;
use crate::lexer::starts_statement;
use crate::problems::missing_comma::missing_comma;
use crate::problems::syntax_error::{braces_of_if, missing_arrow, syntax_error};
use crate::problems::wrong_operator::{no_operator, no_spread, not_equal_sign, wrong_operator};

/// Signs of other languages that are two tokens here, and what is written for them.
const DOUBLED: &[(Tok, Tok, &str)] = &[
    (Tok::Equal, Tok::Assign, "=="),
    (Tok::NotEqual, Tok::Assign, "!="),
    (Tok::Less, Tok::Greater, "!="),
    (Tok::Assign, Tok::Less, "<="),
    (Tok::Plus, Tok::Plus, "+"),
];

impl Context<'_> {
    /// A sign or word of another language.
    pub(super) fn foreign_sign(&self, fault: Fault) -> Option<Problem> {
        let at = fault.at;
        let before = self.before(at)?;
        let here = self.place(self.source.span(at));
        let pair = self.source.span(before).to(self.source.span(at));
        let (first, second) = (self.tok(before), self.tok(at));
        if self.touches(before, at) {
            let known = DOUBLED.iter().find(|(a, b, _)| (*a, *b) == (first, second));
            if let Some((.., right)) = known {
                return Some(wrong_operator(self.place(pair), &self.written(before, at + 1), right, right));
            }
            let help = match (first, second) {
                (Tok::Star, Tok::Star) => Some("multiply the number by itself"),
                _ => None,
            };
            if let Some(help) = help {
                return Some(no_operator(self.place(pair), &self.written(before, at + 1), help));
            }
        }
        let is_complete = fault.follows_value();
        match second {
            Tok::DotDot if !is_complete && !self.ends(at + 1) => Some(no_spread(self.place(self.dots(at)))),
            Tok::Less if self.tok(at + 1) == Tok::Less && self.touches(at, at + 1) => {
                let both = self.source.span(at).to(self.source.span(at + 1));
                let help = "a text of several lines stands between \"\"\"";
                Some(no_operator(self.place(both), "<<", help))
            }
            Tok::Question if is_complete => {
                Some(no_operator(here, "?", "write 'if condition then value else other'"))
            }
            Tok::Assign if fault.expects(Tok::And) => Some(not_equal_sign(here)),
            Tok::Not if is_complete && self.tok(at + 1) == Tok::In => {
                let both = self.source.span(at).to(self.source.span(at + 1));
                Some(no_operator(self.place(both), "not in", "write 'not (x in xs)'"))
            }
            Tok::FatArrow | Tok::Pipe
                if is_complete && self.is_in(at, &[Tok::LeftParen, Tok::LeftBracket]) =>
            {
                let message = format!("'{}' is not expected here", self.source.word(at));
                Some(
                    syntax_error(here, message)
                        .label("not expected here")
                        .help("to make a list of another, write '[for x in xs => value]'"),
                )
            }
            Tok::For if is_complete => Some(
                syntax_error(here, "'for' comes before the value")
                    .label("not expected here")
                    .help("write '[for x in xs => value]'"),
            ),
            Tok::Ident
                if fault.expects(Tok::Else)
                    && matches!(self.source.word(at), "elif" | "elsif" | "elseif") =>
            {
                Some(wrong_operator(here, self.source.word(at), "else if", "else if"))
            }
            Tok::Ident if fault.expects(Tok::In) && self.source.word(at) == "of" => {
                Some(wrong_operator(here, "of", "in", "in"))
            }
            Tok::ThinArrow | Tok::Colon | Tok::Assign if fault.expects(Tok::FatArrow) => {
                Some(wrong_operator(here, self.source.word(at), "=>", "=>"))
            }
            _ => None,
        }
    }

    /// Whether the innermost bracket around token `at` is one of `brackets`.
    fn is_in(&self, at: usize, brackets: &[Tok]) -> bool {
        let mut depth = 0;
        let open = (0..at).rev().map(|nth| self.tok(nth)).find(|tok| {
            depth += i32::from(tok.opens()) - i32::from(tok.closes());
            depth > 0
        });
        open.is_some_and(|open| brackets.contains(&open))
    }

    /// A sign or word that is missing.
    pub(super) fn sign(&self, fault: Fault) -> Option<Problem> {
        let before = self.before(fault.at)?;
        let is_operator = fault.follows_value();
        let after = format!("after '{}'", self.shown(before));
        let expected = |message: String| syntax_error(self.behind(before), message).label("expected here");
        // Where something follows, it is all that is missing.
        let add = |problem: Problem, sign: &str| {
            if self.ends(fault.at) {
                return problem;
            }
            problem.fix(format!("add '{sign}'"), self.behind(before), format!(" {sign}"))
        };
        if fault.expects(Tok::Then) && self.tok(fault.at) == Tok::LeftBrace {
            return Some(braces_of_if(self.place(self.source.span(fault.at))));
        }
        if fault.expects(Tok::Then) {
            return Some(add(expected("'then' expected after the condition of 'if'".to_owned()), "then"));
        }
        if fault.expects(Tok::Else) {
            let help = "it gives a value either way: write 'else none' where there is nothing";
            return Some(expected("an 'if' needs an 'else'".to_owned()).help(help));
        }
        if fault.expects(Tok::ThinArrow) && self.tok(fault.at).is_word() {
            return Some(missing_arrow(self.behind(before), self.source.word(fault.at)));
        }
        let signs = [
            (Tok::FatArrow, "'=>' expected", Some("=>")),
            (Tok::In, "'in' expected", Some("in")),
            (Tok::ThinArrow, "'->' and the type of the result are expected", None),
            (Tok::Greater, "'>' expected", None),
        ];
        let wanted = signs.iter().find(|(tok, ..)| {
            fault.expects(*tok)
                && !(is_operator && matches!(tok, Tok::In | Tok::Greater))
                && !(*tok == Tok::In && fault.expects(Tok::LeftBrace))
        });
        if let Some((_, sign, missing)) = wanted {
            let problem = expected(format!("{sign} {after}"));
            return Some(if let Some(missing) = missing { add(problem, missing) } else { problem });
        }
        self.separator(fault, before)
    }

    /// A `,` or `=` that is missing.
    fn separator(&self, fault: Fault, before: usize) -> Option<Problem> {
        let at = fault.at;
        let follows_value = self.tok(before).is_value() || self.tok(before).closes();
        if follows_value && fault.expects(Tok::End) && self.tok(at).is_word() {
            let rest = self.source.rest(self.source.span(at).start);
            if starts_statement(rest.as_bytes()) {
                return Some(missing_comma(self.behind(before), &self.shown(at)));
            }
        }
        if fault.expects(Tok::Assign) && self.tok(at) == Tok::End {
            let message = format!("'=' expected after '{}'", self.shown(before));
            let end = Span::empty(self.source.span(before).end);
            return Some(syntax_error(self.place(end), message).label("'=' expected"));
        }
        None
    }

    /// The dots that begin with token `at`: two, or three.
    fn dots(&self, at: usize) -> Span {
        let third = self.tok(at + 1) == Tok::Dot && self.touches(at, at + 1);
        self.between(at, at + 1 + usize::from(third))
    }
}
