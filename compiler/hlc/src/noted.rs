//! A build that has nothing to do, and what lets it know: the note of an earlier one, among the user's caches.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use diagnostics::Sources;
use output::{Inputs, RealDisk, Report, Target};

use crate::exit::Failure;
use crate::load::Lab;
use crate::paths::users_folder;
use crate::secrets::store::Store;

/// What a build is made of, and where that is noted.
pub(crate) struct Noted {
    /// Nothing where there is no place for caches.
    path: Option<PathBuf>,
    inputs: Inputs,
}

/// What a build is known to do: nothing, in each folder.
pub(crate) struct Known {
    reports: Vec<Report>,
    /// Whether the file of values was looked at with a key.
    verified: bool,
}

impl Known {
    /// What it does, unless more would be found out now: whoever has a key looks whether somebody changed the file of
    /// values, which nobody did who has none.
    pub(crate) fn reports(self, lab: &Lab) -> Result<Option<Vec<Report>>, Failure> {
        let is_known = self.verified || Store::read(lab)?.keys().is_empty();
        Ok(is_known.then_some(self.reports))
    }
}

impl Noted {
    /// Of a build of `lab` into folders below `folder`.
    pub(crate) fn new(lab: &Lab, folder: &Path) -> Self {
        Self { path: place(folder), inputs: inputs(lab) }
    }

    /// What the note says the build does, where there is one and all files look as it says.
    pub(crate) fn look(&self, folders: &[&Path]) -> Option<Known> {
        let path = self.path.as_ref()?;
        let known = |verified| {
            let reports = output::unchanged(&RealDisk, path, &self.verified(verified), folders)?;
            Some(Known { reports, verified })
        };
        known(true).or_else(|| known(false))
    }

    /// Notes what the build did, if that is nothing. `verified` says whether the file of values was looked at with a key.
    pub(crate) fn note(&self, reports: &[Report], targets: &[Target<'_>], verified: bool) {
        let (Some(path), Ok(now)) = (&self.path, SystemTime::now().duration_since(UNIX_EPOCH)) else {
            return;
        };
        let (true, Ok(now)) = (reports.iter().all(Report::is_nothing), i128::try_from(now.as_nanos())) else {
            return;
        };
        output::note(&RealDisk, path, &self.verified(verified), targets, now);
    }

    fn verified(&self, verified: bool) -> Inputs {
        self.inputs.clone().with(&[u8::from(verified)])
    }
}

/// Where the note of a build below `folder` is kept: where caches are.
fn place(folder: &Path) -> Option<PathBuf> {
    let caches = users_folder("XDG_CACHE_HOME", ".cache")?;
    let folder = env::current_dir().ok()?.join(folder);
    let name = Inputs::default().with(folder.as_os_str().as_encoded_bytes()).name();
    caches.is_absolute().then(|| caches.join("hlc").join("builds").join(name))
}

/// Everything that the files of a lab depend on: this program, the lab's files, the file of values.
fn inputs(lab: &Lab) -> Inputs {
    let mut inputs = Inputs::default().with(env!("CARGO_PKG_VERSION").as_bytes()).with(&program());
    let sources = lab.session.sources();
    for name in lab.session.file_names() {
        inputs = inputs.with(name.as_bytes()).with(sources.text(&name).unwrap_or_default().as_bytes());
    }
    inputs.with(lab.stored_text().unwrap_or_default().as_bytes())
}

/// Which program this is: two of the same version may differ while one is being developed.
fn program() -> Vec<u8> {
    let meta = env::current_exe().and_then(fs::metadata);
    let modified = meta.as_ref().ok().and_then(|meta| meta.modified().ok());
    let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    format!("{:?} {since:?}", meta.ok().map(|meta| meta.len())).into_bytes()
}
