//! Times as Kubernetes writes them.

/// A time in seconds since 1970: `2026-08-29T19:56:38Z`.
pub fn seconds(time: &str) -> Option<i64> {
    let digits = time.strip_suffix('Z')?.as_bytes();
    if digits.len() != 19 || [4, 7, 10, 13, 16].map(|at| digits[at]) != *b"--T::" {
        return None;
    }
    let part = |from: usize, to: usize| {
        digits[from..to].iter().try_fold(0, |number: i64, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
        })
    };
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
    // Years begin in March, so that the day that is not always there is the last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1;
    // From the first of March of the year 0 to the first of January of 1970.
    Some((days - 719_468) * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_kubernetes_writes_them() {
        let cases = [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1969-12-31T23:59:59Z", Some(-1)),
            ("2000-02-29T12:00:00Z", Some(951_825_600)),
            ("2000-03-01T00:00:00Z", Some(951_868_800)),
            ("2100-03-01T00:00:00Z", Some(4_107_542_400)),
            ("2026-08-29T19:56:38Z", Some(1_788_033_398)),
            ("2026-08-29T19:56:38+02:00", None),
            ("2026-08-29 19:56:38Z", None),
            ("2026-08-2é19:56:38Z", None),
            ("Z", None),
            ("", None),
        ];
        for (time, expected) in cases {
            assert_eq!(seconds(time), expected, "{time}");
        }
    }
}
