//! Texts and numbers as YAML writes them.

use std::borrow::Cow;

use model::escape;

use crate::plain::{is_plain, is_shown};

/// How deep two levels are apart.
pub(super) const STEP: usize = 2;

/// A text in the best style. `indent` is where the lines of a text of several lines start.
pub(super) fn text(text: &str, indent: usize) -> Cow<'_, str> {
    if is_plain(text) {
        text.into()
    } else if may_be_block(text) {
        block(text, indent).into()
    } else if text.trim_end_matches('\n').contains('\n') {
        double_quoted(text, Some(indent)).into()
    } else {
        one_line(text)
    }
}

/// A text on one line, whatever is in it; also for keys.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return text.into();
    }
    let has_escapes = text.contains(['"', '\\']);
    if has_escapes && !text.contains('\'') && text.chars().all(is_shown) {
        format!("'{text}'").into()
    } else {
        double_quoted(text, None).into()
    }
}

/// A number with a point and, in the exponent, a sign: only then is it a float to YAML 1.1.
pub(super) fn float(value: f64) -> String {
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let shown = format!("{value:?}");
    let Some((mantissa, exponent)) = shown.split_once('e') else { return shown };
    let mantissa = if mantissa.contains('.') { mantissa.to_owned() } else { format!("{mantissa}.0") };
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    format!("{mantissa}e{sign}{exponent}")
}

/// Whether a block scalar shows the lines as they are, to people too: no blanks at the ends of lines, and not more
/// than one line break at the end, which what follows could change.
fn may_be_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    text.contains('\n')
        && !body.is_empty()
        && !body.ends_with('\n')
        && body.split('\n').all(|line| !line.ends_with([' ', '\t']))
        && body.chars().all(|char| is_shown(char) || matches!(char, '\n' | '\t'))
}

/// `|` and the lines.
fn block(text: &str, indent: usize) -> String {
    let starts_blank = text.starts_with([' ', '\t', '\n']);
    let hint = if starts_blank { STEP.to_string() } else { String::new() };
    let chomp = if text.ends_with('\n') { "" } else { "-" };
    let mut out = format!("|{hint}{chomp}");
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&" ".repeat(indent));
            out.push_str(line);
        }
    }
    out
}

/// With escapes; if `indent` is given, a line of its own for every line of the text.
fn double_quoted(text: &str, indent: Option<usize>) -> String {
    let mut out = String::from('"');
    let mut at_line_start = false;
    for (at, char) in text.char_indices() {
        if at_line_start && char == ' ' {
            out.push('\\');
        }
        at_line_start = false;
        push_escaped(&mut out, char);
        let goes_on = at + char.len_utf8() < text.len();
        if let (Some(indent), '\n', true) = (indent, char, goes_on) {
            out.push_str("\\\n");
            out.push_str(&" ".repeat(indent));
            at_line_start = true;
        }
    }
    out.push('"');
    out
}

/// A character of a double-quoted text.
fn push_escaped(out: &mut String, char: char) {
    if let Some(escape) = escape(char) {
        return out.push_str(escape);
    }
    match char {
        char if is_shown(char) => out.push(char),
        char => {
            let escape = match u32::from(char) {
                code @ ..=0xff => format!("\\x{code:02X}"),
                code @ ..=0xffff => format!("\\u{code:04X}"),
                code => format!("\\U{code:08X}"),
            };
            out.push_str(&escape);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{float, text};

    #[test]
    fn floats_are_floats_to_both_versions() {
        let shown = [0.5, -0.0, 3.0, 1e16, 1.5e300, 1e-7, f64::MIN_POSITIVE, f64::INFINITY].map(float);
        assert_eq!(
            shown,
            ["0.5", "-0.0", "3.0", "1.0e+16", "1.5e+300", "1.0e-7", "2.2250738585072014e-308", ".inf"]
        );
    }

    #[test]
    fn lines_are_a_block() {
        assert_eq!(text("a\nb\n", 2), "|\n  a\n  b");
        assert_eq!(text("a\n\nb", 2), "|-\n  a\n\n  b");
        assert_eq!(text(" a\nb\n", 4), "|2\n     a\n    b");
        assert_eq!(text("a\n", 2), "|\n  a");
    }

    #[test]
    fn lines_that_a_block_could_lose_are_quoted_line_by_line() {
        assert_eq!(text("a \n  b\n", 2), "\"a \\n\\\n  \\  b\\n\"");
        assert_eq!(text("a\nb\n\n", 2), "\"a\\n\\\n  b\\n\\\n  \\n\"");
        assert_eq!(text("a\r\nb", 2), "\"a\\r\\n\\\n  b\"");
    }
}
