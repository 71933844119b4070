//! What a word without quotes is, as the YAML library of Kubernetes and Helm has it.
//!
//! They read YAML 1.1 in the main: `yes` is true and `0644` is 420. YAML 1.2 says otherwise of both, and a file mode
//! that is read so is another one.

use crate::tree::Tree;

/// What a plain scalar is; nothing for numbers that are none of any use.
pub(crate) fn plain(word: &str) -> Option<Tree> {
    Some(match word {
        "" | "~" | "null" | "Null" | "NULL" => Tree::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "y" | "Y" | "on" | "On" | "ON" => Tree::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "n" | "N" | "off" | "Off" | "OFF" => {
            Tree::Bool(false)
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" | ".nan"
        | ".NaN" | ".NAN" => return None,
        word => return number(word).map_or_else(|| Some(Tree::Text(word.to_owned())), of_number),
    })
}

fn of_number(number: Number) -> Option<Tree> {
    match number {
        Number::Int(number) => Some(Tree::Int(number)),
        Number::Float(number) => number.is_finite().then_some(Tree::Float(number)),
    }
}

enum Number {
    Int(i64),
    Float(f64),
}

fn number(word: &str) -> Option<Number> {
    if !word.starts_with(['+', '-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
        return None;
    }
    let digits = word.replace('_', "");
    let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(&digits);
    if let Some(number) = whole(unsigned) {
        let number = if digits.starts_with('-') { -number } else { number };
        return Some(i64::try_from(number).map_or_else(|_| of_large(number), Number::Int));
    }
    is_decimal(unsigned).then(|| digits.parse().ok().map(Number::Float)).flatten()
}

#[expect(clippy::cast_precision_loss, reason = "what is larger than any integer is a float to its readers")]
fn of_large(number: i128) -> Number {
    Number::Float(number as f64)
}

/// A whole number in any of its bases.
fn whole(unsigned: &str) -> Option<i128> {
    let lower = unsigned.to_ascii_lowercase();
    let based = [("0x", 16), ("0b", 2), ("0o", 8)];
    let of_base = based.iter().find_map(|(prefix, base)| Some((lower.strip_prefix(prefix)?, *base)));
    let (digits, base) = match of_base {
        Some(based) => based,
        None if lower.len() > 1 && lower.starts_with('0') => (&lower[1..], 8),
        None => (lower.as_str(), 10),
    };
    // The library of these readers takes no sign behind a base.
    if !digits.starts_with(|c: char| c.is_ascii_hexdigit()) {
        return None;
    }
    let number = u64::from_str_radix(digits, base).ok()?;
    Some(number.into())
}

/// `1`, `1.5`, `.5`, `1.`, `1e3`.
fn is_decimal(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, fraction)) => is_digits(whole) && (fraction.is_empty() || is_digits(fraction)),
        None => is_digits(mantissa),
    };
    let is_exponent = |exponent: &str| is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    is_mantissa && exponent.is_none_or(is_exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_kubernetes_reads() {
        for (word, is) in [
            ("yes", Tree::Bool(true)),
            ("Off", Tree::Bool(false)),
            ("~", Tree::Null),
            ("0644", Tree::Int(420)),
            ("0o17", Tree::Int(15)),
            ("0x1F", Tree::Int(31)),
            ("0b11", Tree::Int(3)),
            ("1_000", Tree::Int(1000)),
            ("+5", Tree::Int(5)),
            ("-9223372036854775808", Tree::Int(i64::MIN)),
            ("18446744073709551615", Tree::Float(18_446_744_073_709_552_000.0)),
            ("08", Tree::Float(8.0)),
            ("1e3", Tree::Float(1000.0)),
            ("1.", Tree::Float(1.0)),
            (".5", Tree::Float(0.5)),
            ("1.2.3", Tree::Text("1.2.3".into())),
            ("12:30", Tree::Text("12:30".into())),
            ("2024-01-02", Tree::Text("2024-01-02".into())),
            ("0x", Tree::Text("0x".into())),
            ("-", Tree::Text("-".into())),
            ("e3", Tree::Text("e3".into())),
            ("+-1", Tree::Text("+-1".into())),
        ] {
            assert_eq!(plain(word), Some(is), "{word}");
        }
        assert_eq!((plain(".inf"), plain("1e999")), (None, None));
    }
}
