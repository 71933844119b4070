//! Which files a file of the lab imports.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostics::{Problem, did_you_mean};
use source::{ItemKey, Place, relative_to};
use syntax::ast::{Import as Written, StatementKind};
use syntax::{Cut, ItemForm};
use types::problems::unknown_module::unreadable_import;

/// A file that the lab imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The file, relative to the lab's folder.
    pub path: String,
    /// What the import says.
    pub written: String,
    /// Where.
    pub place: Place,
}

impl Import {
    /// What it is known by: an absolute path is another file than the relative one of the same words.
    pub fn key(&self) -> &str {
        if self.written.starts_with('/') { &self.written } else { &self.path }
    }
}

/// Why a file that is imported is not part of the lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFault {
    /// The end of a sentence.
    pub reason: String,
    /// Names of files that may have been meant.
    pub near: Vec<String>,
}

/// What is wrong with imports, given the faults of files by [`Import::key`].
pub(crate) fn problems<'i>(
    imports: impl Iterator<Item = &'i Import>,
    faults: &BTreeMap<String, ImportFault>,
) -> Vec<Problem> {
    let problem = |import: &Import| {
        let fault = faults.get(import.key())?;
        let problem = unreadable_import(import.place.clone(), &import.written, &fault.reason);
        let near: Vec<&str> = fault.near.iter().map(String::as_str).collect();
        Some(problem.help_if(did_you_mean(&near)))
    };
    imports.filter_map(problem).collect()
}

/// The files that the file at `path`, with this text and these items, imports, in the order written.
///
/// Asks no database, so that the lab can be opened when all its files are known.
pub fn imports(path: &str, text: &str, items: &[Cut]) -> Vec<Import> {
    let is_import = |cut: &Cut| cut.head.form == ItemForm::Import;
    if !items.iter().any(is_import) {
        return Vec::new();
    }
    let file: Arc<str> = path.into();
    let items = names::keyed(&file, items.to_vec());
    let imports = items.filter(|(_, cut)| is_import(cut));
    imports.filter_map(|(key, cut)| import(&key, &text[cut.range])).collect()
}

/// The file that an item imports, if it does.
pub(crate) fn import(key: &ItemKey, text: &str) -> Option<Import> {
    let StatementKind::Import(Written::File(name)) = syntax::parse(key, text).statement.kind else {
        return None;
    };
    Some(Import {
        path: relative_to(key.file(), &name.text),
        written: name.text.to_string(),
        place: Place::new(key, name.span),
    })
}
