//! Which files a lab has: they are added, changed and removed, and may import others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diagnostics::Problem;
use names::{DataFiles, Found, SourceFile, Workspace};
use salsa::{Durability, Setter};

use super::Session;
use crate::file_uses::{FileUse, file_uses};
use crate::imports::{Import, ImportFault, problems};
use crate::locate::data_text;
use crate::queries::{ImportFaults, file_imports};

impl Session {
    /// Adds a file to the lab, behind the others, or changes its text.
    pub fn set_text(&mut self, path: &str, text: &str) {
        self.know(path, text.into());
        if self.files().file(path).is_none() {
            let mut files = self.file_names();
            files.push(path.to_owned());
            self.set_files(&files);
        }
    }

    /// Says what is in a file. It becomes a part of the lab by [`Session::set_files`], if it is none yet.
    pub fn know(&mut self, path: &str, text: Arc<str>) {
        if let Some(file) = self.known(path) {
            return file.change(&mut self.db, text);
        }
        let cuts = syntax::cut_whole(&text);
        let file = SourceFile::open(&self.db, path, text, cuts, Durability::MEDIUM);
        let workspace = Workspace::get(&self.db);
        let mut left = workspace.left(&self.db).clone();
        left.push(file);
        workspace.set_left(&mut self.db).to(left);
    }

    /// Says which files the lab has, its own first. Those that nobody has said anything of are none.
    pub fn set_files(&mut self, paths: &[String]) {
        let lab: Vec<SourceFile> = paths.iter().filter_map(|path| self.known(path)).collect();
        let workspace = Workspace::get(&self.db);
        if lab == *workspace.lab(&self.db) {
            return;
        }
        let known = workspace.lab(&self.db).iter().chain(workspace.left(&self.db));
        let left = known.copied().filter(|file| !lab.contains(file)).collect();
        workspace.set_left(&mut self.db).to(left);
        workspace.set_lab(&mut self.db).to(lab);
    }

    /// The lab's files, its own first, relative to its folder.
    pub fn file_names(&self) -> Vec<String> {
        let files = Workspace::get(&self.db).lab(&self.db).iter();
        files.map(|file| file.path(&self.db).to_string()).collect()
    }

    /// Whether a file is a part of the lab.
    pub fn has_file(&self, path: &str) -> bool {
        Workspace::get(&self.db).lab(&self.db).iter().any(|file| **file.path(&self.db) == *path)
    }

    /// What is in a file of the lab or of the library, or in one that the lab reads as data.
    pub fn text(&self, path: &str) -> Option<&Arc<str>> {
        let own = self.files().file(path).map(|file| file.text(&self.db));
        own.or_else(|| data_text(&self.db, path))
    }

    /// The names of the lab's files and their texts.
    pub fn texts(&self) -> Vec<(String, String)> {
        let files = Workspace::get(&self.db).lab(&self.db).iter();
        files.map(|file| (file.path(&self.db).to_string(), file.text(&self.db).to_string())).collect()
    }

    /// What a file imports, in the order written. It need not be a part of the lab.
    pub fn imports(&self, path: &str) -> &[Import] {
        self.known(path).map_or(&[], |file| file_imports(&self.db, file).as_slice())
    }

    /// What a file reads as data, in the order written. It need not be a part of the lab.
    pub fn file_uses(&self, path: &str) -> &[FileUse] {
        self.known(path).map_or(&[], |file| file_uses(&self.db, file).as_slice())
    }

    /// Says what is found under the names of files that the lab reads, relative to its folder.
    pub fn set_data_files(&mut self, found: BTreeMap<String, Found>) {
        DataFiles::set(&mut self.db, found);
    }

    /// What is found under the name of a file that the lab reads, if anybody has looked.
    pub fn data_file(&self, path: &str) -> Option<&Found> {
        names::data_file(&self.db, path)
    }

    /// The files and folders that the lab reads as data now, each with the files of folders that are read, relative to its
    /// own.
    pub fn data_file_names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for used in self.file_names().iter().flat_map(|file| self.file_uses(file)) {
            if let Some(Found::Folder(inside)) = self.data_file(&used.path) {
                let files = inside.iter().filter(|name| !name.ends_with('/'));
                names.extend(files.map(|name| format!("{}/{name}", used.path)));
            }
            names.insert(used.path.clone());
        }
        names
    }

    /// Says why files that the lab imports are no part of it, by [`Import::key`].
    pub fn set_import_faults(&mut self, faults: BTreeMap<String, ImportFault>) {
        let known = ImportFaults::get(&self.db);
        if *known.faults(&self.db) != faults {
            known.set_faults(&mut self.db).to(faults);
        }
    }

    /// What is wrong with imports.
    pub(super) fn import_problems(&self) -> Vec<Problem> {
        let faults = ImportFaults::get(&self.db).faults(&self.db);
        if faults.is_empty() {
            return Vec::new();
        }
        let files = Workspace::get(&self.db).lab(&self.db).iter();
        problems(files.flat_map(|file| file_imports(&self.db, *file)), faults)
    }

    /// A file of the lab or of the library, or one that may become a part of the lab.
    fn known(&self, path: &str) -> Option<SourceFile> {
        let left = || Workspace::get(&self.db).left(&self.db).iter();
        self.files().file(path).or_else(|| left().find(|file| **file.path(&self.db) == *path).copied())
    }
}
