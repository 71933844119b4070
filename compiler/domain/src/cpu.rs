//! Shares of processors.

use std::fmt;

use crate::Invalid;
use crate::arithmetic::arithmetic;
use crate::unit::{Measure, amount};

/// Thousandths of a core, as Kubernetes counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cpu(u64);

impl Cpu {
    /// Reads `250m`, `2` or `1.5`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let read = |text: &str| amount(text, Measure::Cpu).map(Self);
        read(text).map_err(|cause| cause.of(text, "an amount of CPU").settled(read))
    }

    /// The share of this many thousandths of a core.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// The number of thousandths of a core.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// The form Kubernetes writes: `250m`, `2`; the same as is shown.
    pub fn kubernetes(self) -> String {
        self.to_string()
    }
}

arithmetic!(Cpu);

impl fmt::Display for Cpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(1000) { write!(f, "{}", self.0 / 1000) } else { write!(f, "{}m", self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_shows() {
        for (text, millis, shown) in [
            ("250m", 250, "250m"),
            ("2", 2000, "2"),
            ("1.5", 1500, "1500m"),
            ("0.25", 250, "250m"),
            ("2000m", 2000, "2"),
            ("0", 0, "0"),
        ] {
            let cpu = Cpu::parse(text).unwrap();
            assert_eq!((cpu.millis(), cpu.kubernetes().as_str()), (millis, shown));
        }
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, cause, fix) in [
            ("0.0005", "it is not a whole number of thousandths of a core", None),
            ("0.5m", "it is not a whole number of thousandths of a core", None),
            ("2cores", "'cores' is not a unit of CPU", Some("2")),
            ("250M", "'M' is not a unit of CPU", Some("250m")),
            ("2GiB", "'GiB' is not a unit of CPU", None),
            ("99999999999999999999", "it is too large", None),
            ("", "it does not start with a number", None),
        ] {
            let invalid = Cpu::parse(text).unwrap_err();
            assert_eq!(invalid.reason, format!("'{text}' is not an amount of CPU: {cause}"));
            assert_eq!(invalid.fix.as_deref(), fix, "{text}");
        }
    }

    #[test]
    fn calculates_without_overflow() {
        let half = Cpu::from_millis(500);
        assert_eq!(half.checked_mul(3), Some(Cpu::from_millis(1500)));
        assert_eq!(half.checked_sub(Cpu::from_millis(501)), None);
        assert_eq!(Cpu::from_millis(u64::MAX).checked_add(half), None);
        assert_eq!(half.checked_div(0), None);
    }
}
