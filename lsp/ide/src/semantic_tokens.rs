//! Colours that only meaning tells: what each word of a file is.

use driver::Session;
use syntax::TokenKind as K;
use types::Symbol;

use crate::here::items;

/// A word or literal, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SemanticToken {
    /// The first byte in the file.
    pub start: u32,
    /// How many bytes.
    pub len: u32,
    /// What it is.
    pub sort: TokenSort,
    /// Whether it is declared here.
    pub declares: bool,
    /// Whether it is the library's or the language's.
    pub library: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenSort {
    /// A word of the language.
    Keyword,
    /// A kind, or a type with a name.
    Kind,
    /// A declaration.
    Declaration,
    /// A field.
    Field,
    /// A constant.
    Constant,
    /// A parameter or variable.
    Local,
    /// A function.
    Function,
    /// A template.
    Template,
    /// A word of a choice.
    Word,
    /// A secret.
    Secret,
    /// A number, with a unit or without.
    Number,
    /// An address of a network, an interface or a part of a network.
    Address,
    /// A text or path.
    Text,
    /// A comment.
    Comment,
}

/// The words that the language begins statements with, and that are names elsewhere.
const STATEMENTS: &[&str] = &["check", "derived", "fn", "import", "kind", "make", "template", "type"];

/// The tokens of a file that have a colour, in the order of the text.
pub fn semantic_tokens(session: &Session, name: &str) -> Vec<SemanticToken> {
    let Some(text) = session.text(name) else { return Vec::new() };
    let db = session.db();
    let mut meant: Vec<(u32, u32, TokenSort, bool, bool)> = Vec::new();
    for item in items(session, name) {
        let offset = item.offset(db);
        for (span, symbol) in &types::item_notes(db, item).names {
            let declares = symbol.is_declared_at(db, item.key(db), *span);
            meant.push((offset + span.start, span.len(), sort_of(symbol), declares, symbol.is_std(db)));
        }
    }
    meant.sort_by_key(|(start, ..)| *start);
    let mut found = Vec::new();
    let mut start = 0;
    for token in syntax::tokens(text) {
        let word = &text[start as usize..(start + token.len) as usize];
        let at = meant.binary_search_by_key(&start, |(start, ..)| *start).ok();
        let known = at.map(|at| meant[at]).filter(|(_, len, ..)| *len >= token.len);
        let plain = |sort| SemanticToken { start, len: token.len, sort, declares: false, library: false };
        match known {
            Some((_, _, sort, declares, library)) => {
                found.push(SemanticToken { start, len: token.len, sort, declares, library });
            }
            None => found.extend(lexical(token.kind, word).map(plain)),
        }
        start += token.len;
    }
    found.retain(|token| token.len > 0);
    found
}

fn sort_of(symbol: &Symbol) -> TokenSort {
    match symbol {
        Symbol::Item(item) => match item.first_word() {
            "template" => TokenSort::Template,
            "fn" => TokenSort::Function,
            "type" => TokenSort::Kind,
            "secret" => TokenSort::Secret,
            first if first == item.name() && item.head() == first => TokenSort::Constant,
            _ => TokenSort::Declaration,
        },
        Symbol::Inner(..) | Symbol::All(_) => TokenSort::Declaration,
        Symbol::Kind(_) | Symbol::Type(_) => TokenSort::Kind,
        Symbol::Field(..) | Symbol::Fact(_) | Symbol::Key(_) => TokenSort::Field,
        Symbol::Local(..) => TokenSort::Local,
        Symbol::Builtin(_) => TokenSort::Function,
        Symbol::Word(_) => TokenSort::Word,
    }
}

/// What a token is by itself.
fn lexical(kind: K, word: &str) -> Option<TokenSort> {
    Some(match kind {
        K::Word if syntax::is_reserved(word) || STATEMENTS.contains(&word) => TokenSort::Keyword,
        K::Int | K::Float | K::Quantity | K::Version => TokenSort::Number,
        K::Address | K::Cidr | K::Mac => TokenSort::Address,
        K::Text | K::TextStart | K::TextMiddle | K::TextEnd | K::Nix | K::Path => TokenSort::Text,
        K::Comment | K::DocComment => TokenSort::Comment,
        _ => return None,
    })
}
