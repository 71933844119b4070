//! Texts from the disk.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::read;
use crate::texts::{Texts, Unread};

/// The files below a folder.
#[derive(Clone, Debug)]
pub struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// Those below `folder`; empty is the working directory.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a file is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The name of the file at `path`, if it is below the folder, however the folder is reached.
    pub fn name(&self, path: &Path) -> Option<String> {
        let is_name = |part: &Component<'_>| matches!(part, Component::Normal(_));
        let inside = path.strip_prefix(&self.folder).map(Path::to_owned).ok();
        let inside = inside.or_else(|| self.inside(path))?;
        let parts: Option<Vec<&str>> =
            inside.components().map(|part| part.as_os_str().to_str().filter(|_| is_name(&part))).collect();
        parts.map(|parts| parts.join("/")).filter(|name| !name.is_empty())
    }

    /// The way to `path` from the folder, as they really are.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        let own = if self.folder.as_os_str().is_empty() { Path::new(".") } else { &self.folder };
        let folder = path.parent()?.canonicalize().ok()?;
        Some(folder.strip_prefix(own.canonicalize().ok()?).ok()?.join(path.file_name()?))
    }
}

impl Texts for Disk {
    fn text(&self, name: &str) -> Result<Arc<str>, Unread> {
        let path = self.path(name);
        let unread = |reason| Unread { reason, is_there: path.symlink_metadata().is_ok() };
        read::found(&path).map(Arc::from).map_err(unread)
    }

    fn identity(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        path.canonicalize().unwrap_or(path)
    }

    fn is_file(&self, name: &str) -> bool {
        self.path(name).is_file()
    }

    fn beside(&self, name: &str) -> Vec<String> {
        let path = self.path(name);
        let Some(folder) = path.parent() else { return Vec::new() };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    fn entries(&self, name: &str) -> Option<Vec<String>> {
        let path = if name.is_empty() { self.path(".") } else { self.path(name) };
        let entries = fs::read_dir(path).ok()?;
        // What is no folder may be a link that leads nowhere; whoever reads it says so.
        let name = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            Some(if entry.path().is_dir() { format!("{name}/") } else { name })
        };
        let mut names: Vec<String> = entries.flatten().filter_map(name).collect();
        names.sort();
        Some(names)
    }

    fn is_inside(&self, name: &str) -> bool {
        let own = if self.folder.as_os_str().is_empty() { Path::new(".") } else { &self.folder };
        let (own, path) = (own.canonicalize(), self.path(name).canonicalize());
        // What is not there is outside of nothing.
        own.ok().zip(path.ok()).is_none_or(|(own, path)| path.starts_with(own))
    }
}
