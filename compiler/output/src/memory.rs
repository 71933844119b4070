//! A disk in memory that fails when told to: for tests, here and of those who write with this crate.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::disk::Stamp;
use crate::inodes::{Inodes, Node};
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

#[derive(Clone, Debug, Default)]
struct State {
    nodes: Inodes,
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
        state.nodes.settle();
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
        self.put_node(path, Node::File { content: content.into(), is_synced: true });
    }

    /// Puts a link there, as a user would.
    pub fn put_link(&self, path: &str) {
        self.put_node(path, Node::Link);
    }

    /// Puts a directory there, as a user would.
    pub fn put_dir(&self, path: &str) {
        self.put_node(path, Node::directory());
    }

    fn put_node(&self, path: &str, node: Node) {
        let mut state = self.state();
        let path = state.key(Path::new(path));
        let above: Vec<&Path> = path.ancestors().skip(1).collect();
        for above in above.into_iter().rev() {
            // What is there already stays.
            let _ = state.nodes.add(above, Node::directory());
        }
        let _ = state.nodes.remove(&path);
        let put = state.nodes.add(&path, node);
        debug_assert!(put.is_ok(), "{} is in a directory", path.display());
        state.nodes.settle();
    }

    /// Removes what is there and below, as a user would.
    pub fn take(&self, path: &str) {
        let mut state = self.state();
        let path = state.key(Path::new(path));
        let _ = state.nodes.remove(&path);
        state.nodes.settle();
    }

    /// Everything that is there: files with their content, directories as `None`.
    pub fn tree(&self) -> BTreeMap<String, Option<String>> {
        let text = |node: &Node| match node {
            Node::Directory { .. } => None,
            Node::File { content, .. } => Some(String::from_utf8_lossy(content).into_owned()),
            Node::Link => Some("-> elsewhere".to_owned()),
        };
        let all = self.state().nodes.clone();
        let all = all.all().into_iter();
        all.map(|(path, node)| (path.to_string_lossy().into_owned(), text(node))).collect()
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
        if effect == Effect::Writes {
            // Where something is already, it is not the file that is being written.
            let _ = self.nodes.add(path, Node::file(b"ha"));
        }
    }

    fn lose_power(&mut self, choice: u64) {
        let mut bits = choice;
        self.nodes.lose_power(&mut || {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            bits >> 63 == 0
        });
    }
}

impl Disk for MemoryDisk {
    type Lock = ();

    /// So few that tests have crowds.
    fn crowd(&self) -> usize {
        2
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        self.run("kind", path, Effect::None, |state, path| {
            Ok(state.nodes.get(&path).map(|node| match node {
                Node::Directory { .. } => Kind::Directory,
                Node::File { .. } => Kind::File,
                Node::Link => Kind::Link,
            }))
        })
    }

    /// There is no time here: what a file holds stands for when it changed.
    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.run("stamp", path, Effect::None, |state, path| {
            let content: Vec<u8> = match state.nodes.get(&path).ok_or(ErrorKind::NotFound)? {
                Node::File { content, .. } => content.clone(),
                Node::Link => return Ok(Stamp { kind: 1, ..Stamp::default() }),
                Node::Directory { names, .. } => {
                    names.keys().flat_map(|name| name.to_string_lossy().into_owned().into_bytes()).collect()
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
            Some(Node::File { content, .. }) => Ok(content.clone()),
            Some(_) => Err(ErrorKind::IsADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        })
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        self.run("list", path, Effect::None, |state, path| {
            Ok(state.nodes.names(&path).ok_or(ErrorKind::NotFound)?.keys().cloned().collect())
        })
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.run("create_dir", path, Effect::NeedsRoom, |state, path| {
            state.nodes.add(&path, Node::directory())
        })
    }

    fn write_new(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.run("write", path, Effect::Writes, |state, path| state.nodes.add(&path, Node::file(content)))
    }

    /// There is nobody else in memory.
    fn permit(&self, _: &Path, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let from = self.state().key(from);
        self.run("rename", to, Effect::Frees, |state, to| state.nodes.rename(&from, &to))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.run("remove_file", path, Effect::Frees, |state, path| match state.nodes.get(&path) {
            Some(Node::Directory { .. }) => Err(ErrorKind::IsADirectory.into()),
            _ => state.nodes.remove(&path),
        })
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.run("remove_dir", path, Effect::Frees, |state, path| match state.nodes.get(&path) {
            Some(Node::Directory { names, .. }) if !names.is_empty() => {
                Err(ErrorKind::DirectoryNotEmpty.into())
            }
            Some(Node::File { .. } | Node::Link) => Err(ErrorKind::NotADirectory.into()),
            _ => state.nodes.remove(&path),
        })
    }

    fn sync(&self, paths: &[PathBuf]) -> io::Result<()> {
        let sync =
            |path: &PathBuf| self.run("sync", path, Effect::None, |state, path| state.nodes.sync(&path));
        paths.iter().try_for_each(sync)
    }

    fn lock(&self, path: &Path) -> io::Result<Option<()>> {
        self.run("lock", path, Effect::None, |state, _| Ok((!state.busy).then_some(())))
    }
}
