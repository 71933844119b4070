//! Where the bracket is missing that should open what another one closes.

use super::super::raw::Input;
use crate::token::TokenKind as K;

/// How far back it is looked for. Whoever forgets a bracket on a longer line is told of the other one only, and a line
/// of nothing but brackets is not gone through for each of them.
const NEAR: usize = 128;

/// The token that it should stand behind, on the same line, and what it is.
pub(super) fn missing(input: &Input<'_>, close: usize) -> Option<(usize, K)> {
    let near = close.saturating_sub(NEAR);
    let line = (near..=close).rev().find(|nth| input.starts_line(*nth))?;
    if let Some(sign) = bare_for(input, line, close)
        && input.kind(close) != K::RightParen
    {
        let kind = if input.kind(close) == K::RightBrace { K::LeftBrace } else { K::LeftBracket };
        return Some((sign, kind));
    }
    match input.kind(close) {
        K::RightBrace => Some((behind_head(input, line, close)?, K::LeftBrace)),
        K::RightBracket => {
            let sign = (line..close).rev().find(|nth| starts_value(input, *nth))?;
            (sign + 1 < close && input.kind(sign + 1) != K::LeftBracket).then_some((sign, K::LeftBracket))
        }
        K::RightParen => Some((behind_name(input, line, close)?, K::LeftParen)),
        _ => None,
    }
}

/// The sign behind which a value begins with `for`, which only stands in brackets.
fn bare_for(input: &Input<'_>, line: usize, close: usize) -> Option<usize> {
    let is_sign = |kind: K| matches!(kind, K::Assign | K::Append | K::Plus | K::LeftParen);
    (line..close).rev().find(|nth| is_sign(input.kind(*nth)) && input.word(nth + 1) == "for")
}

/// Whether a value begins behind token `nth`.
fn starts_value(input: &Input<'_>, nth: usize) -> bool {
    matches!(input.kind(nth), K::Assign | K::Append) || input.word(nth) == "in"
}

/// The last token of a head that a field follows without a `{` between: `resources memory = 1GiB }`.
fn behind_head(input: &Input<'_>, line: usize, close: usize) -> Option<usize> {
    let is_path = |nth: usize| matches!(input.kind(nth), K::Word | K::Text | K::Dot);
    let signs = (line..close).rev().filter(|nth| matches!(input.kind(*nth), K::Assign | K::Append));
    signs.into_iter().find_map(|sign| {
        let mut start = sign.checked_sub(1).filter(|nth| is_path(*nth))?;
        while start > line + 1 && input.kind(start - 1) == K::Dot {
            start -= 2;
        }
        let before = start.checked_sub(1).filter(|nth| *nth >= line)?;
        let is_head = matches!(input.kind(before), K::Word | K::Text | K::RightParen | K::RightBracket);
        is_head.then_some(before)
    })
}

/// The name of a function or template that its values follow without a `(` between.
fn behind_name(input: &Input<'_>, line: usize, close: usize) -> Option<usize> {
    if matches!(input.word(line), "template" | "fn" | "kind") {
        return (input.kind(line + 1) == K::Word && line + 2 < close).then_some(line + 1);
    }
    let sign = (line..close).rev().find(|nth| matches!(input.kind(*nth), K::Assign | K::Colon))?;
    let is_value = |kind: K| kind.ends_value() || kind == K::TextStart;
    (input.kind(sign + 1) == K::Word && is_value(input.kind(sign + 2)) && sign + 2 < close)
        .then_some(sign + 1)
}
