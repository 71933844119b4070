//! Days.

use std::fmt;

use crate::{Duration, Invalid};

/// A day of the Gregorian calendar, from 0000-01-01 to 9999-12-31; shown as `2026-05-22`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    /// Since 1970-01-01.
    days: i32,
}

/// Days before the first day of each month, in a year without a 29th of February.
const BEFORE: [i32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
/// The days from 0000-01-01 to 1970-01-01.
const EPOCH: i32 = 719_528;
/// The days of the years 0000 to 9999.
const ALL: i32 = 3_652_425;

impl Date {
    /// Reads `2026-05-22`, and the day of a time like `2026-05-22T20:16:23Z`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let day = text.split_once(['T', 't', ' ']).map_or(text, |(day, _)| day);
        Self::read(day).map_err(|cause| cause.of(text, "a day"))
    }

    /// The day that is this many seconds after the first one of 1970, in UTC.
    pub fn of_seconds(seconds: u64) -> Option<Self> {
        Self::of_days(i32::try_from(seconds / 86_400).ok()?)
    }

    /// The first day that is at least `length` later.
    pub fn after(self, length: Duration) -> Option<Self> {
        let days = length.seconds().div_ceil(86_400);
        Self::of_days(self.days.checked_add(i32::try_from(days).ok()?)?)
    }

    /// How many days it is from `earlier` to this one.
    pub const fn days_since(self, earlier: Self) -> i32 {
        self.days - earlier.days
    }

    fn of_days(days: i32) -> Option<Self> {
        (-EPOCH..ALL - EPOCH).contains(&days).then_some(Self { days })
    }

    fn read(text: &str) -> Result<Self, Invalid> {
        let bad = || Invalid::new("it is not of the form 2026-05-22");
        let number = |part: &str, width: usize| -> Result<i32, Invalid> {
            let is_number = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { part.parse().map_err(|_| bad()) } else { Err(bad()) }
        };
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts.as_slice() else { return Err(bad()) };
        let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
        if !(1..=12).contains(&month) {
            return Err(Invalid::new(format!("there is no month {month}")));
        }
        let date = Self::of(year, month, day);
        if date.parts() == (year, month, day) {
            Ok(date)
        } else {
            Err(Invalid::new(format!("that month has no day {day}")))
        }
    }

    /// The day, or one of the next month where the month has none of that number.
    fn of(year: i32, month: i32, day: i32) -> Self {
        let leap = i32::from(is_leap(year) && month > 2);
        let in_year = BEFORE[usize::try_from(month - 1).unwrap_or_default()] + leap + day - 1;
        Self { days: before_year(year) + in_year - EPOCH }
    }

    /// Year, month and day.
    fn parts(self) -> (i32, i32, i32) {
        let all = self.days + EPOCH;
        // A guess that is right or one too large, since years have 365 days or more.
        let guess = all / 365;
        let year = (0..=guess).rev().find(|year| before_year(*year) <= all).unwrap_or(0);
        let in_year = all - before_year(year);
        let starts = |month: i32| {
            BEFORE[usize::try_from(month - 1).unwrap_or_default()] + i32::from(is_leap(year) && month > 2)
        };
        let month = (1..=12).rev().find(|month| starts(*month) <= in_year).unwrap_or(1);
        (year, month, in_year - starts(month) + 1)
    }
}

/// The days before the first one of a year.
const fn before_year(year: i32) -> i32 {
    if year == 0 {
        return 0;
    }
    let past = year - 1;
    365 * year + past / 4 - past / 100 + past / 400 + 1
}

const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn days_follow_each_other() {
        let mut day = date("1799-12-31");
        while day < date("2201-01-01") {
            let next = Date { days: day.days + 1 };
            let (year, month, number) = day.parts();
            assert_eq!(Date::of(year, month, number), day);
            assert!(next.parts() > day.parts(), "{day}");
            day = next;
        }
        assert_eq!(Date { days: -EPOCH }.to_string(), "0000-01-01");
        assert_eq!(Date { days: ALL - EPOCH - 1 }.to_string(), "9999-12-31");
    }

    #[test]
    fn seconds_and_times_have_a_day() {
        assert_eq!(Date::of_seconds(0).unwrap().to_string(), "1970-01-01");
        assert_eq!(Date::of_seconds(1_779_480_983).unwrap(), date("2026-05-22T20:16:23Z"));
        assert_eq!(Date::of_seconds(u64::MAX), None);
        assert_eq!(date("2000-02-29 12:00"), date("2000-02-29"));
    }

    #[test]
    fn durations_lead_to_later_days() {
        let quarter = Duration::parse("90d").unwrap();
        assert_eq!(date("2026-01-31").after(quarter), Some(date("2026-05-01")));
        assert_eq!(date("2024-02-28").after(Duration::parse("1h").unwrap()), Some(date("2024-02-29")));
        assert_eq!(date("2024-03-01").days_since(date("2023-03-01")), 366);
        assert_eq!(date("9999-12-31").after(quarter), None);
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, cause) in [
            ("2026-13-01", "there is no month 13"),
            ("2026-02-29", "that month has no day 29"),
            ("1900-02-29", "that month has no day 29"),
            ("2026-04-00", "that month has no day 0"),
            ("2026-5-22", "it is not of the form 2026-05-22"),
            ("22.05.2026", "it is not of the form 2026-05-22"),
            ("", "it is not of the form 2026-05-22"),
        ] {
            let reason = Date::parse(text).unwrap_err().reason;
            assert_eq!(reason, format!("'{text}' is not a day: {cause}"));
        }
    }
}
