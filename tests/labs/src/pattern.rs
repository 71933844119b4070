//! Texts that match a pattern of `string("…")`: the part of regular expressions that such patterns use.

use robustness::Random;

/// A part of a pattern.
#[derive(Debug)]
enum Part {
    /// One of these characters.
    One(Vec<char>),
    /// One of these sequences, so often.
    Group(Vec<Vec<(Part, usize, usize)>>),
}

type Repeated = (Part, usize, usize);

/// How often something is repeated that may be so without end.
const OFTEN: usize = 12;

/// What `.` and `[^…]` are taken from: what is harmless, and what means something somewhere.
const ANY: &str = "abzAZ09-_./:@ =,;'\"\\${}[]()<>#&*!|?%`~^+äß家🏠";

/// A text that matches `pattern`.
pub(crate) fn matching(pattern: &str, random: &mut Random) -> String {
    let mut rest = pattern.chars().peekable();
    let whole = alternatives(&mut rest);
    assert!(rest.next().is_none(), "a bracket too many in {pattern}");
    let mut out = String::new();
    write(&Part::Group(whole), random, &mut out);
    out
}

fn write(part: &Part, random: &mut Random, out: &mut String) {
    match part {
        Part::One(chars) => out.push(chars[random.below(chars.len())]),
        Part::Group(ways) => {
            for (part, least, most) in &ways[random.below(ways.len())] {
                for _ in 0..least + random.below(most - least + 1) {
                    write(part, random, out);
                }
            }
        }
    }
}

type Rest<'p> = std::iter::Peekable<std::str::Chars<'p>>;

/// What stands between brackets, or all of a pattern.
fn alternatives(rest: &mut Rest<'_>) -> Vec<Vec<Repeated>> {
    let mut ways = vec![Vec::new()];
    while let Some(&char) = rest.peek() {
        match char {
            ')' => break,
            '|' => {
                rest.next();
                ways.push(Vec::new());
            }
            _ => {
                let part = one(rest);
                let (least, most) = times(rest);
                ways.last_mut().expect("there is a first way").push((part, least, most));
            }
        }
    }
    ways
}

fn one(rest: &mut Rest<'_>) -> Part {
    match rest.next().expect("asked before") {
        '(' => {
            let inner = alternatives(rest);
            assert_eq!(rest.next(), Some(')'), "a bracket is closed");
            Part::Group(inner)
        }
        '[' => Part::One(class(rest)),
        '.' => Part::One(ANY.chars().collect()),
        '\\' => Part::One(escaped(rest)),
        char => Part::One(vec![char]),
    }
}

fn escaped(rest: &mut Rest<'_>) -> Vec<char> {
    match rest.next().expect("something is escaped") {
        's' => vec![' ', '\t'],
        'd' => ('0'..='9').collect(),
        'w' => "abzAZ09_".chars().collect(),
        char => vec![char],
    }
}

fn class(rest: &mut Rest<'_>) -> Vec<char> {
    let negated = rest.next_if_eq(&'^').is_some();
    let mut chars = Vec::new();
    loop {
        let first = match rest.next().expect("a class is closed") {
            ']' => break,
            '\\' => escaped(rest),
            char => vec![char],
        };
        let mut ahead = rest.clone();
        let is_range =
            first.len() == 1 && ahead.next() == Some('-') && ahead.next().is_some_and(|end| end != ']');
        if is_range {
            rest.next();
            let last = rest.next().expect("a range has an end");
            chars.extend(first[0]..=last);
        } else {
            chars.extend(first);
        }
    }
    if negated { ANY.chars().filter(|char| !chars.contains(char)).collect() } else { chars }
}

fn times(rest: &mut Rest<'_>) -> (usize, usize) {
    match rest.peek() {
        Some('?') => (rest.next(), (0, 1)).1,
        Some('*') => (rest.next(), (0, OFTEN)).1,
        Some('+') => (rest.next(), (1, OFTEN)).1,
        Some('{') => {
            let said: String = rest.by_ref().skip(1).take_while(|char| *char != '}').collect();
            let (least, most) = said.split_once(',').unwrap_or((&said, &said));
            let least = least.parse().expect("a number");
            (least, most.parse().unwrap_or(least + OFTEN))
        }
        _ => (1, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Pattern;

    #[test]
    fn what_is_made_matches() {
        let mut random = Random::new(7);
        for pattern in [
            "--.+",
            "[^=:]+(=[^:]*)?:(NoSchedule|PreferNoSchedule|NoExecute)",
            "(ssh-(ed25519|rsa)|ecdsa-sha2-[a-z0-9]+|sk-[a-z0-9@.-]+) .+",
            "[a-zA-Z0-9._-]{1,15}",
            "[A-Za-z0-9:_.@\\\\-]+[.][a-z]+",
            "[^:\\s]+",
            "v?[0-9]+\\.[0-9]+\\.[0-9]+.*",
            "[!-~]{2,}",
        ] {
            let known = Pattern::new(pattern).expect("a pattern");
            for _ in 0..50 {
                let text = matching(pattern, &mut random);
                assert!(known.matches(&text), "{text:?} is made of {pattern}");
            }
        }
    }
}
