//! The formatter.

use syntax::{format as formatted, format_item, joined};

use crate::shown::{comments, meaning};
use crate::syntax::items;

/// What is formatted says the same, keeps its comments, and is formatted; what cannot be read is left alone.
pub fn format(text: &str) {
    let once = formatted(text);
    assert_eq!(once.text, formatted(&once.text).text, "not stable: {text}");
    let mut rest = once.text.as_str();
    for old in &once.unparsed {
        let old = text[old.clone()].trim_end();
        let at = rest.find(old).unwrap_or_else(|| panic!("touched: {old:?} of {text}"));
        rest = &rest[at + old.len()..];
    }
    if let Some((joined, is_as_it_was)) = item_by_item(text) {
        assert_eq!(joined, once.text, "item by item: {text}");
        assert_eq!(is_as_it_was, once.text == text, "items that change, and a text that does not: {text}");
    }
    let is_whole = once.unparsed.first().is_some_and(|range| *range == (0..text.len()));
    if !is_whole {
        assert_eq!(comments(text), comments(&once.text), "comments of {text}");
        assert_eq!(meaning(text), meaning(&once.text), "meaning of {text}");
    }
}

/// A text whose items are formatted each by itself, as editors ask, and whether all of them are as they were. Nothing
/// where that needs what is around.
fn item_by_item(text: &str) -> Option<(String, bool)> {
    let mut end = 0;
    let formatted = items(text).into_iter().map(|(own, parsed)| {
        end += own.len();
        (end - own.len()..end, format_item(own, &parsed.problems))
    });
    let formatted: Vec<_> = formatted.collect();
    let pieces = joined(text, formatted.iter().map(|(range, item)| (range.clone(), item)))?;
    let is_as_it_was = pieces.iter().all(|(range, piece)| text[range.clone()] == **piece);
    Some((pieces.iter().map(|(_, piece)| &**piece).collect(), is_as_it_was))
}

/// As [`format()`]; a text without mistakes is formatted all through.
pub fn format_good(text: &str) {
    let problems: Vec<_> = items(text).into_iter().flat_map(|(_, parsed)| parsed.problems).collect();
    assert!(problems.is_empty(), "{text}\n{problems:?}");
    let once = formatted(text);
    assert!(once.unparsed.is_empty(), "left alone: {:?} of\n{text}", once.unparsed);
    assert!(item_by_item(text).is_some(), "item by item: {text}");
    assert!(
        !once.text.lines().any(|line| line.ends_with(' ')),
        "blanks at the end of a line:\n{}",
        once.text
    );
    assert!(!once.text.contains("\n\n\n"), "more than one empty line:\n{}", once.text);
    format(text);
}
