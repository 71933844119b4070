//! Texts as they were in a revision of git, without touching the work tree.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::git::{Contents, Entry, EntryKind, Git};
use crate::read;
use crate::texts::{Texts, Unread};

/// How many links may lead from one to another.
const MOST_LINKS: usize = 40;

/// The files below a folder, as they were in a revision.
pub struct Revision {
    files: BTreeMap<String, Entry>,
    contents: RefCell<Contents>,
}

/// What a name leads to.
enum Led {
    /// To this one.
    To(String),
    /// To what is not below the folder.
    Outside,
    /// To nothing, and why.
    Nowhere(String),
}

impl Revision {
    /// Those below `folder`, which is in the work tree of a repository, in the revision that git calls so. Why there are
    /// none is a sentence.
    pub fn find(folder: &Path, revision: &str) -> Result<Self, String> {
        let git = Git::new(folder);
        let prefix = git.prefix()?;
        let commit = git.commit(revision)?.ok_or_else(|| {
            format!(
                "git knows no revision '{}'; a branch, a tag or a commit is one, and 'git fetch' brings those of others",
                revision.escape_debug()
            )
        })?;
        Ok(Self { files: git.files(&commit, &prefix)?, contents: RefCell::new(git.contents()?) })
    }

    /// Where a name leads, by way of links.
    fn led(&self, name: &str) -> Led {
        let mut ahead: Vec<String> = name.split('/').rev().map(str::to_owned).collect();
        let (mut way, mut links) = (Vec::<String>::new(), 0);
        while let Some(part) = ahead.pop() {
            match part.as_str() {
                "" | "." => continue,
                ".." if way.pop().is_none() => return Led::Outside,
                ".." => continue,
                _ => way.push(part),
            }
            let Some(link) = self.files.get(&way.join("/")).filter(|one| one.kind == EntryKind::Link) else {
                continue;
            };
            links += 1;
            if links > MOST_LINKS {
                return Led::Nowhere("it is a link that leads to itself".to_owned());
            }
            match self.content(link) {
                Ok(target) if target.starts_with('/') => return Led::Outside,
                Ok(target) => ahead.extend(target.split('/').rev().map(str::to_owned)),
                Err(reason) => return Led::Nowhere(reason),
            }
            way.pop();
        }
        Led::To(way.join("/"))
    }

    fn content(&self, entry: &Entry) -> Result<String, String> {
        read::is_small(entry.size)?;
        read::decoded(self.contents.borrow_mut().read(entry)?)
    }

    /// What is below a folder, by paths from there.
    fn below(&self, folder: &str) -> impl Iterator<Item = &str> {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let all = self.files.range(start.clone()..).map(|(path, _)| path.as_str());
        all.map_while(move |path| path.strip_prefix(start.as_str()))
    }

    fn is_folder(&self, path: &str) -> bool {
        self.below(path).next().is_some()
    }
}

impl Texts for Revision {
    fn text(&self, name: &str) -> Result<Arc<str>, Unread> {
        let there = |reason: String| Unread { reason, is_there: true };
        let path = match self.led(name) {
            Led::To(path) => path,
            Led::Outside => {
                return Err(there(
                    "it leads out of the lab's folder, of which alone revisions are read".to_owned(),
                ));
            }
            Led::Nowhere(reason) => return Err(there(reason)),
        };
        match self.files.get(&path) {
            Some(entry) if entry.kind == EntryKind::Repository => {
                Err(there("it is another repository".to_owned()))
            }
            Some(entry) => self.content(entry).map(Arc::from).map_err(there),
            None if self.is_folder(&path) => Err(there("it is a directory".to_owned())),
            None => Err(Unread::missing()),
        }
    }

    fn identity(&self, name: &str) -> PathBuf {
        match self.led(name) {
            Led::To(path) => PathBuf::from(path),
            Led::Outside | Led::Nowhere(_) => PathBuf::from(name),
        }
    }

    fn is_file(&self, name: &str) -> bool {
        matches!(self.led(name), Led::To(path) if self.files.contains_key(&path))
    }

    fn beside(&self, name: &str) -> Vec<String> {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let names = self.entries(folder).unwrap_or_default();
        names.iter().map(|name| name.trim_end_matches('/').to_owned()).collect()
    }

    fn entries(&self, name: &str) -> Option<Vec<String>> {
        let Led::To(folder) = self.led(name) else { return None };
        let inside = |rest: &str| match rest.split_once('/') {
            Some((inner, _)) => format!("{inner}/"),
            None => rest.to_owned(),
        };
        let names: BTreeSet<String> = self.below(&folder).map(inside).collect();
        (!names.is_empty()).then(|| names.into_iter().map(|name| self.shown(&folder, name)).collect())
    }

    fn is_inside(&self, name: &str) -> bool {
        !matches!(self.led(name), Led::Outside)
    }
}

impl Revision {
    /// The name of what is in a folder. A link to a folder is one.
    fn shown(&self, folder: &str, name: String) -> String {
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let is_link = self.files.get(&path).is_some_and(|one| one.kind == EntryKind::Link);
        match self.led(&path) {
            Led::To(target) if is_link && self.is_folder(&target) => format!("{name}/"),
            _ => name,
        }
    }
}
