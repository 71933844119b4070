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
    loop {
        let before = Seen::of(&watched(&file, None));
        let lab = Lab::open(Some(&file), terminal);
        let done = match &lab {
            // Somebody is about to write it: nothing is removed for that.
            Ok(lab) if lab.session.item_count() == 0 => {
                Err(Failure::cannot(format!("{} is empty", shown(&file))))
            }
            Ok(lab) => build::run(lab, build, terminal).map(|_| ()),
            Err(_) => Ok(()),
        };
        let files = watched(&file, lab.as_ref().ok());
        for failure in [lab.err(), done.err()].into_iter().flatten() {
            if let Failure::Fault(_) = failure {
                return Err(failure);
            }
            failure.message().into_iter().for_each(|message| terminal.error(message));
        }
        terminal.note(&format!("watching {}", shown(&file)));
        // What changed while it was being built is built once more.
        before.wait_for_change(&files);
    }
}

/// The files of the lab, and those beside them, which it may come to import.
fn watched(file: &Path, lab: Option<&Lab>) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::from([file.to_owned()]);
    if let Some(lab) = lab {
        files.extend(lab.session.file_names().iter().map(|name| lab.folder.join(name)));
        files.insert(lab.secrets_path());
    }
    let folders: BTreeSet<PathBuf> =
        files.iter().filter_map(|file| file.parent().map(Path::to_owned)).collect();
    for folder in folders {
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        let Ok(entries) = folder.read_dir() else { continue };
        let labs = entries.flatten().map(|entry| entry.path());
        files.extend(labs.filter(|path| path.extension().is_some_and(|kind| kind == "hl")));
    }
    files
}

/// What files were when they were looked at; nothing of those that were not there.
struct Seen(BTreeMap<PathBuf, Option<(SystemTime, u64)>>);

impl Seen {
    fn of(files: &BTreeSet<PathBuf>) -> Self {
        Self(files.iter().map(|file| (normal(file), state(file))).collect())
    }

    /// Waits until one of `files` is another than it was, and then until nothing changes any more.
    fn wait_for_change(&self, files: &BTreeSet<PathBuf>) {
        let known = Self::of(files);
        let is_late = self.0.iter().any(|(file, before)| known.0.get(file).is_some_and(|now| now != before));
        let mut now = Self::of(&beside(files));
        while !is_late && now.0 == known.0 {
            sleep(EVERY);
            now = Self::of(&beside(files));
        }
        // An editor may write a file in several steps, and empties it first.
        loop {
            sleep(EVERY);
            let later = Self::of(&beside(files));
            if later.0 == now.0 {
                return;
            }
            now = later;
        }
    }
}

/// `files`, and what has come to stand beside them.
fn beside(files: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let mut all = files.clone();
    for file in files {
        all.extend(watched(file, None));
    }
    all
}

fn normal(file: &Path) -> PathBuf {
    file.strip_prefix(".").unwrap_or(file).to_owned()
}

fn state(file: &Path) -> Option<(SystemTime, u64)> {
    let known: Metadata = file.metadata().ok()?;
    Some((known.modified().ok()?, known.len()))
}
