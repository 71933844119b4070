//! What a plain scalar means, to SOPS: the rules of go-yaml version 3.
//!
//! They are those of YAML 1.2 with some of YAML 1.1: underscores in numbers, octal numbers with a bare 0, and dates.

use zeroize::Zeroizing;

use crate::error::Problem;
use crate::value::Value;

/// The value of a plain scalar.
pub(super) fn resolve(text: &str) -> Result<Value, Problem> {
    Ok(match text {
        text if is_null(text) => Value::Null,
        "true" | "True" | "TRUE" => Value::bool(true),
        "false" | "False" | "FALSE" => Value::bool(false),
        ".nan" | ".NaN" | ".NAN" => Value::float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Value::float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Value::float(f64::NEG_INFINITY),
        _ => match text.as_bytes()[0] {
            b'.' => float(text).unwrap_or_else(|| Value::str(text)),
            b'0'..=b'9' | b'+' | b'-' => number(text)?,
            _ => Value::str(text),
        },
    })
}

/// Whether a plain scalar means nothing.
pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn number(text: &str) -> Result<Value, Problem> {
    if let Some(time) = timestamp(text) {
        return Ok(Value::Time(time.into()));
    }
    let plain = Zeroizing::new(text.replace('_', ""));
    let whole = integer(&plain);
    if let Some(number) = whole.and_then(|number| i64::try_from(number).ok()) {
        return Ok(Value::int(number));
    }
    // Still larger ones are floats. Those in between are whole numbers that SOPS breaks at.
    if !plain.starts_with('+') && whole.is_some_and(|number| u64::try_from(number).is_ok()) {
        return Err(Problem::Unsupported("SOPS has no whole numbers larger than 9223372036854775807"));
    }
    Ok(float(&plain).unwrap_or_else(|| Value::str(text)))
}

/// A whole number in base 10, or with a prefix in base 2, 8 or 16. A bare 0 is base 8.
fn integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.as_bytes()[0] {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let (base, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0o" | "0O") => (8, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        Some(_) if digits.starts_with('0') => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|char| char.is_digit(base)) {
        return None;
    }
    // What is too long even for this is a float, or with a prefix a text.
    i128::from_str_radix(digits, base).ok().map(|number| sign * number)
}

/// A decimal number: digits with a point and an exponent, each of them or not.
fn float(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_exponent = |text: &str| {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        !digits.is_empty() && are_digits(digits)
    };
    let is_number = are_digits(whole)
        && are_digits(part)
        && !(whole.is_empty() && part.is_empty())
        && exponent.is_none_or(is_exponent);
    // What is too large for a float is a text.
    let number = text.parse::<f64>().ok().filter(|number| is_number && number.is_finite());
    number.map(Value::float)
}

/// A date or a point in time, as Go writes it: `2001-12-14T21:59:43.1Z`.
fn timestamp(text: &str) -> Option<String> {
    let (date, rest) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some((&text[at..=at], &text[at + 1..]))),
        None => (text, None),
    };
    let [year, month, day] = numbers(date, '-', 4)?;
    if date.find('-') != Some(4) || !is_date(year, month, day) {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    let Some((separator, time)) = rest else { return Some(format!("{date}T00:00:00Z")) };
    let (clock, offset) = match time.find(['Z', '+', '-']) {
        Some(at) if separator != " " => (&time[..at], &time[at..]),
        None if separator == " " => (time, "Z"),
        _ => return None,
    };
    let (clock, fraction) = clock.split_once('.').map_or((clock, ""), |(clock, fraction)| (clock, fraction));
    let [hour, minute, second] = numbers(clock, ':', 2)?;
    let has_digits = fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if hour > 23 || minute > 59 || second > 59 || !has_digits || time.contains("..") {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{date}T{hour:02}:{minute:02}:{second:02}{point}{fraction}{}", offset_of(offset)?))
}

/// Three numbers; the first of so many digits at most, the others of two.
fn numbers(text: &str, separator: char, longest: usize) -> Option<[u32; 3]> {
    let mut parts = text.split(separator);
    let mut number = |longest| {
        let part = parts.next()?;
        let is_number = part.len() <= longest && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| is_number)
    };
    let three = [number(longest)?, number(2)?, number(2)?];
    parts.next().is_none().then_some(three)
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// `Z`, or hours and minutes with a sign; none at all is `Z`.
fn offset_of(text: &str) -> Option<&str> {
    if text == "Z" {
        return Some(text);
    }
    let is_form = text.len() == 6
        && text.bytes().zip(*b"+00:00").skip(1).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            form => byte == form,
        });
    if !is_form || &text[1..3] > "24" || &text[4..] > "59" {
        return None;
    }
    Some(if &text[1..] == "00:00" { "Z" } else { text })
}
