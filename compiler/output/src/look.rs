//! What stands in a folder, without following a link.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::hash::Hash;
use crate::{Disk, Kind, OutputError, paths};

/// What stands where a file is, or will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing, or not even its directory.
    Nothing,
    /// A file with this content.
    File(Hash),
    /// Something else: at the path itself, or a file or link where a directory above it would be.
    Obstacle(String, Kind),
}

/// What stands where a file is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Looked {
    /// The file as it is made.
    AsMade,
    /// Something else.
    Else(Found),
}

/// A folder on a disk.
pub(crate) struct Tree<'a, D> {
    pub(crate) disk: &'a D,
    pub(crate) folder: &'a Path,
    /// Directories that are there: asked for once, since a folder has far fewer than files.
    directories: RefCell<BTreeSet<String>>,
    /// The directory that was last found missing: files are looked at in the order of their paths.
    missing: RefCell<Option<String>>,
}

impl<'a, D> Tree<'a, D> {
    pub(crate) fn new(disk: &'a D, folder: &'a Path) -> Self {
        Self { disk, folder, directories: RefCell::default(), missing: RefCell::default() }
    }
}

impl<D: Disk> Tree<'_, D> {
    /// Whether the folder is there; fails when something else is there.
    pub(crate) fn exists(&self) -> Result<bool, OutputError> {
        match self.disk.kind(self.folder).map_err(OutputError::disk("read", self.folder))? {
            None => Ok(false),
            Some(Kind::Directory) => Ok(true),
            Some(kind) => Err(OutputError::BadFolder { path: self.folder.to_owned(), kind }),
        }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    pub(crate) fn kind(&self, path: &str) -> Result<Option<Kind>, OutputError> {
        let path = self.path(path);
        self.disk.kind(&path).map_err(OutputError::disk("read", &path))
    }

    /// What stands at `path`.
    pub(crate) fn look(&self, path: &str) -> Result<Found, OutputError> {
        Ok(match self.read(path)? {
            Ok(content) => Found::File(Hash::of(&content)),
            Err(found) => found,
        })
    }

    /// What stands at `path`, where a file with `content` is made.
    pub(crate) fn look_for(&self, path: &str, content: &str) -> Result<Looked, OutputError> {
        Ok(match self.read(path)? {
            Ok(found) if found == content.as_bytes() => Looked::AsMade,
            Ok(found) => Looked::Else(Found::File(Hash::of(&found))),
            Err(found) => Looked::Else(found),
        })
    }

    /// The content of the file at `path`, or what stands there instead.
    fn read(&self, path: &str) -> Result<Result<Vec<u8>, Found>, OutputError> {
        let directly_above = path.rsplit_once('/').map(|(above, _)| above);
        if directly_above.is_some_and(|above| !self.directories.borrow().contains(above)) {
            if self.missing.borrow().as_deref().is_some_and(|missing| is_below(path, missing)) {
                return Ok(Err(Found::Nothing));
            }
            for above in paths::parents(path) {
                match self.kind(above)? {
                    None => {
                        *self.missing.borrow_mut() = Some(above.to_owned());
                        return Ok(Err(Found::Nothing));
                    }
                    Some(Kind::Directory) => {}
                    Some(kind) => return Ok(Err(Found::Obstacle(above.to_owned(), kind))),
                }
            }
            self.directories.borrow_mut().extend(directly_above.map(str::to_owned));
        }
        match self.kind(path)? {
            None => Ok(Err(Found::Nothing)),
            Some(Kind::File) => {
                let path = self.path(path);
                Ok(Ok(self.disk.read(&path).map_err(OutputError::disk("read", &path))?))
            }
            Some(kind) => Ok(Err(Found::Obstacle(path.to_owned(), kind))),
        }
    }

    /// Makes the directory that `path` is in, and those above it; `made` is told each that was not there.
    pub(crate) fn make_way(&self, path: &str, made: &mut impl FnMut(&Path)) -> Result<(), OutputError> {
        for above in paths::parents(path) {
            if self.directories.borrow().contains(above) {
                continue;
            }
            let directory = self.path(above);
            if self.kind(above)?.is_none() {
                match self.disk.create_dir(&directory) {
                    // Another thread was quicker.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                    result => result.map_err(OutputError::disk("create directory", &directory))?,
                }
                *self.missing.borrow_mut() = None;
                made(&directory);
            }
            if self.kind(above)? != Some(Kind::Directory) {
                return Err(OutputError::ChangedMeanwhile { path: directory });
            }
            self.directories.borrow_mut().insert(above.to_owned());
        }
        Ok(())
    }

    /// Whether `path` is a directory of the folder, reached through directories only.
    pub(crate) fn is_dir(&self, path: &str) -> Result<bool, OutputError> {
        for name in paths::parents(path).chain([path]) {
            if self.kind(name)? != Some(Kind::Directory) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The paths of what directory `path` holds; `None` when one of the names is no text.
    pub(crate) fn list(&self, path: &str) -> Result<Option<Vec<String>>, OutputError> {
        let directory = self.path(path);
        let names = self.disk.list(&directory).map_err(OutputError::disk("read", &directory))?;
        Ok(names.iter().map(|name| Some(format!("{path}/{}", name.to_str()?))).collect())
    }

    /// Temporary files of a run that did not end well, and directories behind what is in them. They are in the folder
    /// itself, or in such directories of it.
    pub(crate) fn leftovers(&self) -> Result<Vec<String>, OutputError> {
        let names = self.disk.list(self.folder).map_err(OutputError::disk("read", self.folder))?;
        let names = names.into_iter().filter_map(|name| name.into_string().ok());
        let mut names: Vec<_> = names.filter(|name| paths::is_temporary(name)).collect();
        names.sort();
        let mut files = Vec::new();
        for name in names {
            match self.kind(&name)? {
                Some(Kind::File) => files.push(name),
                Some(Kind::Directory) => {
                    files.extend(self.temporary_in(&name)?);
                    files.push(name);
                }
                _ => {}
            }
        }
        Ok(files)
    }

    fn temporary_in(&self, directory: &str) -> Result<Vec<String>, OutputError> {
        let paths = self.list(directory)?.unwrap_or_default();
        let mut files = Vec::new();
        for path in paths {
            let is_ours = path.rsplit('/').next().is_some_and(paths::is_temporary);
            if is_ours && self.kind(&path)? == Some(Kind::File) {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }
}

fn is_below(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}
