//! What stands in a folder, without following a link.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::hash::Hash;
use crate::paths::{self, is_below};
use crate::{Disk, Kind, OutputError};

/// What stands where a file is, or will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing, in a directory that is there.
    Nothing,
    /// Not even its directory. So long is the part of its path that names the topmost that is not there.
    NoDirectory(usize),
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

impl Looked {
    /// What stands where a file is made in a folder that is not there.
    pub(crate) fn nowhere(path: &str) -> Self {
        Self::Else(path.find('/').map_or(Found::Nothing, Found::NoDirectory))
    }
}

/// A folder on a disk.
pub(crate) struct Tree<'a, D> {
    pub(crate) disk: &'a D,
    pub(crate) folder: &'a Path,
    /// The directory that was last found, with those above it: files are looked at in the order of their paths.
    found: RefCell<String>,
    /// The directory that was last found missing.
    missing: RefCell<Option<String>>,
}

impl<'a, D> Tree<'a, D> {
    pub(crate) fn new(disk: &'a D, folder: &'a Path) -> Self {
        Self { disk, folder, found: RefCell::default(), missing: RefCell::default() }
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
        if path.is_empty() { self.folder.to_owned() } else { self.folder.join(path) }
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
    pub(crate) fn read(&self, path: &str) -> Result<Result<Vec<u8>, Found>, OutputError> {
        if let Some(found) = self.hindrance(path)? {
            return Ok(Err(found));
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

    /// What is where a directory above `path` would be, if it is none.
    fn hindrance(&self, path: &str) -> Result<Option<Found>, OutputError> {
        if let Some(missing) = self.missing.borrow().as_ref().filter(|missing| is_below(path, missing)) {
            return Ok(Some(Found::NoDirectory(missing.len())));
        }
        for above in paths::parents(path) {
            if self.is_found(above) {
                continue;
            }
            match self.kind(above)? {
                None => {
                    *self.missing.borrow_mut() = Some(above.to_owned());
                    return Ok(Some(Found::NoDirectory(above.len())));
                }
                Some(Kind::Directory) => above.clone_into(&mut self.found.borrow_mut()),
                Some(kind) => return Ok(Some(Found::Obstacle(above.to_owned(), kind))),
            }
        }
        Ok(None)
    }

    fn is_found(&self, directory: &str) -> bool {
        let found = self.found.borrow();
        *found == directory || is_below(&found, directory)
    }

    /// Makes the directory that `path` is in, and those above it; `made` is told each that was not there.
    pub(crate) fn make_way(&self, path: &str, made: &mut impl FnMut(&str)) -> Result<(), OutputError> {
        if self.is_found(paths::above(path)) {
            return Ok(());
        }
        for above in paths::parents(path) {
            if self.is_found(above) {
                continue;
            }
            let directory = self.path(above);
            let mut kind = self.kind(above)?;
            if kind.is_none() {
                kind = match self.disk.create_dir(&directory) {
                    // Another thread was quicker.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => self.kind(above)?,
                    result => {
                        result.map_err(OutputError::disk("create directory", &directory))?;
                        Some(Kind::Directory)
                    }
                };
                *self.missing.borrow_mut() = None;
                made(above);
            }
            if kind != Some(Kind::Directory) {
                return Err(OutputError::ChangedMeanwhile { path: directory });
            }
            above.clone_into(&mut self.found.borrow_mut());
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

    /// What a run left that did not end well, each directory after what is in it. It is in the folder itself, or in
    /// temporary directories of it, where names are as they would have become.
    pub(crate) fn leftovers(&self) -> Result<Vec<String>, OutputError> {
        let names = self.disk.list(self.folder).map_err(OutputError::disk("read", self.folder))?;
        let names = names.into_iter().filter_map(|name| name.into_string().ok());
        let mut leftovers = Vec::new();
        self.removable(names.filter(|name| paths::is_temporary(name)).collect(), &mut leftovers)?;
        Ok(leftovers)
    }

    /// Those of `paths` that hlc may have made: files, and directories of such with what is in them. Returns whether all
    /// are.
    fn removable(&self, mut paths: Vec<String>, removable: &mut Vec<String>) -> Result<bool, OutputError> {
        paths.sort();
        let mut all = true;
        for path in paths {
            let is_removable = match self.kind(&path)? {
                Some(Kind::File) => true,
                Some(Kind::Directory) => match self.list(&path)? {
                    Some(paths) => self.removable(paths, removable)?,
                    None => false,
                },
                Some(Kind::Link | Kind::Other) | None => false,
            };
            all &= is_removable;
            removable.extend(is_removable.then_some(path));
        }
        Ok(all)
    }
}
