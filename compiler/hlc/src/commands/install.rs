//! `hlc install`: a host comes to be on a machine that was started from an installer.
//!
//! ```text
//! key ─▶ the host itself? ─▶ installer ─▶ hardware ─▶ build ─▶ disks ─▶ copy ─▶ key ─▶ boot loader ─▶ start
//!  stops where the lab        done         kept in nixos/        asked     └── what is done already is left out ──┘
//!  does not say it
//! ```

mod consent;
mod hardware;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use hosts::install::{Built, Installer};
use hosts::{Address, Error, Wanted};
use model::Host;
use plan::hosts::Facts;
use plan::hosts::install::{Machine, Step, Wanted as Goal, steps};

use crate::args::Install;
use crate::exit::{Exit, Failure};
use crate::hosts::{self as lab_hosts, Pair};
use crate::load::Lab;
use crate::terminal::Terminal;

/// Installs a host, or goes on with that.
pub(crate) fn run(lab: &Lab, args: &Install, terminal: &Terminal) -> Result<Exit, Failure> {
    let (hosts, _) = lab.session.hosts_and_clusters();
    let Some(host) = hosts.into_iter().find(|host| host.name == args.host) else {
        return Err(Failure::cannot(format!("there is no host '{}' in the lab", args.host.escape_debug())));
    };
    let pair = Pair::of(lab, host, args.host_key.as_deref(), args.dry_run, terminal)?;
    lab_hosts::is_without_errors(lab, terminal)?;
    let flake = lab_hosts::flake(lab, Arc::default(), terminal)?;
    let wanted = lab_hosts::wanted(lab, &BTreeSet::from([host.name.clone()]))?;
    let Some(wanted) = wanted.into_iter().next() else { return Err(Failure::Told) };

    let looked = hosts::install::look(&wanted, &flake.stop);
    if let Some(facts) = looked.map_err(|error| failed(args, "reach the host", &error))? {
        installed(&wanted, &facts, terminal);
        return Ok(Exit::Success);
    }
    let patience = Duration::from_secs(args.timeout);
    let installer = Installer::new(address(args, &wanted), patience, &flake.stop);
    let installer = installer.map_err(|error| failed(args, "reach the installer", &error))?;
    let devices = host.disks.values().map(|disk| disk.device.value.to_string()).collect();
    let run = Run { lab, args, host, wanted, pair, devices, installer, terminal };
    let machine = run.reached()?;
    run.hardware()?;
    if args.dry_run {
        return run.show(&machine);
    }
    terminal.note(&format!("{}: building its system", args.host));
    let built = run.installer.build(&flake, &run.wanted, !run.devices.is_empty());
    let built = built.map_err(|error| failed(args, "build the system", &error))?;
    run.carry_out(&machine, &built)
}

/// An installation.
struct Run<'a> {
    lab: &'a Lab,
    args: &'a Install,
    host: &'a Host,
    wanted: Wanted,
    pair: Pair,
    /// The disks of the lab, which are erased.
    devices: Vec<String>,
    installer: Installer,
    terminal: &'a Terminal,
}

impl Run<'_> {
    /// The machine, when it is at rest. What an earlier run began there comes to its end first.
    fn reached(&self) -> Result<Machine, Failure> {
        let look = || self.installer.look(&self.devices).map_err(|error| unreached(self.args, &error));
        let machine = look()?;
        let Some(task) = machine.task.as_ref().filter(|task| task.is_running) else {
            self.left(&machine, None)?;
            return Ok(machine);
        };
        self.terminal.note(&format!("{}: waiting for what an earlier run began there", self.args.host));
        if self.args.dry_run {
            return Ok(machine);
        }
        match self.installer.wait(&task.id) {
            // How it ended is seen by what is there then.
            Ok(()) | Err(Error::Work { .. } | Error::NotBegun(_)) => {}
            Err(error) => return Err(failed(self.args, "wait for what an earlier run began", &error)),
        }
        let machine = look()?;
        self.left(&machine, None)?;
        Ok(machine)
    }

    /// What is left to be done, if anything may be.
    fn left(&self, machine: &Machine, system: Option<&str>) -> Result<Vec<Step>, Failure> {
        let (host, key) = (self.args.host.as_str(), self.pair.public.as_str());
        steps(&Goal { host, devices: &self.devices, key, system }, machine)
            .map_err(|why| Failure::cannot(format!("{host} is not installed: {why}")))
    }

    /// Shows what would be done.
    fn show(&self, machine: &Machine) -> Result<Exit, Failure> {
        let host = &self.args.host;
        let mut text = format!("{host}: build its system\n");
        for step in self.left(machine, None)? {
            let _ = writeln!(text, "{host}: {}", about(step));
            if step == Step::Disks {
                text += &consent::described(&self.devices, machine);
            }
        }
        self.terminal.lines(&text)?;
        Ok(Exit::Success)
    }

    /// Does what is left to be done.
    fn carry_out(&self, machine: &Machine, built: &Built) -> Result<Exit, Failure> {
        let left = self.left(machine, Some(&built.system))?;
        if left.contains(&Step::Disks)
            && !consent::is_given(self.args, &self.devices, machine, self.terminal)?
        {
            return Err(Failure::cannot(format!("{}: nothing was erased", self.args.host)));
        }
        for step in left {
            self.terminal.note(&format!("{}: {}", self.args.host, about(step)));
            self.step(step, machine, built).map_err(|error| failed(self.args, about(step), &error))?;
        }
        self.terminal.note(&format!("{} runs and boots what the lab says", self.args.host));
        Ok(Exit::Success)
    }

    fn step(&self, step: Step, machine: &Machine, built: &Built) -> Result<(), Error> {
        let (installer, is_root) = (&self.installer, machine.is_root);
        match step {
            Step::Disks => installer.disks(built, &self.host.name, &self.devices, is_root),
            Step::Copy => installer.copy(built, is_root),
            Step::Key => installer.key(&self.pair.public, &self.pair.private),
            Step::Install => installer.install(&built.system),
            Step::Restart => installer.restart(&self.wanted, &built.system),
        }
    }
}

/// What is done in a step.
const fn about(step: Step) -> &'static str {
    match step {
        Step::Disks => "erase, format and mount its disks",
        Step::Copy => "copy its system there",
        Step::Key => "put its host key there",
        Step::Install => "make its system what it boots",
        Step::Restart => "start it, and wait until it answers as the host",
    }
}

/// Where the installer is.
fn address(args: &Install, wanted: &Wanted) -> Address {
    let host = &wanted.address;
    Address {
        name: host.name.clone(),
        user: Some(args.user.clone()),
        at: args.at.clone().unwrap_or_else(|| host.at.clone()),
        port: args.port.or(if args.at.is_some() { None } else { host.port }),
        key: args.installer_key.clone(),
    }
}

/// The host is there: what else is to be done to it, is `apply`'s.
fn installed(wanted: &Wanted, facts: &Facts, terminal: &Terminal) {
    let (name, running) = (&wanted.address.name, &facts.running);
    terminal.note(&format!(
        "{name} is installed: it answers with the lab's host key, and runs {running}\n  'hlc apply {name}' makes it what the \
         lab says now"
    ));
}

/// Why the installer cannot be asked.
fn unreached(args: &Install, error: &Error) -> Failure {
    let help = match error {
        Error::UnknownKey(_) => {
            "log in to it once by hand with 'ssh', and compare the key with the one that its screen shows; or give that \
             one with --installer-key"
        }
        Error::Unreachable(_) => "--at says where the installer is, and --port by which port",
        Error::NoEntry(_) => {
            "--user says who logs in; the installer must have the public half of a key of yours"
        }
        Error::NoRoot(_) => "--user is to be root, or somebody whom 'sudo' asks for no password",
        error => return failed(args, "reach the installer", error),
    };
    let what = match error {
        Error::UnknownKey(why) => format!("nothing shows that it is the installer: {why}"),
        error => error.to_string(),
    };
    Failure::cannot(format!("{}: reach the installer: {what}\n  {help}", args.host))
}

/// Why a step failed, and what to do.
fn failed(args: &Install, step: &str, error: &Error) -> Failure {
    let help = match error {
        Error::NotBack(_) => {
            "if it started the installer again, take that away, or have its firmware start from its disk; 'hlc install' \
             says whether the host is there"
        }
        Error::Lost(_) | Error::Unreachable(_) | Error::Busy => "what is done there goes on meanwhile",
        error => error.help().unwrap_or_default(),
    };
    let help = if help.is_empty() { String::new() } else { format!("\n  {help}") };
    let host = &args.host;
    Failure::cannot(format!("{host}: {step}: {error}{help}\n  'hlc install {host}' goes on from there"))
}
