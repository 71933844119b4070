//! What people call the thing that a `{` opens.

use super::super::raw::Input;
use crate::token::TokenKind as K;

/// What stands before the `{` that is token `brace`: `app 'player'`, `'resources'`; nothing where that is no head.
pub(super) fn owner(input: &Input<'_>, brace: usize) -> Option<String> {
    let starts = |nth: &usize| {
        input.starts_line(*nth)
            || *nth == 0
            || matches!(input.kind(*nth - 1), K::LeftBrace | K::Comma | K::Semicolon)
    };
    let first = (0..brace).rev().find(starts)?;
    let word = input.word(first);
    if input.kind(first) != K::Word || matches!(word, "for" | "if" | "match") {
        return None;
    }
    if word == "check" && input.kind(first + 1) != K::LeftBrace {
        return Some("the check".to_owned());
    }
    let name = input.word(first + 1);
    let is_name = first + 1 < brace
        && match input.kind(first + 1) {
            K::Word => !matches!(name, "in" | "for" | "if"),
            K::Text => true,
            _ => false,
        };
    if is_name {
        return Some(format!("{word} '{}'", name.trim_matches('"')));
    }
    let end =
        (first..brace).find(|nth| !matches!(input.kind(*nth), K::Word | K::Text | K::Dot)).unwrap_or(brace);
    let path = input.bytes(&(first..end));
    Some(format!("'{}'", path.slice(input.text)))
}
