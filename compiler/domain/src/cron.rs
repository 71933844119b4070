//! Cron lines.

use std::fmt;

use crate::Invalid;
use crate::cron_field::FIELDS;
use crate::invalid::{counted, quoted};

/// When a job runs: five fields as Kubernetes reads them, or `@daily` and its like.
///
/// Shown as written with single spaces; the order is that of the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cron(String);

/// The short forms and the fields they stand for.
const SHORT: &[(&str, &str)] = &[
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

/// The days each month has at most.
const DAYS_OF_MONTHS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

impl Cron {
    /// Reads five fields or a short form, and refuses a line that never comes due.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).map_err(|cause| cause.of(text, "a cron line").settled(Self::read))
    }

    /// The five fields, minute first, with short forms written out.
    pub fn fields(&self) -> [&str; 5] {
        let mut fields = ["*"; 5];
        for (field, text) in fields.iter_mut().zip(written_out(&self.0).split(' ')) {
            *field = text;
        }
        fields
    }

    fn read(text: &str) -> Result<Self, Invalid> {
        let words: Vec<&str> = text.split_whitespace().collect();
        if let [short] = words.as_slice()
            && short.starts_with('@')
        {
            return read_short(short);
        }
        if words.first().is_some_and(|word| word.starts_with("TZ=") || word.starts_with("CRON_TZ=")) {
            return Err(
                Invalid::new("it sets a time zone, which Kubernetes refuses").with_fix(words[1..].join(" "))
            );
        }
        let [_, _, _, _, _] = words.as_slice() else { return Err(wrong_count(&words)) };
        let mut numbers = [const { Vec::new() }; 5];
        for (nth, field) in FIELDS.iter().enumerate() {
            numbers[nth] = field.read(words[nth]).map_err(|cause| {
                cause.map_fix(|fix| [&words[..nth], &[fix.as_str()], &words[nth + 1..]].concat().join(" "))
            })?;
        }
        let [_, _, days, months, _] = &numbers;
        // Where both are given, a day of the month or a day of the week is enough.
        if words[4] == "*" && !happens(days, months) {
            return Err(never(days, months));
        }
        Ok(Self(words.join(" ")))
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn written_out(text: &str) -> &str {
    SHORT.iter().find(|(short, _)| *short == text).map_or(text, |(_, fields)| fields)
}

fn read_short(short: &str) -> Result<Cron, Invalid> {
    let lower = short.to_ascii_lowercase();
    if !SHORT.iter().any(|(known, _)| *known == lower) {
        return Err(Invalid::new(format!("{} is not a short form", quoted(short)))
            .with_help("the short forms are @hourly, @daily, @weekly, @monthly and @yearly"));
    }
    if lower != short {
        return Err(Invalid::new("short forms are in lower case").with_fix(lower));
    }
    Ok(Cron(lower))
}

fn wrong_count(words: &[&str]) -> Invalid {
    let cause = Invalid::new(format!("it has {} instead of 5", counted(words.len(), "field")));
    match words {
        ["0", rest @ ..] if rest.len() == 5 => {
            cause.with_help("there is no field for seconds; the first is the minute").with_fix(rest.join(" "))
        }
        _ => cause
            .with_help("write minute, hour, day of the month, month and day of the week, such as 0 4 * * *"),
    }
}

/// Whether some month of `months` has some day of `days`.
fn happens(days: &[u32], months: &[u32]) -> bool {
    let most = |month: &u32| DAYS_OF_MONTHS.get(*month as usize - 1).copied().unwrap_or(31);
    days.first().is_none_or(|day| months.iter().any(|month| *day <= most(month)))
}

fn never(days: &[u32], months: &[u32]) -> Invalid {
    let day = days.first().copied().unwrap_or_default();
    let cause = match months {
        [2] => format!("it never comes due, because February has no day {day}"),
        _ => format!("it never comes due, because its months have no day {day}"),
    };
    Invalid::new(cause).with_help("to run on the last days of every month, use a day up to 28")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_shows_as_written() {
        for (text, shown) in [
            ("0 4 * * *", "0 4 * * *"),
            ("  */15   0-6,22 1 JAN-mar MON ", "*/15 0-6,22 1 JAN-mar MON"),
            ("@daily", "@daily"),
            ("0 0 29 2 *", "0 0 29 2 *"),
            ("0 0 31 1,2 *", "0 0 31 1,2 *"),
            ("0 0 30 2 MON", "0 0 30 2 MON"),
        ] {
            assert_eq!(Cron::parse(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn writes_short_forms_out() {
        assert_eq!(Cron::parse("@weekly").unwrap().fields(), ["0", "0", "*", "*", "0"]);
        assert_eq!(Cron::parse("5 4 * * 1").unwrap().fields(), ["5", "4", "*", "*", "1"]);
        for (_, fields) in SHORT {
            Cron::parse(fields).unwrap();
        }
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, cause, fix) in [
            ("0 24 * * *", "the hour is 24, and it must be 0 to 23", None),
            ("60 * * * *", "the minute is 60, and it must be 0 to 59", None),
            ("0 0 0 * *", "the day of the month is 0, and it must be 1 to 31", None),
            ("0 0 * 13 *", "the month is 13, and it must be 1 to 12", None),
            ("0 0 * FOO *", "the month is 'FOO', and it must be 1 to 12", None),
            ("0 0 * * 7", "the day of the week is 7, and it must be 0 to 6", Some("0 0 * * 0")),
            ("0 0 * * monday", "the day of the week is 'monday', and it must be 0 to 6", Some("0 0 * * MON")),
            ("0 22-6 * * *", "the hour counts down from 22 to 6", Some("0 22-23,0-6 * * *")),
            ("*/0 * * * *", "the minute has a step of 0", None),
            ("*/90 * * * *", "the minute has a step of 90, and 59 is the most", None),
            ("1,,2 * * * *", "the minute has an empty part", None),
            ("0 0 30 2 *", "it never comes due, because February has no day 30", None),
            ("0 0 31 4,6 *", "it never comes due, because its months have no day 31", None),
            ("0 4 * *", "it has 4 fields instead of 5", None),
            ("0 0 4 * * *", "it has 6 fields instead of 5", Some("0 4 * * *")),
            ("@Daily", "short forms are in lower case", Some("@daily")),
            ("@reboot", "'@reboot' is not a short form", None),
            ("TZ=UTC 0 4 * * *", "it sets a time zone, which Kubernetes refuses", Some("0 4 * * *")),
            ("", "it has 0 fields instead of 5", None),
        ] {
            let invalid = Cron::parse(text).unwrap_err();
            assert_eq!(invalid.reason, format!("'{text}' is not a cron line: {cause}"));
            assert_eq!(invalid.fix.as_deref(), fix, "{text}");
        }
    }
}
