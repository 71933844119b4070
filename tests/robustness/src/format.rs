//! The formatter.

use syntax::format as formatted;

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
    let is_whole = once.unparsed.first().is_some_and(|range| *range == (0..text.len()));
    if !is_whole {
        assert_eq!(comments(text), comments(&once.text), "comments of {text}");
        assert_eq!(meaning(text), meaning(&once.text), "meaning of {text}");
    }
}

/// As [`format()`]; a text without mistakes is formatted all through.
pub fn format_good(text: &str) {
    let problems: Vec<_> = items(text).into_iter().flat_map(|(_, parsed)| parsed.problems).collect();
    assert!(problems.is_empty(), "{text}\n{problems:?}");
    let once = formatted(text);
    assert!(once.unparsed.is_empty(), "left alone: {:?} of\n{text}", once.unparsed);
    assert!(
        !once.text.lines().any(|line| line.ends_with(' ')),
        "blanks at the end of a line:\n{}",
        once.text
    );
    assert!(!once.text.contains("\n\n\n"), "more than one empty line:\n{}", once.text);
    format(text);
}
