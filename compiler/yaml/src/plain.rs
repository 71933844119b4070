//! Which texts may stand without quotes.
//!
//! Allowed is what reads as that text to every reader we know of, YAML 1.1 and 1.2. The rule errs on the side of
//! quotes, but leaves those texts alone that people of this field never quote: addresses, versions, paths, flags.

/// Whether `text` may stand without quotes, as a value or as a key in block style.
pub(super) fn is_plain(text: &str) -> bool {
    if is_name(text) {
        return !is_reserved_word(text);
    }
    has_plain_shape(text) && !is_reserved_word(text) && !is_number(text) && !is_timestamp(text)
}

/// Whether it is what most texts are: letters and digits with `-`, `_`, `.` and `/`, a letter or `/` first.
fn is_name(text: &str) -> bool {
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/') && text.bytes().all(in_name)
}

/// Whether `char` is shown as it is: printable in both versions, and not invisible or a change of direction.
pub(super) fn is_shown(char: char) -> bool {
    match char {
        ' '..='~' => true,
        '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{1fff}' => !matches!(char, '\u{61c}' | '\u{180e}' | '\u{1680}'),
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{2070}'..='\u{2fff}' => true,
        '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fefe}' => true,
        '\u{ff00}'..='\u{ffef}' => true,
        '\u{10000}'..='\u{dffff}' => u32::from(char) & 0xfffe != 0xfffe,
        _ => false,
    }
}

/// Whether no character has a meaning of its own where it stands.
fn has_plain_shape(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let indicators = "?:,[]{}#&*!|>'\"%@`~= \t";
    if indicators.contains(first) || text.ends_with([' ', ':']) || !text.chars().all(is_shown) {
        return false;
    }
    let dash = text == "-" || text.starts_with("- ") || text.starts_with("---") || text.starts_with("...");
    !dash && !text.contains(": ") && !text.contains(" #")
}

/// Words that are not text to some reader, in any case.
fn is_reserved_word(text: &str) -> bool {
    const WORDS: [&str; 14] =
        ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity", "<<", "="];
    let word = text.strip_prefix(['+', '-']).unwrap_or(text);
    let word = word.strip_prefix('.').unwrap_or(word);
    WORDS.iter().any(|reserved| word.eq_ignore_ascii_case(reserved))
}

/// Whether some reader could take it for a number: decimal, `0x`, `0o`, `0b`, with `_` or `,` between digits, with
/// an exponent, or sexagesimal (`1:30`).
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let lower = digits.to_ascii_lowercase();
    if let Some(rest) = ["0x", "0o", "0b"].iter().find_map(|prefix| lower.strip_prefix(prefix)) {
        return rest.chars().all(|char| char.is_ascii_hexdigit() || matches!(char, '_' | '.'));
    }
    let starts_like_one = digits.starts_with(|char: char| char.is_ascii_digit())
        || digits
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|char: char| char.is_ascii_digit() || char == '_'));
    if !starts_like_one {
        return matches!(digits, "" | "." | "_" | "._");
    }
    if digits.contains(':') {
        return is_sexagesimal(digits);
    }
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digit = |char: char| char.is_ascii_digit() || matches!(char, '_' | ',');
    mantissa.matches('.').count() <= 1
        && mantissa.chars().all(|char| digit(char) || char == '.')
        && exponent.chars().all(digit)
}

/// `1:30`, `190:20:30.15`; a fraction only in the last part, so that `10.0.0.1:80` is none.
fn is_sexagesimal(digits: &str) -> bool {
    let Some((first, rest)) = digits.split_once(':') else { return false };
    let digit = |char: char| char.is_ascii_digit() || char == '_';
    first.chars().all(digit) && rest.chars().all(|char| digit(char) || matches!(char, ':' | '.'))
}

/// `2026-11-23`, and whatever begins like that and goes on like a time.
fn is_timestamp(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let day = rest.split(['T', 't', ' ', '\t']).next().unwrap_or_default();
    year.len() == 4 && digits(year) && month.len() <= 2 && digits(month) && day.len() <= 2 && digits(day)
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn what_nobody_quotes_is_not_quoted() {
        #[rustfmt::skip]
        let plain = [
            "a", "n8n", "192.168.1.1", "192.168.1.0/24", "10.0.0.1:80", "1.115.3", "v1.2", "2026.10.14",
            "512Mi", "250m", "2Gi", "/dev/ttyUSB0", "--batch-file", "-v", "docker.io/n8nio/n8n:1.115.3",
            "http://a.b:80/c?d=e", "two words", "it's", "a, b", "tüv", "app.kubernetes.io/name", "fe80::1",
            "helm.sh/resource-policy", "$(POD_IP)", "(a)", "0.0.0.0", "a=b", "a#b", "漢字",
        ];
        for text in plain {
            assert!(is_plain(text), "{text:?}");
        }
    }

    #[test]
    fn what_some_reader_misreads_is_quoted() {
        #[rustfmt::skip]
        let quoted = [
            "", "y", "N", "yes", "No", "on", "OFF", "True", "null", "~", "~a", "=", "<<", ".inf", "-.INF",
            ".NaN", "1", "-1", "+1", "012", "0x1f", "0o17", "0b1", "1_000", "1,000", "1e3", "12e03", "1.5",
            ".5", "5.", "1.5e+3", "1:30", "190:20:30.15", "2026-11-23", "2026-1-1T00:00:00Z", "- a", "-",
            "---", "--- a", "...", "?", "? a", "a: b", "a:", ":a", "a #b", "#a", " a", "a ", "@a", "%a",
            "`a", "*a", "&a", "!a", "|", ">", "[a]", "{a}", "'a'", "\"a\"", "a\tb", "a\nb", "a\rb",
            "a\u{85}b", "a\u{2028}b", "\u{feff}a", "a\u{0}b", "a\u{200b}b", "a\u{a0}b", "a\u{202e}b",
            "a\u{fffe}b", "a\u{1fffe}b", "+", ".", "_", "._1", "1__0",
        ];
        for text in quoted {
            assert!(!is_plain(text), "{text:?}");
        }
    }
}
