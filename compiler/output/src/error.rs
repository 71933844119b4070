//! What can go wrong, in the words of the person who has to mend it.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::Kind;

/// Why nothing, or not everything, was written. Shown as a sentence that says what to do.
#[derive(Debug)]
pub enum OutputError {
    /// Files of the user stand in the way. Nothing was written.
    Refused(Refusal),
    /// What was built has a path that no file can safely have. A mistake of hlc's; nothing was written.
    BadPath {
        /// The folder.
        folder: PathBuf,
        /// The path in it.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The record cannot be read. Nothing was written.
    BadRecord {
        /// The record.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The record is of a later hlc. Nothing was written.
    NewerRecord {
        /// The record.
        path: PathBuf,
        /// The version it says.
        version: u64,
    },
    /// The folder is a link or no directory. Nothing was written.
    BadFolder {
        /// The folder.
        path: PathBuf,
        /// What it is.
        kind: Kind,
    },
    /// Another run keeps the folder. Nothing was written.
    Busy {
        /// The directory that is locked.
        path: PathBuf,
    },
    /// A file changed between planning and writing. It was left as it is.
    ChangedMeanwhile {
        /// The file.
        path: PathBuf,
    },
    /// The disk refused.
    Disk {
        /// What was being done: `write`, `remove`, …
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// What stands in the way of a build. All paths start with the folder's as it was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// Files that hlc wrote, makes again, and that were edited since.
    pub edited_by_hand: Vec<PathBuf>,
    /// Files that hlc did not write, under names it needs.
    pub foreign: Vec<PathBuf>,
    /// Links, directories and the like where a file or directory must be.
    pub obstacles: Vec<Obstacle>,
}

/// Something that is in the way and no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub kind: Kind,
}

impl Refusal {
    /// Whether nothing stands in the way.
    pub fn is_empty(&self) -> bool {
        self.edited_by_hand.is_empty() && self.foreign.is_empty() && self.obstacles.is_empty()
    }

    /// Adds what stands in the way of another folder.
    pub fn extend(&mut self, other: Self) {
        self.edited_by_hand.extend(other.edited_by_hand);
        self.foreign.extend(other.foreign);
        self.obstacles.extend(other.obstacles);
    }
}

impl OutputError {
    pub(crate) fn disk(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Disk { doing, path: path.to_owned(), error }
    }
}

impl std::error::Error for OutputError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Disk { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::BadPath { folder, path, reason } => {
                write!(f, "the build makes a file {path:?} in {}, which {reason}; ", folder.display())?;
                f.write_str("this is a mistake of hlc's, nothing was written")
            }
            Self::BadRecord { path, reason } => bad_record(f, path, reason),
            Self::NewerRecord { path, version } => {
                write!(
                    f,
                    "{} was written by a newer hlc (version {version} of the record); ",
                    path.display()
                )?;
                f.write_str("nothing was written: update hlc")
            }
            Self::BadFolder { path, kind } => {
                write!(f, "{} is {kind}, not a directory; nothing was written: ", path.display())?;
                f.write_str("move it away, or build elsewhere with --out")
            }
            Self::Busy { path } => {
                write!(f, "another hlc is writing in {}; nothing was written: ", path.display())?;
                f.write_str("build again when it is done")
            }
            Self::ChangedMeanwhile { path } => {
                write!(
                    f,
                    "{} changed while hlc was building; it was left as it is: build again",
                    path.display()
                )
            }
            Self::Disk { doing, path, error } => disk(f, doing, path, error),
        }
    }
}

fn bad_record(f: &mut fmt::Formatter<'_>, path: &Path, reason: &str) -> fmt::Result {
    write!(
        f,
        "{} cannot be read: {reason}. It says which files hlc wrote, so nothing was written. ",
        path.display()
    )?;
    f.write_str("Restore it from version control (of a merge conflict take either side), or remove it: ")?;
    f.write_str("hlc then takes over files that are exactly what it makes, and names the others")
}

fn disk(f: &mut fmt::Formatter<'_>, doing: &str, path: &Path, error: &io::Error) -> fmt::Result {
    write!(f, "cannot {doing} {}: ", path.display())?;
    f.write_str(&match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the disk is full; every file is whole, old or new: make room and build again".to_owned()
        }
        ErrorKind::PermissionDenied => "permission denied: check who owns it, then build again".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        _ => format!("{error}; every file is whole, old or new: mend the cause and build again"),
    })
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing was written")?;
        if !self.edited_by_hand.is_empty() {
            f.write_str("\nedited by hand since hlc wrote them:")?;
            self.edited_by_hand.iter().try_for_each(|path| write!(f, "\n  {}", path.display()))?;
            f.write_str("\n  move the edits into the lab, or build with --force to lose them")?;
        }
        if !self.foreign.is_empty() {
            f.write_str("\nnot written by hlc, under names the build needs:")?;
            self.foreign.iter().try_for_each(|path| write!(f, "\n  {}", path.display()))?;
            f.write_str("\n  move them away; hlc never overwrites a file it did not write")?;
        }
        if !self.obstacles.is_empty() {
            f.write_str("\nin the way of files the build makes:")?;
            self.obstacles
                .iter()
                .try_for_each(|one| write!(f, "\n  {} is {}", one.path.display(), one.kind))?;
            f.write_str("\n  move them away; hlc writes through no link and removes no directory of yours")?;
        }
        Ok(())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "a file",
            Self::Directory => "a directory",
            Self::Link => "a symbolic link",
            Self::Other => "a special file",
        })
    }
}

/// Joins what went wrong with the folder it is in.
pub(crate) fn in_folder(folder: &Path, paths: &[String]) -> Vec<PathBuf> {
    paths.iter().map(|path| folder.join(path)).collect()
}
