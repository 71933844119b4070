//! Decimal numbers, read exactly.

use crate::Invalid;
use crate::invalid::quoted;

/// A decimal number without rounding: `digits` divided by ten to the `scale`.
#[derive(Clone, Copy)]
pub(crate) struct Decimal {
    digits: u128,
    scale: u32,
}

/// Why a multiple of a number is not a `u64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    TooLarge,
    NotWhole,
}

/// Splits `text` where its leading number ends.
pub(crate) fn split(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text.split_at(end)
}

impl Decimal {
    /// Reads `12` or `1.5`; the reason of a refusal is a bare cause.
    pub(crate) fn read(text: &str) -> Result<Self, Invalid> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if text.is_empty() {
            return Err(Invalid::new("it does not start with a number"));
        }
        if !is_digits(whole) || !is_digits(fraction) {
            return Err(Invalid::new(format!("{} is not a number", quoted(text))));
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = format!("{whole}{fraction}").parse();
        let scale = u32::try_from(fraction.len());
        match (digits, scale) {
            (Ok(digits), Ok(scale)) => Ok(Self { digits, scale }),
            _ => Err(Invalid::new(format!("{} has too many digits", quoted(text)))),
        }
    }

    /// The number times `unit`, where that is a whole number that fits.
    pub(crate) fn times(self, unit: u64) -> Result<u64, Misfit> {
        let product = self.digits.checked_mul(u128::from(unit)).ok_or(Misfit::TooLarge)?;
        let divisor = 10_u128.checked_pow(self.scale).ok_or(Misfit::NotWhole)?;
        if product % divisor != 0 {
            return Err(Misfit::NotWhole);
        }
        u64::try_from(product / divisor).map_err(|_| Misfit::TooLarge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(text: &str, unit: u64) -> Result<u64, Misfit> {
        Decimal::read(text).unwrap().times(unit)
    }

    #[test]
    fn is_exact() {
        assert_eq!(times("1.5", 1024), Ok(1536));
        assert_eq!(times("0.1", 1000), Ok(100));
        assert_eq!(times("1.50", 2), Ok(3));
        assert_eq!(times("0.1", 1024), Err(Misfit::NotWhole));
        assert_eq!(times("18446744073709551615", 1), Ok(u64::MAX));
        assert_eq!(times("18446744073709551616", 1), Err(Misfit::TooLarge));
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["", ".", "1.", ".5", "1.2.3", "x"] {
            assert!(Decimal::read(text).is_err(), "{text}");
        }
        assert!(Decimal::read(&"9".repeat(50)).is_err());
    }

    #[test]
    fn splits_after_the_number() {
        assert_eq!(split("1.5GiB"), ("1.5", "GiB"));
        assert_eq!(split("GiB"), ("", "GiB"));
        assert_eq!(split("12"), ("12", ""));
    }
}
