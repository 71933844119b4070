//! An item's usual form by itself, for who keeps it: a file's is that of its items, one behind the other.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use diagnostics::Problem;

use super::comments::blank_before;
use super::format_items;

/// What an item's usual form is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormattedItem {
    /// It is in its usual form, but for empty lines behind it.
    Same,
    /// This text, without empty lines before and behind.
    As(Arc<str>),
    /// Some of it cannot be read, so it depends on what is around.
    Unreadable,
}

/// The usual form of an item with this text, whatever is around it, and with these problems.
pub fn format_item(text: &str, problems: &[Problem]) -> FormattedItem {
    let formatted = format_items(text, std::iter::once((0..text.len(), Some(problems))));
    if !formatted.unparsed.is_empty() {
        return FormattedItem::Unreadable;
    }
    if without_empty_lines(text) == formatted.text {
        return FormattedItem::Same;
    }
    FormattedItem::As(formatted.text.into())
}

/// The usual form of a text whose items have these, a piece for each item's bytes: as [`format()`](super::format()) has
/// it. `None` where an item has none of its own.
pub fn joined<'t>(
    text: &'t str,
    items: impl Iterator<Item = (Range<usize>, &'t FormattedItem)>,
) -> Option<Vec<(Range<usize>, Cow<'t, str>)>> {
    let mut pieces: Vec<(Range<usize>, Cow<'t, str>)> = Vec::new();
    let mut end = 0;
    for (range, formatted) in items {
        if range.start != end {
            return None;
        }
        end = range.end;
        let own = match formatted {
            FormattedItem::Same => without_empty_lines(&text[range.clone()]),
            FormattedItem::As(formatted) => &**formatted,
            FormattedItem::Unreadable => return None,
        };
        let first = text[range.clone()].find(|c: char| !c.is_whitespace() && !matches!(c, ',' | ';'));
        let is_apart = || blank_before(text, range.start + first.unwrap_or(0));
        if !own.is_empty() && pieces.iter().any(|(_, before)| !before.is_empty()) && is_apart() {
            end_with_empty_line(text, &mut pieces);
        }
        pieces.push((range, own.into()));
    }
    (end == text.len()).then_some(pieces)
}

/// Puts an empty line behind the last piece, where it stands in `text` too.
fn end_with_empty_line<'t>(text: &'t str, pieces: &mut [(Range<usize>, Cow<'t, str>)]) {
    let Some((range, piece)) = pieces.last_mut() else { return };
    let bytes = &text[range.clone()];
    match bytes.strip_prefix(&**piece) {
        Some(rest) if rest.starts_with('\n') => *piece = Cow::Borrowed(&bytes[..=piece.len()]),
        _ => piece.to_mut().push('\n'),
    }
}

/// A text up to the end of its last line that is not empty.
fn without_empty_lines(text: &str) -> &str {
    let end = text.trim_end_matches(['\n', ' ', '\t', '\r']).len();
    let rest = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    &text[..rest]
}
