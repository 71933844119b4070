//! A disk in memory, and a lab that is open on it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use diagnostics::Located;
use workspace::{Buffers, Lab, Texts, Unread};

/// The lab's own file.
pub(crate) const ROOT: &str = "homelab.hl";

/// The file of values.
pub(crate) const SECRETS: &str = "homelab.secrets.yaml";

/// A disk in memory, which can be written while a lab is open on it.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<BTreeMap<String, Arc<str>>>>);

impl Memory {
    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Arc<str>>> {
        self.0.lock().expect("nobody panics with it")
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        self.files().insert(name.to_owned(), text.into());
    }

    pub(crate) fn remove(&self, name: &str) {
        self.files().remove(name);
    }
}

impl Texts for Memory {
    fn text(&self, name: &str) -> Result<Arc<str>, Unread> {
        self.files().text(name)
    }

    fn identity(&self, name: &str) -> PathBuf {
        self.files().identity(name)
    }

    fn is_file(&self, name: &str) -> bool {
        self.files().is_file(name)
    }

    fn beside(&self, name: &str) -> Vec<String> {
        self.files().beside(name)
    }

    fn entries(&self, name: &str) -> Option<Vec<String>> {
        self.files().entries(name)
    }

    fn is_inside(&self, name: &str) -> bool {
        self.files().is_inside(name)
    }
}

/// A lab that is open on a disk, with buffers.
pub(crate) struct World {
    pub(crate) disk: Memory,
    pub(crate) open: BTreeMap<String, String>,
    pub(crate) lab: Lab,
}

impl World {
    /// With these files on the disk.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let disk = Memory::default();
        for (name, text) in files {
            disk.write(name, text);
        }
        let lab = Lab::open(ROOT, Box::new(disk.clone()));
        Self { disk, open: BTreeMap::new(), lab }
    }

    /// What stands in a file: in its buffer, or else on the disk.
    pub(crate) fn text(&self, name: &str) -> String {
        let on_disk = || self.disk.text(name).map(|text| text.to_string()).unwrap_or_default();
        self.open.get(name).cloned().unwrap_or_else(on_disk)
    }

    pub(crate) fn set_buffer(&mut self, name: &str, text: &str) {
        self.open.insert(name.to_owned(), text.to_owned());
        self.lab.set_buffer(name, text);
    }

    pub(crate) fn close_buffer(&mut self, name: &str) {
        self.open.remove(name);
        self.lab.close_buffer(name);
    }

    pub(crate) fn write(&mut self, name: &str, text: &str) {
        self.disk.write(name, text);
        self.lab.changed_on_disk(&[name.to_owned()]);
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.disk.remove(name);
        self.lab.changed_on_disk(&[name.to_owned()]);
    }

    /// The problems of each file.
    pub(crate) fn problems(&self) -> BTreeMap<String, Vec<Located>> {
        self.lab.session().problems_by_file()
    }

    /// What is wrong with a file, in short.
    pub(crate) fn said(&self, file: &str) -> Vec<String> {
        self.problems()[file].iter().map(|problem| problem.message.clone()).collect()
    }

    /// The texts as they are now, as somebody finds them who comes.
    pub(crate) fn texts(&self) -> Buffers {
        let mut texts = Buffers::new(Box::new(self.disk.clone()));
        for (name, text) in &self.open {
            texts.set(name, text.as_str().into());
        }
        texts
    }

    /// Fails unless the lab is what it is to somebody who opens it now.
    pub(crate) fn is_as_fresh(&self, what: &str) {
        let fresh = Lab::with(ROOT, self.texts());
        assert_eq!(self.lab.session().texts(), fresh.session().texts(), "files after {what}");
        assert_eq!(self.problems(), fresh.session().problems_by_file(), "problems after {what}");
        assert!(self.lab.faults().eq(fresh.faults()), "faults after {what}");
    }
}
