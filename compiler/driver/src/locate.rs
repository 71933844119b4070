//! Where items are: from places in items to bytes of files.

use diagnostics::Sources;
use names::{Db, SourceFile, Workspace};
use source::ItemKey;

/// The files of a database as the texts that places are in.
pub(crate) struct Files<'db> {
    /// The database.
    pub db: &'db dyn Db,
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
        self.file(file).map(|file| &**file.text(self.db))
    }

    fn offset(&self, item: &ItemKey) -> Option<u32> {
        crate::queries::values_item(self.db, item).map(|item| item.offset(self.db))
    }
}
