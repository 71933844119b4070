//! Files and directories of a disk in memory: under which names they are now, and under which after the power went.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// The names in a directory, and the number of what each stands for.
type Names = BTreeMap<OsString, usize>;

/// What a name stands for. It knows no name itself, so a directory takes along what is in it when it is renamed.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Directory {
        names: Names,
        /// As they were when the directory was last synced.
        durable: Names,
    },
    File {
        content: Vec<u8>,
        is_synced: bool,
    },
    Link,
}

impl Node {
    pub(crate) fn directory() -> Self {
        Self::Directory { names: Names::new(), durable: Names::new() }
    }

    pub(crate) fn file(content: &[u8]) -> Self {
        Self::File { content: content.to_owned(), is_synced: false }
    }
}

/// All nodes that ever were. The first is the root.
#[derive(Clone, Debug)]
pub(crate) struct Inodes(Vec<Node>);

impl Default for Inodes {
    fn default() -> Self {
        Self(vec![Node::directory()])
    }
}

impl Inodes {
    pub(crate) fn get(&self, path: &Path) -> Option<&Node> {
        self.number(path).map(|number| &self.0[number])
    }

    fn number(&self, path: &Path) -> Option<usize> {
        parts(path).try_fold(0, |number, name| match &self.0[number] {
            Node::Directory { names, .. } => names.get(name).copied(),
            Node::File { .. } | Node::Link => None,
        })
    }

    /// The names in the directory at `path`.
    pub(crate) fn names(&self, path: &Path) -> Option<&Names> {
        match self.get(path)? {
            Node::Directory { names, .. } => Some(names),
            Node::File { .. } | Node::Link => None,
        }
    }

    /// The names in the directory that `path` is in, and its own.
    fn entry<'a>(&mut self, path: &'a Path) -> io::Result<(&mut Names, &'a OsStr)> {
        let name = parts(path).next_back().ok_or(ErrorKind::AlreadyExists)?;
        let number = self.number(path.parent().unwrap_or(Path::new(""))).ok_or(ErrorKind::NotFound)?;
        match &mut self.0[number] {
            Node::Directory { names, .. } => Ok((names, name)),
            Node::File { .. } | Node::Link => Err(ErrorKind::NotADirectory.into()),
        }
    }

    /// Puts `node` at `path`, where nothing is yet.
    pub(crate) fn add(&mut self, path: &Path, node: Node) -> io::Result<()> {
        let number = self.0.len();
        let (names, name) = self.entry(path)?;
        if names.contains_key(name) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        names.insert(name.to_owned(), number);
        self.0.push(node);
        Ok(())
    }

    /// Takes the name `path` from what has it.
    pub(crate) fn remove(&mut self, path: &Path) -> io::Result<()> {
        let (names, name) = self.entry(path)?;
        names.remove(name).map(drop).ok_or(ErrorKind::NotFound.into())
    }

    /// As `rename(2)` does: a file in the place of a file or link, a directory in that of an empty one.
    pub(crate) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let number = self.number(from).ok_or(ErrorKind::NotFound)?;
        let is_directory = matches!(self.0[number], Node::Directory { .. });
        match self.get(to) {
            None => {}
            Some(Node::Directory { .. }) if !is_directory => return Err(ErrorKind::IsADirectory.into()),
            Some(Node::Directory { names, .. }) if !names.is_empty() => {
                return Err(ErrorKind::DirectoryNotEmpty.into());
            }
            Some(Node::File { .. } | Node::Link) if is_directory => {
                return Err(ErrorKind::NotADirectory.into());
            }
            Some(_) => {}
        }
        let (names, name) = self.entry(to)?;
        names.insert(name.to_owned(), number);
        self.remove(from)
    }

    /// Puts the content of a file, or the names in a directory, onto the disk.
    pub(crate) fn sync(&mut self, path: &Path) -> io::Result<()> {
        let number = self.number(path).ok_or(ErrorKind::NotFound)?;
        match &mut self.0[number] {
            Node::Directory { names, durable } => durable.clone_from(names),
            Node::File { is_synced, .. } => *is_synced = true,
            Node::Link => {}
        }
        Ok(())
    }

    /// Puts the names in all directories onto the disk.
    pub(crate) fn settle(&mut self) {
        for node in &mut self.0 {
            if let Node::Directory { names, durable } = node {
                durable.clone_from(names);
            }
        }
    }

    /// Of each name that is not on the disk, `is_kept` says whether it is as it is now or as it was; files that were not
    /// synced are half there.
    pub(crate) fn lose_power(&mut self, is_kept: &mut impl FnMut() -> bool) {
        let mut left = Self(Vec::new());
        self.keep(0, &mut left, is_kept);
        *self = left;
    }

    fn keep(&self, number: usize, left: &mut Self, is_kept: &mut impl FnMut() -> bool) -> usize {
        let at = left.0.len();
        match &self.0[number] {
            Node::Directory { names, durable } => {
                left.0.push(Node::directory());
                let mut all = Names::new();
                for name in names.keys().chain(durable.keys().filter(|name| !names.contains_key(*name))) {
                    let side = if is_kept() { names } else { durable };
                    if let Some(number) = side.get(name) {
                        all.insert(name.clone(), self.keep(*number, left, is_kept));
                    }
                }
                left.0[at] = Node::Directory { names: all.clone(), durable: all };
            }
            Node::File { is_synced: false, .. } => {
                left.0.push(Node::File { content: b"ha".into(), is_synced: true });
            }
            node => left.0.push(node.clone()),
        }
        at
    }

    /// All that is there.
    pub(crate) fn all(&self) -> Vec<(PathBuf, &Node)> {
        let mut all = Vec::new();
        self.below(0, Path::new(""), &mut all);
        all
    }

    fn below<'a>(&'a self, number: usize, path: &Path, all: &mut Vec<(PathBuf, &'a Node)>) {
        let Node::Directory { names, .. } = &self.0[number] else { return };
        for (name, number) in names {
            let path = path.join(name);
            all.push((path.clone(), &self.0[*number]));
            self.below(*number, &path, all);
        }
    }
}

fn parts(path: &Path) -> impl DoubleEndedIterator<Item = &OsStr> {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name),
        _ => None,
    })
}
