//! Where labs are: which folder and file a document belongs to.

use std::path::{Path, PathBuf};

use tower_lsp::ls_types::Uri;
use workspace::{Disk, LAB};

use crate::virtual_documents::library_uri;

/// Where a lab is.
#[derive(Clone, Debug)]
pub(crate) enum Home {
    /// In a folder.
    Folder(Disk),
    /// In a document that is on no disk.
    Document(Uri),
}

/// What a lone document that is on no disk is called in its lab.
pub(crate) const LONE: &str = "untitled.hl";

impl Home {
    /// What a document is called in the lab, whether or not it is a part of it.
    pub(crate) fn name(&self, uri: &Uri) -> Option<String> {
        match self {
            Self::Folder(disk) => disk.name(&path(uri)?),
            Self::Document(own) => (own == uri).then(|| LONE.to_owned()),
        }
    }

    /// Where a file of the lab or of the library is.
    pub(crate) fn uri(&self, name: &str) -> Option<Uri> {
        if name.starts_with("std/") {
            return library_uri(name);
        }
        match self {
            Self::Folder(disk) => file_uri(&disk.path(name)),
            Self::Document(own) => Some(own.clone()),
        }
    }

    /// The lab's folder, if it has one.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(disk) => Some(disk.folder()),
            Self::Document(_) => None,
        }
    }
}

/// The file that a URI means, if it means one.
pub(crate) fn path(uri: &Uri) -> Option<PathBuf> {
    uri.as_str().starts_with("file:").then(|| uri.to_file_path())?.map(std::borrow::Cow::into_owned)
}

fn file_uri(path: &Path) -> Option<Uri> {
    Uri::from_file_path(std::path::absolute(path).ok()?)
}

/// The nearest folder upward that has a lab's file, on the disk or open.
pub(crate) fn nearest(file: &Path, is_open: &dyn Fn(&Path) -> bool) -> Option<PathBuf> {
    let folders = file.parent()?.ancestors();
    let has_lab = |folder: &&Path| is_open(&folder.join(LAB)) || folder.join(LAB).is_file();
    folders.into_iter().find(has_lab).map(Path::to_owned)
}
