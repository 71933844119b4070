//! Text to tokens, by hand, without allocation.
//!
//! Every byte is in exactly one token; what means nothing is a token too. Words such as `if` are plain words here:
//! the parser knows where they are more.

mod head_line;
mod number;
mod text;

pub(crate) use head_line::{assigns, opens_body, starts_declaration, starts_statement};

use crate::steps::step;
use crate::token::{Token, TokenKind};
use TokenKind as K;

/// The tokens of `text`.
pub fn tokens(text: &str) -> Lexer<'_> {
    Lexer::new(text)
}

/// Goes through the tokens of a text.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about what was read")]
pub struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// The texts whose `${…}` is being read, outermost first.
    open: Vec<Interpolation>,
    /// Whether the last token that is not trivia may end an expression.
    after_value: bool,
    /// Whether that token is a dot, behind which any word is a name.
    after_dot: bool,
    /// Whether the last token is trivia, or there is none.
    after_blank: bool,
    /// Set when no `"""` follows any more.
    no_more_blocks: bool,
}

/// A text whose `${…}` is being read.
#[derive(Clone, Copy, Debug)]
struct Interpolation {
    /// Whether it is a `"""` text.
    block: bool,
    /// Whether a line that looks like a statement ends it.
    guarded: bool,
    /// Braces that are open in the expression.
    braces: u32,
}

impl<'a> Lexer<'a> {
    /// A lexer at the start of `text`.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            open: Vec::new(),
            after_value: false,
            after_dot: false,
            after_blank: true,
            no_more_blocks: false,
        }
    }

    /// The byte that the next token starts at.
    pub fn offset(&self) -> usize {
        self.at
    }

    fn byte(&self, at: usize) -> u8 {
        step(1);
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// Reads the token at `self.at`, which is not the end; moves behind it.
    fn read(&mut self) -> TokenKind {
        let byte = self.bytes[self.at];
        match byte {
            b'<' | b'=' | b'>' | b'|' if self.is_conflict_mark(byte) => {
                self.take(self.line_end(self.at) - self.at, K::ConflictMark)
            }
            b' ' | b'\t' | b'\r' => self.blank(),
            b'\n' => self.take(1, K::Newline),
            b'#' => self.comment(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            b'0'..=b'9' => self.number(),
            b'"' => self.text(),
            b'}' => self.right_brace(),
            b'{' => {
                if let Some(open) = self.open.last_mut() {
                    open.braces += 1;
                }
                self.take(1, K::LeftBrace)
            }
            b'/' => self.slash(),
            b':' if self.byte(self.at + 1) == b':' => self.ipv6().unwrap_or_else(|| self.take(1, K::Colon)),
            b'\'' | b'`' => self.single_quoted(),
            0x80.. => self.beyond_ascii(),
            _ => self.sign(byte),
        }
    }

    fn take(&mut self, len: usize, kind: TokenKind) -> TokenKind {
        step(len);
        self.at += len;
        kind
    }

    fn blank(&mut self) -> TokenKind {
        let start = self.at;
        loop {
            self.skip(|byte| matches!(byte, b' ' | b'\t'));
            match self.byte(self.at) {
                b'\r' if self.byte(self.at + 1) != b'\n' => self.at += 1,
                b'\r' if self.at == start => return self.take(2, K::Newline),
                _ => return K::Space,
            }
        }
    }

    /// Moves to the next byte that is none of those asked for.
    #[inline]
    fn skip(&mut self, is_one: impl Fn(u8) -> bool) {
        let rest = &self.bytes[self.at..];
        let len = rest.iter().position(|byte| !is_one(*byte)).unwrap_or(rest.len());
        step(len + 1);
        self.at += len;
    }

    fn comment(&mut self) -> TokenKind {
        let kind = match self.byte(self.at + 1) {
            b'#' if self.byte(self.at + 2) != b'#' => K::DocComment,
            _ => K::Comment,
        };
        self.at = self.line_end(self.at);
        kind
    }

    /// Where the line of `from` ends, before `\r\n` or `\n`.
    fn line_end(&self, from: usize) -> usize {
        let rest = &self.bytes[from..];
        let len = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        step(len + 1);
        let end = from + len;
        if len > 0 && self.bytes[end - 1] == b'\r' && end < self.bytes.len() { end - 1 } else { end }
    }

    fn word(&mut self) -> TokenKind {
        let start = self.at;
        self.word_rest();
        match self.byte(self.at) {
            b'"' if &self.bytes[start..self.at] == b"nix" => self.nix(),
            b':' => self.word_before_colon(start),
            0x80.. if self.character().is_alphanumeric() => self.bad_word(),
            _ => K::Word,
        }
    }

    /// What starts at `start` and has a colon behind its first word, where the lexer is.
    fn word_before_colon(&mut self, start: usize) -> TokenKind {
        let end = std::mem::replace(&mut self.at, start);
        if self.byte(start).is_ascii_hexdigit()
            && let Some(kind) = self.colon_literal()
        {
            return kind;
        }
        self.at = end;
        if self.bytes[end..].starts_with(b"://") { self.bare_url() } else { K::Word }
    }

    /// The rest of a URL that should stand in quotes.
    fn bare_url(&mut self) -> TokenKind {
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b",;\"'()[]{}".contains(byte);
        let rest = &self.bytes[self.at..];
        self.take(rest.iter().position(ends).unwrap_or(rest.len()), K::BareUrl)
    }

    fn word_rest(&mut self) {
        loop {
            self.skip(|byte| IN_WORDS[usize::from(byte)]);
            if self.byte(self.at) != b'-' || !self.byte(self.at + 1).is_ascii_alphanumeric() {
                return;
            }
            self.at += 2;
        }
    }

    /// The rest of a word with letters that a word may not have.
    fn bad_word(&mut self) -> TokenKind {
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                0x80.. => match self.character() {
                    c if c.is_alphanumeric() => self.at += c.len_utf8(),
                    _ => break,
                },
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => self.at += 1,
                b'-' if self.byte(self.at + 1).is_ascii_alphanumeric() => self.at += 2,
                _ => break,
            }
        }
        K::BadWord
    }

    /// The character at hand.
    fn character(&self) -> char {
        self.text[self.at..].chars().next().unwrap_or('\0')
    }

    fn beyond_ascii(&mut self) -> TokenKind {
        match self.character() {
            '\u{feff}' if self.at == 0 => self.take(3, K::Space),
            '“' | '”' | '„' => self.smart_quoted(),
            c if c.is_alphanumeric() => self.bad_word(),
            c => self.take(c.len_utf8(), K::Stray),
        }
    }

    fn right_brace(&mut self) -> TokenKind {
        match self.open.last_mut() {
            Some(open) if open.braces > 0 => {
                open.braces -= 1;
                self.take(1, K::RightBrace)
            }
            Some(_) => self.text_continued(),
            None => self.take(1, K::RightBrace),
        }
    }

    fn slash(&mut self) -> TokenKind {
        let next = self.byte(self.at + 1);
        if next == b'/' || next == b'*' {
            return self.wrong_comment(next);
        }
        let starts_name = next.is_ascii_alphanumeric() || matches!(next, b'.' | b'_' | b'~');
        match (self.after_value, starts_name) {
            (false, true) => self.path(),
            (true, true) if self.after_blank => self.path(),
            (false, false) => self.take(1, K::Path),
            (true, _) => self.take(1, K::Slash),
        }
    }

    /// `// …` up to the line's end; `/* … */`, however many lines that has.
    fn wrong_comment(&mut self, second: u8) -> TokenKind {
        let rest = &self.bytes[self.at..];
        let ends = |pair: &[u8]| pair == b"*/";
        let end = rest.windows(2).take(text::LONGEST).skip(2).position(ends).filter(|_| second == b'*');
        let len = end.map_or_else(|| self.line_end(self.at) - self.at, |end| end + 4);
        self.take(len, K::WrongComment)
    }

    /// Whether a line starts here that a merge has left.
    fn is_conflict_mark(&self, byte: u8) -> bool {
        let is_start = self.at == 0 || self.bytes[self.at - 1] == b'\n';
        is_start
            && self.open.is_empty()
            && self.bytes[self.at..].iter().take_while(|other| **other == byte).count() == 7
            && matches!(self.byte(self.at + 7), b' ' | b'\r' | b'\n' | 0)
    }

    fn path(&mut self) -> TokenKind {
        self.at += 1;
        loop {
            match self.byte(self.at) {
                b':' if is_path_byte(self.byte(self.at + 1)) => self.at += 1,
                byte if is_path_byte(byte) => self.at += 1,
                _ => return K::Path,
            }
        }
    }

    fn sign(&mut self, byte: u8) -> TokenKind {
        let next = self.byte(self.at + 1);
        let (len, kind) = match (byte, next) {
            (b'=', b'=') => (2, K::Equal),
            (b'=', b'>') => (2, K::FatArrow),
            (b'=', _) => (1, K::Assign),
            (b'+', b'=') => (2, K::Append),
            (b'+', _) => (1, K::Plus),
            (b'!', b'=') => (2, K::NotEqual),
            (b'!', _) => (1, K::Bang),
            (b'<', b'=') => (2, K::LessEqual),
            (b'<', _) => (1, K::Less),
            (b'>', b'=') => (2, K::GreaterEqual),
            (b'>', _) => (1, K::Greater),
            (b'-', b'>') => (2, K::ThinArrow),
            (b'-', _) => (1, K::Minus),
            (b'.', b'.') => (2, K::DotDot),
            (b'.', _) => (1, K::Dot),
            (b'?', b'.') => (2, K::QuestionDot),
            (b'?', b'?') => (2, K::Coalesce),
            (b'?', _) => (1, K::Question),
            (b'&', b'&') => (2, K::AndAnd),
            (b'|', b'|') => (2, K::OrOr),
            (b'|', _) => (1, K::Pipe),
            _ => (1, single_sign(byte)),
        };
        self.take(len, kind)
    }
}

/// The bytes that words are made of, but for the `-` between them.
const IN_WORDS: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0_u8;
    while byte < u8::MAX {
        bytes[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
        byte += 1;
    }
    bytes
};

/// Whether a value stands behind `word`, where that is no name.
fn precedes_value(word: &str) -> bool {
    matches!(word, "and" | "or" | "not" | "in" | "contains" | "if" | "then" | "else" | "match")
}

const fn single_sign(byte: u8) -> TokenKind {
    match byte {
        b'*' => K::Star,
        b'%' => K::Percent,
        b':' => K::Colon,
        b',' => K::Comma,
        b';' => K::Semicolon,
        b'@' => K::At,
        b'(' => K::LeftParen,
        b')' => K::RightParen,
        b'[' => K::LeftBracket,
        b']' => K::RightBracket,
        _ => K::Stray,
    }
}

const fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'@' | b'%' | b'+' | b'~' | b'-')
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start = self.at;
        let kind = if self.interpolation_ends_here() {
            self.open.pop();
            K::TextEndUnclosed
        } else if start >= self.bytes.len() {
            return None;
        } else {
            self.read()
        };
        self.after_blank = kind.is_trivia();
        if !self.after_blank {
            let is_keyword = kind == K::Word && !self.after_dot && precedes_value(&self.text[start..self.at]);
            self.after_value = kind.ends_value() && !is_keyword;
            self.after_dot = matches!(kind, K::Dot | K::QuestionDot);
        }
        let len = u32::try_from(self.at - start).unwrap_or(u32::MAX);
        Some(Token { kind, len })
    }
}
