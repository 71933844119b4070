//! The comments of an item.

use source::Span;

use super::doc::Lead;
use crate::lexer::Lexer;
use crate::token::TokenKind as K;

/// A comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment<'a> {
    /// Its first byte.
    pub(super) start: usize,
    /// With its `#`, without blanks behind it.
    pub(super) text: &'a str,
}

/// What an item's text has besides the tokens that the grammar reads.
#[derive(Debug, Default)]
pub(super) struct Trivia<'a> {
    /// Its comments, but for those inside of `${…}`.
    pub(super) comments: Vec<Comment<'a>>,
    /// The `,` or `;` that ends it.
    pub(super) separator: Option<&'a str>,
    /// Whether a `//` stands in it, which the grammar does not see.
    pub(super) wrong_comment: bool,
    /// Whether there is nothing else in it.
    pub(super) empty: bool,
}

/// What `text` has besides the tokens that the grammar reads.
pub(super) fn trivia(text: &str) -> Trivia<'_> {
    let mut trivia = Trivia { empty: true, ..Trivia::default() };
    let mut texts = 0;
    let mut lexer = Lexer::new(text);
    let mut start = 0;
    while let Some(token) = lexer.next() {
        let word = &text[start..lexer.offset()];
        match token.kind {
            K::Comment | K::DocComment if texts == 0 => {
                trivia.comments.push(Comment { start, text: word.trim_end_matches([' ', '\t', '\r']) });
            }
            kind if kind.is_trivia() => {}
            kind => {
                trivia.empty &= matches!(kind, K::Comma | K::Semicolon);
                trivia.separator = matches!(kind, K::Comma | K::Semicolon).then_some(word);
                trivia.wrong_comment |= kind == K::WrongComment;
                texts += i32::from(kind == K::TextStart);
                texts -= i32::from(matches!(kind, K::TextEnd | K::TextEndUnclosed));
            }
        }
        start = lexer.offset();
    }
    trivia
}

/// Whether any of `comments` stands in `span`.
pub(super) fn any_in(comments: &[Comment<'_>], span: Span) -> bool {
    comments.iter().any(|comment| (span.start as usize..span.end as usize).contains(&comment.start))
}

/// Whether an empty line stands before byte `at` of `text`, with nothing but blanks and separators between.
pub(super) fn blank_before(text: &str, at: usize) -> bool {
    let before = &text.as_bytes()[..at];
    let mut lines = 0;
    for byte in before.iter().rev() {
        match byte {
            b'\n' => lines += 1,
            b' ' | b'\t' | b'\r' | b',' | b';' => {}
            _ => return lines > 1,
        }
    }
    // What stands at the start of a file needs no line before it.
    false
}

impl<'a> Comment<'a> {
    /// The comment as it stands in `file`, its item beginning at byte `base`.
    pub(super) fn lead(self, file: &str, base: usize) -> Lead<'a> {
        Lead { text: self.text, blank: blank_before(file, base + self.start) }
    }
}
