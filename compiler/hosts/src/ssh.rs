//! A host, by SSH.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use plan::hosts::{Facts, MARK, System};
use tempfile::NamedTempFile;

use crate::error::Error;
use crate::keys;
use crate::program::{self, Said, Unheard, last_lines};

/// What runs on hosts.
pub(crate) const ON_HOST: &str = include_str!("on_host.sh");

/// Becomes root, if it is not, and runs what it is told: the script that follows. `/run` is memory, so that a full disk is
/// no obstacle. It must have no single quotes, since any shell may be the one that reads it first.
const AS_ROOT: &str = r#"mkdir -p -m 700 /run/hlc && f=$(mktemp /run/hlc/XXXXXX) && cat >"$f" && sh "$f" "$0" "$@"; code=$?; rm -f "$f"; exit "$code""#;
const BECOME: &str = r#"PATH=/run/wrappers/bin:/run/current-system/sw/bin:$PATH; umask 077; if [ "$(id -u)" = 0 ]; then exec sh -c "$0" yes "$@"; fi; exec sudo -n sh -c "$0" no "$@""#;

/// Where a host is, and how it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// What it is called in the lab.
    pub name: String,
    /// Who logs in, if the lab says it.
    pub user: Option<String>,
    /// What SSH is told: a name or an address.
    pub at: String,
    /// The port, if SSH is not to find it out.
    pub port: Option<u16>,
    /// Its public key as the lab has it: `ssh-ed25519 AAAA…`.
    pub key: Option<String>,
}

/// A host that is asked and told things.
#[derive(Debug)]
pub struct Host {
    /// Where it is.
    pub address: Address,
    /// The key that it must show, where the lab has one.
    known: Option<NamedTempFile>,
    /// Nothing is begun any more once this is true.
    stop: Arc<AtomicBool>,
}

impl Host {
    /// A host at an address. Nothing is asked yet.
    ///
    /// # Errors
    ///
    /// If there is no place for the file with its key.
    pub fn new(address: Address, stop: Arc<AtomicBool>) -> Result<Self, Error> {
        let known = address.key.as_deref().map(keys::known).transpose();
        let known = known.map_err(|error| Error::NoProgram("ssh", error.to_string()))?;
        Ok(Self { address, known, stop })
    }

    /// Asks it how it is.
    ///
    /// # Errors
    ///
    /// If it cannot be asked, or is no NixOS.
    pub fn look(&self) -> Result<Facts, Error> {
        let said = self.run(&["look"])?;
        Facts::parse(&said).map_err(|what| Error::NotNixos(what.to_owned()))
    }

    /// What a system consists of that is there.
    ///
    /// # Errors
    ///
    /// If it cannot be asked.
    pub fn describe(&self, system: &str) -> Result<System, Error> {
        match self.run(&["describe", system]) {
            Err(Error::NotBegun(why)) => Err(Error::Undescribed(why)),
            said => Ok(System::parse(&said?)),
        }
    }

    /// Runs a part of the script there, as root, and returns what it says. Words must be plain: letters, digits, `-_./+`.
    pub(crate) fn run(&self, words: &[&str]) -> Result<String, Error> {
        self.run_until(words, &self.stop)
    }

    /// The same for what is not to be broken off in the middle.
    pub(crate) fn run_to_its_end(&self, words: &[&str]) -> Result<String, Error> {
        self.run_until(words, &AtomicBool::new(false))
    }

    /// Has it keep what a system was built from, on one line.
    pub(crate) fn keep(&self, system: &str, built: &str) -> Result<(), Error> {
        let script = format!("{ON_HOST}{}", built.replace('\n', " "));
        self.run_script(&script, &["keep", system], &AtomicBool::new(false)).map(drop)
    }

    /// What the system that it runs was built from; `None` if it keeps nothing of that.
    pub(crate) fn built(&self, running: &str) -> Result<Option<String>, Error> {
        let said = self.run(&["built"])?;
        let value = |word: &str| said.lines().find_map(|line| line.strip_prefix(MARK)?.strip_prefix(word));
        Ok(value("built=").filter(|_| value("of=") == Some(running)).map(str::to_owned))
    }

    fn run_until(&self, words: &[&str], stop: &AtomicBool) -> Result<String, Error> {
        self.run_script(ON_HOST, words, stop)
    }

    /// Runs a script there, as root, that is told these words.
    pub(crate) fn run_script(
        &self,
        script: &str,
        words: &[&str],
        stop: &AtomicBool,
    ) -> Result<String, Error> {
        let mut command = self.ssh();
        command.arg(remote(words));
        let said = heard("ssh", &mut command, script.as_bytes(), stop)?;
        if said.status.success() { Ok(said.out) } else { Err(trouble(&said)) }
    }

    /// Runs a shell's words there as whoever logs in, and tells it `input`.
    pub(crate) fn shell(&self, script: &str, input: &[u8]) -> Result<Said, Error> {
        let mut command = self.ssh();
        command.arg(format!("sh -c '{script}'"));
        self.heard("ssh", &mut command, input)
    }

    /// Whether somebody asked to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Starts a program, and hears it to its end.
    pub(crate) fn heard(
        &self,
        name: &'static str,
        command: &mut Command,
        input: &[u8],
    ) -> Result<Said, Error> {
        heard(name, command, input, &self.stop)
    }

    /// `ssh` with all but what is run. A connection of its own each time: what answers over an old one says nothing about
    /// whether a new one comes about.
    fn ssh(&self) -> Command {
        let mut command = Command::new("ssh");
        command.args(self.options()).arg("--").arg(self.destination());
        command
    }

    /// What `nix` starts `ssh` with.
    pub(crate) fn nix_options(&self) -> String {
        // Nix splits it at blanks, and none of them has one.
        self.options().join(" ")
    }

    /// The address of its store, for Nix; as root, since only root may take in what nobody signed.
    pub(crate) fn store(&self, is_root: bool) -> String {
        let program = if is_root { "" } else { "?remote-program=sudo%20-n%20nix-store" };
        format!("ssh://{}{program}", self.destination())
    }

    /// The address of the store of the system that is mounted at `/mnt` there.
    pub(crate) fn store_in_mnt(&self, is_root: bool) -> String {
        let store = self.store(is_root);
        let sign = if store.contains('?') { '&' } else { '?' };
        // What is an address itself stands in it with its signs written out.
        format!("{store}{sign}remote-store=local%3Froot%3D%2Fmnt")
    }

    fn destination(&self) -> String {
        match &self.address.user {
            Some(user) => format!("{user}@{}", self.address.at),
            None => self.address.at.clone(),
        }
    }

    fn options(&self) -> Vec<String> {
        let options = self.settings().into_iter().flat_map(|setting| ["-o".to_owned(), setting]);
        std::iter::once("-T".to_owned()).chain(options).collect()
    }

    /// What `ssh` is told about this host, beside what its own configuration says: `Port=22`.
    pub(crate) fn settings(&self) -> Vec<String> {
        let mut settings: Vec<String> = [
            "BatchMode=yes",
            "ControlMaster=no",
            "ControlPath=none",
            "ConnectTimeout=8",
            // A connection that is gone is noticed, and not waited for as long as TCP does.
            "ServerAliveInterval=5",
            "ServerAliveCountMax=3",
        ]
        .map(str::to_owned)
        .into();
        if let Some(known) = &self.known {
            settings.push(format!("UserKnownHostsFile={}", known.path().display()));
            let strict = [
                "GlobalKnownHostsFile=/dev/null",
                "HostKeyAlgorithms=ssh-ed25519",
                "StrictHostKeyChecking=yes",
            ];
            settings.extend(strict.map(str::to_owned));
        }
        settings.extend(self.address.port.map(|port| format!("Port={port}")));
        settings
    }
}

/// Starts a program, and hears it to its end.
pub(crate) fn heard(
    name: &'static str,
    command: &mut Command,
    input: &[u8],
    stop: &AtomicBool,
) -> Result<Said, Error> {
    // Its own words are understood below.
    command.env("LC_ALL", "C");
    program::run(command, input, stop).map_err(|unheard| match unheard {
        Unheard::Missing(error) => Error::NoProgram(name, error.to_string()),
        Unheard::Stopped => Error::Stopped,
    })
}

/// What a remote shell is told, whichever it is.
fn remote(words: &[&str]) -> String {
    format!("sh -c '{BECOME}' '{AS_ROOT}' {}", words.join(" "))
}

/// Why a host did not do what it was told, from what `ssh` said.
fn trouble(said: &Said) -> Error {
    let text = last_lines(&said.err, 4);
    let has = |words: &[&str]| words.iter().any(|word| said.err.contains(word));
    if has(&["Host key verification failed", "IDENTIFICATION HAS CHANGED", "host key is known"]) {
        let why = if has(&["HAS CHANGED"]) { "it shows another key" } else { "nobody said which key it has" };
        return Error::UnknownKey(why.to_owned());
    }
    if said.status.code() == Some(255) {
        return if has(&["Permission denied", "Too many authentication failures"]) {
            Error::NoEntry(text)
        } else {
            Error::Unreachable(text)
        };
    }
    if has(&["sudo:", "not in the sudoers"]) {
        return Error::NoRoot(text);
    }
    Error::NotBegun(if text.is_empty() { said.status.to_string() } else { text })
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    use super::*;

    #[test]
    fn what_ssh_says_is_understood() {
        let said = |code: i32, err: &str| {
            let status = ExitStatus::from_raw(code << 8);
            trouble(&Said { status, out: String::new(), err: err.to_owned() })
        };
        let refused = "ssh: connect to host 192.0.2.1 port 22: Connection refused";
        let changed = "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.";
        let denied = "ana@192.0.2.1: Permission denied (publickey).";
        assert_eq!(said(255, refused), Error::Unreachable(refused.into()));
        assert!(matches!(said(255, changed), Error::UnknownKey(why) if why.contains("another key")));
        assert!(
            matches!(said(255, "Host key verification failed."), Error::UnknownKey(why) if why.contains("nobody"))
        );
        assert_eq!(said(255, denied), Error::NoEntry(denied.into()));
        assert!(matches!(said(1, "sudo: a password is required"), Error::NoRoot(_)));
        assert!(matches!(said(127, "sh: 1: exec: sudo: not found"), Error::NoRoot(_)));
        assert!(matches!(said(1, "cat: write error: No space left on device"), Error::NotBegun(_)));
        assert!(
            matches!(said(3, ""), Error::NotBegun(why) if why.contains('3')),
            "it says at least how it ended"
        );
    }

    #[test]
    fn any_shell_can_read_what_it_is_told() {
        for script in [BECOME, AS_ROOT] {
            assert!(!script.contains(['\'', '\n', '\\']), "{script}");
        }
    }

    #[test]
    fn only_the_key_of_the_lab_is_taken_where_it_has_one() {
        let address = |key: Option<&str>| Address {
            name: "a".into(),
            user: Some("ana".into()),
            at: "192.0.2.1".into(),
            port: Some(2222),
            key: key.map(str::to_owned),
        };
        let with = Host::new(address(Some("ssh-ed25519 AAAA")), Arc::default()).expect("a file");
        let options = with.nix_options();
        for option in
            ["StrictHostKeyChecking=yes", "GlobalKnownHostsFile=/dev/null", "Port=2222", "BatchMode=yes"]
        {
            assert!(options.contains(option), "{options}");
        }
        let known = with.known.as_ref().expect("a file").path();
        assert_eq!(std::fs::read_to_string(known).expect("a text"), "* ssh-ed25519 AAAA\n");
        let without = Host::new(address(None), Arc::default()).expect("no file");
        assert!(!without.nix_options().contains("Known"), "as the user's own ssh does it");
        assert_eq!(without.store(false), "ssh://ana@192.0.2.1?remote-program=sudo%20-n%20nix-store");
    }
}
