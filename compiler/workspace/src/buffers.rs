//! Texts as they are while an editor has some of them open: its own, and behind them those of the disk.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::texts::{Texts, Unread};

/// The texts of open buffers, and behind them those of the disk, each of which is read once until it is said to have
/// changed.
pub struct Buffers {
    disk: Box<dyn Texts + Send>,
    open: BTreeMap<String, Arc<str>>,
    read: RefCell<BTreeMap<String, Read>>,
}

/// What was found on the disk under a name.
struct Read {
    identity: PathBuf,
    /// Nothing where nobody has asked yet.
    text: Option<Result<Arc<str>, Unread>>,
}

impl Buffers {
    /// None are open yet.
    pub fn new(disk: Box<dyn Texts + Send>) -> Self {
        Self { disk, open: BTreeMap::new(), read: RefCell::default() }
    }

    /// Opens a buffer, or changes what is in it. It stands for the file under all its names.
    pub fn set(&mut self, name: &str, text: Arc<str>) {
        self.open.insert(name.to_owned(), text);
    }

    /// Closes a buffer: what is on the disk counts from now on.
    pub fn close(&mut self, name: &str) {
        self.open.remove(name);
        self.forget(name);
    }

    /// Whether a file is open under this name.
    pub fn is_open(&self, name: &str) -> bool {
        self.open.contains_key(name)
    }

    /// Forgets what was read of a file: it has appeared, changed or gone.
    pub fn forget(&mut self, name: &str) {
        let read = self.read.get_mut();
        let before = read.remove(name).map(|read| read.identity);
        let now = self.disk.identity(name);
        read.retain(|_, read| read.identity != now && Some(&read.identity) != before.as_ref());
    }

    /// Forgets all that was read.
    pub fn forget_all(&mut self) {
        self.read.get_mut().clear();
    }

    /// What is open under another name of the same file.
    fn open_elsewhere(&self, name: &str) -> Option<&Arc<str>> {
        if self.open.is_empty() {
            return None;
        }
        let identity = self.identity(name);
        self.open.iter().find(|(other, _)| self.identity(other) == identity).map(|(_, text)| text)
    }

    fn with_read<T>(&self, name: &str, look: impl FnOnce(&mut Read) -> T) -> T {
        if let Some(read) = self.read.borrow_mut().get_mut(name) {
            return look(read);
        }
        let mut read = Read { identity: self.disk.identity(name), text: None };
        let found = look(&mut read);
        self.read.borrow_mut().insert(name.to_owned(), read);
        found
    }
}

impl Texts for Buffers {
    fn text(&self, name: &str) -> Result<Arc<str>, Unread> {
        if let Some(text) = self.open.get(name).or_else(|| self.open_elsewhere(name)) {
            return Ok(Arc::clone(text));
        }
        self.with_read(name, |read| read.text.get_or_insert_with(|| self.disk.text(name)).clone())
    }

    fn identity(&self, name: &str) -> PathBuf {
        self.with_read(name, |read| read.identity.clone())
    }

    fn is_file(&self, name: &str) -> bool {
        self.open.contains_key(name) || self.disk.is_file(name)
    }

    fn beside(&self, name: &str) -> Vec<String> {
        self.disk.beside(name)
    }

    fn entries(&self, name: &str) -> Option<Vec<String>> {
        self.disk.entries(name)
    }

    fn is_inside(&self, name: &str) -> bool {
        self.disk.is_inside(name)
    }
}
