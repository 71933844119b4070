//! Numbers with a unit, before it is known what they measure.

use std::fmt;

use crate::number::{Decimal, split};
use crate::unit::{UNITS, find, refused};
use crate::{Cpu, Duration, Invalid, Measure, Size, Unit};

/// A number and the unit after it, such as `8GiB`, `250m`, `1h30m` or `1.5`.
///
/// The type that a place expects decides what it is: `250m` is a quarter of a core or 250 minutes.
/// The order is that of the text; only values of one type compare by amount.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quantity {
    /// The leading number, as written.
    pub number: String,
    /// What follows it, empty for a plain number; for `1h30m` it is `h30m`.
    pub unit: String,
}

impl Quantity {
    /// Reads a number with a unit that some type has.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let quantity = Self::split(text)?;
        if quantity.measures().is_empty() {
            return Err(quantity.unmeasured().settled(Self::parse));
        }
        Ok(quantity)
    }

    /// Splits `text` where its number ends, whatever the unit.
    pub fn split(text: &str) -> Result<Self, Invalid> {
        let (number, unit) = split(text);
        Decimal::read(number).map_err(|cause| cause.of(text, "a number"))?;
        if let Some(value) = of_other_base(text) {
            return Err(Invalid::new(format!("'{text}' is not a decimal number")).with_fix(value.to_string()));
        }
        Ok(Self { number: number.to_owned(), unit: unit.to_owned() })
    }

    /// What it may be; a plain number may be an amount of CPU.
    pub fn measures(&self) -> Vec<Measure> {
        let mut measures = Vec::new();
        if self.as_size().is_ok() {
            measures.push(Measure::Size);
        }
        if self.as_cpu().is_ok() {
            measures.push(Measure::Cpu);
        }
        if self.as_duration().is_ok() {
            measures.push(Measure::Duration);
        }
        measures
    }

    /// The quantity as a size.
    pub fn as_size(&self) -> Result<Size, Invalid> {
        Size::parse(&self.to_string())
    }

    /// The quantity as an amount of CPU.
    pub fn as_cpu(&self) -> Result<Cpu, Invalid> {
        Cpu::parse(&self.to_string())
    }

    /// The quantity as a duration.
    pub fn as_duration(&self) -> Result<Duration, Invalid> {
        Duration::parse(&self.to_string())
    }

    /// Whether it is a number without unit.
    pub fn is_plain(&self) -> bool {
        self.unit.is_empty()
    }

    /// The same amount as `measure`, written so that it means nothing else: `5min` of `5m`.
    pub fn only_as(&self, measure: Measure) -> String {
        let written = |unit: &str| match find(unit, measure) {
            Some(unit) => unit.of_one_measure().to_owned(),
            None => unit.to_owned(),
        };
        format!("{}{}", self.number, written(&self.unit))
    }

    /// The units people may write, for completion and suggestions.
    pub fn known_units() -> impl Iterator<Item = &'static Unit> {
        UNITS.iter().filter(|unit| !unit.is_alias && !unit.name.is_empty())
    }

    /// Why it is no value of any type.
    fn unmeasured(&self) -> Invalid {
        let text = self.to_string();
        let known = UNITS.iter().find(|unit| unit.name == self.unit);
        match known.map(|unit| unit.measure) {
            Some(Measure::Size) => self.as_size().err(),
            Some(Measure::Cpu) => self.as_cpu().err(),
            Some(Measure::Duration) => self.as_duration().err(),
            None if self.unit.contains(|c: char| c.is_ascii_digit()) => self.as_duration().err(),
            None => None,
        }
        .unwrap_or_else(|| refused(&self.number, &self.unit, None).of(&text, "a number with a unit"))
    }
}

/// The number that `0xff`, `0b11` or `0o17` is.
fn of_other_base(text: &str) -> Option<u64> {
    let digits = text.get(2..)?;
    let base = match text.get(..2)? {
        "0x" => 16,
        "0o" => 8,
        "0b" => 2,
        _ => return None,
    };
    u64::from_str_radix(digits, base).ok()
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_it_may_be() {
        for (text, measures) in [
            ("8GiB", vec![Measure::Size]),
            ("250m", vec![Measure::Cpu, Measure::Duration]),
            ("30d", vec![Measure::Duration]),
            ("1h30m", vec![Measure::Duration]),
            ("1.5", vec![Measure::Cpu]),
            ("5min", vec![Measure::Duration]),
            ("1h30min", vec![Measure::Duration]),
            ("250mcpu", vec![Measure::Cpu]),
        ] {
            let quantity = Quantity::parse(text).unwrap();
            assert_eq!(quantity.measures(), measures);
            assert_eq!(quantity.to_string(), text);
        }
    }

    #[test]
    fn what_may_be_two_things_has_a_name_for_each() {
        let five = Quantity::parse("5m").unwrap();
        assert_eq!(
            (five.only_as(Measure::Duration).as_str(), five.only_as(Measure::Cpu).as_str()),
            ("5min", "5mcpu")
        );
        for measure in five.measures() {
            let one = Quantity::parse(&five.only_as(measure)).unwrap();
            assert_eq!(one.measures(), [measure]);
        }
        assert_eq!(Quantity::parse("5min").unwrap().as_duration(), five.as_duration());
        assert_eq!(Quantity::parse("5mcpu").unwrap().as_cpu(), five.as_cpu());
    }

    #[test]
    fn splits_any_unit() {
        let quantity = Quantity::split("8gb").unwrap();
        assert_eq!((quantity.number.as_str(), quantity.unit.as_str()), ("8", "gb"));
        assert_eq!(quantity.as_size().unwrap_err().fix.as_deref(), Some("8GB"));
        assert_eq!(Quantity::split("0xff").unwrap_err().fix.as_deref(), Some("255"));
        assert_eq!(Quantity::split("0b").unwrap().unit, "b");
        assert_eq!(
            Quantity::split("x").unwrap_err().reason,
            "'x' is not a number: it does not start with a number"
        );
    }

    #[test]
    fn refuses_with_close_units() {
        for (text, reason, fix) in [
            ("8gb", "'8gb' is not a number with a unit: 'gb' is not a unit", Some("8GB")),
            ("8Gib", "'8Gib' is not a number with a unit: 'Gib' is not a unit", Some("8GiB")),
            ("5minutes", "'5minutes' is not a number with a unit: 'minutes' is not a unit", Some("5min")),
            ("8G", "'8G' is not a number with a unit: 'G' is not a unit", None),
            ("99999PiB", "'99999PiB' is not a size: it is too large", None),
            (
                "30m1h",
                "'30m1h' is not a duration: its units do not fall from the largest to the smallest",
                Some("1h30m"),
            ),
        ] {
            let invalid = Quantity::parse(text).unwrap_err();
            assert_eq!((invalid.reason.as_str(), invalid.fix.as_deref()), (reason, fix));
        }
    }

    #[test]
    fn lists_units() {
        let names: Vec<&str> = Quantity::known_units().map(|unit| unit.name).collect();
        assert!(names.contains(&"GiB") && names.contains(&"ms") && !names.contains(&"Gi"));
    }
}
