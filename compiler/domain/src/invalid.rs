//! Why a text is not a value.

use std::fmt;

/// A text that was refused: why, what to do, and the text to write instead where there is only one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Invalid {
    /// What is wrong, in the user's words; it stands alone, in lower case and without a full stop.
    pub reason: String,
    /// What to write instead, in words.
    pub help: Option<String>,
    /// The text that would be right in place of the whole refused text.
    pub fix: Option<String>,
}

impl Invalid {
    /// A refusal without advice.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), help: None, fix: None }
    }

    /// The refusal with advice in words.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The refusal with the text to write instead.
    #[must_use]
    pub fn with_fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// The refusal of `text` as `what` ("an address") for the reason that stands here as a bare cause.
    pub(crate) fn of(self, text: &str, what: &str) -> Self {
        let reason = format!("{} is not {what}: {}", quoted(text), self.reason);
        Self { reason, ..self }
    }

    /// The refusal with a fix that `read` accepts: where the fix has a mistake of its own, that is fixed too.
    pub(crate) fn settled<T>(mut self, read: impl Fn(&str) -> Result<T, Self>) -> Self {
        for _ in 0..MISTAKES {
            let Some(fix) = &self.fix else { return self };
            match read(fix) {
                Ok(_) => return self,
                Err(next) => self.fix = next.fix,
            }
        }
        Self { fix: None, ..self }
    }

    /// The refusal with its fix, if any, put into the text around it.
    pub(crate) fn map_fix(mut self, put: impl FnOnce(String) -> String) -> Self {
        self.fix = self.fix.map(put);
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Invalid {}

/// How many mistakes of one text are fixed at once.
const MISTAKES: usize = 8;
/// How many characters of a refused text are repeated in a reason.
const SHOWN: usize = 60;

/// `text` in quotes for a message: on one line, and not longer than a line.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", shown(text))
}

/// `text` for a message, without quotes.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (nth, character) in text.chars().enumerate() {
        if nth == SHOWN {
            shown.push('…');
            break;
        }
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// `words` as a list for a sentence: "a", "a or b", "a, b or c".
pub(crate) fn alternatives(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// `count` things: "1 part", "3 parts".
pub(crate) fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_on_one_line() {
        assert_eq!(quoted("a\nb"), "'a\\nb'");
        assert_eq!(quoted(&"x".repeat(100)), format!("'{}…'", "x".repeat(60)));
    }

    #[test]
    fn lists_alternatives() {
        assert_eq!(alternatives(&["a"]), "a");
        assert_eq!(alternatives(&["a", "b", "c"]), "a, b or c");
    }

    #[test]
    fn a_cause_becomes_a_reason() {
        let invalid = Invalid::new("300 is more than 255").of("1.2.3.300", "an address");
        assert_eq!(invalid.to_string(), "'1.2.3.300' is not an address: 300 is more than 255");
    }
}
