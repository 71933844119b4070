//! Where items are: from places in items to bytes of files.

use std::sync::Arc;

use diagnostics::Sources;
use names::{Db, Found, SourceFile, Workspace};
use source::ItemKey;

/// The file that an expression without a file is in.
pub(crate) const EVAL: &str = "<eval>";

/// The files of a database as the texts that places are in.
pub(crate) struct Files<'db> {
    /// The database.
    pub db: &'db dyn Db,
    /// What stands in `<eval>`.
    pub expression: Option<&'db str>,
}

impl Files<'_> {
    /// The file at `path`.
    pub(crate) fn file(&self, path: &str) -> Option<SourceFile> {
        let workspace = Workspace::get(self.db);
        let mut all = workspace.lab(self.db).iter().chain(workspace.std(self.db));
        all.find(|file| **file.path(self.db) == *path).copied()
    }
}

/// What is in a file that the lab reads as data.
pub(crate) fn data_text<'db>(db: &'db dyn Db, file: &str) -> Option<&'db Arc<str>> {
    match names::data_file(db, file)? {
        Found::Text(text) => Some(text),
        _ => None,
    }
}

impl Sources for Files<'_> {
    fn text(&self, file: &str) -> Option<&str> {
        if file == EVAL {
            return self.expression;
        }
        let own = self.file(file).map(|file| &**file.text(self.db));
        own.or_else(|| data_text(self.db, file).map(|text| &**text))
    }

    fn offset(&self, item: &ItemKey) -> Option<u32> {
        if &**item.file() == EVAL {
            return self.expression.map(|_| 0);
        }
        let own = names::find(self.db, item).map(|item| item.offset(self.db));
        // A file that is read as data is one piece, which is no item.
        own.or_else(|| names::data_file(self.db, item.file()).filter(|_| item.head().is_empty()).map(|_| 0))
    }
}
