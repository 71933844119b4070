//! The units that may follow a number.

use std::fmt;

use crate::Invalid;
use crate::invalid::{alternatives, quoted};
use crate::number::{Decimal, Misfit, split};

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// Memory and storage.
    Size,
    /// Shares of processors.
    Cpu,
    /// Time.
    Duration,
}

impl Measure {
    /// The measure as messages name a value of it: "a size".
    pub const fn article(self) -> &'static str {
        match self {
            Self::Size => "a size",
            Self::Cpu => "an amount of CPU",
            Self::Duration => "a duration",
        }
    }

    const fn finest(self) -> &'static str {
        match self {
            Self::Size => "bytes",
            Self::Cpu => "thousandths of a core",
            Self::Duration => "milliseconds",
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Size => "size",
            Self::Cpu => "CPU",
            Self::Duration => "time",
        })
    }
}

/// A unit: its name, what it measures and how much it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit {
    /// What it measures.
    pub measure: Measure,
    /// How many bytes, thousandths of a core or milliseconds it is.
    pub amount: u64,
    /// As it stands after a number; empty for whole cores.
    pub name: &'static str,
    /// Whether it is accepted but written differently in canonical form.
    pub is_alias: bool,
}

impl Unit {
    /// A name of the unit that no other measure has: `min` of the minute, which is `m` as a thousandth of a core is.
    pub(crate) fn of_one_measure(&'static self) -> &'static str {
        let is_alone =
            |name: &str| UNITS.iter().all(|other| other.name != name || other.measure == self.measure);
        let same = |other: &&Unit| other.measure == self.measure && other.amount == self.amount;
        let named = UNITS.iter().filter(same).map(|other| other.name);
        named.into_iter().find(|name| is_alone(name)).unwrap_or(self.name)
    }
}

const fn size(name: &'static str, amount: u64) -> Unit {
    Unit { measure: Measure::Size, amount, name, is_alias: false }
}

const fn size_alias(name: &'static str, amount: u64) -> Unit {
    Unit { is_alias: true, ..size(name, amount) }
}

const fn cpu(name: &'static str, amount: u64) -> Unit {
    Unit { measure: Measure::Cpu, amount, name, is_alias: false }
}

const fn cpu_alias(name: &'static str, amount: u64) -> Unit {
    Unit { is_alias: true, ..cpu(name, amount) }
}

const fn time(name: &'static str, amount: u64) -> Unit {
    Unit { measure: Measure::Duration, amount, name, is_alias: false }
}

const fn time_alias(name: &'static str, amount: u64) -> Unit {
    Unit { is_alias: true, ..time(name, amount) }
}

/// Every unit, those of a measure from the largest to the smallest. `m` is a unit of two measures, so each of them has
/// another name for it, which means the same wherever it stands.
pub(crate) const UNITS: &[Unit] = &[
    size("PiB", 1 << 50),
    size("PB", 1_000_000_000_000_000),
    size("TiB", 1 << 40),
    size("TB", 1_000_000_000_000),
    size("GiB", 1 << 30),
    size("GB", 1_000_000_000),
    size("MiB", 1 << 20),
    size("MB", 1_000_000),
    size("KiB", 1 << 10),
    size("kB", 1000),
    size("B", 1),
    size_alias("Pi", 1 << 50),
    size_alias("Ti", 1 << 40),
    size_alias("Gi", 1 << 30),
    size_alias("Mi", 1 << 20),
    size_alias("Ki", 1 << 10),
    size_alias("KB", 1000),
    cpu("", 1000),
    cpu("m", 1),
    cpu_alias("mcpu", 1),
    time("w", 604_800_000),
    time("d", 86_400_000),
    time("h", 3_600_000),
    time("m", 60_000),
    time("s", 1000),
    time("ms", 1),
    time_alias("min", 60_000),
];

/// Words people write for a unit, in lower case.
const WORDS: &[(&str, &str)] = &[
    ("byte", "B"),
    ("bytes", "B"),
    ("msec", "ms"),
    ("millis", "ms"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("mcore", "mcpu"),
    ("mcores", "mcpu"),
    ("millicores", "mcpu"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("week", "w"),
    ("weeks", "w"),
];

/// Words people write for whole cores, which have no unit.
const CORES: &[&str] = &["c", "core", "cores", "cpu", "cpus", "vcpu", "vcpus"];

/// The units of `measure` in canonical form, largest first.
pub(crate) fn of(measure: Measure) -> impl DoubleEndedIterator<Item = &'static Unit> {
    UNITS.iter().filter(move |unit| unit.measure == measure && !unit.is_alias)
}

/// Reads one number with one unit of `measure`; the reason of a refusal is a bare cause.
pub(crate) fn amount(text: &str, measure: Measure) -> Result<u64, Invalid> {
    if text.starts_with('-') {
        return Err(Invalid::new("it is negative"));
    }
    let (number, name) = split(text);
    let decimal = Decimal::read(number)?;
    let unit = find(name, measure).ok_or_else(|| refused(number, name, Some(measure)))?;
    decimal.times(unit.amount).map_err(|misfit| match misfit {
        Misfit::TooLarge => Invalid::new("it is too large"),
        Misfit::NotWhole => Invalid::new(format!("it is not a whole number of {}", measure.finest())),
    })
}

/// The cause for a number with a unit that is none of `measure`, or none at all where it is `None`.
pub(crate) fn refused(number: &str, name: &str, measure: Option<Measure>) -> Invalid {
    let of = measure.map_or_else(String::new, |measure| format!(" of {measure}"));
    let close = close(name.trim(), measure);
    let cause = match name.trim() {
        "" => Invalid::new("it has no unit"),
        trimmed if trimmed != name && !close.is_empty() => Invalid::new("it has space before its unit"),
        trimmed => Invalid::new(format!("{} is not a unit{of}", quoted(trimmed))),
    };
    if measure == Some(Measure::Cpu) && CORES.contains(&name.trim().to_ascii_lowercase().as_str()) {
        return cause.with_help("write cores without a unit").with_fix(number);
    }
    match close.as_slice() {
        [] if measure == Some(Measure::Cpu) => {
            cause.with_help("write cores without a unit, or thousandths of a core with 'm', such as 500m")
        }
        [] => cause.with_help(format!("units{of} are {}", names(measure))),
        [only] => cause.with_help(format!("did you mean {only}?")).with_fix(format!("{number}{only}")),
        several => cause.with_help(format!("did you mean {}?", alternatives(several))),
    }
}

/// The unit of `measure` that `name` is.
pub(crate) fn find(name: &str, measure: Measure) -> Option<&'static Unit> {
    UNITS.iter().find(|unit| unit.measure == measure && unit.name == name)
}

/// The units of `measure`, or of any, that `name` may have been meant as; the likeliest first.
fn close(name: &str, measure: Option<Measure>) -> Vec<&'static str> {
    let fits = |unit: &&Unit| measure.is_none_or(|measure| unit.measure == measure) && !unit.name.is_empty();
    let canonical = |unit: &'static Unit| match measure {
        // Where nothing says what is measured, the name must.
        None => unit.of_one_measure(),
        Some(_) => {
            of(unit.measure).find(|other| other.amount == unit.amount).map_or(unit.name, |other| other.name)
        }
    };
    let lower = name.to_ascii_lowercase();
    let mut close: Vec<&'static str> = Vec::new();
    let word = WORDS.iter().find(|(word, _)| *word == lower).map(|(_, unit)| *unit);
    for unit in UNITS.iter().filter(fits) {
        let letter = unit.measure == Measure::Size && matches!(lower.as_str(), "k" | "m" | "g" | "t" | "p");
        let starts = letter && !unit.is_alias && unit.name.to_ascii_lowercase().starts_with(&lower);
        if starts || unit.name.eq_ignore_ascii_case(name) || word == Some(unit.name) {
            close.push(canonical(unit));
        }
    }
    let mut seen = Vec::new();
    close.retain(|unit| {
        !seen.contains(unit) && {
            seen.push(*unit);
            true
        }
    });
    close
}

/// The units of `measure`, or all, as a list from the smallest.
fn names(measure: Option<Measure>) -> String {
    let fits = |unit: &&Unit| measure.is_none_or(|measure| unit.measure == measure);
    let mut names: Vec<&str> = Vec::new();
    for unit in UNITS.iter().rev().filter(fits) {
        if !unit.is_alias && !unit.name.is_empty() && !names.contains(&unit.name) {
            names.push(unit.name);
        }
    }
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_units_of_a_measure_fall() {
        for measure in [Measure::Size, Measure::Cpu, Measure::Duration] {
            assert!(of(measure).is_sorted_by(|one, next| one.amount > next.amount));
        }
    }

    #[test]
    fn finds_close_units() {
        for (name, measure, expected) in [
            ("gb", Some(Measure::Size), vec!["GB"]),
            ("Gib", Some(Measure::Size), vec!["GiB"]),
            ("gi", Some(Measure::Size), vec!["GiB"]),
            ("Kb", Some(Measure::Size), vec!["kB"]),
            ("G", Some(Measure::Size), vec!["GiB", "GB"]),
            ("k", Some(Measure::Size), vec!["KiB", "kB"]),
            ("D", None, vec!["d"]),
            ("M", None, vec!["MiB", "MB", "mcpu", "min"]),
            ("minutes", None, vec!["min"]),
            ("minutes", Some(Measure::Duration), vec!["m"]),
            ("xyz", None, vec![]),
        ] {
            assert_eq!(close(name, measure), expected, "{name}");
        }
    }

    #[test]
    fn lists_units() {
        assert_eq!(names(Some(Measure::Duration)), "ms, s, m, h, d and w");
        assert_eq!(names(Some(Measure::Cpu)), "m");
    }
}
