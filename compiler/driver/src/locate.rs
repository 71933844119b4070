//! Where items are: from places in items to bytes of files.

use diagnostics::Sources;
use names::{Db, SourceFile, Workspace};
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

impl Sources for Files<'_> {
    fn text(&self, file: &str) -> Option<&str> {
        if file == EVAL {
            return self.expression;
        }
        self.file(file).map(|file| &**file.text(self.db))
    }

    fn offset(&self, item: &ItemKey) -> Option<u32> {
        if &**item.file() == EVAL {
            return self.expression.map(|_| 0);
        }
        names::find(self.db, item).map(|item| item.offset(self.db))
    }
}
