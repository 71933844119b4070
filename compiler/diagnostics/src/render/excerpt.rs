//! The few lines of a file that a frame shows, fit to be shown.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range as Bytes;

use super::plain::is_invisible;
use crate::{Position, Range};

/// Lines with more bytes are clipped to what is near the places of interest.
const LONG: usize = 180;

/// How many bytes around a place of interest are kept of a long line.
const NEAR: usize = 60;

/// Stands for what was clipped.
const GAP: char = '…';

/// A text with the same line numbers as the file, in which lines without a place of interest are empty.
///
/// What is left has no characters that act on a terminal, and a space at the end of each line, so that the end of
/// a line, and of the file, is a character that can be pointed at.
#[derive(Debug)]
pub(super) struct Excerpt {
    /// The text.
    pub(super) text: String,
    /// The characters of the text that stand for bytes of interest of the file.
    characters: BTreeMap<u32, usize>,
}

/// A byte of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Point {
    line: u32,
    byte: u32,
}

impl Excerpt {
    /// The lines of `text` that `ranges` begin and end in.
    pub(super) fn new<'r>(text: &str, ranges: impl IntoIterator<Item = &'r Range>) -> Self {
        let mut lines: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for range in ranges {
            for point in [first(range), last(text, range)] {
                lines.entry(point.line).or_default().insert(point.byte);
            }
        }
        let mut writer = Writer { text: String::new(), count: 0, characters: BTreeMap::new() };
        let mut at = 1;
        for (line, points) in &lines {
            writer.pushed("\n", (line.saturating_sub(at)) as usize);
            writer.line(text, points);
            at = line + 1;
        }
        Self { text: writer.text, characters: writer.characters }
    }

    /// The characters of the excerpt that stand for `range`, at least one.
    pub(super) fn characters(&self, text: &str, range: &Range) -> Option<Bytes<usize>> {
        let start = *self.characters.get(&first(range).byte)?;
        let last = *self.characters.get(&last(text, range).byte)?;
        Some(start..last.max(start) + 1)
    }
}

fn first(range: &Range) -> Point {
    Point { line: range.start.line, byte: range.start.byte }
}

/// The last character of the range; the first of an empty one.
fn last(text: &str, range: &Range) -> Point {
    let Position { byte, line, column } = range.end;
    let before = text.get(range.start.byte as usize..byte as usize).unwrap_or_default();
    match before.chars().next_back() {
        None => first(range),
        // Only an end of line can be before the first column.
        Some(c) => Point {
            line: if column == 1 { line.saturating_sub(1) } else { line },
            byte: byte - u32::try_from(c.len_utf8()).unwrap_or(0),
        },
    }
}

struct Writer {
    text: String,
    count: usize,
    characters: BTreeMap<u32, usize>,
}

impl Writer {
    fn pushed(&mut self, text: &str, times: usize) {
        self.text.extend(std::iter::repeat_n(text, times));
        self.count += text.chars().count() * times;
    }

    /// Writes the line of `text` that `points` are in.
    fn line(&mut self, text: &str, points: &BTreeSet<u32>) {
        let inside = text.floor_char_boundary(points.first().map_or(0, |point| *point as usize));
        let start = text[..inside].rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[start..].split('\n').next().unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        let end = start + line.len();
        let mut shown = start;
        for window in windows(text, start..end, points) {
            if window.start > shown {
                self.gap();
            }
            for (offset, c) in text[window.clone()].char_indices() {
                let byte = u32::try_from(window.start + offset).unwrap_or(u32::MAX);
                if points.contains(&byte) {
                    self.characters.insert(byte, self.count);
                }
                self.text.push(shown_as(c));
                self.count += 1;
            }
            shown = window.end;
        }
        if shown < end {
            self.gap();
        }
        for past in points.range(u32::try_from(end).unwrap_or(u32::MAX)..) {
            self.characters.insert(*past, self.count);
        }
        self.pushed(" \n", 1);
    }

    fn gap(&mut self) {
        self.text.push(GAP);
        self.count += 1;
    }
}

/// The parts of the line `line` of `text` to show: all of it, or what is near `points`.
fn windows(text: &str, line: Bytes<usize>, points: &BTreeSet<u32>) -> Vec<Bytes<usize>> {
    if line.len() <= LONG {
        return vec![line];
    }
    let mut windows: Vec<Bytes<usize>> = Vec::new();
    for point in points {
        let point = (*point as usize).clamp(line.start, line.end);
        let start = text.floor_char_boundary(point.saturating_sub(NEAR)).max(line.start);
        let end = text.ceil_char_boundary((point + NEAR).min(line.end));
        match windows.last_mut() {
            Some(before) if start <= before.end => before.end = end,
            _ => windows.push(start..end),
        }
    }
    windows
}

/// The character, or one to be seen in place of one that acts on a terminal or is taken for an end of line.
fn shown_as(c: char) -> char {
    match c {
        '\t' => c,
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f' => '␡',
        c if c.is_control() || is_invisible(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Lab, UNUSED};
    use crate::{Problem, locate};

    /// The excerpt for one range of a text, and what stands there for the range.
    fn excerpt(text: &str, start: u32, end: u32) -> (String, String) {
        let lab = Lab::new(&[("a.hl", text)]);
        let located = locate(&[Problem::new(&UNUSED, lab.place("a.hl", start, end), "m")], &lab);
        let range = &located[0].range;
        let excerpt = Excerpt::new(text, [range]);
        let characters = excerpt.characters(text, range).expect("the range");
        let marked = excerpt.text.chars().skip(characters.start).take(characters.len()).collect();
        (excerpt.text, marked)
    }

    fn pair(a: &str, b: &str) -> (String, String) {
        (a.to_owned(), b.to_owned())
    }

    #[test]
    fn other_lines_are_empty() {
        assert_eq!(excerpt("one\ntwo\nthrée\nfour\n", 8, 14), pair("\n\nthrée \n", "thrée"));
        assert_eq!(excerpt("one\r\ntwo\r\nx\r\n", 1, 7), pair("one \ntwo \n", "ne \ntw"));
    }

    #[test]
    fn ends_can_be_pointed_at() {
        assert_eq!(excerpt("", 0, 0), pair(" \n", " "));
        assert_eq!(excerpt("one\n", 4, 4), pair("\n \n", " "));
        assert_eq!(excerpt("one", 3, 3), pair("one \n", " "));
        assert_eq!(excerpt("one\r\ntwo", 3, 5), pair("one \n", " "));
    }

    #[test]
    fn characters_that_act_are_replaced() {
        assert_eq!(excerpt("a\x1b\tb\u{202e}\rc\u{2028}d\x0b", 3, 4), pair("a␛\tb�␍c�d␋ \n", "b"));
    }

    #[test]
    fn long_lines_are_clipped_around_what_matters() {
        let text = format!("{}äöü{}", "x".repeat(1_000_000), "y".repeat(1_000_000));
        let (shown, marked) = excerpt(&text, 1_000_000, 1_000_006);
        assert_eq!(shown, format!("…{}äöü{}… \n", "x".repeat(60), "y".repeat(58)));
        assert_eq!(marked, "äöü");
        let (shown, marked) = excerpt(&text, 3, 1_999_999);
        assert!(shown.chars().count() < 300 && marked.contains('…'), "{shown}");
    }
}
