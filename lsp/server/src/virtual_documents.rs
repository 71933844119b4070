//! Documents that are in no folder: the library's files, and the pages of rules.

use std::str::FromStr;

use diagnostics::{Registry, Rule};
use tower_lsp::ls_types::Uri;

/// A file of the library: `hlc-std:/std/core/lab.hl`.
const LIBRARY: &str = "hlc-std";
/// A page of a rule: `hlc-rule:/unknown-name.md`.
const RULE: &str = "hlc-rule";

/// The schemes of all of them.
pub(crate) const SCHEMES: [&str; 2] = [LIBRARY, RULE];

/// Where a file of the library is.
pub(crate) fn library_uri(file: &str) -> Option<Uri> {
    Uri::from_str(&format!("{LIBRARY}:/{file}")).ok()
}

/// The file of the library that a URI means.
pub(crate) fn library_file(uri: &Uri) -> Option<&str> {
    uri.as_str().strip_prefix(LIBRARY)?.strip_prefix(":/")
}

/// Where the page of a rule is.
pub(crate) fn rule_uri(rule: &Rule) -> Option<Uri> {
    Uri::from_str(&format!("{RULE}:/{}.md", rule.name)).ok()
}

/// What is in a document that is in no folder.
pub(crate) fn content(uri: &Uri) -> Option<String> {
    if let Some(file) = library_file(uri) {
        return stdlib::text(file).map(str::to_owned);
    }
    let rule = uri.as_str().strip_prefix(RULE)?.strip_prefix(":/")?.strip_suffix(".md")?;
    Some(Registry::new(driver::RULES).find(rule)?.page.to_owned())
}
