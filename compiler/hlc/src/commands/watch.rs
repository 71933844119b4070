//! `hlc watch`: checks and builds on every change of the lab's files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use super::build;
use crate::args::Build;
use crate::exit::{Exit, Failure};
use crate::load::Lab;
use crate::terminal::{Terminal, shown};

/// How often files are looked at. Nobody saves twice in that time.
const EVERY: Duration = Duration::from_millis(100);

/// Builds, and again whenever a file of the lab, or that of its secrets' values, is not what it was. Ends with the
/// process only: what fails is said, and may be right after the next change.
pub(crate) fn run(file: Option<&Path>, build: &Build, terminal: &Terminal) -> Result<Exit, Failure> {
    let file = workspace::lab_file(file).map_err(Failure::Cannot)?;
    let mut files = own(&file, None);
    loop {
        let before = Seen::of(files);
        let lab = Lab::open(Some(&file), terminal);
        files = own(&file, lab.as_ref().ok());
        // Which files it reads is known only now; what becomes of them from here on is a change.
        let known = Seen::of(files.clone());
        let done = match &lab {
            // Somebody is about to write it: nothing is removed for that.
            Ok(lab) if lab.session.item_count() == 0 => {
                Err(Failure::cannot(format!("{} is empty", shown(&file))))
            }
            Ok(lab) => build::run(lab, build, terminal).map(|_| ()),
            Err(_) => Ok(()),
        };
        for failure in [lab.err(), done.err()].into_iter().flatten() {
            if let Failure::Fault(_) = failure {
                return Err(failure);
            }
            failure.message().into_iter().for_each(|message| terminal.error(message));
        }
        terminal.note(&format!("watching {}", shown(&file)));
        // What changed while it was being built is built once more; so this is asked after the last look.
        if !before.has_changed() {
            known.wait_for_change();
        }
        known.wait_for_quiet();
    }
}

/// The files of the lab, as far as it could be opened.
fn own(file: &Path, lab: Option<&Lab>) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::from([file.to_owned()]);
    if let Some(lab) = lab {
        files.extend(lab.session.file_names().iter().map(|name| lab.folder.join(name)));
        files.extend(lab.session.data_file_names().iter().map(|name| lab.folder.join(name)));
        files.insert(lab.secrets_path());
    }
    files
}

/// `files`, and those of the language beside them, which the lab may come to import.
fn with_those_beside(files: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let folders: BTreeSet<&Path> = files.iter().filter_map(|file| file.parent()).collect();
    let mut all = files.clone();
    for folder in folders {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let Ok(entries) = folder.read_dir() else { continue };
        let labs = entries.flatten().map(|entry| entry.path());
        all.extend(labs.filter(|path| path.extension().is_some_and(|kind| kind == "hl")));
    }
    all
}

/// Files, and what they and those beside them were when they were looked at; nothing of those that were not there.
struct Seen {
    files: BTreeSet<PathBuf>,
    states: BTreeMap<PathBuf, Option<(SystemTime, u64)>>,
}

impl Seen {
    /// `files` as they are now.
    fn of(files: BTreeSet<PathBuf>) -> Self {
        Self { states: states(&files), files }
    }

    fn has_changed(&self) -> bool {
        states(&self.files) != self.states
    }

    fn wait_for_change(&self) {
        while !self.has_changed() {
            sleep(EVERY);
        }
    }

    /// An editor may write a file in several steps, and empties it first.
    fn wait_for_quiet(&self) {
        loop {
            let now = states(&self.files);
            sleep(EVERY);
            if states(&self.files) == now {
                return;
            }
        }
    }
}

fn states(files: &BTreeSet<PathBuf>) -> BTreeMap<PathBuf, Option<(SystemTime, u64)>> {
    with_those_beside(files).iter().map(|file| (normal(file), state(file))).collect()
}

fn normal(file: &Path) -> PathBuf {
    file.strip_prefix(".").unwrap_or(file).to_owned()
}

fn state(file: &Path) -> Option<(SystemTime, u64)> {
    let known: Metadata = file.metadata().ok()?;
    Some((known.modified().ok()?, known.len()))
}
