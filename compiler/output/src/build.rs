//! The whole of it: lock, plan every folder, and write when nothing stands in the way of any.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use emit::Files;

use crate::{Disk, Kind, OutputError, Plan, Refusal, Report, apply, plan};

/// A folder and what it will hold.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    /// The folder, such as `nixos`, relative to the working directory or absolute. All messages use it as given.
    pub folder: &'a Path,
    /// The files, by path in the folder.
    pub files: &'a Files,
    /// Whether a path in the folder is kept for files of the user. Such files are neither written nor removed, whatever
    /// the record says; a build that makes one is an error.
    pub is_protected: &'a dyn Fn(&str) -> bool,
}

/// How to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether files that hlc wrote and that were edited by hand since are made anew. Files that hlc did not write are
    /// overwritten by no option.
    pub overwrite_edited: bool,
}

/// The lock of the directories that folders stand in.
#[derive(Debug)]
pub struct Lock<L> {
    _locks: Vec<L>,
}

/// Writes all targets, or, when something stands in the way of one of them, none.
pub fn build<D: Disk>(
    disk: &D,
    targets: &[Target<'_>],
    options: Options,
) -> Result<Vec<Report>, OutputError> {
    let lock = lock(disk, targets)?;
    let plans = check(disk, targets, options)?;
    let mut refusal = Refusal::default();
    for plan in &plans {
        refusal.extend(plan.refusal());
    }
    if !refusal.is_empty() {
        return Err(OutputError::Refused(refusal));
    }
    plans.iter().map(|plan| apply(disk, plan, &lock)).collect()
}

/// What [`build`] would do: `build --check`. Reads only and takes no lock.
pub fn check<'a, D: Disk>(
    disk: &D,
    targets: &[Target<'a>],
    options: Options,
) -> Result<Vec<Plan<'a>>, OutputError> {
    targets.iter().map(|target| plan(disk, target, options)).collect()
}

/// Locks the directories that the folders of `targets` stand in, and makes them when they are not there.
///
/// It is the directory above that is locked because the folder itself may come and go.
pub fn lock<D: Disk>(disk: &D, targets: &[Target<'_>]) -> Result<Lock<D::Lock>, OutputError> {
    let directories: BTreeSet<PathBuf> =
        targets.iter().map(|target| directory_above(target.folder)).collect();
    let lock = |path: PathBuf| {
        make_directory(disk, &path)?;
        let lock = disk.lock(&path).map_err(OutputError::disk("lock", &path))?;
        lock.ok_or(OutputError::Busy { path })
    };
    Ok(Lock { _locks: directories.into_iter().map(lock).collect::<Result<_, _>>()? })
}

pub(crate) fn directory_above(folder: &Path) -> PathBuf {
    match folder.parent() {
        None => folder.to_owned(),
        Some(above) if above.as_os_str().is_empty() => PathBuf::from("."),
        Some(above) => above.to_owned(),
    }
}

/// Makes `path` and what is above it. Links on the way to the folder are the user's choice and followed.
pub(crate) fn make_directory<D: Disk>(disk: &D, path: &Path) -> Result<(), OutputError> {
    if disk.kind(path).map_err(OutputError::disk("read", path))?.is_some_and(|kind| kind != Kind::File) {
        return Ok(());
    }
    if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
        make_directory(disk, above)?;
    }
    match disk.create_dir(path) {
        Err(error)
            if error.kind() == ErrorKind::AlreadyExists
                && disk.kind(path).is_ok_and(|kind| kind != Some(Kind::File)) =>
        {
            Ok(())
        }
        result => result.map_err(OutputError::disk("create directory", path)),
    }
}
