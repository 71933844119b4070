//! Where charts are: those of repositories are fetched once, for a version stays what it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use plan::{ChartAt, ReleaseId, WantedRelease};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Output, cache, failed, run};
use crate::error::Error;
use crate::vault::{Vault, hex};

/// A chart that is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chart {
    /// Its folder, or its archive.
    pub(crate) path: PathBuf,
    /// What it calls itself.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
}

/// Charts that were fetched: `URL's hash/NAME-VERSION.tgz`.
#[derive(Clone, Debug)]
pub(crate) struct Charts {
    folder: Option<PathBuf>,
}

/// What is read of a `Chart.yaml`.
#[derive(Deserialize)]
struct Metadata {
    name: String,
    version: String,
}

impl Charts {
    /// Those of the user.
    pub(crate) fn of_user() -> Self {
        Self { folder: cache().map(|cache| cache.join("charts")) }
    }

    /// The chart of a release, fetched if it is not here.
    pub(crate) async fn chart(&self, release: &WantedRelease, vault: &Vault) -> Result<Chart, Error> {
        match &release.chart {
            ChartAt::Folder(path) => folder(Path::new(path)).map_err(|why| failed(&release.id, &why, vault)),
            ChartAt::Pinned { url, name, version } => {
                let path = self.fetched(&release.id, url, name, version, vault).await?;
                Ok(Chart { path, name: name.clone(), version: version.clone() })
            }
        }
    }

    async fn fetched(
        &self,
        id: &ReleaseId,
        url: &str,
        name: &str,
        version: &str,
        vault: &Vault,
    ) -> Result<PathBuf, Error> {
        let cannot = |why: String| failed(id, &why, vault);
        let Some(all) = &self.folder else {
            return Err(cannot("neither XDG_CACHE_HOME nor HOME says where charts are kept".to_owned()));
        };
        let folder = all.join(of_url(url));
        let file = format!("{name}-{}.tgz", version.trim_start_matches('v'));
        // A name is a name, whatever somebody wrote.
        if file.contains('/') {
            return Err(cannot(format!("'{name}' is no name of a chart")));
        }
        let path = folder.join(file);
        if path.is_file() {
            return Ok(path);
        }
        let into = tempdir(&folder)
            .map_err(|error| cannot(format!("the chart cannot be kept in {}: {error}", folder.display())))?;
        let pull =
            run(pull(url, name, version, &into), Zeroizing::default(), Output::Dropped, Arc::default()).await;
        let kept = pull.and_then(|_| keep(&into, &path));
        let _ = fs::remove_dir_all(&into);
        kept.map_err(|why| cannot(format!("the chart {name} {version} of {url}: {why}")))?;
        Ok(path)
    }
}

/// How helm fetches a chart. Who has the repository under a name of their own, with a password maybe, has it by that.
fn pull(url: &str, name: &str, version: &str, into: &Path) -> Command {
    let mut command = Command::new("helm");
    command.args(["pull", "--version", version, "--destination"]).arg(into);
    if url.starts_with("oci://") {
        command.arg(format!("{}/{name}", url.trim_end_matches('/')));
    } else if let Some(alias) = alias(url) {
        command.arg(format!("{alias}/{name}"));
    } else {
        command.args(["--repo", url, name]);
    }
    command
}

/// The name that the user's helm has a repository under.
fn alias(url: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Repository {
        name: String,
        url: String,
    }
    let listed = Command::new("helm").args(["repo", "list", "--output", "json"]).output().ok()?;
    let all: Vec<Repository> = serde_json::from_slice(&listed.stdout).ok()?;
    let is_it = |one: &Repository| one.url.trim_end_matches('/') == url.trim_end_matches('/');
    all.into_iter().find(is_it).map(|one| one.name)
}

/// Puts the one archive of a folder where it belongs.
fn keep(from: &Path, path: &Path) -> Result<(), String> {
    let entries = fs::read_dir(from).map_err(|error| error.to_string())?;
    let archive = entries.filter_map(Result::ok).map(|entry| entry.path());
    let is_one = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "tgz");
    let archive = archive.into_iter().find(is_one).ok_or("helm fetched nothing")?;
    fs::rename(archive, path).map_err(|error| error.to_string())
}

/// A new folder in `folder`, which nobody else has: several charts of one repository are fetched at once.
fn tempdir(folder: &Path) -> std::io::Result<PathBuf> {
    static FETCHED: AtomicUsize = AtomicUsize::new(0);
    let nth = FETCHED.fetch_add(1, Ordering::Relaxed);
    let path = folder.join(format!(".fetching-{}-{nth}", std::process::id()));
    fs::create_dir_all(&path)?;
    Ok(path)
}

fn of_url(url: &str) -> String {
    hex(&Sha256::digest(url.trim_end_matches('/').as_bytes())[..8])
}

fn folder(path: &Path) -> Result<Chart, String> {
    let file = path.join("Chart.yaml");
    let text =
        fs::read_to_string(&file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let metadata: Metadata =
        serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(Chart { path: path.to_owned(), name: metadata.name, version: metadata.version })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_that_are_fetched_at_once_have_folders_of_their_own() {
        let all = tempfile::tempdir().expect("a temporary folder");
        let folders = [(); 3].map(|()| tempdir(all.path()).expect("a new folder"));
        assert!(folders[0] != folders[1] && folders[1] != folders[2] && folders[0] != folders[2]);
    }
}
