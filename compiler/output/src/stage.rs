//! Under temporary names: everything that will be in the folder, before anything of it is there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::look::Tree;
use crate::plan::Write;
use crate::shares::{in_shares, worth};
use crate::{Disk, OutputError, paths};

/// What gets its name in one step: a file, or a directory that is not there yet, with all that is below it.
pub(crate) struct Piece<'a> {
    /// What it is called until then.
    pub(crate) temporary: String,
    /// What it will be called.
    pub(crate) path: &'a str,
    /// What it is made of. Below a directory, names are final from the start.
    files: &'a [Write<'a>],
}

impl<'a> Piece<'a> {
    /// The file that it is; `None` when it is a directory.
    pub(crate) fn file(&self) -> Option<&'a Write<'a>> {
        self.files.iter().find(|write| write.path == self.path)
    }

    fn temporary_of(&self, write: &Write<'_>) -> String {
        format!("{}{}", self.temporary, &write.path[self.path.len()..])
    }
}

/// What is staged in a folder.
pub(crate) struct Stage<'a, D> {
    disk: &'a D,
    folder: &'a Path,
    /// How many temporary names were given, each with the number of the process.
    names: usize,
    process: u32,
    /// Temporary directories that pieces are in, where they are many.
    pub(crate) crowds: Vec<String>,
    pub(crate) pieces: Vec<Piece<'a>>,
    /// Temporary files that are no pieces.
    texts: Vec<String>,
}

impl<'a, D: Disk> Stage<'a, D> {
    pub(crate) fn new(disk: &'a D, folder: &'a Path) -> Self {
        let (process, names) = (std::process::id(), 0);
        Self { disk, folder, names, process, crowds: Vec::new(), pieces: Vec::new(), texts: Vec::new() }
    }

    /// A temporary name in the folder itself, where one look finds what is left over.
    fn name(&mut self) -> String {
        let name = format!("{}{}-{}", paths::TEMPORARY, self.process, self.names);
        self.names += 1;
        name
    }

    /// Writes `content` under a temporary name.
    pub(crate) fn text(&mut self, content: &str) -> Result<String, OutputError> {
        let name = self.name();
        self.texts.push(name.clone());
        write_new(self.disk, &self.folder.join(&name), content)?;
        Ok(name)
    }

    /// Writes all files under temporary names, and returns what must be synced for them to be whole.
    pub(crate) fn files(&mut self, write: &'a [Write<'a>]) -> Result<Vec<PathBuf>, OutputError> {
        self.place(write);
        let (disk, folder) = (self.disk, self.folder);
        let make = |name: &String| create_dir(disk, &folder.join(name));
        self.crowds.iter().try_for_each(make)?;
        let trees: Vec<&Piece<'_>> = self.pieces.iter().filter(|piece| piece.file().is_none()).collect();
        in_shares(worth(disk.threads(), trees.len()), &trees, |share| {
            share.iter().try_for_each(|tree| make(&tree.temporary))
        })?;
        let files: Vec<_> = self
            .pieces
            .iter()
            .flat_map(|piece| piece.files.iter().map(move |write| (piece, write)))
            .collect();
        let shares = in_shares(worth(disk.threads(), files.len()), &files, |share| {
            let tree = Tree::new(disk, folder);
            let mut new = Vec::with_capacity(share.len());
            for (piece, write) in share {
                let path = piece.temporary_of(write);
                tree.make_way(&path, &mut |directory| new.push(folder.join(directory)))?;
                let path = folder.join(path);
                write_new(disk, &path, write.content)?;
                new.push(path);
            }
            Ok(new)
        })?;
        let trees = trees.into_iter().map(|tree| folder.join(&tree.temporary));
        Ok(trees.chain(shares.into_iter().flatten()).collect())
    }

    /// Where each piece is staged: in the folder, or in temporary directories of it where they are many.
    fn place(&mut self, write: &'a [Write<'a>]) {
        let pieces: Vec<&[Write<'_>]> = write.chunk_by(|one, next| one.whole() == next.whole()).collect();
        let is_crowd = pieces.len() > self.disk.crowd();
        for some in pieces.chunks(self.disk.crowd()) {
            let crowd = is_crowd.then(|| self.name());
            for files in some {
                let name = self.name();
                let temporary = crowd.as_ref().map_or(name.clone(), |crowd| format!("{crowd}/{name}"));
                self.pieces.push(Piece { temporary, path: files[0].whole(), files });
            }
            self.crowds.extend(crowd);
        }
    }

    /// Removes what was staged, after an error. What cannot be removed is removed by the next run.
    pub(crate) fn discard(&self) {
        let pieces = self.pieces.iter();
        let files = pieces.flat_map(|piece| piece.files.iter().map(|write| piece.temporary_of(write)));
        let files: Vec<String> = files.chain(self.texts.iter().cloned()).collect();
        for path in &files {
            let _ = self.disk.remove_file(&self.folder.join(path));
        }
        let directories: BTreeSet<&str> = files.iter().flat_map(|path| paths::parents(path)).collect();
        for path in directories.into_iter().rev() {
            let _ = self.disk.remove_dir(&self.folder.join(path));
        }
    }
}

fn write_new<D: Disk>(disk: &D, path: &Path, content: &str) -> Result<(), OutputError> {
    disk.write_new(path, content.as_bytes()).map_err(OutputError::disk("write", path))
}

pub(crate) fn create_dir<D: Disk>(disk: &D, path: &Path) -> Result<(), OutputError> {
    disk.create_dir(path).map_err(OutputError::disk("create directory", path))
}
