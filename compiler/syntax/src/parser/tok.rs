//! What the grammar reads: tokens without trivia, with keywords told apart, line ends that matter as [`Tok::End`], and
//! before each statement a mark of its form.

use crate::token::TokenKind as K;

macro_rules! toks {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// What the grammar reads.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub(crate) enum Tok { $($(#[$doc])* $name),* }
    };
}

toks! {
    Ident, Wild,
    // Keywords, which are names where no expression can stand.
    And, Or, Not, In,
    /// The `in` of a head: `app web in media`.
    Within,
    Contains, If, Then, Else, Match, For, Let, True, False, None, Itself,
    Int, Float, Quantity, Address, Cidr, Mac, Version, Path, Text, TextStart, TextMiddle, TextEnd, Nix,
    /// What could not be read and has been reported.
    Bad,
    Assign, Append, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, Plus, Minus, Star, Slash, Percent,
    DotDot, Dot, QuestionDot, Coalesce, Question, FatArrow, ThinArrow, Pipe, Colon, Comma, At,
    LeftParen, RightParen, LeftBracket, RightBracket, LeftBrace, RightBrace,
    /// The end of a statement.
    End,
    // Marks before a statement.
    /// `a.b = …`, `a += …`.
    MarkSet,
    /// `a.b { … }`.
    MarkRecord,
    /// `a: …`.
    MarkColon,
    /// `derived a: …`.
    MarkDerived,
    /// `a b …`, `a in …`, `a[k] for …`, and all that is nothing else.
    MarkDeclare,
    /// `make { … }`.
    MarkMake,
    /// `kind a …`.
    MarkKind,
    /// `template a …`.
    MarkTemplate,
    /// `fn a(…`.
    MarkFunction,
    /// `type a = …`.
    MarkAlias,
    /// `a: type = …` at the top of a file.
    MarkConstant,
    /// `let a = …`.
    MarkLet,
    /// `import …`.
    MarkImport,
    /// `check "…" { … }`.
    MarkCheck,
    /// `a` or `a.b` and nothing else.
    MarkBare,
    /// `for a in …`, behind a `{`.
    MarkFor,
    /// Nothing that is written: what stands here has been swallowed by a text without end, or belongs to nothing.
    MarkLost,
}

impl Tok {
    /// Whether it is a word, keyword or not.
    pub(crate) const fn is_word(self) -> bool {
        self as u8 <= Tok::Itself as u8
    }

    /// Whether it marks a statement.
    pub(crate) const fn is_mark(self) -> bool {
        self as u8 >= Tok::MarkSet as u8
    }

    /// Whether it is a value on its own.
    pub(crate) const fn is_value(self) -> bool {
        matches!(self, Tok::Ident | Tok::True | Tok::False | Tok::None | Tok::Itself | Tok::Nix)
            || (self as u8 >= Tok::Int as u8 && self as u8 <= Tok::Text as u8)
    }

    /// Whether an operand goes with it.
    pub(crate) const fn is_operator(self) -> bool {
        matches!(self, Tok::And | Tok::Or | Tok::Not | Tok::In | Tok::Contains)
            || (self as u8 >= Tok::Assign as u8 && self as u8 <= Tok::Pipe as u8)
    }

    /// Whether nothing of a value can follow it.
    pub(crate) const fn ends_value(self) -> bool {
        matches!(self, Tok::End | Tok::Comma | Tok::TextMiddle) || self.closes()
    }

    /// Whether it opens what another closes.
    pub(crate) const fn opens(self) -> bool {
        matches!(self, Tok::LeftParen | Tok::LeftBracket | Tok::LeftBrace | Tok::TextStart)
    }

    /// Whether it closes what another opened.
    pub(crate) const fn closes(self) -> bool {
        matches!(self, Tok::RightParen | Tok::RightBracket | Tok::RightBrace | Tok::TextEnd)
    }

    /// The bit that stands for it in a set.
    pub(crate) const fn bit(self) -> u128 {
        1 << self as u8
    }

    /// What a word is.
    pub(crate) fn of_word(word: &str) -> Tok {
        match word {
            "_" => Tok::Wild,
            "and" => Tok::And,
            "or" => Tok::Or,
            "not" => Tok::Not,
            "in" => Tok::In,
            "contains" => Tok::Contains,
            "if" => Tok::If,
            "then" => Tok::Then,
            "else" => Tok::Else,
            "match" => Tok::Match,
            "for" => Tok::For,
            "let" => Tok::Let,
            "true" => Tok::True,
            "false" => Tok::False,
            "none" => Tok::None,
            "self" => Tok::Itself,
            _ => Tok::Ident,
        }
    }

    /// What a token other than a word is. A mistake is what it was meant to be.
    pub(crate) fn of(kind: K) -> Tok {
        match kind {
            K::Word => Tok::Ident,
            K::Int => Tok::Int,
            K::Float => Tok::Float,
            K::Quantity => Tok::Quantity,
            K::Address => Tok::Address,
            K::Cidr => Tok::Cidr,
            K::Mac => Tok::Mac,
            K::Version => Tok::Version,
            K::Path => Tok::Path,
            K::Text | K::SingleQuoted | K::SmartQuoted => Tok::Text,
            K::TextStart => Tok::TextStart,
            K::TextMiddle => Tok::TextMiddle,
            K::TextEnd | K::TextEndUnclosed => Tok::TextEnd,
            K::Nix => Tok::Nix,
            K::AndAnd => Tok::And,
            K::OrOr => Tok::Or,
            K::Bang => Tok::Not,
            _ => Self::of_sign(kind),
        }
    }

    fn of_sign(kind: K) -> Tok {
        match kind {
            K::Assign => Tok::Assign,
            K::Append => Tok::Append,
            K::Equal => Tok::Equal,
            K::NotEqual => Tok::NotEqual,
            K::Less => Tok::Less,
            K::LessEqual => Tok::LessEqual,
            K::Greater => Tok::Greater,
            K::GreaterEqual => Tok::GreaterEqual,
            K::Plus => Tok::Plus,
            K::Minus => Tok::Minus,
            K::Star => Tok::Star,
            K::Slash => Tok::Slash,
            K::Percent => Tok::Percent,
            K::DotDot => Tok::DotDot,
            K::Dot => Tok::Dot,
            K::QuestionDot => Tok::QuestionDot,
            K::Coalesce => Tok::Coalesce,
            K::Question => Tok::Question,
            K::FatArrow => Tok::FatArrow,
            K::ThinArrow => Tok::ThinArrow,
            K::Pipe => Tok::Pipe,
            K::Colon => Tok::Colon,
            K::Comma | K::Semicolon => Tok::Comma,
            K::At => Tok::At,
            K::LeftParen => Tok::LeftParen,
            K::RightParen => Tok::RightParen,
            K::LeftBracket => Tok::LeftBracket,
            K::RightBracket => Tok::RightBracket,
            K::LeftBrace => Tok::LeftBrace,
            K::RightBrace => Tok::RightBrace,
            _ => Tok::Bad,
        }
    }
}
