//! What a build would do to a folder.

use std::path::{Path, PathBuf};

use crate::hash::Hash;
use crate::{Obstacle, OutputError, Refusal, error};

/// What a build would do to a folder. Made by [`plan`](crate::plan()), done by [`apply`](crate::apply()).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) write: Vec<Write<'a>>,
    pub(crate) remove: Vec<Remove>,
    pub(crate) unchanged: usize,
    pub(crate) edited_by_hand: Vec<String>,
    pub(crate) foreign: Vec<String>,
    pub(crate) obstacles: Vec<Obstacle>,
    pub(crate) left: Vec<String>,
    /// Directories that may be empty of everything afterwards, deepest first.
    pub(crate) emptied: Vec<String>,
    /// What a run left that did not end well, each directory after what is in it.
    pub(crate) leftovers: Vec<String>,
    pub(crate) record: RecordPlan,
    pub(crate) overwrite_edited: bool,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Write<'a> {
    pub(crate) path: &'a str,
    pub(crate) content: &'a str,
    /// What the file holds before.
    pub(crate) found: Option<Hash>,
    /// How long the part of the path is that names the topmost directory that is not there; of the whole path, when the
    /// file's directory is there.
    pub(crate) new: usize,
}

impl<'a> Write<'a> {
    /// What gets its name in one step: the file, or the topmost directory above it that is not there.
    pub(crate) fn whole(&self) -> &'a str {
        &self.path[..self.new]
    }
}

/// A file to remove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remove {
    pub(crate) path: String,
    pub(crate) found: Hash,
    /// Whether it must be gone before anything is written, because it is where something else will be.
    pub(crate) first: bool,
}

/// The texts of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecordPlan {
    /// As it is.
    pub(crate) found: Option<Vec<u8>>,
    /// While files are being written: each in its old and its new state. Empty where none is.
    pub(crate) pending: String,
    /// Afterwards; `None` when there is nothing to record.
    pub(crate) exact: Option<String>,
}

impl RecordPlan {
    pub(crate) fn changes(&self) -> bool {
        self.found.as_deref() != self.exact.as_ref().map(String::as_bytes)
    }
}

/// What a build did to a folder, or would do. Paths are relative to the folder, sorted, with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The folder.
    pub folder: PathBuf,
    /// Files whose content is new.
    pub written: Vec<String>,
    /// Files that are no longer made.
    pub removed: Vec<String>,
    /// How many files are as they were.
    pub unchanged: usize,
    /// Files that were edited by hand since hlc wrote them and differ from what it makes now. They are among `written`
    /// when they are, or would be, overwritten; otherwise they stop the build.
    pub edited_by_hand: Vec<String>,
    /// Files that were edited by hand and are no longer made. They stay, and are named by every build until somebody
    /// removes them: tools that read whole directories still read them.
    pub left: Vec<String>,
}

impl Report {
    /// Whether nothing was done and nothing is to be said.
    pub fn is_nothing(&self) -> bool {
        let Self { folder: _, written, removed, unchanged: _, edited_by_hand, left } = self;
        [written, removed, edited_by_hand, left].into_iter().all(Vec::is_empty)
    }
}

impl Plan<'_> {
    /// The folder, as it was given.
    pub fn folder(&self) -> &Path {
        self.folder
    }

    /// Whether [`apply`](crate::apply()) would change anything in the folder, the record included.
    pub fn changes_anything(&self) -> bool {
        !(self.write.is_empty() && self.remove.is_empty() && self.leftovers.is_empty())
            || self.record.changes()
    }

    /// What stands in the way; empty when the plan can be applied.
    pub fn refusal(&self) -> Refusal {
        let edited: &[String] = if self.overwrite_edited { &[] } else { &self.edited_by_hand };
        Refusal {
            edited_by_hand: error::in_folder(self.folder, edited),
            foreign: error::in_folder(self.folder, &self.foreign),
            obstacles: self.obstacles.clone(),
        }
    }

    /// What the plan does, or would do.
    pub fn report(&self) -> Report {
        let mut removed: Vec<_> = self.remove.iter().map(|remove| remove.path.clone()).collect();
        removed.sort();
        Report {
            folder: self.folder.to_owned(),
            written: self.write.iter().map(|write| write.path.to_owned()).collect(),
            removed,
            unchanged: self.unchanged,
            edited_by_hand: self.edited_by_hand.clone(),
            left: self.left.clone(),
        }
    }

    /// Fails when something stands in the way.
    pub(crate) fn permit(&self) -> Result<(), OutputError> {
        let refusal = self.refusal();
        if refusal.is_empty() { Ok(()) } else { Err(OutputError::Refused(refusal)) }
    }

    /// The record to write before any file is, when the one that is there does not know all states a file may be in.
    pub(crate) fn pending(&self) -> Option<&String> {
        let known = self.record.found.as_deref() == Some(self.record.pending.as_bytes());
        (!self.write.is_empty() && !known).then_some(&self.record.pending)
    }

    /// The record to write after all else, when the one that is there by then says something else.
    pub(crate) fn exact(&self) -> Option<&String> {
        let known = self.pending().map(String::as_bytes).or(self.record.found.as_deref());
        self.record.exact.as_ref().filter(|exact| known != Some(exact.as_bytes()))
    }
}
