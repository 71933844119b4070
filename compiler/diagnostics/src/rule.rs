//! What a rule is, and how one is declared.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is built while the problem stands.
    Error,
    /// Worth a look; the lab is built all the same.
    Warning,
}

impl Severity {
    /// The word that reports use: `error`, `warning`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A rule that a lab can break. Declared once with [`declare_rule!`](crate::declare_rule), and equal to another
/// rule when the names are equal.
pub struct Rule {
    /// What the rule is called everywhere, in kebab case: `unknown-name`.
    pub name: &'static str,
    /// What breaks the rule, in a few words.
    pub summary: &'static str,
    /// How bad a problem of this rule is.
    pub severity: Severity,
    /// The version of `hlc` that had the rule first.
    pub since: &'static str,
    /// The page that `hlc explain` shows, in Markdown.
    pub page: &'static str,
}

impl Rule {
    /// A rule.
    ///
    /// Used by [`declare_rule!`](crate::declare_rule) in a `static`, where a bad name fails the build.
    ///
    /// # Panics
    ///
    /// If `name` is not in kebab case.
    pub const fn new(
        name: &'static str,
        severity: Severity,
        since: &'static str,
        summary: &'static str,
        page: &'static str,
    ) -> Self {
        assert!(is_kebab(name), "the name of a rule is in kebab case, such as `unknown-name`");
        Self { name, summary, severity, since, page }
    }

    /// Its page with all else that there is to know.
    pub fn full_page(&self) -> String {
        let Self { name, summary, severity, since, page } = self;
        let page = page.strip_prefix(&format!("# {name}\n")).unwrap_or(page).trim_start();
        format!("# {name}\n\n{severity}, since {since}: {summary}\n\n{page}")
    }

    /// Where its page is in the book of the documentation, from where that begins.
    pub fn address(&self) -> String {
        format!("rules/{}.html", self.name)
    }
}

/// Whether `name` is made of words of `a-z0-9` with one `-` between them, the first beginning with a letter.
const fn is_kebab(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut at = 0;
    let mut in_word = false;
    while at < bytes.len() {
        in_word = match bytes[at] {
            b'a'..=b'z' => true,
            b'0'..=b'9' if at > 0 => true,
            b'-' if in_word => false,
            _ => return false,
        };
        at += 1;
    }
    in_word
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Rule {}

impl Hash for Rule {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl PartialOrd for Rule {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rule {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(other.name)
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Declares a [`Rule`] as a `static`. The page is a file beside the one that declares the rule.
///
/// ```ignore
/// declare_rule! {
///     pub UNKNOWN_NAME, "unknown-name", error, since "0.1",
///     "a name that nothing in the lab has", page "unknown_name.md"
/// }
/// ```
#[macro_export]
macro_rules! declare_rule {
    (
        $(#[$attribute:meta])*
        $visibility:vis $rule:ident, $name:literal, $severity:ident, since $since:literal,
        $summary:literal, page $page:literal $(,)?
    ) => {
        #[doc = $summary]
        $(#[$attribute])*
        $visibility static $rule: $crate::Rule = $crate::Rule::new(
            $name,
            $crate::declare_rule!(@severity $severity),
            $since,
            $summary,
            include_str!($page),
        );
    };
    (@severity error) => { $crate::Severity::Error };
    (@severity warning) => { $crate::Severity::Warning };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{UNKNOWN_NAME, UNUSED};

    #[test]
    fn a_declared_rule_has_its_page() {
        assert_eq!(UNKNOWN_NAME.severity, Severity::Error);
        assert_eq!(UNUSED.severity, Severity::Warning);
        assert!(UNKNOWN_NAME.page.starts_with("# unknown-name\n"));
    }

    #[test]
    fn rules_compare_by_name() {
        let other = Rule::new("unused", Severity::Error, "9", "", "");
        assert_eq!(other, UNUSED);
        assert!(UNKNOWN_NAME < UNUSED);
    }

    #[test]
    fn names_are_kebab() {
        for good in ["a", "unknown-name", "tls-1-2", "ipv4"] {
            assert!(is_kebab(good), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "a_b", "4a", "ä"] {
            assert!(!is_kebab(bad), "{bad}");
        }
    }
}
