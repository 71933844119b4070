//! Why something did not happen on a host.

use std::fmt;

use plan::hosts::{Disk, Facts, Phase};

/// Why something did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A program that is needed is not here; which one, and why.
    NoProgram(&'static str, String),
    /// No connection comes about: it is off, or elsewhere.
    Unreachable(String),
    /// What answers there is another machine, or nobody knows that it is this one.
    UnknownKey(String),
    /// Nobody is let in.
    NoEntry(String),
    /// Whoever logs in does not become root.
    NoRoot(String),
    /// What is there is no NixOS, or lacks what every NixOS has; what of it.
    NotNixos(String),
    /// Nix there does not say what its system consists of; in its own words.
    Undescribed(String),
    /// Nix does not build it, in its own words.
    Build(String),
    /// Nix does not copy it, in its own words.
    Copy(String),
    /// Somebody else is at it.
    Busy,
    /// It runs another system than the one that was planned from.
    Moved,
    /// It would boot another system than when it was planned.
    BootsOther,
    /// It does not begin.
    NotBegun(String),
    /// The activation came to an end that was not meant; to which one, why, and the last lines of what it said.
    Ended {
        /// The end.
        phase: Phase,
        /// Why, in the host's words.
        why: String,
        /// What the activation said.
        log: Vec<String>,
    },
    /// It is not known what has become of it: it could not be asked for long enough.
    Lost(String),
    /// It was started again meanwhile, as after a power cut: how many seconds ago, and what it runs.
    Restarted {
        /// For how many seconds it has been running.
        seconds: u64,
        /// What.
        runs: String,
    },
    /// Whoever watched over the activation is gone.
    Unwatched,
    /// It did not come back from a start.
    NotBack(String),
    /// It came back with another system.
    OtherBack(String),
    /// What was begun on an installer did not end well: with which code, and the last lines of what it said.
    Work {
        /// Its exit code.
        code: i32,
        /// What it said.
        log: Vec<String>,
    },
    /// It is switched, and not in the cluster as it was.
    Cluster(String),
    /// Somebody asked to stop.
    Stopped,
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProgram(program, why) => write!(out, "'{program}' cannot be started: {why}"),
            Self::Unreachable(why) => write!(out, "it cannot be reached: {why}"),
            Self::UnknownKey(why) => write!(out, "it does not show that it is the host: {why}"),
            Self::NoEntry(why) => write!(out, "it lets nobody in: {why}"),
            Self::NoRoot(why) => write!(out, "whoever logs in there does not become root: {why}"),
            Self::NotNixos(what) => write!(out, "it does not say its '{what}', as NixOS does"),
            Self::Undescribed(why) => write!(out, "it does not say what its system consists of: {why}"),
            Self::Build(why) => write!(out, "its system cannot be built: {why}"),
            Self::Copy(why) => write!(out, "its system cannot be copied there: {why}"),
            Self::Busy => out.write_str("somebody else is switching it"),
            Self::Moved => out.write_str("it was switched to another system meanwhile"),
            Self::BootsOther => out.write_str("it was told meanwhile to boot another system"),
            Self::NotBegun(why) => write!(out, "it does not begin: {why}"),
            Self::Ended { phase, why, log } => {
                match phase {
                    Phase::RolledBack => {
                        write!(out, "it was rolled back, and runs what it ran before: {why}")?;
                    }
                    Phase::Stuck => {
                        write!(out, "{why}, and its old system could not be started whole, either")?;
                    }
                    Phase::Unsaved => {
                        write!(out, "it runs the new system, and does not boot it: {why}")?;
                    }
                    _ => write!(out, "it ended as {phase:?}: {why}")?,
                }
                log.iter().try_for_each(|line| write!(out, "\n    {line}"))
            }
            Self::Lost(why) => write!(out, "it is not known what has become of it: {why}"),
            Self::Restarted { seconds, runs } => {
                write!(out, "it was started again meanwhile, {seconds} seconds ago, and runs {runs}")
            }
            Self::Unwatched => out.write_str("the process that watched over its activation is gone"),
            Self::NotBack(why) => write!(out, "it did not come back when it was started again: {why}"),
            Self::OtherBack(system) => write!(out, "it came back with another system, {system}"),
            Self::Work { code, log } => {
                write!(out, "it ended there with {code}")?;
                log.iter().try_for_each(|line| write!(out, "\n    {line}"))
            }
            Self::Cluster(why) => write!(out, "it is switched, and its node is not as it is to be: {why}"),
            Self::Stopped => out.write_str("stopped"),
        }
    }
}

impl Error {
    /// The same, with that the host's disk is full, where it is. Nix says many things then, and not always that.
    pub(crate) fn with_disk(self, facts: Option<&Facts>) -> Self {
        let full = facts.and_then(|facts| facts.disks.first()).filter(|disk| disk.is_nearly_full());
        let Some(Disk { mount, free, .. }) = full else { return self };
        let with = |why: &str| format!("{} MiB are free in {mount} there\n{why}", free / 1024);
        match self {
            Self::Copy(why) => Self::Copy(with(&why)),
            Self::Undescribed(why) => Self::Undescribed(with(&why)),
            other => other,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoProgram("nix", _) => {
                "install Nix here, or say 'deploy.build = there' of the host, so that it builds for itself"
            }
            Self::NoProgram(..) => "install it, or put it where PATH says",
            Self::Unreachable(_) => {
                "'ssh' must reach it as you do: its 'address', or 'deploy.ssh' with a name from your ~/.ssh/config"
            }
            Self::UnknownKey(_) => {
                "if it was installed anew, 'host-key' of the lab is to be its new key: /etc/ssh/ssh_host_ed25519_key.pub \
                 there; if it was not, somebody else answers"
            }
            Self::NoEntry(_) => {
                "'deploy.user' says who logs in; the private half of one of its 'ssh-keys' must be here, in a file or \
                 an agent that asks for no passphrase"
            }
            Self::NoRoot(_) => {
                "say 'deploy.user' of the host, and switch it once by hand with 'nixos-rebuild switch --flake'; from \
                 then on that user needs no password there"
            }
            Self::Busy => "wait until that is done, and run it again",
            Self::Moved | Self::BootsOther => "plan it again",
            Self::Lost(_) => {
                "'hlc status' says it once it can be reached; nothing that was not confirmed is booted"
            }
            Self::Restarted { .. } => "unless it lost power, find out why; then run it again",
            Self::Unwatched => "run it again: it goes on from there",
            Self::Ended { phase: Phase::Stuck, .. } => {
                "log in and look at 'systemctl --failed'; after a start it is as it was"
            }
            Self::Ended { phase: Phase::Unsaved, .. } => {
                "mend that there, and run it again: it goes on from there"
            }
            Self::NotBack(_) => "at its screen, an older generation can be picked in the boot menu",
            _ => return None,
        })
    }
}
