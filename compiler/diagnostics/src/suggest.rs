//! Names that may have been meant.

use std::collections::BTreeSet;

use crate::{lookalike, lookalike_name};

/// Words longer than this are not compared letter by letter.
const LONGEST: usize = 80;

/// So many candidates are compared letter by letter, of those that may be near at all. Nobody has more, but for labs
/// with thousands of names that differ by a number.
const MOST: usize = 1000;

/// How alike two words must be, by Jaro and Winkler, if nothing else connects them.
const ALIKE: f64 = 0.9;

/// Words that are not longer are often others that are right elsewhere.
const SHORT: usize = 4;

/// How near a candidate is to the word; less is nearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// Only upper and lower case, or `_` and `-`, differ, or letters that look the same.
    Spelling,
    /// As many letters are missing, superfluous, wrong or swapped.
    Typo(usize),
    /// The same parts in another order: `name-unknown`.
    Parts,
    /// One is the beginning of the other, which has as many letters more.
    Beginning(usize),
    /// Alike in some other way: what it lacks of being the same, in thousandths.
    Alike(u16),
}

/// The at most `n` candidates that `word` was most likely meant to be, the likeliest first; equally likely ones
/// in alphabetical order, whatever the order of the candidates. The word itself is none of them.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, n: usize) -> Vec<&'a str> {
    let wanted = folded(word);
    let letters = letters(word);
    let found: BTreeSet<(Nearness, &str)> = candidates
        .into_iter()
        .filter(|candidate| *candidate != word && may_be_near((word, letters), candidate))
        .take(MOST)
        .filter_map(|candidate| Some((nearness(&wanted, &folded(candidate))?, candidate)))
        .collect();
    let Some((best, _)) = found.first().copied() else { return Vec::new() };
    found.into_iter().take_while(|(near, _)| comparable(best, *near)).take(n).map(|(_, name)| name).collect()
}

/// Whether `word` is so near to `candidate` that it can be changed to that unasked. Few mistype the first letter but by
/// swapping it, and in short words the rest says little: `zfs` is no `xfs`.
pub fn is_surely(word: &str, candidate: &str) -> bool {
    let [mut word, mut candidate] = [word, candidate].map(folded);
    let begins = word.first() == candidate.first();
    word.sort_unstable();
    candidate.sort_unstable();
    begins || word == candidate || word.len().min(candidate.len()) > SHORT
}

/// Asks whether one of `names` was meant; nothing if there are none.
pub fn did_you_mean(names: &[&str]) -> Option<String> {
    let (last, others) = names.split_last()?;
    let others: Vec<String> = others.iter().map(|name| format!("'{name}'")).collect();
    let question = match others.as_slice() {
        [] => format!("did you mean '{last}'?"),
        others => format!("did you mean {} or '{last}'?", others.join(", ")),
    };
    // What looks like the word itself would be no help without.
    Some(match names.iter().find_map(|name| lookalike_name(name)) {
        Some((_, note)) => format!("{question} {note}"),
        None => question,
    })
}

/// Whether a candidate is worth naming beside the best one.
fn comparable(best: Nearness, other: Nearness) -> bool {
    match (best, other) {
        (Nearness::Typo(best), Nearness::Typo(other)) => other <= best + 1,
        _ => std::mem::discriminant(&best) == std::mem::discriminant(&other),
    }
}

/// The word without what people rarely mean to differ in.
fn folded(word: &str) -> Vec<char> {
    let letters = word.chars().map(|c| if c.is_ascii() { c } else { lookalike(c).unwrap_or(c) });
    letters.flat_map(char::to_lowercase).map(|c| if c == '_' { '-' } else { c }).collect()
}

/// The letters and digits of a word, each as a bit.
fn letters(word: &str) -> u64 {
    word.bytes().fold(0, |letters, byte| match byte.to_ascii_lowercase() {
        byte @ b'a'..=b'z' => letters | 1 << (byte - b'a'),
        byte @ b'0'..=b'9' => letters | 1 << (byte - b'0' + 26),
        _ => letters,
    })
}

/// Whether [`nearness`] may find two words near, told from the letters that one has and the other lacks. Quick,
/// because it is asked of every name of a lab for every name that is wrong.
fn may_be_near((word, own): (&str, u64), candidate: &str) -> bool {
    if !word.is_ascii() || !candidate.is_ascii() {
        return true;
    }
    let other = letters(candidate);
    let lacking = [(own & !other).count_ones() as usize, (other & !own).count_ones() as usize];
    let typos = typos(word.len().min(candidate.len()));
    // By Jaro and Winkler, the shares of letters that both have add up to 1.5 in words that are alike enough.
    let share = |len: usize, lacking: usize| 4 * len.saturating_sub(lacking) * 1000 / len.max(1);
    lacking.contains(&0)
        || lacking.iter().all(|lacking| *lacking <= typos)
        || share(word.len(), lacking[0]) + share(candidate.len(), lacking[1]) >= 5990
}

fn nearness(word: &[char], candidate: &[char]) -> Option<Nearness> {
    let (shorter, longer) = (word.len().min(candidate.len()), word.len().max(candidate.len()));
    if word == candidate {
        return Some(Nearness::Spelling);
    }
    if shorter == 0 || longer > LONGEST {
        return None;
    }
    if longer - shorter <= typos(shorter) {
        let distance = distance(word, candidate);
        if distance <= typos(shorter) {
            return Some(Nearness::Typo(distance));
        }
    }
    if parts(word) == parts(candidate) {
        return Some(Nearness::Parts);
    }
    if shorter >= 3 && (word.starts_with(candidate) || candidate.starts_with(word)) {
        return Some(Nearness::Beginning(longer - shorter));
    }
    let alike = jaro_winkler(word, candidate);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
    (alike >= ALIKE && shorter >= 4).then_some(Nearness::Alike(((1.0 - alike) * 1000.0) as u16))
}

/// How many typing errors a word of so many letters can have and still be recognised.
fn typos(letters: usize) -> usize {
    match letters {
        0 | 1 => 0,
        2..=5 => 1,
        6..=8 => 2,
        _ => letters / 3,
    }
}

fn parts(word: &[char]) -> Vec<&[char]> {
    let mut parts: Vec<&[char]> =
        word.split(|c| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    parts.sort_unstable();
    parts
}

/// Letters to insert, delete, replace or swap with their neighbour (Damerau and Levenshtein, no letter twice).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// How alike two words are by Jaro, between 0 and 1, and the more so the longer they begin alike (Winkler).
#[expect(clippy::cast_precision_loss, reason = "words are short")]
fn jaro_winkler(a: &[char], b: &[char]) -> f64 {
    let window = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; b.len()];
    let mut in_a = Vec::new();
    for (i, letter) in a.iter().enumerate() {
        let near = i.saturating_sub(window)..(i + window + 1).min(b.len());
        if let Some(j) = near.into_iter().find(|&j| !taken[j] && b[j] == *letter) {
            taken[j] = true;
            in_a.push(*letter);
        }
    }
    if in_a.is_empty() {
        return 0.0;
    }
    let in_b = b.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(letter, _)| letter);
    let moved = in_a.iter().zip(in_b).filter(|(x, y)| x != y).count() as f64 / 2.0;
    let common = in_a.len() as f64;
    let jaro = (common / a.len() as f64 + common / b.len() as f64 + (common - moved) / common) / 3.0;
    let beginning = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count() as f64;
    jaro + beginning * 0.1 * (1.0 - jaro)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_word_that_begins_otherwise_is_another() {
        let sure = [("prot", "port"), ("HTTP", "http"), ("omelab-0", "homelab-0"), ("bd", "db")];
        let unsure = [("zfs", "xfs"), ("nfs", "xfs"), ("tcp", "udp"), ("lan", "wan"), ("zwave", "wave")];
        assert!(sure.iter().all(|(word, name)| is_surely(word, name)));
        assert!(!unsure.iter().any(|(word, name)| is_surely(word, name)));
    }

    #[test]
    fn what_is_near_may_be_near() {
        let parts = ["a", "ab", "ba", "port", "prot", "http", "-", "_", "1", "12", "web", "WEB", "x", "open"];
        let words: Vec<String> = parts
            .iter()
            .flat_map(|a| parts.iter().map(move |b| format!("{a}{b}")))
            .flat_map(|ab| ["", "-to", "s", "port"].map(|c| format!("{ab}{c}")))
            .collect();
        for a in &words {
            for b in &words {
                if nearness(&folded(a), &folded(b)).is_some() {
                    assert!(may_be_near((a, letters(a)), b), "{a} {b}");
                }
            }
        }
    }

    const NAMES: &[&str] = &["automation", "media", "monitoring", "storage", "n8n", "db", "homeassistant"];

    fn best(word: &str) -> Vec<&str> {
        closest(word, NAMES.iter().copied(), 3)
    }

    #[test]
    fn finds_typing_errors() {
        assert_eq!(best("automaton"), ["automation"]);
        assert_eq!(best("atuomation"), ["automation"]);
        assert_eq!(best("n8m"), ["n8n"]);
        assert_eq!(best("bd"), ["db"]);
    }

    #[test]
    fn finds_other_spellings_beginnings_and_orders() {
        assert_eq!(best("Media"), ["media"]);
        assert_eq!(best("home"), ["homeassistant"]);
        assert_eq!(best("monitors"), ["monitoring"]);
        assert_eq!(closest("port_http", ["http-port"], 1), ["http-port"]);
        assert_eq!(closest("read_only", ["read-only", "read-on"], 3), ["read-only"]);
    }

    #[test]
    fn has_nothing_to_say_to_strange_words() {
        for word in ["", "x", "qwertz", "zz", &"a".repeat(10_000)] {
            assert_eq!(best(word), [""; 0], "{word}");
        }
        assert_eq!(best("media"), [""; 0], "a word is not a suggestion for itself");
    }

    #[test]
    fn ties_are_in_alphabetical_order_whatever_the_order_of_candidates() {
        assert_eq!(closest("cat", ["hat", "bat", "cut", "bat"], 2), ["bat", "cut"]);
        assert_eq!(closest("cat", ["cut", "bat", "hat"], 2), ["bat", "cut"]);
    }

    #[test]
    fn words_none_one_and_many() {
        assert_eq!(did_you_mean(&[]), None);
        assert_eq!(did_you_mean(&["a"]).unwrap(), "did you mean 'a'?");
        assert_eq!(did_you_mean(&["a", "b"]).unwrap(), "did you mean 'a' or 'b'?");
        assert_eq!(did_you_mean(&["a", "b", "c"]).unwrap(), "did you mean 'a', 'b' or 'c'?");
    }
}
