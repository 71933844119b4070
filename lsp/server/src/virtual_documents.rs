//! Documents that are in no folder: the library's files, the pages of rules, and what declarations are built to.

use std::str::FromStr;

use diagnostics::{Registry, Rule};
use tower_lsp::ls_types::Uri;

/// A file of the library: `hlc-std:/std/core/lab.hl`.
const LIBRARY: &str = "hlc-std";
/// A page of a rule: `hlc-rule:/unknown-name.md`.
const RULE: &str = "hlc-rule";
/// What a declaration of a document is built to: `hlc-built:/app%20web.yaml?file:///home/ana/lab/homelab.hl`.
const BUILT: &str = "hlc-built";

/// The schemes of all of them.
pub(crate) const SCHEMES: [&str; 3] = [LIBRARY, RULE, BUILT];

/// What a document of what is built is about.
pub(crate) struct Built {
    /// The document that declares it.
    pub(crate) document: Uri,
    /// The first words of the declaration.
    pub(crate) head: String,
}

/// Where it is shown what a declaration of a document is built to, which is written in a language.
pub(crate) fn built_uri(document: &Uri, head: &str, language: &str) -> Option<Uri> {
    Uri::from_str(&format!("{BUILT}:/{}.{language}?{}", escaped(head), escaped(document.as_str()))).ok()
}

/// What such a URI means. Clients may write it otherwise, with more or fewer characters escaped.
pub(crate) fn built(uri: &Uri) -> Option<Built> {
    let (name, document) = uri.as_str().strip_prefix(BUILT)?.strip_prefix(":/")?.split_once('?')?;
    let (head, _) = name.rsplit_once('.')?;
    Some(Built { document: Uri::from_str(&unescaped(document)).ok()?, head: unescaped(head) })
}

fn escaped(text: &str) -> String {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/');
    let one = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('%') {
        bytes.extend(before.bytes());
        if let Some(byte) = behind.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(byte);
            rest = &behind[2..];
        } else {
            bytes.push(b'%');
            rest = behind;
        }
    }
    bytes.extend(rest.bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

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

/// What is in a document that is in no folder and the same in all labs.
pub(crate) fn content(uri: &Uri) -> Option<String> {
    if let Some(file) = library_file(uri) {
        return stdlib::text(file).map(str::to_owned);
    }
    let rule = uri.as_str().strip_prefix(RULE)?.strip_prefix(":/")?.strip_suffix(".md")?;
    Some(Registry::new(driver::RULES).find(rule)?.page.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_of_what_is_built_are_found_again() {
        let document = Uri::from_str("file:///home/a%20b/homelab.hl").expect("a URI");
        for head in ["app web", "app \"a/b 100%\"", "lab", "namespace ä.b"] {
            let uri = built_uri(&document, head, "yaml").expect("a URI");
            let Built { document: found, head: again } = built(&uri).expect("it is one");
            assert_eq!((found.as_str(), again.as_str()), (document.as_str(), head), "{}", uri.as_str());
        }
        // As VS Code writes it.
        let other = Uri::from_str("hlc-built:/app%20web.yaml?file%3A///home/homelab.hl").expect("a URI");
        assert_eq!(built(&other).expect("it is one").document.as_str(), "file:///home/homelab.hl");
    }
}
