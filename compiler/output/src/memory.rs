//! A disk in memory that fails when told to: for tests, here and of those who write with this crate.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::disk::Stamp;
use crate::{Disk, Kind};

/// How an operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The disk is full from here on: what needs room fails, and a file may be half written.
    Full,
    /// This one operation is not permitted.
    Denied,
    /// The process ends: this operation and all after it do nothing.
    Crash,
    /// The process ends in the middle of this operation: a file that is being written is half there.
    Torn,
    /// The power goes: as `Torn`, of the names that changed since their directory was last synced any may be as before,
    /// and of files that were not synced only a part is there. The number chooses which.
    PowerLoss(u64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Directory,
    File(Vec<u8>),
    Link,
}

type Nodes = BTreeMap<PathBuf, Node>;

#[derive(Clone, Debug, Default)]
struct State {
    nodes: Nodes,
    /// What is left of `nodes` when the power goes.
    durable: Nodes,
    /// Files whose content is not on the disk yet, whatever they are called.
    unsynced: BTreeSet<PathBuf>,
    read_only: BTreeSet<PathBuf>,
    ignores_case: bool,
    busy: bool,
    operations: usize,
    changes: Vec<String>,
    fault: Option<(usize, Fault)>,
    health: Health,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Health {
    #[default]
    Well,
    Full,
    Crashed,
}

/// A disk in memory. The directories `.`, `/` and the empty path are always there.
#[derive(Debug, Default)]
pub struct MemoryDisk(Mutex<State>);

impl Clone for MemoryDisk {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.state().clone()))
    }
}

/// What an operation does to the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    None,
    Frees,
    /// Needs room, and is there whole or not at all.
    NeedsRoom,
    /// Needs room, and may be half there.
    Writes,
}

impl MemoryDisk {
    /// An empty disk.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty disk that does not tell upper from lower case.
    pub fn ignoring_case() -> Self {
        Self(Mutex::new(State { ignores_case: true, ..State::default() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the `nth` operation from now, from zero, fail.
    pub fn fail(&self, nth: usize, fault: Fault) {
        let mut state = self.state();
        state.fault = Some((state.operations + nth, fault));
    }

    /// Starts the machine again: nothing fails any more. Returns whether the fault had come about.
    pub fn recover(&self) -> bool {
        let mut state = self.state();
        let pending = state.fault.take().is_some();
        state.health = Health::Well;
        state.durable = state.nodes.clone();
        !pending
    }

    /// Keeps the lock of every directory, as another process would.
    pub fn keep_locked(&self, busy: bool) {
        self.state().busy = busy;
    }

    /// Lets nothing change in directory `path`.
    pub fn make_read_only(&self, path: &str) {
        self.state().read_only.insert(path.into());
    }

    /// What was changed so far: an operation and its path each.
    pub fn changes(&self) -> Vec<String> {
        self.state().changes.clone()
    }

    /// Puts a file there, with the directories above it, as a user would.
    pub fn put(&self, path: &str, content: &str) {
        self.put_node(path, Node::File(content.into()));
    }

    /// Puts a link there, as a user would.
    pub fn put_link(&self, path: &str) {
        self.put_node(path, Node::Link);
    }

    /// Puts a directory there, as a user would.
    pub fn put_dir(&self, path: &str) {
        self.put_node(path, Node::Directory);
    }

    fn put_node(&self, path: &str, node: Node) {
        let mut state = self.state();
        let path = state.key(Path::new(path));
        for above in path.ancestors().skip(1).filter(|above| !is_root(above)) {
            state.nodes.insert(above.to_owned(), Node::Directory);
        }
        state.nodes.insert(path, node);
        state.durable = state.nodes.clone();
    }

    /// Removes what is there and below, as a user would.
    pub fn take(&self, path: &str) {
        let mut state = self.state();
        let path = state.key(Path::new(path));
        state.nodes.retain(|one, _| !one.starts_with(&path));
        state.durable = state.nodes.clone();
    }

    /// Everything that is there: files with their content, directories as `None`.
    pub fn tree(&self) -> BTreeMap<String, Option<String>> {
        let text = |node: &Node| match node {
            Node::Directory => None,
            Node::File(content) => Some(String::from_utf8_lossy(content).into_owned()),
            Node::Link => Some("-> elsewhere".to_owned()),
        };
        let state = self.state();
        state.nodes.iter().map(|(path, node)| (path.to_string_lossy().into_owned(), text(node))).collect()
    }

    /// Counts the operation, fails it when told to, and does it otherwise.
    fn run<T>(
        &self,
        name: &str,
        path: &Path,
        effect: Effect,
        operation: impl FnOnce(&mut State, PathBuf) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut state = self.state();
        let path = state.key(path);
        state.arrive(&path, effect)?;
        let above = path.parent().unwrap_or(Path::new(""));
        if effect != Effect::None && state.read_only.contains(above) {
            return Err(ErrorKind::PermissionDenied.into());
        }
        let change = (effect != Effect::None).then(|| format!("{name} {}", path.display()));
        let result = operation(&mut state, path)?;
        state.changes.extend(change);
        Ok(result)
    }
}

impl State {
    fn key(&self, path: &Path) -> PathBuf {
        if self.ignores_case { path.to_string_lossy().to_lowercase().into() } else { path.to_owned() }
    }

    /// Lets the fault come about when it is its time.
    fn arrive(&mut self, path: &Path, effect: Effect) -> io::Result<()> {
        let nth = self.operations;
        self.operations += 1;
        if let Some((_, fault)) = self.fault.take_if(|(at, _)| *at == nth) {
            match fault {
                Fault::Full => self.health = Health::Full,
                Fault::Denied => return Err(ErrorKind::PermissionDenied.into()),
                Fault::Crash => self.health = Health::Crashed,
                Fault::Torn => self.crash_within(path, effect),
                Fault::PowerLoss(choice) => {
                    self.crash_within(path, effect);
                    self.lose_power(choice);
                }
            }
        }
        if self.health == Health::Crashed {
            return Err(io::Error::other("the process has ended"));
        }
        if self.health == Health::Full && matches!(effect, Effect::NeedsRoom | Effect::Writes) {
            self.tear(path, effect);
            return Err(ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    fn crash_within(&mut self, path: &Path, effect: Effect) {
        self.health = Health::Crashed;
        self.tear(path, effect);
    }

    /// Leaves half a file, of those that are written; directories and names are there or not.
    fn tear(&mut self, path: &Path, effect: Effect) {
        let is_temporary =
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".hlc-tmp-"));
        if effect == Effect::Writes && is_temporary && self.holds(path) {
            self.nodes.entry(path.to_owned()).or_insert(Node::File(b"ha".into()));
        }
    }

    fn lose_power(&mut self, choice: u64) {
        let paths: BTreeSet<PathBuf> = self.nodes.keys().chain(self.durable.keys()).cloned().collect();
        let mut bits = choice;
        let mut kept = Nodes::new();
        for path in paths {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let nodes = if bits >> 63 == 0 { &self.nodes } else { &self.durable };
            let is_below =
                path.parent().is_none_or(|above| is_root(above) || kept.get(above) == Some(&Node::Directory));
            if let Some(node) = nodes.get(&path).filter(|_| is_below) {
                let is_whole = node == &Node::Directory || !self.unsynced.contains(&path);
                kept.insert(path, if is_whole { node.clone() } else { Node::File(b"ha".into()) });
            }
        }
        self.nodes = kept;
        self.unsynced.clear();
    }

    /// Puts the content of a file, or the names in a directory, onto the disk.
    fn sync(&mut self, path: &Path) {
        if self.unsynced.remove(path) {
            return;
        }
        let is_in = |one: &Path| {
            one.parent() == Some(path) || (is_root(path) && is_root(one.parent().unwrap_or(one)))
        };
        self.durable.retain(|one, _| !is_in(one));
        let names = self.nodes.iter().filter(|(one, _)| is_in(one));
        self.durable.extend(names.map(|(one, node)| (one.clone(), node.clone())));
        self.forget_what_hangs_in_the_air();
    }

    /// What was in a directory that is gone for good is gone with it.
    fn forget_what_hangs_in_the_air(&mut self) {
        let mut kept = Nodes::new();
        for (path, node) in std::mem::take(&mut self.durable) {
            let above = path.parent();
            if above.is_none_or(|above| is_root(above) || kept.get(above) == Some(&Node::Directory)) {
                kept.insert(path, node);
            }
        }
        self.durable = kept;
    }

    /// Whether the directory that `path` is a name in is there.
    fn holds(&self, path: &Path) -> bool {
        path.parent().is_none_or(|above| is_root(above) || self.nodes.get(above) == Some(&Node::Directory))
    }

    fn is_empty(&self, path: &Path) -> bool {
        !self.nodes.keys().any(|one| one.parent() == Some(path))
    }

    fn add(&mut self, key: PathBuf, node: Node) -> io::Result<()> {
        if !self.holds(&key) {
            return Err(ErrorKind::NotFound.into());
        }
        if self.nodes.contains_key(&key) || is_root(&key) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        self.nodes.insert(key, node);
        Ok(())
    }
}

fn is_root(path: &Path) -> bool {
    path.parent().is_none() || path == Path::new(".")
}

impl Disk for MemoryDisk {
    type Lock = ();

    /// So few that tests have crowds.
    fn crowd(&self) -> usize {
        2
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        self.run("kind", path, Effect::None, |state, path| {
            Ok(match state.nodes.get(&path) {
                _ if is_root(&path) => Some(Kind::Directory),
                Some(Node::Directory) => Some(Kind::Directory),
                Some(Node::File(_)) => Some(Kind::File),
                Some(Node::Link) => Some(Kind::Link),
                None => None,
            })
        })
    }

    /// There is no time here: what a file holds stands for when it changed.
    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.run("stamp", path, Effect::None, |state, path| {
            let content: Vec<u8> = match state.nodes.get(&path).ok_or(ErrorKind::NotFound)? {
                Node::File(content) => content.clone(),
                Node::Link => return Ok(Stamp { kind: 1, ..Stamp::default() }),
                Node::Directory => {
                    let names = state.nodes.keys().filter(|one| one.parent() == Some(&path));
                    names.flat_map(|name| name.to_string_lossy().into_owned().into_bytes()).collect()
                }
            };
            let mut hasher = DefaultHasher::new();
            content.hash(&mut hasher);
            Ok(Stamp {
                length: content.len() as u64,
                modified: i128::from(hasher.finish()),
                ..Stamp::default()
            })
        })
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.run("read", path, Effect::None, |state, path| match state.nodes.get(&path) {
            Some(Node::File(content)) => Ok(content.clone()),
            Some(_) => Err(ErrorKind::IsADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        })
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        self.run("list", path, Effect::None, |state, path| match state.nodes.get(&path) {
            Some(Node::Directory) => {
                let children = state.nodes.keys().filter(|one| one.parent() == Some(&path));
                Ok(children.filter_map(|one| one.file_name().map(Into::into)).collect())
            }
            _ => Err(ErrorKind::NotFound.into()),
        })
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.run("create_dir", path, Effect::NeedsRoom, |state, key| state.add(key, Node::Directory))
    }

    fn write_new(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.run("write", path, Effect::Writes, |state, key| {
            state.add(key.clone(), Node::File(content.into()))?;
            state.unsynced.insert(key);
            Ok(())
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let from = self.state().key(from);
        self.run("rename", to, Effect::Frees, |state, to| {
            let Some(Node::File(content)) = state.nodes.get(&from) else {
                return Err(ErrorKind::NotFound.into());
            };
            match state.nodes.get(&to) {
                Some(Node::Directory) => return Err(ErrorKind::IsADirectory.into()),
                None if !state.holds(&to) => return Err(ErrorKind::NotFound.into()),
                _ => {}
            }
            let node = Node::File(content.clone());
            state.nodes.remove(&from);
            if state.unsynced.remove(&from) {
                state.unsynced.insert(to.clone());
            }
            state.nodes.insert(to, node);
            Ok(())
        })
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.run("remove_file", path, Effect::Frees, |state, path| match state.nodes.get(&path) {
            Some(Node::File(_) | Node::Link) => {
                state.nodes.remove(&path);
                state.unsynced.remove(&path);
                Ok(())
            }
            Some(Node::Directory) => Err(ErrorKind::IsADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        })
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.run("remove_dir", path, Effect::Frees, |state, path| match state.nodes.get(&path) {
            Some(Node::Directory) if state.is_empty(&path) => {
                state.nodes.remove(&path);
                Ok(())
            }
            Some(Node::Directory) => Err(ErrorKind::DirectoryNotEmpty.into()),
            Some(_) => Err(ErrorKind::NotADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        })
    }

    fn sync(&self, paths: &[PathBuf]) -> io::Result<()> {
        let sync = |path: &PathBuf| {
            self.run("sync", path, Effect::None, |state, path| {
                state.sync(&path);
                Ok(())
            })
        };
        paths.iter().try_for_each(sync)
    }

    fn lock(&self, path: &Path) -> io::Result<Option<()>> {
        self.run("lock", path, Effect::None, |state, _| Ok((!state.busy).then_some(())))
    }
}
