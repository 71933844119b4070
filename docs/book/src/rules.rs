//! The pages of rules: what `hlc explain` shows, a chapter each.

use std::fmt::Write;

use diagnostics::{Registry, Severity};

use crate::library::Made;

/// The page that all rules are listed on, in the book.
pub(crate) const LIST: &str = "rules.md";

/// All pages, by their paths in the book, with what they are called.
pub(crate) fn chapters() -> Vec<Made> {
    let registry = Registry::new(driver::RULES);
    let page = |rule: &&diagnostics::Rule| (rule.address(), rule.name.to_owned(), rule.full_page());
    registry
        .rules()
        .iter()
        .map(page)
        .map(|(path, name, text)| (path.replace(".html", ".md"), name, text))
        .collect()
}

/// The list of all rules.
pub(crate) fn list() -> String {
    let registry = Registry::new(driver::RULES);
    let mut text = "# Rules\n\nWhat `hlc check` finds. The name of a rule stands in brackets behind a problem's severity, \
                    and `hlc explain NAME` shows its page.\n"
        .to_owned();
    for (severity, title) in [
        (Severity::Error, "Errors: nothing is built while one stands"),
        (Severity::Warning, "Warnings: worth a look"),
    ] {
        let _ = write!(text, "\n## {title}\n\n| rule | what breaks it |\n|---|---|\n");
        for rule in registry.rules().iter().filter(|rule| rule.severity == severity) {
            let path = rule.address().replace(".html", ".md");
            let _ = writeln!(text, "| [`{}`]({path}) | {} |", rule.name, rule.summary.replace('|', "\\|"));
        }
    }
    text
}
