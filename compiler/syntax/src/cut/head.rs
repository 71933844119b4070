//! What an item's first words say.

use std::fmt::Write;
use std::ops::Range;

use smol_str::SmolStr;

use crate::layout::Assigns;
use crate::token::TokenKind as K;

/// What an item's first words say.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Head {
    /// Which form of item it is.
    pub form: ItemForm,
    /// The kind of a declaration (`app`, `network.pool`); else the word that the item starts with (`template`), and
    /// nothing for a constant.
    pub kind: SmolStr,
    /// The name that is declared, without quotes.
    pub name: Option<SmolStr>,
    /// Whether it declares several: `app exporter[h] for h in hosts`.
    pub repeated: bool,
    /// What tells the item from the others of its file, mostly: `app n8n`, `pihole`, `check "every app …"`.
    pub key: String,
}

/// The forms of item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemForm {
    /// `app n8n in automation { … }`, `pihole { … }`.
    Declare,
    /// `kind app { … }`.
    Kind,
    /// `template node : host { … }`.
    Template,
    /// `fn f() -> int = 1`.
    Function,
    /// `type t = int`.
    Alias,
    /// `import "./media.hl"`.
    Import,
    /// `check "…" { … }`.
    Check,
    /// `name = value`.
    Constant,
    /// None of them, or nothing at all.
    Unknown,
}

const MAX: usize = 16;

/// An item's first tokens.
pub(super) struct Opening {
    tokens: [(K, u32, u32); MAX],
    len: usize,
    /// The last two tokens, for `for key,`.
    before_last: (K, u32, u32),
    last: (K, u32, u32),
    /// Whether a `=` stands in no brackets.
    assigns: Assigns,
}

impl Opening {
    pub(super) fn new() -> Self {
        let none = (K::Newline, 0, 0);
        Self { tokens: [none; MAX], len: 0, before_last: none, last: none, assigns: Assigns::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[expect(clippy::cast_possible_truncation, reason = "places are 32 bits everywhere")]
    pub(super) fn push(&mut self, kind: K, range: Range<usize>) {
        // Comments of other languages say nothing; one at the beginning is where the item begins.
        if kind == K::WrongComment && !self.is_empty() {
            return;
        }
        let token = (kind, range.start as u32, range.end as u32);
        if self.len < MAX {
            self.tokens[self.len] = token;
            self.len += 1;
        }
        self.assigns.push(kind);
        self.before_last = self.last;
        self.last = token;
    }

    /// The first token, if there is one.
    pub(super) fn first(&self) -> Option<(K, Range<usize>)> {
        let (kind, start, end) = self.tokens[..self.len].first()?;
        Some((*kind, *start as usize..*end as usize))
    }

    /// Whether the last tokens are `for` and a word.
    pub(super) fn ends_with_for_word(&self, text: &str) -> bool {
        self.last.0 == K::Word && self.before_last.0 == K::Word && word(text, self.before_last) == "for"
    }

    /// What the tokens say.
    pub(super) fn head(&self, text: &str) -> Head {
        let tokens = &self.tokens[..self.len];
        let tokens = match tokens {
            [(K::WrongComment, ..), tokens @ ..] => tokens,
            tokens => tokens,
        };
        let Some(path) = path_len(tokens) else { return Head::new(ItemForm::Unknown, "", None) };
        let first = span(text, tokens[0], tokens[path - 1]);
        let next = tokens.get(path).copied();
        let after = tokens.get(path + 1).map(|token| token.0);
        match (next.map(|token| token.0), after) {
            // The `=` may be missing.
            (Some(sign), _) if matches!(sign, K::Assign | K::Append) || (path == 1 && sign.is_literal()) => {
                Head { key: first.to_owned(), ..Head::new(ItemForm::Constant, "", Some(first.into())) }
            }
            // `limit: size = 5GiB`
            (Some(K::Colon), _) if path == 1 && self.assigns.found() && tokens[0].0 == K::Word => {
                Head { key: first.to_owned(), ..Head::new(ItemForm::Constant, "", Some(first.into())) }
            }
            (Some(K::Word | K::Text), _) => Self::named(text, tokens, first, path),
            (Some(K::LeftBrace | K::Colon), _) => Head::new(ItemForm::Declare, first, None),
            (Some(K::LeftBracket), _) => {
                let head = Head::new(ItemForm::Declare, first, None);
                Head { repeated: true, ..head }
            }
            _ => Head::new(ItemForm::Unknown, first, None),
        }
    }

    /// The head of an item whose second word is a word or a text.
    fn named(text: &str, tokens: &[(K, u32, u32)], first: &str, path: usize) -> Head {
        let second = word(text, tokens[path]);
        let after = tokens.get(path + 1).map(|token| token.0);
        let form = match (first, tokens[path].0, after) {
            ("kind", K::Word, Some(K::LeftParen | K::LeftBrace | K::At)) => ItemForm::Kind,
            ("template", K::Word, Some(K::LeftParen | K::Colon)) => ItemForm::Template,
            ("fn", K::Word, Some(K::LeftParen)) => ItemForm::Function,
            ("type", K::Word, Some(K::Assign)) => ItemForm::Alias,
            // It is one without the `let`, too.
            ("let", K::Word, Some(K::Assign)) => {
                return Head {
                    key: second.to_owned(),
                    ..Head::new(ItemForm::Constant, "", Some(second.into()))
                };
            }
            ("import", _, None | Some(K::Dot | K::Comma | K::Semicolon)) => ItemForm::Import,
            ("check", _, Some(K::LeftBrace)) => ItemForm::Check,
            _ if tokens[path].0 == K::Word && matches!(second, "in" | "for" | "if") => {
                let repeated = second == "for";
                return Head { repeated, ..Head::new(ItemForm::Declare, first, None) };
            }
            _ => ItemForm::Declare,
        };
        let second = match form {
            ItemForm::Import => {
                span(text, tokens[path], tokens[tokens.len() - 1]).trim_end_matches([',', ';'])
            }
            _ => second,
        };
        let head = Head::new(form, first, Some(second.into()));
        Head { repeated: form == ItemForm::Declare && after == Some(K::LeftBracket), ..head }
    }
}

impl Head {
    /// A head with its key; a name in quotes keeps them in the key only.
    fn new(form: ItemForm, kind: &str, name: Option<SmolStr>) -> Self {
        let mut key = String::with_capacity(kind.len() + 1 + name.as_ref().map_or(0, SmolStr::len));
        key.push_str(kind);
        if let Some(name) = &name {
            let _ = write!(key, " {name}");
        }
        let name = name.map(|name| unquoted(&name).into());
        Self { form, kind: kind.into(), name, repeated: false, key }
    }
}

/// A name without its quotes, if it is nothing but a text.
fn unquoted(name: &str) -> &str {
    let inner = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(name)
}

/// How many tokens the dotted words take that `tokens` start with.
fn path_len(tokens: &[(K, u32, u32)]) -> Option<usize> {
    let is_segment = |at: usize| tokens.get(at).is_some_and(|token| matches!(token.0, K::Word | K::Text));
    if !is_segment(0) {
        return None;
    }
    let mut len = 1;
    while tokens.get(len).is_some_and(|token| token.0 == K::Dot) && is_segment(len + 1) {
        len += 2;
    }
    Some(len)
}

fn word(text: &str, token: (K, u32, u32)) -> &str {
    &text[token.1 as usize..token.2 as usize]
}

fn span(text: &str, first: (K, u32, u32), last: (K, u32, u32)) -> &str {
    &text[first.1 as usize..last.2 as usize]
}
