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

/// What a note says of a build that looked at the file of values with a key, and of one that did not.
const VERIFIED: &str = "verified";
const UNVERIFIED: &str = "unverified";

/// What a build is made of, and where that is noted.
pub(crate) struct Noted {
    /// Nothing where there is no place for caches.
    path: Option<PathBuf>,
    inputs: Inputs,
}

impl Noted {
    /// Of a build of `lab` into folders below `folder`.
    pub(crate) fn new(lab: &Lab, folder: &Path) -> Self {
        Self { path: place(folder), inputs: inputs(lab) }
    }

    /// What the build does, where an earlier one of the same found no problem and had nothing to do, and all files look
    /// as they did then.
    pub(crate) fn nothing_to_do(&self, lab: &Lab, folders: &[&Path]) -> Option<Vec<Report>> {
        // Two names of one file are one text: that one of them is gone does not show in the inputs.
        let path = self.path.as_ref().filter(|_| lab.is_whole())?;
        let note = Note::read(&RealDisk, path, &self.inputs)?;
        // Whoever has a key now would find out more: whether somebody changed the file of values.
        let depends_on_keys = note.remark() != VERIFIED && lab.stored_text().is_some();
        let reports = note.look(&RealDisk, folders)?;
        (!depends_on_keys || Keys::find().is_empty()).then_some(reports)
    }

    /// Notes what a build of a lab without any problem did, if that is nothing, and whether it looked at the file of
    /// values with a key.
    pub(crate) fn note(&self, reports: &[Report], targets: &[Target<'_>], is_verified: bool) {
        let (Some(path), Ok(now)) = (&self.path, SystemTime::now().duration_since(UNIX_EPOCH)) else {
            return;
        };
        let (true, Ok(now)) = (reports.iter().all(Report::is_nothing), i128::try_from(now.as_nanos())) else {
            return;
        };
        let remark = if is_verified { VERIFIED } else { UNVERIFIED };
        output::note(&RealDisk, path, (&self.inputs, remark), targets, now);
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
