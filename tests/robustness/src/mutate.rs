//! Texts that are nearly as somebody wrote them.
//!
//! A mutation takes a piece (a few tokens, a line, an item), of the text itself or of another that people wrote, and
//! deletes it, puts it elsewhere, or puts it in the place of another. So most of what comes out is still a lab,
//! only a wrong one.

use std::ops::Range;
use std::sync::OnceLock;

use syntax::{TokenKind, cut, tokens};

use crate::half_typed::HABITS;
use crate::seeds::seeds;

/// Numbers that look as if by chance, and are the same for the same seed.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// For a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number below `end`; zero if that is zero.
    pub fn below(&mut self, end: usize) -> usize {
        // SplitMix64, by Steele, Lea and Flood.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bits = usize::try_from((bits ^ (bits >> 31)) >> 1).unwrap_or(usize::MAX);
        bits.checked_rem(end).unwrap_or(0)
    }

    pub(crate) fn one<'t, T>(&mut self, of: &'t [T]) -> Option<&'t T> {
        of.get(self.below(of.len()))
    }

    /// A few of `len` things that stand one behind the other.
    fn few(&mut self, len: usize, most: usize) -> Range<usize> {
        let start = self.below(len + 1);
        start..(start + 1 + self.below(most)).min(len).max(start)
    }
}

/// Words that mean something somewhere.
const WORDS: [&str; 64] = [
    "app", "kind", "template", "fn", "type", "import", "check", "make", "derived", "in", "for", "if", "then",
    "else", "match", "and", "or", "not", "none", "true", "self", "lab", "=", "+=", "==", "=>", "->", "{",
    "}", "[", "]", "(", ")", ",", ";", ":", ".", "..", "?.", "?", "??", "|", "@", "+", "-", "*", "/", "%",
    "<", "\"", "\"\"\"", "${", "\\", "nix\"", "#", "##", "\n", "\r\n", "\t", "\0", "\u{feff}", "\u{202e}",
    "ö", "“",
];

/// Values at the edges of what fits.
const VALUES: [&str; 28] = [
    "0",
    "1",
    "-1",
    "65535",
    "65536",
    "9223372036854775807",
    "9223372036854775808",
    "1.5",
    "1_000",
    "0.0",
    "8GiB",
    "8EiB",
    "18446744073709551615B",
    "100m",
    "1h30m",
    "100000000000d",
    "0.0.0.0",
    "255.255.255.255",
    "0.0.0.0/0",
    "10.0.0.0/32",
    "::",
    "::/0",
    "fd00::1",
    "ff:ff:ff:ff:ff:ff",
    "1.2.3-rc.1",
    "/",
    "[]",
    "{}",
];

/// `text` with something deleted, added, moved, exchanged or only half there.
pub fn mutate(text: &str, random: &mut Random) -> String {
    match random.below(12) {
        10 | 11 => half_typed(text, random),
        0 | 1 => exchange(text, &items(text), donor(random, items), random),
        2..=4 => exchange(text, &lines(text), donor(random, lines), random),
        5 => rename(text, random),
        6 => word(text, random),
        _ => exchange(text, &words(text), donor(random, words), random),
    }
}

/// Ends a line, an item or the whole text at some place, with what hands may type there next.
fn half_typed(text: &str, random: &mut Random) -> String {
    let habit = random.one(&HABITS).copied().unwrap_or_default();
    let Some(at) = random.one(&ranges(text, |_| true)).map(|token| token.end) else {
        return habit.to_owned();
    };
    let rest = &text[at..];
    let gone = match random.below(3) {
        0 => rest.len(),
        1 => items(text).iter().find(|item| item.end >= at).map_or(rest.len(), |item| item.end - at),
        _ => rest.find('\n').unwrap_or(rest.len()),
    };
    format!("{}{habit}{}", &text[..at], &rest[gone..])
}

/// Deletes, repeats, moves or exchanges a few `pieces`, or puts `other` there.
fn exchange(text: &str, pieces: &[Range<usize>], other: String, random: &mut Random) -> String {
    let few = random.few(pieces.len(), 6);
    let Some(piece) = span(pieces, &few) else { return format!("{text}{other}") };
    let place = pieces.get(random.below(pieces.len())).map_or(0, |piece| piece.start);
    let mut changed = text.to_owned();
    match random.below(5) {
        0 => changed.replace_range(piece, ""),
        1 => changed.insert_str(place, &text[piece]),
        2 if place < piece.start => {
            changed.replace_range(piece.clone(), "");
            changed.insert_str(place, &text[piece]);
        }
        3 => changed.insert_str(piece.start, &other),
        _ => changed.replace_range(piece, &other),
    }
    changed
}

/// Puts a name in the place of another, everywhere or once.
fn rename(text: &str, random: &mut Random) -> String {
    let names = names(text);
    let (Some(old), Some(new)) = (random.one(&names).cloned(), random.one(&names).cloned()) else {
        return text.to_owned();
    };
    let new = match random.below(3) {
        0 => format!("{}2", &text[new]),
        _ => text[new].to_owned(),
    };
    if random.below(2) == 0 {
        return text.replace(&text[old], &new);
    }
    let mut changed = text.to_owned();
    changed.replace_range(old, &new);
    changed
}

/// Puts a word or a value behind another, or in its place.
fn word(text: &str, random: &mut Random) -> String {
    let new = if random.below(2) == 0 { random.one(&WORDS) } else { random.one(&VALUES) };
    let words = words(text);
    let at = random.one(&words).cloned().unwrap_or_default();
    let mut changed = text.to_owned();
    let gap = if random.below(2) == 0 { " " } else { "" };
    let place = if random.below(2) == 0 { at } else { at.end..at.end };
    changed.replace_range(place, &format!("{gap}{}{gap}", new.copied().unwrap_or_default()));
    changed
}

/// A few pieces of a text that somebody wrote.
fn donor(random: &mut Random, pieces: fn(&str) -> Vec<Range<usize>>) -> String {
    static SEEDS: OnceLock<Vec<String>> = OnceLock::new();
    let Some(text) = random.one(SEEDS.get_or_init(seeds)) else { return String::new() };
    let pieces = pieces(text);
    let few = random.few(pieces.len(), 3);
    span(&pieces, &few).map(|span| text[span].to_owned()).unwrap_or_default()
}

/// The bytes from the first of a few `pieces` to the last.
fn span(pieces: &[Range<usize>], few: &Range<usize>) -> Option<Range<usize>> {
    let few = pieces.get(few.clone())?;
    Some(few.first()?.start..few.last()?.end)
}

fn items(text: &str) -> Vec<Range<usize>> {
    cut(text).into_iter().map(|cut| cut.range).collect()
}

fn lines(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let line = |line: &str| {
        at += line.len();
        at - line.len()..at
    };
    text.split_inclusive('\n').map(line).collect()
}

fn words(text: &str) -> Vec<Range<usize>> {
    ranges(text, |kind| !kind.is_trivia())
}

fn names(text: &str) -> Vec<Range<usize>> {
    ranges(text, |kind| kind == TokenKind::Word)
}

fn ranges(text: &str, is_wanted: impl Fn(TokenKind) -> bool) -> Vec<Range<usize>> {
    let mut at = 0;
    let token = |token: syntax::Token| {
        let start = at;
        at += token.len as usize;
        (is_wanted(token.kind) && token.len > 0).then_some(start..at)
    };
    tokens(text).filter_map(token).collect()
}
