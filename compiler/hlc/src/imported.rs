//! The files of the lab: its own and what that imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use diagnostics::{Problem, closest, did_you_mean};
use driver::{Import, imports};
use syntax::Cuts;
use types::problems::unknown_module::unreadable_import;

use crate::read;
use crate::terminal::{Terminal, shown};

/// The files of the lab as far as they are read.
pub(crate) struct Files<'a> {
    /// The folder that the lab is in.
    folder: &'a Path,
    terminal: &'a Terminal,
    /// Names and texts, and how these are cut.
    texts: Vec<(String, String, Cuts)>,
    /// Where they are: a file may be imported under two names.
    paths: BTreeSet<PathBuf>,
    /// Texts that are in the place of what files hold, by the names of these.
    changed: BTreeMap<String, String>,
}

/// Why a file is not part of the lab.
struct Fault {
    reason: String,
    /// Names of files that may have been meant.
    near: Vec<String>,
}

impl<'a> Files<'a> {
    /// The lab's own file `own`, which is at `path`, and all that it imports; with what is wrong with imports. What
    /// `changed` has by its name is not read from its file.
    pub(crate) fn read(
        own: (String, String),
        path: &Path,
        folder: &'a Path,
        changed: BTreeMap<String, String>,
        terminal: &'a Terminal,
    ) -> (Vec<(String, String, Cuts)>, Vec<Problem>) {
        let mut faults: BTreeMap<String, Option<Fault>> = BTreeMap::from([(own.0.clone(), None)]);
        let paths = path.canonicalize().into_iter().collect();
        let mut files = Self { folder, terminal, texts: Vec::new(), paths, changed };
        files.add(own.0, own.1);
        let mut all = Vec::new();
        let mut nth = 0;
        while let Some((name, text, cuts)) = files.texts.get(nth) {
            let found = imports(name, text, &cuts.items);
            for import in &found {
                faults.entry(key(import)).or_insert_with(|| files.import(import).err());
            }
            all.extend(found);
            nth += 1;
        }
        (files.texts, problems(&all, &faults))
    }

    /// Adds a file to the lab, unless it is part of it under another name.
    fn import(&mut self, import: &Import) -> Result<(), Fault> {
        let fault = |reason: &str| Fault { reason: reason.to_owned(), near: Vec::new() };
        if import.written.starts_with('/') || import.path == ".." || import.path.starts_with("../") {
            return Err(fault("it is outside of the lab's folder"));
        }
        if import.path.is_empty() {
            return Err(fault("it names no file"));
        }
        if import.path.starts_with("std/") {
            return Err(fault("a lab cannot have a folder 'std', which is the library's"));
        }
        let file = self.folder.join(&import.path);
        let text = match self.changed.get(&import.path) {
            Some(text) => text.clone(),
            None => read::text(&file).map_err(|reason| Fault { near: near(&file), reason })?,
        };
        if file.canonicalize().is_ok_and(|path| self.paths.insert(path)) {
            self.terminal.detail(&format!("read {}", shown(&file)));
            self.add(import.path.clone(), text);
        }
        Ok(())
    }

    fn add(&mut self, name: String, text: String) {
        let cuts = syntax::cut_whole(&text);
        self.texts.push((name, text, cuts));
    }
}

/// What an import is known by: an absolute path is another file than the relative one of the same words.
fn key(import: &Import) -> String {
    if import.written.starts_with('/') { import.written.clone() } else { import.path.clone() }
}

fn problems(imports: &[Import], faults: &BTreeMap<String, Option<Fault>>) -> Vec<Problem> {
    let problem = |import: &Import| {
        let fault = faults.get(&key(import))?.as_ref()?;
        let problem = unreadable_import(import.place.clone(), &import.written, &fault.reason);
        let near: Vec<&str> = fault.near.iter().map(String::as_str).collect();
        Some(problem.help_if(did_you_mean(&near)))
    };
    imports.iter().filter_map(problem).collect()
}

/// The files beside one that is not there whose names are like its.
fn near(file: &Path) -> Vec<String> {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return Vec::new() };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let names: Vec<String> =
        names.filter(|name| Path::new(name).extension().is_some_and(|end| end == "hl")).collect();
    let found = closest(&name.to_string_lossy(), names.iter().map(String::as_str), 3);
    found.into_iter().map(str::to_owned).collect()
}
