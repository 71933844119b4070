//! The real helm: what charts render, and what it is told to do.
//!
//! Values go in by a pipe, and what is rendered comes back by one: neither stands in arguments, in the environment or in
//! a file. Helm gets a process group of its own, so that a Ctrl-C at the terminal lets it end what it has begun.

mod charts;
mod documents;
mod process;
mod record;
mod run;

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use plan::{ReleaseId, WantedRelease};
use zeroize::Zeroizing;

use crate::cluster::{Access, Cluster};
use crate::error::Error;
use crate::vault::Vault;

pub(crate) use charts::{Chart, Charts};
pub(crate) use documents::{Document, documents};
pub(crate) use process::has_ended;
pub(crate) use record::{Record, masked, records};
use run::{Output, TOLD_TO_STOP, run};

/// How many revisions of a release helm keeps, as it does by itself.
const HISTORY: &str = "10";

/// Helm, beside a cluster.
#[derive(Clone, Debug)]
pub(crate) struct Helm {
    access: Access,
    version: String,
    kinds: String,
    /// What changes something is told to stop some time after this is true.
    stop: Arc<AtomicBool>,
}

impl Helm {
    /// The helm that speaks to a cluster of this version, which has these kinds.
    pub(crate) async fn of(cluster: &Cluster, vault: &Vault) -> Result<Self, Error> {
        let version = cluster.version(vault).await?;
        let (access, kinds) = (cluster.access.clone(), cluster.api_versions().join(","));
        Ok(Self { access, version, kinds, stop: Arc::clone(&cluster.stop) })
    }

    /// All that a chart renders with the release's values, but for hooks.
    pub(crate) async fn rendered(
        &self,
        release: &WantedRelease,
        chart: &Path,
        is_new: bool,
        vault: &Vault,
    ) -> Result<Zeroizing<String>, Error> {
        let mut command = self.command(Command::new("helm"), "template", &release.id);
        command.arg(chart).args(["--values", "-", "--no-hooks", "--dry-run=server"]);
        command.args(["--kube-version", &self.version, "--api-versions", &self.kinds]);
        // What stands in a chart's `crds/` is installed once, and never looked at again.
        command.args(if is_new { ["--include-crds"] } else { ["--is-upgrade"] });
        let run = run(command, vault.filled(&release.values), Output::Kept, Arc::default()).await;
        let text = run.map_err(|error| failed(&release.id, &error, vault))?;
        let text = String::from_utf8(text.to_vec()).map(Zeroizing::new);
        text.map_err(|_| failed(&release.id, "what it rendered is no text", vault))
    }

    /// Installs a release, or upgrades it.
    pub(crate) async fn upgrade(
        &self,
        release: &WantedRelease,
        chart: &Path,
        vault: &Vault,
    ) -> Result<(), Error> {
        // The shell takes a number of its own, and becomes helm.
        let mut shell = Command::new("sh");
        shell.args(["-c", process::BECOMES_HELM, "sh"]);
        shell.env("HLC_LABEL", process::LABEL).env("HLC_PLACE", process::place());
        let mut command = self.command(shell, "upgrade", &release.id);
        command.arg(chart).args(["--install", "--values", "-", "--reset-values", "--take-ownership"]);
        command.args(["--history-max", HISTORY, "--timeout", &format!("{}s", release.timeout)]);
        if release.makes_namespace {
            command.arg("--create-namespace");
        }
        let run = run(command, vault.filled(&release.values), Output::Dropped, Arc::clone(&self.stop)).await;
        run.map(drop).map_err(|error| failed(&release.id, &error, vault))
    }

    /// Takes a release away.
    pub(crate) async fn uninstall(&self, id: &ReleaseId, vault: &Vault) -> Result<(), Error> {
        let mut command = self.command(Command::new("helm"), "uninstall", id);
        command.arg("--ignore-not-found");
        let run = run(command, Zeroizing::default(), Output::Dropped, Arc::clone(&self.stop)).await;
        run.map(drop).map_err(|error| failed(id, &error, vault))
    }

    fn command(&self, mut command: Command, what: &str, id: &ReleaseId) -> Command {
        command.args([what, "--namespace", &id.namespace]);
        if let Some(path) = &self.access.kubeconfig {
            command.arg("--kubeconfig").arg(path);
        }
        if let Some(context) = &self.access.context {
            command.args(["--kube-context", context]);
        }
        command.arg(&id.name);
        command
    }
}

/// What is said where there is none.
const NO_HELM: &str = "there is no 'helm' on the PATH; the lab has charts, which it installs: \
                       https://helm.sh/docs/intro/install";

/// What helm says went wrong, without what it says besides.
fn reason(said: &str) -> String {
    let is_told = |line: &&str| !line.trim().is_empty() && !line.starts_with("WARNING:");
    let lines: Vec<&str> = said.lines().filter(is_told).collect();
    let from = lines.iter().position(|line| line.starts_with("Error:")).unwrap_or(0);
    let text = lines[from..].join("\n  ");
    let text = text.strip_prefix("Error:").map_or(text.as_str(), str::trim).to_owned();
    if text.is_empty() { "it failed, and does not say why".to_owned() } else { text }
}

fn absent(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::NotFound {
        NO_HELM.to_owned()
    } else {
        format!("helm cannot be started: {error}")
    }
}

fn failed(id: &ReleaseId, why: &str, vault: &Vault) -> Error {
    if why == TOLD_TO_STOP { Error::Stopped } else { Error::Helm(id.clone(), vault.redacted(why)) }
}

/// Where something of the user's is kept that can be had again.
fn cache() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")))?;
    Some(folder.join("hlc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_helm_says_is_the_reason_and_nothing_else() {
        let said =
            "WARNING: Kubernetes configuration file is group-readable\nError: UPGRADE FAILED: no\nmore\n";
        assert_eq!(reason(said), "UPGRADE FAILED: no\n  more");
        assert_eq!(reason(""), "it failed, and does not say why");
        assert_eq!(reason("Error: x"), "x");
    }
}
