//! Amounts of memory and storage.

use std::fmt;

use crate::Invalid;
use crate::arithmetic::arithmetic;
use crate::invalid::shown;
use crate::unit::{Measure, Unit, amount, of};

/// A number of bytes; shown in the largest unit that says it with a whole number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Size(u64);

impl Size {
    /// Reads `512MiB`, `1.5GiB`, `2TB` or, as Kubernetes writes it, `512Mi`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let read = |text: &str| amount(text, Measure::Size).map(Self);
        read(text).map_err(|cause| advised(text, cause).of(text, "a size").settled(read))
    }

    /// The size of this many bytes.
    pub const fn from_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The number of bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// The form Kubernetes writes: `512Mi`, `2G`, or plain bytes.
    pub fn kubernetes(self) -> String {
        let (number, unit) = self.shown();
        format!("{number}{}", unit.trim_end_matches('B'))
    }

    /// The number and unit to show.
    fn shown(self) -> (u64, &'static str) {
        let exact = |unit: &&Unit| self.0 != 0 && self.0.is_multiple_of(unit.amount);
        of(Measure::Size).find(exact).map_or((self.0, "B"), |unit| (self.0 / unit.amount, unit.name))
    }
}

arithmetic!(Size);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = self.shown();
        write!(f, "{number}{unit}")
    }
}

/// The cause with advice for a number without unit.
fn advised(text: &str, cause: Invalid) -> Invalid {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let text = shown(text);
        cause.with_help(format!("say what it counts, such as {text}MiB, or {text}B for bytes"))
    } else {
        cause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(text: &str) -> Size {
        Size::parse(text).unwrap()
    }

    #[test]
    fn reads_and_shows() {
        for (text, shown, kubernetes) in [
            ("512MiB", "512MiB", "512Mi"),
            ("1.5GiB", "1536MiB", "1536Mi"),
            ("8Gi", "8GiB", "8Gi"),
            ("1024KiB", "1MiB", "1Mi"),
            ("2GB", "2GB", "2G"),
            ("500KB", "500kB", "500k"),
            ("1000B", "1kB", "1k"),
            ("1001B", "1001B", "1001"),
            ("0GiB", "0B", "0"),
            ("16383PiB", "16383PiB", "16383Pi"),
        ] {
            assert_eq!(size(text).to_string(), shown);
            assert_eq!(size(text).kubernetes(), kubernetes);
        }
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, cause, fix) in [
            ("8gb", "'gb' is not a unit of size", Some("8GB")),
            ("8Gib", "'Gib' is not a unit of size", Some("8GiB")),
            ("8G", "'G' is not a unit of size", None),
            ("8 GiB", "it has space before its unit", Some("8GiB")),
            ("30d", "'d' is not a unit of size", None),
            ("512", "it has no unit", None),
            ("0.1KiB", "it is not a whole number of bytes", None),
            ("-8GiB", "it is negative", None),
            ("16384PiB", "it is too large", None),
            ("GiB", "it does not start with a number", None),
        ] {
            let invalid = Size::parse(text).unwrap_err();
            assert_eq!(invalid.reason, format!("'{text}' is not a size: {cause}"));
            assert_eq!(invalid.fix.as_deref(), fix, "{text}");
        }
        assert_eq!(Size::parse("8G").unwrap_err().help.as_deref(), Some("did you mean GiB or GB?"));
        assert_eq!(
            Size::parse("30d").unwrap_err().help.as_deref(),
            Some("units of size are B, kB, KiB, MB, MiB, GB, GiB, TB, TiB, PB and PiB")
        );
    }

    #[test]
    fn calculates_without_overflow() {
        assert_eq!(size("8GiB").checked_mul(2), Some(size("16GiB")));
        assert_eq!(size("8GiB").checked_add(size("8GiB")), Some(size("16GiB")));
        assert_eq!(size("8GiB").checked_sub(size("16GiB")), None);
        assert_eq!(size("8GiB").checked_div(2), Some(size("4GiB")));
        assert_eq!(size("8GiB").checked_div(0), None);
        assert_eq!(Size::from_bytes(u64::MAX).checked_mul(2), None);
        assert_eq!(size("8GiB").times_of(size("3GiB")), Some(2));
    }
}
