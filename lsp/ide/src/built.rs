//! What a declaration is built to, as one document.

use std::fmt::Write;

use driver::{BuiltFile, Session};

use crate::here::{Here, items};
use crate::{FilePosition, FileRange};

/// A declaration that something is built of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltFrom {
    /// Its first words, by which [`built`] finds it: `app web`.
    pub head: String,
    /// What the document is written in, by the end of its name.
    pub language: &'static str,
    /// Where the declaration's text is.
    pub range: FileRange,
}

/// The declaration around a place, if something is built of it.
pub fn built_from(session: &Session, at: &FilePosition) -> Option<BuiltFrom> {
    let here = Here::at(session, at)?;
    let key = here.item.key(session.db());
    let files = session.built(key);
    let length = u32::try_from(here.item.text(session.db()).len()).unwrap_or(u32::MAX);
    let range = crate::here::range_in(session, here.item, source::Span::new(0, length));
    let first = files.first()?;
    Some(BuiltFrom { head: key.head().to_owned(), language: language(first), range })
}

/// All that the declaration with these first words in a file is built to: each file under its name, those that are its
/// own first. Of secrets there are only the names.
pub fn built(session: &Session, file: &str, head: &str) -> Option<String> {
    let db = session.db();
    let item = items(session, file).find(|item| item.key(db).head() == head)?;
    let mut text = String::new();
    let mut before = None;
    for file in session.built(item.key(db)) {
        if before == Some("yaml") && language(&file) == "yaml" {
            text.push_str("---\n");
        }
        before = Some(language(&file));
        let _ = writeln!(text, "# {}{}", file.path, if file.is_shared { " (with others)" } else { "" });
        text.push_str(file.text.strip_prefix("---\n").unwrap_or(&file.text));
        text.push_str(if file.text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    Some(text)
}

fn language(file: &BuiltFile) -> &'static str {
    if file.path.starts_with("nixos/") && !file.path.starts_with("nixos/secrets/") { "nix" } else { "yaml" }
}
