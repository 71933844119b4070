//! How deeply an item is nested.
//!
//! The grammar and whoever walks its trees go down as deep as the text is nested, on a stack that ends; so what is
//! nested deeper than anybody would write is refused before. Operators count too, since `a + b + c + …` is a tree as
//! deep as it is long.

use super::tok::Tok;

/// How many brackets, `if`s and `match`es may be nested. In a debug build a record takes some 40 KB of stack a level,
/// and threads have 2 MB.
pub(crate) const MOST_NESTED: u32 = 32;
/// How many operators may apply to each other.
const MOST_OPERATORS: u32 = 400;

/// Follows the tokens.
#[derive(Debug, Default)]
pub(crate) struct Depth {
    /// What is open outside the innermost bracket.
    outer: Vec<Level>,
    level: Level,
    total: Level,
}

/// What has been counted since an expression began.
#[derive(Clone, Copy, Debug, Default)]
struct Level {
    nested: u32,
    operators: u32,
}

impl Depth {
    /// Counts a token.
    pub(crate) fn token(&mut self, tok: Tok) {
        match tok {
            tok if tok.opens() => {
                self.count(1, 0);
                self.outer.push(self.level);
                self.level = Level::default();
            }
            tok if tok.closes() => {
                self.restart();
                self.level = self.outer.pop().unwrap_or_default();
                self.uncount(1);
            }
            Tok::End | Tok::Comma | Tok::FatArrow => self.restart(),
            Tok::If | Tok::Match | Tok::Less => self.count(1, 0),
            tok if tok.is_operator() => self.count(0, 1),
            _ => {}
        }
    }

    /// Whether the grammar must not see it.
    pub(crate) fn is_too_deep(&self) -> bool {
        self.total.nested > MOST_NESTED || self.total.operators > MOST_OPERATORS
    }

    fn count(&mut self, nested: u32, operators: u32) {
        self.level.nested += nested;
        self.level.operators += operators;
        self.total.nested += nested;
        self.total.operators += operators;
    }

    fn uncount(&mut self, nested: u32) {
        self.level.nested = self.level.nested.saturating_sub(nested);
        self.total.nested = self.total.nested.saturating_sub(nested);
        // A closed bracket that is indexed, called or asked for a member is one level of a chain.
        self.count(0, 1);
    }

    /// Another expression begins.
    fn restart(&mut self) {
        self.total.nested -= self.level.nested;
        self.total.operators -= self.level.operators;
        self.level = Level::default();
    }
}
