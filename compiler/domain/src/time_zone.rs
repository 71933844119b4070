//! Time zones, by the names of the IANA list.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

use crate::Invalid;

/// The names, in order, a line each: from the time zone database, which is in the public domain.
const NAMES: &str = include_str!("time_zones.txt");

/// A time zone such as `Europe/Lisbon`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeZone(&'static str);

impl TimeZone {
    /// Finds a name of the list, which is written with the same capital letters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        static KNOWN: LazyLock<BTreeSet<&str>> = LazyLock::new(|| NAMES.lines().collect());
        let found = KNOWN.get(text).copied().map(Self);
        found.ok_or_else(|| Invalid::new("there is no such time zone").of(text, "a time zone"))
    }

    /// All of them, in alphabetical order.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.lines().map(Self)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_have_names_of_the_list() {
        for name in ["Europe/Lisbon", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "CET"] {
            assert_eq!(TimeZone::parse(name).map(TimeZone::name), Ok(name));
        }
        for name in ["Europe/Amsterdm", "europe/lisbon", "Lisbon", "", "Europe/Lisbon\n"] {
            assert!(TimeZone::parse(name).is_err(), "{name}");
        }
        let all: Vec<TimeZone> = TimeZone::all().collect();
        assert!(all.is_sorted() && all.len() > 500, "{}", all.len());
    }
}
