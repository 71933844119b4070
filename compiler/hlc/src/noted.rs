//! A build that has nothing to do, and what lets it know: the note of an earlier one, among the user's caches.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use diagnostics::Sources;
use output::{Inputs, Note, RealDisk, Report, Target};

use crate::load::Lab;
use crate::paths::users_folder;
use crate::secrets::keys::Keys;

/// What a build is made of, and where that is noted.
pub(crate) struct Noted {
    /// Nothing where there is no place for caches.
    path: Option<PathBuf>,
    inputs: Inputs,
}

/// What an earlier build of the same found out.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    /// Whether the lab has no problem, not even a hint: it need not be checked again to say so.
    pub(crate) no_problem: bool,
    /// Whether the file of values was looked at with a key.
    pub(crate) verified: bool,
}

impl Found {
    fn remark(self) -> String {
        format!("{} {}", u8::from(self.no_problem), u8::from(self.verified))
    }

    fn parse(remark: &str) -> Option<Self> {
        let (no_problem, verified) = remark.split_once(' ')?;
        Some(Self { no_problem: no_problem == "1", verified: verified == "1" })
    }
}

/// That a build does nothing, if all files look as they did.
pub(crate) struct Known {
    note: Note,
    found: Found,
    /// Whether more would be found out now by whoever has a key: whether somebody changed the file of values.
    depends_on_keys: bool,
}

impl Known {
    /// Whether no problem would be found by looking at the lab once more.
    pub(crate) fn has_no_problem(&self) -> bool {
        self.found.no_problem
    }

    /// What the build does, if that is nothing.
    pub(crate) fn look(&self, folders: &[&Path]) -> Option<Vec<Report>> {
        let reports = self.note.look(&RealDisk, folders)?;
        (!self.depends_on_keys || Keys::find().is_empty()).then_some(reports)
    }
}

impl Noted {
    /// Of a build of `lab` into folders below `folder`.
    pub(crate) fn new(lab: &Lab, folder: &Path) -> Self {
        Self { path: place(folder), inputs: inputs(lab) }
    }

    /// What the note says, where there is one.
    pub(crate) fn known(&self, lab: &Lab) -> Option<Known> {
        // Two names of one file are one text: that one of them is gone does not show in the inputs.
        let path = self.path.as_ref().filter(|_| lab.is_whole())?;
        let note = Note::read(&RealDisk, path, &self.inputs)?;
        let found = Found::parse(note.remark())?;
        let depends_on_keys = !found.verified && lab.stored_text().is_some();
        Some(Known { note, found, depends_on_keys })
    }

    /// Notes what the build did, if that is nothing, and what it found out.
    pub(crate) fn note(&self, reports: &[Report], targets: &[Target<'_>], found: Found) {
        let (Some(path), Ok(now)) = (&self.path, SystemTime::now().duration_since(UNIX_EPOCH)) else {
            return;
        };
        let (true, Ok(now)) = (reports.iter().all(Report::is_nothing), i128::try_from(now.as_nanos())) else {
            return;
        };
        output::note(&RealDisk, path, (&self.inputs, &found.remark()), targets, now);
    }
}

/// Where the note of a build below `folder` is kept: where caches are.
fn place(folder: &Path) -> Option<PathBuf> {
    let caches = users_folder("XDG_CACHE_HOME", ".cache")?;
    let folder = env::current_dir().ok()?.join(folder);
    let name = Inputs::default().with(folder.as_os_str().as_encoded_bytes()).name();
    caches.is_absolute().then(|| caches.join("hlc").join("builds").join(name))
}

/// Everything that the files of a lab and its problems depend on: this program, the lab's files, the file of values, and
/// the day, by which values are due to be replaced.
fn inputs(lab: &Lab) -> Inputs {
    let today = lab.today().map(|day| day.to_string()).unwrap_or_default();
    let mut inputs = Inputs::default().with(env!("CARGO_PKG_VERSION").as_bytes()).with(&program());
    inputs = inputs.with(today.as_bytes());
    let sources = lab.session.sources();
    for name in lab.session.file_names() {
        inputs = inputs.with(name.as_bytes()).with(sources.text(&name).unwrap_or_default().as_bytes());
    }
    let stored = lab.stored_text();
    inputs.with(&[u8::from(stored.is_some())]).with(stored.unwrap_or_default().as_bytes())
}

/// Which program this is: two of the same version may differ while one is being developed.
fn program() -> Vec<u8> {
    // In the Nix store all times are the same, and the path tells.
    let path = env::current_exe().and_then(fs::canonicalize);
    let meta = path.as_ref().ok().and_then(|path| fs::metadata(path).ok());
    let modified = meta.as_ref().and_then(|meta| meta.modified().ok());
    let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    format!("{path:?} {:?} {since:?}", meta.map(|meta| meta.len())).into_bytes()
}
