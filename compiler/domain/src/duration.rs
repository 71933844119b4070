//! Lengths of time.

use std::fmt;

use crate::Invalid;
use crate::arithmetic::arithmetic;
use crate::number::split;
use crate::unit::{Measure, Unit, amount, find, of};

/// A length of time in milliseconds.
///
/// Shown with the units it takes, from days down (`1d12h`); in weeks only where these say all of it (`2w`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Duration(u64);

impl Duration {
    /// Reads `30s`, `1.5h` or several units from the largest to the smallest, `1h30m`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).map_err(|cause| cause.of(text, "a duration").settled(Self::read))
    }

    /// The duration of this many milliseconds.
    pub const fn from_milliseconds(milliseconds: u64) -> Self {
        Self(milliseconds)
    }

    /// The number of milliseconds.
    pub const fn milliseconds(self) -> u64 {
        self.0
    }

    /// The number of whole seconds, rounded down.
    pub const fn seconds(self) -> u64 {
        self.0 / 1000
    }

    /// The form Go programs and Kubernetes read, which know no days: `720h`, `1h30m`, `1s500ms`.
    pub fn go(self) -> String {
        self.in_units(3_600_000)
    }

    fn read(text: &str) -> Result<Self, Invalid> {
        let mut total = Self(0);
        let mut smallest = u64::MAX;
        let mut falls = true;
        let mut rest = text;
        while !rest.is_empty() || rest.len() == text.len() {
            let before = &text[..text.len() - rest.len()];
            let end = split(rest).0.len();
            let digit = |c: char| c.is_ascii_digit() || c == '.';
            let (pair, after) = rest.split_at(rest[end..].find(digit).map_or(rest.len(), |at| end + at));
            let length = Self(
                amount(pair.trim_end(), Measure::Duration)
                    .map_err(|cause| cause.map_fix(|fix| format!("{before}{fix}{after}")))?,
            );
            if pair.trim_end() != pair {
                return Err(spaced(text));
            }
            let unit = unit_of(pair).map_or(0, |unit| unit.amount);
            falls &= unit < smallest;
            smallest = unit;
            total = total.checked_add(length).ok_or_else(|| Invalid::new("it is too large"))?;
            rest = after;
        }
        if falls {
            return Ok(total);
        }
        Err(Invalid::new("its units do not fall from the largest to the smallest")
            .with_fix(total.to_string()))
    }

    /// The number in units of at most `largest`, leaving out those it has none of.
    fn in_units(self, largest: u64) -> String {
        let mut left = self.0;
        let mut shown = Vec::new();
        for unit in of(Measure::Duration).filter(|unit| unit.amount <= largest) {
            if left >= unit.amount {
                shown.push(format!("{}{}", left / unit.amount, unit.name));
                left %= unit.amount;
            }
        }
        if shown.is_empty() { "0s".to_owned() } else { shown.concat() }
    }
}

arithmetic!(Duration);

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole_weeks = self.0.is_multiple_of(7 * 86_400_000);
        f.write_str(&self.in_units(if whole_weeks { u64::MAX } else { 86_400_000 }))
    }
}

fn unit_of(pair: &str) -> Option<&'static Unit> {
    let (_, name) = split(pair);
    find(name, Measure::Duration)
}

/// The cause for a duration with space between its units.
fn spaced(text: &str) -> Invalid {
    let joined: String = text.split_whitespace().collect();
    let cause = Invalid::new("it has space in it");
    if Duration::read(&joined).is_ok() { cause.with_fix(joined) } else { cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_shows() {
        for (text, milliseconds, shown, go) in [
            ("250ms", 250, "250ms", "250ms"),
            ("90s", 90_000, "1m30s", "1m30s"),
            ("1h30m", 5_400_000, "1h30m", "1h30m"),
            ("1.5h", 5_400_000, "1h30m", "1h30m"),
            ("30d", 2_592_000_000, "30d", "720h"),
            ("2w", 1_209_600_000, "2w", "336h"),
            ("36h", 129_600_000, "1d12h", "36h"),
            ("1.5s", 1500, "1s500ms", "1s500ms"),
            ("0m", 0, "0s", "0s"),
        ] {
            let duration = Duration::parse(text).unwrap();
            assert_eq!(duration.milliseconds(), milliseconds);
            assert_eq!((duration.to_string().as_str(), duration.go().as_str()), (shown, go));
        }
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, cause, fix) in [
            ("30mins", "'mins' is not a unit of time", Some("30m")),
            ("1h30mins", "'mins' is not a unit of time", Some("1h30m")),
            ("1hour30m", "'hour' is not a unit of time", Some("1h30m")),
            ("30m1h", "its units do not fall from the largest to the smallest", Some("1h30m")),
            ("1m1m", "its units do not fall from the largest to the smallest", Some("2m")),
            ("1h 30m", "it has space in it", Some("1h30m")),
            ("30 s", "it has space before its unit", Some("30s")),
            ("30", "it has no unit", None),
            ("1y", "'y' is not a unit of time", None),
            ("0.5ms", "it is not a whole number of milliseconds", None),
            ("99999999999999999w", "it is too large", None),
            ("", "it does not start with a number", None),
            ("-1s", "it is negative", None),
        ] {
            let invalid = Duration::parse(text).unwrap_err();
            assert_eq!(invalid.reason, format!("'{text}' is not a duration: {cause}"));
            assert_eq!(invalid.fix.as_deref(), fix, "{text}");
        }
    }

    #[test]
    fn calculates_without_overflow() {
        let hour = Duration::parse("1h").unwrap();
        assert_eq!(hour.checked_mul(24), Some(Duration::parse("1d").unwrap()));
        assert_eq!(hour.checked_sub(Duration::parse("2h").unwrap()), None);
        assert_eq!(hour.times_of(Duration::parse("20m").unwrap()), Some(3));
        assert_eq!(Duration::from_milliseconds(u64::MAX).checked_add(hour), None);
        assert_eq!(Duration::from_milliseconds(1999).seconds(), 1);
    }
}
