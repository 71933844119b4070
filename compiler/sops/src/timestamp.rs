//! Points in time, as files say when they were last changed.

use std::fmt;

use crate::error::{Error, Problem};

/// A point in time, to the second. Who writes a file says what time it is; nothing here looks at a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp(String);

const DAY: u64 = 24 * 60 * 60;
/// The last second of the year 9999, after which years have five digits.
const LAST: u64 = 253_402_300_799;

impl Timestamp {
    /// So many seconds after the beginning of 1970, in UTC.
    pub fn from_unix(seconds: u64) -> Self {
        let seconds = seconds.min(LAST);
        let (year, month, day) = civil(seconds / DAY);
        let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        Self(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
    }

    /// Reads RFC 3339, and brings it into the form that SOPS binds the MAC to: without parts of seconds, and with `Z`
    /// for no offset.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let bad = || Error::new(Problem::BadTimestamp);
        let (date_time, rest) = text.split_at_checked(19).ok_or_else(bad)?;
        let fits = date_time.bytes().zip(*b"0000-00-00T00:00:00").all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            form => byte == form,
        });
        let offset = match rest.strip_prefix('.') {
            None => rest,
            Some(fraction) => {
                let offset = fraction.trim_start_matches(|char: char| char.is_ascii_digit());
                if offset.len() == fraction.len() {
                    return Err(bad());
                }
                offset
            }
        };
        let number = |from: usize| date_time.get(from..from + 2).and_then(|text| text.parse::<u8>().ok());
        let in_range = |from, low, high| number(from).is_some_and(|number| (low..=high).contains(&number));
        let possible = in_range(5, 1, 12)
            && in_range(8, 1, 31)
            && in_range(11, 0, 23)
            && in_range(14, 0, 59)
            && in_range(17, 0, 59);
        let offset = offset_of(offset).ok_or_else(bad)?;
        if fits && possible { Ok(Self(format!("{date_time}{offset}"))) } else { Err(bad()) }
    }

    /// `2026-05-22T20:16:23Z`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `Z` or `+02:00`, where no offset is `Z`.
fn offset_of(text: &str) -> Option<&str> {
    if matches!(text, "Z" | "+00:00" | "-00:00") {
        return Some("Z");
    }
    let (hours, minutes) = text.strip_prefix(['+', '-'])?.split_once(':')?;
    let two_digits = |text: &str, limit| {
        text.len() == 2
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && text.parse::<u8>().is_ok_and(|number| number <= limit)
    };
    (two_digits(hours, 23) && two_digits(minutes, 59)).then_some(text)
}

/// The date so many days after the beginning of 1970. Years are counted from March on, so that the day that some of
/// them lack is the last.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
