//! Where a line's end ends a statement.
//!
//! Asked by the cut, over a whole file, and by the parser, over one item, so that both agree.

use crate::lexer::{assigns, opens_body, starts_declaration, starts_statement};
use crate::token::TokenKind as K;

/// Whether the statement that `before` is the last token of goes on with the token `next` on another line.
///
/// `rest` is the text from `next` on; `word` is the text of `before`, and empty if that is a member's name. Whatever is
/// asked of `next` and `rest` here, [`looked_at`] must say.
pub(crate) fn goes_on(before: K, word: &str, next: K, rest: &str) -> bool {
    let line = rest.as_bytes();
    match before {
        K::FatArrow => true,
        // A line that clearly starts something else ends what waits for more.
        K::Assign | K::Append => !starts_statement(line),
        K::Colon => !starts_statement(line) || opens_body(line),
        _ if wants_more(before, word) => !starts_declaration(line) || opens_body(line),
        // Nothing is set, and nothing is looked for, in what a `}` ends.
        K::RightBrace if matches!(next, K::Assign | K::Append) || rest.starts_with("in ") => false,
        _ => continues(next, rest),
    }
}

/// All that [`goes_on`] can find out about the token `next`, which `rest` begins with.
pub(crate) fn looked_at(next: K, rest: &str) -> [bool; 5] {
    let line = rest.as_bytes();
    [
        starts_statement(line),
        starts_declaration(line),
        opens_body(line),
        rest.starts_with("in "),
        continues(next, rest),
    ]
}

/// Whether nothing can end with the token `before`, whose text is `word`.
pub(crate) fn wants_more(before: K, word: &str) -> bool {
    match before {
        K::Word => matches!(word, "and" | "or" | "not" | "in" | "contains" | "then" | "else" | "if"),
        K::Equal | K::NotEqual | K::Less | K::LessEqual | K::GreaterEqual => true,
        K::Plus | K::Minus | K::Star | K::Slash | K::Percent => true,
        K::DotDot | K::Dot | K::QuestionDot | K::Coalesce | K::ThinArrow => true,
        K::Pipe | K::At | K::AndAnd | K::OrOr | K::Bang => true,
        _ => false,
    }
}

/// Looks, token by token, for a `=` that stands in no brackets: behind a word and `:`, it makes a constant.
#[derive(Default)]
pub(crate) struct Assigns {
    depth: usize,
    /// How many words stand directly before: no two do in a type, but for those of `let a =`.
    words: usize,
    found: bool,
}

impl Assigns {
    /// Takes the next token.
    pub(crate) fn push(&mut self, kind: K) {
        if kind.opens() {
            self.depth += 1;
        } else if kind.closes() {
            self.depth = self.depth.saturating_sub(1);
        }
        self.found |= kind == K::Assign && self.depth == 0 && self.words < 2;
        self.words = if kind == K::Word { self.words + 1 } else { 0 };
    }

    /// Whether there was one.
    pub(crate) fn found(&self) -> bool {
        self.found
    }
}

fn continues(next: K, rest: &str) -> bool {
    match next {
        K::Word => {
            let len = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
            matches!(&rest[..len], "and" | "or" | "in" | "contains" | "then" | "else")
                && !rest[len..].starts_with(['-', '_', '.'])
                && !assigns(&rest.as_bytes()[len..])
        }
        K::Assign | K::Append => true,
        K::Equal | K::NotEqual | K::Less | K::LessEqual | K::Greater | K::GreaterEqual => true,
        K::Plus | K::Minus | K::Star | K::Slash | K::Percent => true,
        K::DotDot | K::Dot | K::QuestionDot | K::Coalesce | K::FatArrow | K::ThinArrow => true,
        K::Pipe | K::At | K::AndAnd | K::OrOr | K::TextMiddle | K::TextEnd | K::TextEndUnclosed => true,
        _ => false,
    }
}
