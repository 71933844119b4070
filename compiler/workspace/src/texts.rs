//! Where texts come from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// Where the texts of a lab come from, by names of files relative to the lab's folder, with `/`.
pub trait Texts {
    /// What is in a file.
    fn text(&self, name: &str) -> Result<Arc<str>, Unread>;

    /// The same for all names of a file, and another one for each file. There need be none.
    fn identity(&self, name: &str) -> PathBuf;

    /// Whether there is such a file, without looking into it.
    fn is_file(&self, name: &str) -> bool;

    /// What else is in the folder of a file, by name.
    fn beside(&self, name: &str) -> Vec<String>;

    /// The files in a folder, by name and in order, and the folders, which end with `/`; nothing for what is no folder.
    fn entries(&self, name: &str) -> Option<Vec<String>>;

    /// Whether a file or folder is below the lab's folder, also where links in its path lead to. What is not there is.
    fn is_inside(&self, name: &str) -> bool;
}

/// Why there is no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The end of a sentence.
    pub reason: String,
    /// Whether something is there under this name.
    pub is_there: bool,
}

impl Unread {
    /// Nothing is there under this name.
    pub fn missing() -> Self {
        Self { reason: "there is no such file".to_owned(), is_there: false }
    }
}

/// Texts without a disk.
impl Texts for BTreeMap<String, Arc<str>> {
    fn text(&self, name: &str) -> Result<Arc<str>, Unread> {
        self.get(name).cloned().ok_or_else(Unread::missing)
    }

    fn identity(&self, name: &str) -> PathBuf {
        PathBuf::from(name)
    }

    fn is_file(&self, name: &str) -> bool {
        self.contains_key(name)
    }

    fn beside(&self, name: &str) -> Vec<String> {
        let folder = |name: &str| name.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        let here = self.keys().filter(|other| folder(other) == folder(name));
        here.map(|other| other.rsplit('/').next().unwrap_or(other).to_owned()).collect()
    }

    fn entries(&self, name: &str) -> Option<Vec<String>> {
        let below = |other: &'_ str| match name {
            "" => Some(other.to_owned()),
            name => other.strip_prefix(name)?.strip_prefix('/').map(str::to_owned),
        };
        let mut inside = self.keys().filter_map(|other| below(other)).peekable();
        inside.peek()?;
        let name = |rest: String| rest.find('/').map_or(rest.clone(), |end| rest[..=end].to_owned());
        let names: BTreeSet<String> = inside.map(name).collect();
        Some(names.into_iter().collect())
    }

    fn is_inside(&self, _: &str) -> bool {
        true
    }
}
