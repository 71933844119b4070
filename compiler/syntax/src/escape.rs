//! What a text means: escapes resolved, indentation removed.

use smol_str::SmolStr;

/// A `\` that escapes nothing known, or wrongly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadEscape {
    /// Where it starts, in bytes of what was given.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
}

/// What stands between the quotes of a text, with its escapes resolved. A bad escape stays as it is written.
pub(crate) fn unescape(raw: &str) -> SmolStr {
    if !raw.as_bytes().contains(&b'\\') {
        return raw.into();
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (len, c) = escape(rest);
        match c {
            Some(c) => text.push(c),
            None => text.push_str(&rest[..len]),
        }
        rest = &rest[len..];
    }
    text.push_str(rest);
    text.into()
}

/// What stands between the quotes of a `nix"…"`: only `\"` and `\\` are escapes.
pub(crate) fn unescape_nix(raw: &str) -> SmolStr {
    if !raw.as_bytes().contains(&b'\\') {
        return raw.into();
    }
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(&next @ ('"' | '\\'))) => {
                text.push(next);
                chars.next();
            }
            _ => text.push(c),
        }
    }
    text.into()
}

/// The bad escapes in what stands between the quotes of a text.
pub(crate) fn bad_escapes(raw: &str) -> Vec<BadEscape> {
    let mut bad = Vec::new();
    let mut at = 0;
    while let Some(found) = raw[at..].find('\\') {
        at += found;
        let (len, c) = escape(&raw[at..]);
        if c.is_none() {
            bad.push(BadEscape { start: at, end: at + len });
        }
        at += len;
    }
    bad
}

/// The length of the escape that `rest` starts with, and the character it means.
fn escape(rest: &str) -> (usize, Option<char>) {
    match rest.as_bytes().get(1) {
        Some(b'n') => (2, Some('\n')),
        Some(b'r') => (2, Some('\r')),
        Some(b't') => (2, Some('\t')),
        Some(b'"') => (2, Some('"')),
        Some(b'\\') => (2, Some('\\')),
        Some(b'$') => (2, Some('$')),
        Some(b'u') => unicode(rest),
        _ => (1 + rest[1..].chars().next().map_or(0, char::len_utf8), None),
    }
}

fn unicode(rest: &str) -> (usize, Option<char>) {
    let Some(digits) = rest[2..].strip_prefix('{') else { return (2, None) };
    let len = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
    if digits.as_bytes().get(len) != Some(&b'}') {
        return (3 + len, None);
    }
    let c = u32::from_str_radix(&digits[..len], 16).ok().and_then(char::from_u32);
    (4 + len, c)
}

/// The parts of a `"""` text between its quotes and `${…}`s, without the common indentation and with the first line's
/// end removed; escapes are not resolved.
///
/// The indentation is the least of the lines that say something and of the closing quotes' line.
pub(crate) fn dedent(parts: &[&str]) -> Vec<String> {
    let indent = indentation(parts);
    let last = parts.len().saturating_sub(1);
    let mut out = Vec::with_capacity(parts.len());
    for (nth, part) in parts.iter().enumerate() {
        let mut lines = part.split('\n');
        let first = trim_carriage_return(lines.next().unwrap_or_default(), nth < last || part.contains('\n'));
        let mut text = String::with_capacity(part.len());
        let drops_first = nth == 0 && part.contains('\n') && first.trim().is_empty();
        if !drops_first {
            text.push_str(first);
        }
        let mut is_first = drops_first;
        let mut lines = lines.peekable();
        while let Some(line) = lines.next() {
            if !is_first {
                text.push('\n');
            }
            is_first = false;
            let is_last_line = lines.peek().is_none();
            if is_last_line && nth == last && line.trim().is_empty() {
                continue;
            }
            text.push_str(cut_indent(trim_carriage_return(line, !is_last_line), indent));
        }
        out.push(text);
    }
    out
}

fn trim_carriage_return(line: &str, ends: bool) -> &str {
    if ends { line.strip_suffix('\r').unwrap_or(line) } else { line }
}

fn cut_indent(line: &str, indent: usize) -> &str {
    let len = blanks(line).min(indent);
    &line[len..]
}

fn blanks(line: &str) -> usize {
    line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// The least indentation of the lines that say something. The last line of a part goes on with a `${…}` or the closing
/// quotes, so it says something.
fn indentation(parts: &[&str]) -> usize {
    let mut least = None;
    for part in parts {
        let mut lines = part.split('\n').skip(1).peekable();
        while let Some(line) = lines.next() {
            if !line.trim().is_empty() || lines.peek().is_none() {
                let indent = blanks(line);
                least = Some(least.map_or(indent, |least: usize| least.min(indent)));
            }
        }
    }
    least.unwrap_or(0)
}
