//! Whether a line looks like the start of a statement.
//!
//! Needed where brackets or quotes do not balance: a line that clearly starts something new ends what was left open.
//! Works on bytes, because it is asked inside texts too.

use crate::steps::step;

/// Words that go on with an expression, so that no statement starts with them unless they are set.
const GOES_ON: [&[u8]; 11] =
    [b"and", b"or", b"not", b"in", b"contains", b"if", b"then", b"else", b"match", b"for", b"none"];

/// Whether `line` starts like a statement: words, dotted words or texts, then `{`, `=`, `+=` or `:`; after two words
/// `(` or `[` will do.
pub(crate) fn starts_statement(line: &[u8]) -> bool {
    statement_sign(line).is_some()
}

/// As [`starts_statement`], but not for `key: value`, which may be an entry of a map.
pub(crate) fn starts_declaration(line: &[u8]) -> bool {
    statement_sign(line).is_some_and(|sign| sign != b':')
}

/// Whether `line` starts with dotted words and `{`: what a head's last word and its body look like.
pub(crate) fn opens_body(line: &[u8]) -> bool {
    path_end(line, 0).is_some_and(|end| line.get(skip_blanks(line, end)) == Some(&b'{'))
}

/// The sign by which `line` looks like the start of a statement.
fn statement_sign(line: &[u8]) -> Option<u8> {
    if line.first() == Some(&b'"') {
        return None;
    }
    let mut at = 0;
    let mut words = 0;
    while words < 8 {
        let Some(end) = path_end(line, at) else { break };
        if words == 0 && GOES_ON.contains(&&line[..end]) {
            return assigns(&line[end..]).then_some(b'=');
        }
        if words == 0 && &line[..end] == b"import" {
            return line.get(end).copied().filter(|next| *next == b' ');
        }
        words += 1;
        at = skip_blanks(line, end);
    }
    let sign = *line.get(at).filter(|_| words > 0)?;
    let next = line.get(at + 1);
    let fits = match sign {
        b'{' => true,
        b'+' => next == Some(&b'='),
        b'=' => !matches!(next, Some(b'=' | b'>')),
        b':' => next.is_none_or(u8::is_ascii_whitespace),
        b'(' | b'[' => words > 1,
        _ => false,
    };
    fits.then_some(sign)
}

/// Whether `=` or `+=` follows.
pub(crate) fn assigns(rest: &[u8]) -> bool {
    let at = skip_blanks(rest, 0);
    match (rest.get(at), rest.get(at + 1)) {
        (Some(b'='), next) => !matches!(next, Some(b'=' | b'>')),
        (Some(b'+'), next) => matches!(next, Some(b'=')),
        _ => false,
    }
}

fn skip_blanks(line: &[u8], from: usize) -> usize {
    from + line[from..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// Where the dotted words that start at `from` end.
fn path_end(line: &[u8], from: usize) -> Option<usize> {
    let mut at = segment_end(line, from)?;
    while line.get(at) == Some(&b'.') {
        match segment_end(line, at + 1) {
            Some(end) => at = end,
            None => break,
        }
    }
    Some(at)
}

fn segment_end(line: &[u8], from: usize) -> Option<usize> {
    match line.get(from)? {
        b'"' => {
            let len = line[from + 1..].iter().take(200).position(|byte| matches!(byte, b'"' | b'\n'))?;
            (line[from + 1 + len] == b'"').then_some(from + len + 2)
        }
        byte if byte.is_ascii_alphabetic() || *byte == b'_' => {
            let is_word = |byte: &&u8| {
                step(1);
                byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
            };
            Some(from + line[from..].iter().take_while(is_word).count())
        }
        _ => None,
    }
}
