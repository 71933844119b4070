//! Where texts come from.

use std::collections::BTreeMap;
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
}
