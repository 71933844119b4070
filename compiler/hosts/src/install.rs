//! A machine that was started from an installer becomes a host.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::sleep;
use std::time::{Duration, Instant};

use plan::hosts::install::{Machine, Task};
use plan::hosts::{Facts, MARK};
use zeroize::Zeroizing;

use crate::activate::{EVERY, id, value};
use crate::build::{Builder, Flake, Part, copy, copy_to};
use crate::error::Error;
use crate::observe::{BuildAt, Wanted};
use crate::ssh::{Address, Host};

/// What runs on installers.
const ON_INSTALLER: &str = include_str!("on_installer.sh");

/// What is behind what is given.
const END: &str = "# That is all.\n";

/// For how long a machine may be out of reach that works on.
const UNHEARD: Duration = Duration::from_mins(1);

/// A machine that was started from an installer.
#[derive(Debug)]
pub struct Installer {
    machine: Host,
    stop: Arc<AtomicBool>,
    /// How long what is waited for may take.
    patience: Duration,
}

/// What is put on a machine.
#[derive(Debug)]
pub struct Built {
    /// The system.
    pub system: String,
    /// The script of disko, where the host has disks.
    script: Option<String>,
    /// Who built it.
    by: By,
}

#[derive(Debug)]
enum By {
    Here,
    Installer,
    Other(Host),
}

/// What a host says of itself that is there already, and shows its key; nothing if none answers as it.
///
/// # Errors
///
/// If that cannot be asked here.
pub fn look(wanted: &Wanted, stop: &Arc<AtomicBool>) -> Result<Option<Facts>, Error> {
    match Host::new(wanted.address.clone(), Arc::clone(stop))?.look() {
        Ok(facts) => Ok(Some(facts)),
        Err(error @ (Error::Stopped | Error::NoProgram(..))) => Err(error),
        Err(_) => Ok(None),
    }
}

impl Installer {
    /// A machine at an address. Nothing is asked yet.
    ///
    /// # Errors
    ///
    /// If there is no place for the file with its key.
    pub fn new(address: Address, patience: Duration, stop: &Arc<AtomicBool>) -> Result<Self, Error> {
        let machine = Host::new(address, Arc::clone(stop))?;
        Ok(Self { machine, stop: Arc::clone(stop), patience })
    }

    /// Asks it how it is, and for these devices.
    ///
    /// # Errors
    ///
    /// If it cannot be asked.
    pub fn look(&self, devices: &[String]) -> Result<Machine, Error> {
        Ok(Machine::parse(&self.run(&["look"], &given(devices))?))
    }

    /// What `nixos-generate-config` says of its hardware.
    ///
    /// # Errors
    ///
    /// If it cannot be asked, or says nothing.
    pub fn hardware(&self) -> Result<String, Error> {
        let said = self.run(&["hardware"], "")?;
        let lines = said.lines().filter_map(|line| line.strip_prefix(MARK)?.strip_prefix("hardware="));
        let text: String = lines.flat_map(|line| [line, "\n"]).collect();
        if text.trim().is_empty() {
            return Err(Error::NotBegun("nixos-generate-config says nothing".into()));
        }
        Ok(text)
    }

    /// Builds what is put there.
    ///
    /// # Errors
    ///
    /// If Nix does not build it.
    pub fn build(&self, flake: &Flake, wanted: &Wanted, has_disks: bool) -> Result<Built, Error> {
        let by = match &wanted.build {
            BuildAt::Here => By::Here,
            BuildAt::At(other) if *other != wanted.address => {
                By::Other(Host::new(other.clone(), Arc::clone(&self.stop))?)
            }
            // The host itself is not there yet, but its machine is.
            BuildAt::At(_) | BuildAt::There => By::Installer,
        };
        let name = &wanted.address.name;
        let build = |part| flake.build_part(name, part, self.builder(&by));
        let script = has_disks.then(|| build(Part::Disks)).transpose()?;
        let system = build(Part::System)?;
        Ok(Built { system, script, by })
    }

    fn builder<'a>(&'a self, by: &'a By) -> Builder<'a> {
        match by {
            By::Here => Builder::Here,
            By::Installer => Builder::At(&self.machine),
            By::Other(host) => Builder::At(host),
        }
    }

    /// Has these devices erased, formatted, and mounted.
    ///
    /// # Errors
    ///
    /// If they are not, or that is not known.
    pub fn disks(&self, built: &Built, host: &str, devices: &[String], is_root: bool) -> Result<(), Error> {
        let Some(script) = &built.script else { return Ok(()) };
        if !matches!(built.by, By::Installer) {
            copy(script, self.builder(&built.by), &self.machine, is_root)?;
        }
        self.work(&["disks", script, host], &given(devices))
    }

    /// Copies the system to what is mounted.
    ///
    /// # Errors
    ///
    /// If Nix does not copy it.
    pub fn copy(&self, built: &Built, is_root: bool) -> Result<(), Error> {
        if matches!(built.by, By::Installer) {
            return self.run(&["take", &built.system], "").map(drop);
        }
        let store = self.machine.store_in_mnt(is_root);
        copy_to(&store, &built.system, self.builder(&built.by), &self.machine)
    }

    /// Puts the host's key where its sshd looks for it. It goes there through the standard input of `ssh`.
    ///
    /// # Errors
    ///
    /// If it does not get there.
    pub fn key(&self, public: &str, private: &str) -> Result<(), Error> {
        let given = Zeroizing::new(format!("{}\n{}\n", public.trim(), private.trim()));
        self.run(&["key"], &given).map(drop)
    }

    /// Has the system made what the machine boots.
    ///
    /// # Errors
    ///
    /// If it is not, or that is not known.
    pub fn install(&self, system: &str) -> Result<(), Error> {
        self.work(&["install", system], "")
    }

    /// Starts it again, and waits until it is the host, with this system.
    ///
    /// # Errors
    ///
    /// If it does not come back in time, or with another system.
    pub fn restart(&self, wanted: &Wanted, system: &str) -> Result<(), Error> {
        let host = Host::new(wanted.address.clone(), Arc::clone(&self.stop))?;
        match self.run(&["restart"], "") {
            // It may have been told all the same.
            Ok(_) | Err(Error::Unreachable(_)) => {}
            Err(error) => return Err(error),
        }
        let began = Instant::now();
        loop {
            sleep(EVERY);
            match host.look() {
                Ok(facts) if facts.running == system => break,
                Ok(facts) => return Err(Error::OtherBack(facts.running)),
                Err(Error::Stopped) => return Err(Error::Stopped),
                Err(error) if began.elapsed() > self.patience => {
                    return Err(Error::NotBack(error.to_string()));
                }
                Err(_) => {}
            }
        }
        // It only says later why something changes.
        let _ = host.keep(system, &wanted.from);
        Ok(())
    }

    /// Waits until what goes on there has come to its end.
    ///
    /// # Errors
    ///
    /// If it does not end well, or that is not known.
    pub fn wait(&self, id: &str) -> Result<(), Error> {
        let (mut heard, unheard) = (Instant::now(), UNHEARD.min(self.patience));
        let mut has_died = false;
        loop {
            let said = match self.run(&["state"], "") {
                Err(Error::Unreachable(_)) if heard.elapsed() < unheard => {
                    sleep(EVERY);
                    continue;
                }
                Err(Error::Unreachable(why)) => return Err(Error::Lost(why)),
                said => said?,
            };
            heard = Instant::now();
            let task = Task::parse(&said).filter(|task| task.id == id);
            match task {
                None => return Err(Error::NotBegun("it says nothing of what it was told to do".into())),
                Some(Task { code: Some(0), .. }) => return Ok(()),
                Some(Task { code: Some(code), log, .. }) => return Err(Error::Work { code, log }),
                Some(task) if !task.is_running && has_died => {
                    return Err(Error::Work { code: -1, log: task.log });
                }
                Some(task) => has_died = !task.is_running,
            }
            sleep(EVERY);
        }
    }

    /// Has something done that goes on when the connection is lost, and waits for its end.
    fn work(&self, words: &[&str], given: &str) -> Result<(), Error> {
        let id = id();
        let words: Vec<&str> = ["begin", &id].iter().chain(words).copied().collect();
        match self.run(&words, given) {
            Ok(said) if value(&said, "refused").is_some() => return Err(Error::Busy),
            // It may have begun all the same.
            Ok(_) | Err(Error::Unreachable(_)) => {}
            Err(error) => return Err(error),
        }
        self.wait(&id)
    }

    fn run(&self, words: &[&str], given: &str) -> Result<String, Error> {
        let script = Zeroizing::new([ON_INSTALLER, given, END].concat());
        self.machine.run_script(&script, words, &self.stop)
    }
}

/// A line for each.
fn given(lines: &[String]) -> String {
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}
