//! Characters that turn the direction of reading, wherever they stand: comments have no tokens here.

use source::Span;

use super::raw::Input;
use crate::problems::text_direction::{text_direction, turns};
use crate::token::TokenKind as K;

/// How many are reported; what follows so many says nothing new.
const MOST: usize = 50;

/// Reports the characters of `input` that turn the direction of reading.
pub(crate) fn report(input: &mut Input<'_>) {
    if input.text.is_ascii() {
        return;
    }
    for (at, c) in input.text.char_indices().filter(|(_, c)| turns(*c)).take(MOST) {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let span = Span::new(place(at), place(at + c.len_utf8()));
        let next = input.tokens.partition_point(|token| token.span.end <= span.start);
        let around = input.tokens.get(next).filter(|token| token.span.start <= span.start);
        let kind = around.map(|token| token.kind);
        if kind == Some(K::Stray) {
            // That it means nothing is the lesser mistake.
            input.problems.retain(|problem| problem.place.span != span);
        }
        let escapes = matches!(kind, Some(K::Text | K::TextStart | K::TextMiddle | K::TextEnd));
        input.problems.push(text_direction(input.place(span), c, escapes));
    }
}
