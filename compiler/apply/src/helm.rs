//! The real helm: what charts render, and what it is told to do.
//!
//! Values go in by a pipe, and what is rendered comes back by one: neither stands in arguments, in the environment or in
//! a file. Helm gets a process group of its own, so that a Ctrl-C at the terminal lets it end what it has begun.

mod charts;
mod documents;
mod process;
mod record;

use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use plan::{ReleaseId, WantedRelease};
use zeroize::Zeroizing;

use crate::cluster::{Access, Cluster};
use crate::error::Error;
use crate::vault::Vault;

pub(crate) use charts::{Chart, Charts};
pub(crate) use documents::{Document, documents};
pub(crate) use process::has_ended;
pub(crate) use record::{Record, masked, records};

/// How much a run of helm may print before it is given up.
const MOST: u64 = 256 * 1024 * 1024;

/// How many revisions of a release helm keeps, as it does by itself.
const HISTORY: &str = "10";

/// Helm, beside a cluster.
#[derive(Clone, Debug)]
pub(crate) struct Helm {
    access: Access,
    version: String,
    kinds: String,
}

impl Helm {
    /// The helm that speaks to a cluster of this version, which has these kinds.
    pub(crate) async fn of(cluster: &Cluster, vault: &Vault) -> Result<Self, Error> {
        let version = cluster.version(vault).await?;
        Ok(Self { access: cluster.access.clone(), version, kinds: cluster.api_versions().join(",") })
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
        let run = run(command, vault.filled(&release.values), Output::Kept).await;
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
        let run = run(command, vault.filled(&release.values), Output::Dropped).await;
        run.map(drop).map_err(|error| failed(&release.id, &error, vault))
    }

    /// Takes a release away.
    pub(crate) async fn uninstall(&self, id: &ReleaseId, vault: &Vault) -> Result<(), Error> {
        let mut command = self.command(Command::new("helm"), "uninstall", id);
        command.arg("--ignore-not-found");
        let run = run(command, Zeroizing::default(), Output::Dropped).await;
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

/// What is done with what helm prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    Kept,
    /// It may have secrets in it that nobody asked for: notes of charts like to.
    Dropped,
}

/// Runs helm away from the thread that speaks to the cluster. Why it failed is what it says itself.
async fn run(
    command: Command,
    input: Zeroizing<Vec<u8>>,
    output: Output,
) -> Result<Zeroizing<Vec<u8>>, String> {
    let work = tokio::task::spawn_blocking(move || exchange(command, &input, output));
    work.await.unwrap_or_else(|_| Err("the run of helm broke off".to_owned()))
}

fn exchange(mut command: Command, input: &[u8], output: Output) -> Result<Zeroizing<Vec<u8>>, String> {
    let stdout = if output == Output::Kept { Stdio::piped() } else { Stdio::null() };
    command.stdin(Stdio::piped()).stdout(stdout).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().map_err(|error| absent(&error))?;
    let (mut stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (sent, printed, said) = thread::scope(|scope| {
        let printed = scope.spawn(|| stdout.map(read).transpose());
        let said = scope.spawn(|| stderr.map(read).transpose());
        // A helm that has no use for values closes the pipe, which is no failure of its own.
        let sent = stdin.as_mut().map_or(Ok(()), |stdin| stdin.write_all(input));
        drop(stdin.take());
        (sent, printed.join(), said.join())
    });
    let status = child.wait().map_err(|error| error.to_string())?;
    let printed = printed.map_err(|_| "nobody read what it printed")?.map_err(|error| error.to_string())?;
    let said = said.ok().and_then(Result::ok).flatten().unwrap_or_default();
    // As a shell says that there is no such program.
    if status.code() == Some(127) {
        return Err(NO_HELM.to_owned());
    }
    if !status.success() {
        return Err(reason(&String::from_utf8_lossy(&said)));
    }
    sent.map_err(|error| format!("it did not read its values: {error}"))?;
    Ok(printed.unwrap_or_default())
}

fn read(from: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = from.take(MOST + 1).read_to_end(&mut bytes)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > MOST {
        return Err(io::Error::other("it printed too much"));
    }
    Ok(bytes)
}

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
    Error::Helm(id.clone(), vault.redacted(why))
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

    #[test]
    fn values_go_in_and_what_is_printed_comes_out() {
        let mut cat = Command::new("cat");
        cat.arg("-");
        let input = "x".repeat(1 << 20);
        let printed = exchange(cat, input.as_bytes(), Output::Kept).expect("it runs");
        assert_eq!(printed.len(), input.len());
        let missing = exchange(Command::new("/nowhere/helm"), b"", Output::Dropped);
        assert!(missing.expect_err("there is none").contains("PATH"));
        let mut failing = Command::new("sh");
        failing.args(["-c", "echo Error: bad >&2; exit 1"]);
        assert_eq!(exchange(failing, input.as_bytes(), Output::Dropped), Err("bad".to_owned()));
    }
}
