//! Looks at hosts, builds what they are to run, and has it decided what is done to each.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use plan::Origin;
use plan::hosts::{Facts, HostAction, HostStep, Role, Seen, System, decide};

use crate::build::{Builder, Flake};
use crate::error::Error;
use crate::ssh::{Address, Host};

/// A host as the lab declares it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Where it is.
    pub address: Address,
    /// Where it is declared.
    pub origin: Origin,
    /// What it is in a cluster.
    pub role: Role,
    /// Whether pods are moved away before k3s is restarted there.
    pub drains: bool,
    /// Where its system is built.
    pub build: BuildAt,
    /// What its system is built from, for whoever wants to know later what it was: a text that the host keeps.
    pub from: String,
}

/// Where a system is built.
#[derive(Clone, Debug)]
pub enum BuildAt {
    /// On this machine.
    Here,
    /// On the host itself.
    There,
    /// On another host.
    At(Address),
}

/// A host beside what the lab says of it.
#[derive(Debug)]
pub struct Observed {
    /// What the lab says.
    pub wanted: Wanted,
    /// What is done to it.
    pub step: HostStep,
    /// What it says of itself, if it could be asked.
    pub facts: Option<Facts>,
    /// What the system was built from that it runs, if it is to become another and kept that.
    pub from: Option<String>,
    /// The way to it.
    pub(crate) host: Host,
    /// The way to who built its system, if that is neither this machine nor it.
    pub(crate) builder: Option<Host>,
}

/// A host that was asked how it is.
struct Looked {
    wanted: Wanted,
    host: Host,
    facts: Result<Facts, Error>,
}

/// Says what would be done to hosts. What they are to run is built, and not copied.
///
/// # Errors
///
/// If somebody asked to stop. What is wrong with one host stands in its step.
pub fn plan(wanted: &[Wanted], flake: &Flake, tell: &(dyn Fn(&str) + Sync)) -> Result<Vec<Observed>, Error> {
    let looked = looked(wanted, &flake.stop)?;
    let built = built(&looked, flake, tell);
    let observed = thread::scope(|scope| {
        let decide = |(one, built): (Looked, _)| scope.spawn(move || observed(one, built));
        let threads: Vec<_> = looked.into_iter().zip(built).map(decide).collect();
        threads.into_iter().map(joined).collect::<Result<Vec<_>, _>>()
    })?;
    observed.into_iter().collect()
}

/// Asks hosts how they are, all at once.
fn looked(wanted: &[Wanted], stop: &Arc<AtomicBool>) -> Result<Vec<Looked>, Error> {
    let looked = |wanted: &Wanted| {
        let host = Host::new(wanted.address.clone(), Arc::clone(stop))?;
        match host.look() {
            Err(error @ (Error::Stopped | Error::NoProgram(..))) => Err(error),
            facts => Ok(Looked { wanted: wanted.clone(), host, facts }),
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = wanted.iter().map(|one| scope.spawn(move || looked(one))).collect();
        threads.into_iter().map(|thread| joined(thread)?).collect()
    })
}

/// The system of each host that answers, with who built it, if that is another host.
type Built = Option<Result<(System, Option<Host>), Error>>;

/// One after the other where they are built here, since Nix has this machine's cores for each; others at once.
fn built(looked: &[Looked], flake: &Flake, tell: &(dyn Fn(&str) + Sync)) -> Vec<Built> {
    let answers = |one: &&Looked| one.facts.is_ok();
    thread::scope(|scope| {
        let away = |one: &Looked| !matches!(one.wanted.build, BuildAt::Here);
        let begin = |one| {
            let is_begun = answers(&one) && away(one);
            is_begun.then(|| scope.spawn(move || build(one, flake, tell)))
        };
        let threads: Vec<_> = looked.iter().map(begin).collect();
        let ended = looked.iter().zip(threads).map(|(one, thread)| match thread {
            Some(thread) => Some(joined(thread).and_then(|built| built)),
            None => answers(&one).then(|| build(one, flake, tell)),
        });
        ended.collect()
    })
}

fn build(one: &Looked, flake: &Flake, tell: &(dyn Fn(&str) + Sync)) -> Result<(System, Option<Host>), Error> {
    let name = &one.wanted.address.name;
    tell(name);
    match &one.wanted.build {
        BuildAt::Here => Ok((flake.build(name, Builder::Here)?, None)),
        BuildAt::There => Ok((flake.build(name, Builder::At(&one.host))?, None)),
        BuildAt::At(address) if *address == one.wanted.address => {
            Ok((flake.build(name, Builder::At(&one.host))?, None))
        }
        BuildAt::At(address) => {
            let builder = Host::new(address.clone(), Arc::clone(&flake.stop))?;
            let system = flake.build(name, Builder::At(&builder))?;
            Ok((system, Some(builder)))
        }
    }
}

fn observed(one: Looked, built: Built) -> Result<Observed, Error> {
    let (action, builder) = match (&one.facts, built) {
        (Err(error), _) => (HostAction::Unknown { why: said(error) }, None),
        (Ok(_), None | Some(Err(Error::Stopped))) => return Err(Error::Stopped),
        (Ok(_), Some(Err(error))) => (HostAction::Unbuilt { why: said(&error) }, None),
        (Ok(facts), Some(Ok((system, builder)))) => (action(&one.host, facts, &system), builder),
    };
    let step = HostStep {
        host: one.wanted.address.name.clone(),
        origin: one.wanted.origin.clone(),
        action,
        causes: Vec::new(),
    };
    let from = match &step.action {
        // It only says why, and is no reason to stop.
        HostAction::Switch { old, .. } => one.host.built(old).ok().flatten(),
        _ => None,
    };
    Ok(Observed { wanted: one.wanted, step, facts: one.facts.ok(), from, host: one.host, builder })
}

fn action(host: &Host, facts: &Facts, wanted: &System) -> HostAction {
    let running =
        if facts.running == wanted.path { Ok(wanted.clone()) } else { host.describe(&facts.running) };
    match running {
        Ok(running) => decide(&Seen { facts: facts.clone(), running }, wanted),
        Err(error) => HostAction::Unknown { why: said(&error.with_disk(Some(facts))) },
    }
}

/// An error, and what to do about it.
fn said(error: &Error) -> String {
    match error.help() {
        Some(help) => format!("{error}\n{help}"),
        None => error.to_string(),
    }
}

/// What a thread came to. One that panics has said so.
fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> Result<T, Error> {
    thread.join().map_err(|_| Error::Stopped)
}
