//! What YAML and Nix have in common where they write texts in double quotes.

/// The escape of a character that stands for something else in double quotes, or would end a line; nothing for the
/// others, of which each of the languages has its own.
pub const fn escape(char: char) -> Option<&'static str> {
    Some(match char {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => return None,
    })
}
