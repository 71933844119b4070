//! Text that cannot do more than be read.

use std::borrow::Cow;
use std::fmt::Write;

/// Sentences with more characters are clipped where people read them.
const LONGEST: usize = 600;

/// The text with every character that would control a terminal, begin a line or change the direction of reading
/// written as an escape: `\n`, `\u{1b}`, `\u{202e}`.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(is_active) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => escaped.extend(c.escape_default()),
            c if is_active(c) => escaped.extend(c.escape_unicode()),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// The sentence as [`plain`] text, and not longer than anyone reads.
pub(super) fn clipped(sentence: &str) -> Cow<'_, str> {
    match sentence.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", plain(&sentence[..end]))),
        None => plain(sentence),
    }
}

/// Whether the character does something to the text around it.
pub(super) fn is_active(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// Line separators, and marks that change the direction of reading.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{61c}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Writes invisible characters of a JSON text, which can only stand in its strings, as JSON escapes.
pub(super) fn plain_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if is_invisible(c) || (c.is_control() && c != '\n') {
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_escaped_and_the_rest_kept() {
        assert_eq!(plain("böse 日本 👩‍👩‍👧"), "böse 日本 👩‍👩‍👧");
        assert_eq!(plain("a\n\x1b[31m\u{202e}b\t\u{9b}"), "a\\n\\u{1b}[31m\\u{202e}b\\t\\u{9b}");
        assert_eq!(plain_json("{\n\"\u{2066}\u{7f}\"}"), "{\n\"\\u2066\\u007f\"}");
    }
}
