//! What a token is.

/// A piece of the text: what it is and how many bytes it takes. The tokens of a text, one after the other, are the
/// text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// How many bytes it takes; nothing for the end of an interpolated text that is missing.
    pub len: u32,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TokenKind {
    // What separates.
    /// Spaces, tabs, a byte-order mark at the start.
    Space,
    /// `\n` or `\r\n`.
    Newline,
    /// `# …`, without the line's end.
    Comment,
    /// `## …`, without the line's end.
    DocComment,

    // Words and literals.
    /// `name`, `open-webui`.
    Word,
    /// `42`, `1_000`.
    Int,
    /// `1.5`.
    Float,
    /// `8GiB`, `1h30m`.
    Quantity,
    /// `192.168.1.1`, `fd00::1`.
    Address,
    /// `10.42.0.0/16`, `fd00::/64`.
    Cidr,
    /// `aa:bb:cc:dd:ee:ff`.
    Mac,
    /// `1.2.3`, `1.2.3-rc.1`.
    Version,
    /// `/dev/sda`, `/`.
    Path,
    /// A whole text without `${…}`, with its quotes: `"…"`, `"""…"""`.
    Text,
    /// `"…${`.
    TextStart,
    /// `}…${`.
    TextMiddle,
    /// `}…"`.
    TextEnd,
    /// `nix"…"`, `nix"""…"""`.
    Nix,

    // Mistakes.
    /// `"…` that the line's end closes.
    TextUnclosed,
    /// `}…` that the line's end closes; of no length where even the `}` is missing.
    TextEndUnclosed,
    /// `nix"…` that the line's end closes.
    NixUnclosed,
    /// `1e3x`, `1__0`.
    BadNumber,
    /// A word with letters other than `A-Z a-z`.
    BadWord,
    /// A character that means nothing.
    Stray,
    /// `// …`, `/* … */`.
    WrongComment,
    /// `<<<<<<< …`, `=======`, `>>>>>>> …` of a merge, a whole line.
    ConflictMark,
    /// `https://…` without quotes.
    BareUrl,
    /// `'…'`, and `''…''` as Nix writes it.
    SingleQuoted,
    /// `“…”`.
    SmartQuoted,
    /// `&&`.
    AndAnd,
    /// `||`.
    OrOr,
    /// `!`.
    Bang,

    // Operators and brackets.
    /// `=`.
    Assign,
    /// `+=`.
    Append,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterEqual,
    /// `+`.
    Plus,
    /// `-`.
    Minus,
    /// `*`.
    Star,
    /// `/`.
    Slash,
    /// `%`.
    Percent,
    /// `..`.
    DotDot,
    /// `.`.
    Dot,
    /// `?.`.
    QuestionDot,
    /// `??`.
    Coalesce,
    /// `?`.
    Question,
    /// `=>`.
    FatArrow,
    /// `->`.
    ThinArrow,
    /// `|`.
    Pipe,
    /// `:`.
    Colon,
    /// `,`.
    Comma,
    /// `;`.
    Semicolon,
    /// `@`.
    At,
    /// `(`.
    LeftParen,
    /// `)`.
    RightParen,
    /// `[`.
    LeftBracket,
    /// `]`.
    RightBracket,
    /// `{`.
    LeftBrace,
    /// `}`.
    RightBrace,
}

impl TokenKind {
    /// Whether it only separates: space, line ends, comments.
    pub const fn is_trivia(self) -> bool {
        matches!(self, Self::Space | Self::Newline | Self::Comment | Self::DocComment)
    }

    /// Whether it is a mistake of its own.
    pub const fn is_mistake(self) -> bool {
        self as u8 >= Self::TextUnclosed as u8 && self as u8 <= Self::Bang as u8
    }

    /// Whether it is a value of its own and not a word or a text, so that nothing but a value can begin with it.
    pub const fn is_literal(self) -> bool {
        self as u8 >= Self::Int as u8 && self as u8 <= Self::Path as u8
    }

    /// Whether an expression may end with it, so that a `/` behind it divides.
    pub const fn ends_value(self) -> bool {
        use TokenKind as K;
        (self as u8 >= K::Word as u8 && self as u8 <= K::Text as u8)
            || (self as u8 >= K::TextEnd as u8 && self as u8 <= K::BadWord as u8)
            || matches!(
                self,
                K::BareUrl
                    | K::SingleQuoted
                    | K::SmartQuoted
                    | K::RightParen
                    | K::RightBracket
                    | K::RightBrace
            )
    }

    /// Whether it opens what another token must close.
    pub const fn opens(self) -> bool {
        matches!(self, Self::LeftParen | Self::LeftBracket | Self::LeftBrace | Self::TextStart)
    }

    /// Whether it closes what another token opened.
    pub const fn closes(self) -> bool {
        matches!(
            self,
            Self::RightParen | Self::RightBracket | Self::RightBrace | Self::TextEnd | Self::TextEndUnclosed
        )
    }

    /// Whether where it ends, or what it is, may depend on what stands on later lines, since something is missing in it.
    pub(crate) const fn is_odd(self) -> bool {
        matches!(
            self,
            Self::TextUnclosed
                | Self::TextEndUnclosed
                | Self::NixUnclosed
                | Self::SingleQuoted
                | Self::SmartQuoted
                | Self::WrongComment
                | Self::ConflictMark
                | Self::Stray
        )
    }

    /// Whether it closes what `open` opens.
    pub const fn is_partner_of(self, open: Self) -> bool {
        matches!(
            (open, self),
            (Self::LeftParen, Self::RightParen)
                | (Self::LeftBracket, Self::RightBracket)
                | (Self::LeftBrace, Self::RightBrace)
                | (Self::TextStart, Self::TextEnd | Self::TextEndUnclosed)
        )
    }
}
