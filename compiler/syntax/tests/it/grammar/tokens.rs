//! A text as the tokens that the page's grammar is about: where a statement ends is found as the page says.

use std::collections::BTreeSet;

use syntax::TokenKind as K;

use super::earley::Terminal;
use super::page::{Part, Rules};
use super::{CLASSES, written};

/// A token, or the end of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    kind: K,
    text: String,
    is_name: bool,
}

impl Token {
    fn end() -> Self {
        Self { kind: K::Newline, text: String::new(), is_name: false }
    }

    pub(crate) fn shown(&self) -> &str {
        if self.kind == K::Newline { "End" } else { &self.text }
    }

    fn is_text(&self) -> bool {
        CLASSES.iter().any(|(name, kind)| *kind == self.kind && *name != "Word")
    }
}

impl Terminal {
    pub(crate) fn is_token(&self, token: &Token) -> bool {
        match self {
            Self::Literal(text) => token.text == *text && !token.is_text(),
            Self::Class(_) => false,
            Self::Token(name) => match name.as_str() {
                "End" => token.kind == K::Newline,
                "Name" => token.is_name,
                "Quoted" => token.kind == K::Text && !token.text.starts_with("\"\"\""),
                name => CLASSES.iter().any(|(class, kind)| *class == name && *kind == token.kind),
            },
        }
    }
}

/// What the page says of words and lines.
pub(crate) struct Layout {
    keywords: BTreeSet<String>,
    unfinished: BTreeSet<String>,
    continuing: BTreeSet<String>,
}

/// A bracket that is open.
struct Open {
    is_brace: bool,
    /// Whether it begins with a `for` whose `=>` has not come.
    is_for: bool,
    /// How many tokens there were when it was opened.
    at: usize,
}

impl Layout {
    pub(crate) fn of(page: &Rules) -> Self {
        let words = |name: &str| {
            let Part::Choice(words) = &page[name] else { panic!("{name} is no choice") };
            let word = |part: &Part| match part {
                Part::Literal(text) => text.clone(),
                other => panic!("no word: {other:?}"),
            };
            words.iter().map(word).collect()
        };
        Self { keywords: words("Keyword"), unfinished: words("Unfinished"), continuing: words("Continuing") }
    }

    pub(crate) fn tokens(&self, text: &str) -> Vec<Token> {
        let mut out: Vec<Token> = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        let (mut start, mut is_line) = (0, false);
        for (kind, word) in written(text) {
            let rest = &text[start..];
            start += word.len();
            match kind {
                K::Newline => is_line = true,
                kind if kind.is_trivia() => {}
                _ => {
                    let is_separated = open.last().is_none_or(|open| open.is_brace && !open.is_for);
                    if is_line && is_separated && !self.goes_on(&out, rest) {
                        out.push(Token::end());
                    }
                    is_line = false;
                    self.token(&mut out, &mut open, kind, word);
                }
            }
        }
        out
    }

    fn token(&self, out: &mut Vec<Token>, open: &mut Vec<Open>, kind: K, word: &str) {
        let in_braces = open.last().is_none_or(|open| open.is_brace);
        let is_separator =
            kind == K::Semicolon || kind == K::Comma && in_braces && !follows_for(out) && generics(out) == 0;
        if is_separator {
            out.push(Token::end());
            return;
        }
        if kind == K::GreaterEqual && generics(out) > 0 {
            out.extend([(K::Greater, ">"), (K::Assign, "=")].map(|(kind, text)| Token {
                kind,
                text: text.to_owned(),
                is_name: false,
            }));
            return;
        }
        if kind.closes() {
            open.pop();
        }
        if let Some(last) = open.last_mut() {
            last.is_for |= last.is_brace && word == "for" && last.at == out.len();
            last.is_for &= kind != K::FatArrow;
        }
        let behind_dot = out.last().is_some_and(|token| matches!(token.kind, K::Dot | K::QuestionDot));
        let is_name = kind == K::Word && (behind_dot || !self.keywords.contains(word));
        out.push(Token { kind, text: word.to_owned(), is_name });
        if kind.opens() {
            open.push(Open { is_brace: kind == K::LeftBrace, is_for: false, at: out.len() });
        }
    }

    /// Whether the statement goes on over a line's end, with `rest` on the next.
    fn goes_on(&self, out: &[Token], rest: &str) -> bool {
        let Some(last) = out.last() else { return true };
        let behind_dot = matches!(out, [.., dot, _] if matches!(dot.kind, K::Dot | K::QuestionDot));
        let is_value = last.is_text() || (last.kind == K::Word && behind_dot);
        if !is_value && self.unfinished.contains(&last.text) {
            return true;
        }
        let Some((kind, word)) = written(rest).into_iter().next() else { return false };
        let behind = rest[word.len()..].trim_start_matches([' ', '\t']);
        let is_set = (behind.starts_with('=') && !behind.starts_with("==") && !behind.starts_with("=>"))
            || behind.starts_with("+=");
        let is_longer = rest[word.len()..].starts_with(['.', '-']);
        if kind == K::Word && (is_set || is_longer) {
            return false;
        }
        let is_body = last.kind == K::RightBrace && matches!(word, "=" | "+=" | "in");
        !is_body && self.continuing.contains(word)
    }
}

/// Whether the last tokens are `for` and a word.
fn follows_for(out: &[Token]) -> bool {
    matches!(out, [.., word, variable] if word.text == "for" && variable.kind == K::Word)
}

/// How many `list<…` and the like are open in the statement.
fn generics(out: &[Token]) -> usize {
    let start =
        out.iter().rposition(|token| matches!(token.kind, K::Newline | K::LeftBrace)).map_or(0, |at| at + 1);
    let mut depth: usize = 0;
    for pair in out[start..].windows(2) {
        let is_generic = matches!(pair[0].text.as_str(), "list" | "map" | "secret");
        match pair[1].kind {
            K::Less if is_generic => depth += 1,
            K::Greater => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth
}
