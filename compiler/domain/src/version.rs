//! Versions.

use std::cmp::Ordering;
use std::fmt;

use crate::Invalid;
use crate::invalid::{counted, quoted};

/// A version of one to four numbers, such as `v1.15.0`, `2026.01` or `1.2.3-rc.1+build`; shown as written.
///
/// The order is that of semantic versions, with missing numbers read as zero; versions that it has for equal
/// (`1.2` and `v1.2.0`) are told apart by their text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    text: String,
    numbers: Vec<u64>,
    pre_release: Option<String>,
    build: Option<String>,
}

impl Version {
    /// Reads a version; a `v` before it is allowed.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).map_err(|cause| cause.of(text, "a version"))
    }

    /// The version as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The numbers, one to four.
    pub fn numbers(&self) -> &[u64] {
        &self.numbers
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.number(0)
    }

    /// The second number, or zero.
    pub fn minor(&self) -> u64 {
        self.number(1)
    }

    /// The third number, or zero.
    pub fn patch(&self) -> u64 {
        self.number(2)
    }

    /// What stands after the `-`: `rc.1`.
    pub fn pre_release(&self) -> Option<&str> {
        self.pre_release.as_deref()
    }

    /// What stands after the `+`.
    pub fn build(&self) -> Option<&str> {
        self.build.as_deref()
    }

    /// Whether a `v` stands before it.
    pub fn has_v(&self) -> bool {
        self.text.starts_with('v')
    }

    /// Whether it is a semantic version to the letter, as the versions of charts have to be.
    pub fn is_semver(&self) -> bool {
        let padded = |part: &str| part.len() > 1 && part.starts_with('0') && is_number(part);
        let core = self.text.split(['-', '+']).next().unwrap_or_default();
        let pre_release = self.pre_release().unwrap_or_default();
        self.numbers.len() == 3 && !self.has_v() && !core.split('.').chain(pre_release.split('.')).any(padded)
    }

    /// The order of semantic versions alone: equal where they differ only in form or build.
    pub fn precedence(&self, other: &Self) -> Ordering {
        let count = self.numbers.len().max(other.numbers.len());
        let numbers = (0..count).map(|nth| self.number(nth)).cmp((0..count).map(|nth| other.number(nth)));
        numbers.then_with(|| match (&self.pre_release, &other.pre_release) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(one), Some(other)) => compare_identifiers(one, other),
        })
    }

    fn number(&self, nth: usize) -> u64 {
        self.numbers.get(nth).copied().unwrap_or_default()
    }

    fn read(text: &str) -> Result<Self, Invalid> {
        let rest = text.strip_prefix('v').unwrap_or(text);
        let (rest, build) = cut(rest, '+');
        let (core, pre_release) = cut(rest, '-');
        let parts: Vec<&str> = core.split('.').collect();
        if parts.len() > 4 {
            return Err(Invalid::new(format!(
                "it has {}, and 4 are the most",
                counted(parts.len(), "number")
            )));
        }
        let numbers = parts.into_iter().map(read_number).collect::<Result<_, _>>()?;
        pre_release.map_or(Ok(()), |text| check_identifiers(text, "pre-release"))?;
        build.map_or(Ok(()), |text| check_identifiers(text, "build"))?;
        Ok(Self {
            text: text.to_owned(),
            numbers,
            pre_release: pre_release.map(str::to_owned),
            build: build.map(str::to_owned),
        })
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.precedence(other).then_with(|| self.text.cmp(&other.text))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn read_number(part: &str) -> Result<u64, Invalid> {
    if part.is_empty() {
        return Err(Invalid::new("one of its numbers is empty"));
    }
    if !is_number(part) {
        return Err(Invalid::new(format!("{} is not a number", quoted(part)))
            .with_help("write numbers with dots between them, such as 1.15.0"));
    }
    part.parse().map_err(|_| Invalid::new(format!("{} is too large", quoted(part))))
}

fn check_identifiers(text: &str, what: &str) -> Result<(), Invalid> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    match text.split('.').find(|part| part.is_empty() || !part.chars().all(is_allowed)) {
        None => Ok(()),
        Some("") => Err(Invalid::new(format!("its {what} has an empty part"))),
        Some(part) => {
            Err(Invalid::new(format!("its {what} {} has more than letters, digits and '-'", quoted(part))))
        }
    }
}

/// Numbers stand before words and compare by size; the shorter of two that start alike is first.
fn compare_identifiers(one: &str, other: &str) -> Ordering {
    let key = |part: &str| {
        let digits = part.trim_start_matches('0');
        if is_number(part) { (0, digits.len(), digits.to_owned()) } else { (1, 0, part.to_owned()) }
    };
    one.split('.').map(key).cmp(other.split('.').map(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn takes_apart() {
        let full = version("v1.2.3-rc.1+build-5");
        assert_eq!((full.major(), full.minor(), full.patch(), full.has_v()), (1, 2, 3, true));
        assert_eq!((full.pre_release(), full.build()), (Some("rc.1"), Some("build-5")));
        for text in ["17", "2026.01", "1.2.3.4", "1.31.0+k3s1", "17.6-alpine"] {
            assert_eq!(version(text).to_string(), text);
        }
        assert!(version("1.2.3-rc.1").is_semver());
        for text in ["v1.2.3", "1.2", "1.02.3", "1.2.3-01"] {
            assert!(!version(text).is_semver(), "{text}");
        }
    }

    #[test]
    fn orders_as_semver() {
        let rising = [
            "0.9",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "v1.2",
            "1.10",
            "2",
            "2026.1.1",
        ];
        for pair in rising.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
        }
        assert_eq!(version("1.2").precedence(&version("v1.2.0+x")), Ordering::Equal);
        assert_ne!(version("1.2"), version("1.2.0"));
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, cause) in [
            ("latest", "'latest' is not a number"),
            ("1..2", "one of its numbers is empty"),
            ("1.2.3.4.5", "it has 5 numbers, and 4 are the most"),
            ("1.2.x", "'x' is not a number"),
            ("1.2.3-", "its pre-release has an empty part"),
            ("1.2.3+a_b", "its build 'a_b' has more than letters, digits and '-'"),
            ("99999999999999999999", "'99999999999999999999' is too large"),
            ("", "one of its numbers is empty"),
        ] {
            assert_eq!(
                Version::parse(text).unwrap_err().reason,
                format!("'{text}' is not a version: {cause}")
            );
        }
    }
}
