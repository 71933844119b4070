//! Names and texts that Nix reads back as they are.

use model::escape;

/// Words that cannot name an attribute without quotes.
const KEYWORDS: [&str; 9] = ["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then"];

/// The name of an attribute, quoted where it must be.
pub fn key(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { string(name) }
}

/// Whether `name` is an identifier that is no keyword.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_'-".contains(&byte))
        && name != "with"
        && !KEYWORDS.contains(&name)
}

/// A text in double quotes.
///
/// A NUL, which no Nix string can hold, becomes the replacement character.
pub fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut rest = text.chars().peekable();
    while let Some(char) = rest.next() {
        if let Some(escape) = escape(char) {
            out.push_str(escape);
            continue;
        }
        match char {
            '\0' => out.push('\u{fffd}'),
            '$' if rest.peek() == Some(&'{') => out.push_str("\\$"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// The lines of `text` as they stand in an indented string (`''…''`), before indentation, where that reads back as
/// `text` and is easy to read; `None` where double quotes are better.
pub(crate) fn indented_lines(text: &str) -> Option<Vec<String>> {
    let body = text.strip_suffix('\n')?;
    let lines: Vec<&str> = body.split('\n').collect();
    // Nix strips the indentation that all lines share, and what looks like an end or an escape is better avoided.
    let is_flush = lines.iter().any(|line| !line.is_empty() && !line.starts_with(' '));
    let has_blank = lines.iter().any(|line| !line.is_empty() && line.trim().is_empty());
    let is_plain = !["''", "'$"].iter().any(|odd| text.contains(odd))
        && !text.contains(|char: char| char.is_control() && char != '\n');
    (lines.len() > 1 && is_flush && !has_blank && is_plain)
        .then(|| lines.iter().map(|line| line.replace("${", "''${")).collect())
}

/// A text in a comment: on one line, without what could end it.
pub(crate) fn comment(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_they_must_be() {
        let names = ["enable", "k3s-token", "x'", "or", "with", "0ad", "a.b", "", "-x"];
        let written: Vec<String> = names.into_iter().map(key).collect();
        assert_eq!(
            written,
            ["enable", "k3s-token", "x'", "\"or\"", "\"with\"", "\"0ad\"", "\"a.b\"", "\"\"", "\"-x\""]
        );
    }

    #[test]
    fn texts_hold_no_escape() {
        assert_eq!(string("${x} $x $${y} \"\\\n"), r#""\${x} $x $\${y} \"\\\n""#);
    }

    #[test]
    fn odd_texts_are_not_indented() {
        assert!(indented_lines("a\nb\n").is_some());
        for odd in ["a\n", "a\nb", " a\n b\n", "a\n  \nb\n", "a''\nb\n", "'${x}\nb\n", "a\r\nb\n"] {
            assert_eq!(indented_lines(odd), None, "{odd:?}");
        }
    }
}
