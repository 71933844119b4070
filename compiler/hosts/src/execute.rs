//! Does what is planned: copies all systems first, then switches one turn of hosts after the other.

use std::collections::BTreeMap;
use std::thread;

use plan::hosts::{Facts, HostAction, HostStep, Role, turns};

use crate::activate::{Limits, Stage, Way, restart, switch};
use crate::build::{Builder, copy};
use crate::error::Error;
use crate::observe::{BuildAt, Observed};

/// What has become of a host.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is as it is to be.
    Done,
    /// It is, and has to be started again before all of it is so; why.
    ToRestart(String),
    /// It is not.
    Failed(Error),
    /// It was not asked to, since something went wrong before that it needs; what.
    Skipped(String),
    /// Nothing could be planned for it; why.
    Unplanned(String),
}

/// What the cluster has to do with a host that is switched.
pub trait Around: Sync {
    /// Before it is switched. It is left as it is if this fails.
    ///
    /// # Errors
    ///
    /// Why it must not be switched now.
    fn before(&self, step: &HostStep, drains: bool) -> Result<(), String>;

    /// After it was, or was not.
    ///
    /// # Errors
    ///
    /// What is left to be done.
    fn after(&self, step: &HostStep, drains: bool) -> Result<(), String>;
}

/// How it is done.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How long what is waited for may take.
    pub limits: Limits,
    /// Whether hosts are started again that have to be.
    pub restarts: bool,
}

/// Tells what a host is at.
pub(crate) type Tell<'a> = &'a (dyn Fn(&str, Stage) + Sync);

/// Does to hosts what their steps say, and says what has become of each, in their order.
pub fn apply(
    all: &[Observed],
    options: Options,
    around: &dyn Around,
    tell: &(dyn Fn(&str, Stage) + Sync),
) -> Vec<Outcome> {
    let mut outcomes: BTreeMap<usize, Outcome> = BTreeMap::new();
    for (nth, outcome) in at_once(all, &(0..all.len()).collect::<Vec<_>>(), &|one| copied(one, tell)) {
        outcomes.extend(outcome.err().map(|outcome| (nth, outcome)));
    }
    let roles: Vec<(Role, bool)> = all.iter().map(|one| (one.wanted.role, one.wanted.drains)).collect();
    let mut broken: Option<String> = None;
    for turn in turns(&roles) {
        // A server that is not well leaves fewer to be well: no other node is touched.
        if let Some(broken) = broken.as_ref().filter(|_| turn.hosts.iter().any(|nth| is_node(&all[*nth]))) {
            for nth in turn.hosts {
                let why = format!("{broken} is a server of the cluster, and is not well");
                outcomes.entry(nth).or_insert_with(|| skipped(&all[nth], why));
            }
            continue;
        }
        let left: Vec<usize> = turn.hosts.iter().copied().filter(|nth| !outcomes.contains_key(nth)).collect();
        outcomes.extend(at_once(all, &left, &|one| {
            let outcome = switched(one, options, around, tell);
            tell(&one.step.host, Stage::Over);
            outcome
        }));
        let is_bad = |nth: &&usize| !matches!(outcomes[*nth], Outcome::Done | Outcome::ToRestart(_));
        if turn.is_needed
            && let Some(nth) = turn.hosts.iter().find(is_bad)
        {
            broken = Some(all[*nth].step.host.clone());
        }
    }
    outcomes.into_values().collect()
}

fn is_node(one: &Observed) -> bool {
    one.wanted.role != Role::Alone
}

/// What is as it is to be, is that whatever went wrong elsewhere.
fn skipped(one: &Observed, why: String) -> Outcome {
    match &one.step.action {
        HostAction::Nothing { reboot: None } => Outcome::Done,
        _ => Outcome::Skipped(why),
    }
}

/// Does something with some hosts at the same time.
fn at_once<T: Send>(
    all: &[Observed],
    these: &[usize],
    work: &(dyn Fn(&Observed) -> T + Sync),
) -> Vec<(usize, T)> {
    thread::scope(|scope| {
        let threads: Vec<_> = these.iter().map(|nth| (*nth, scope.spawn(move || work(&all[*nth])))).collect();
        threads.into_iter().filter_map(|(nth, thread)| Some((nth, thread.join().ok()?))).collect()
    })
}

/// Copies the system that a host is switched to.
fn copied(one: &Observed, tell: Tell<'_>) -> Result<(), Outcome> {
    let new = match &one.step.action {
        HostAction::Switch { new, .. } => new,
        action => {
            return match action.trouble() {
                Some(why) => Err(Outcome::Unplanned(why.to_owned())),
                None => Ok(()),
            };
        }
    };
    let from = match (&one.wanted.build, &one.builder) {
        (BuildAt::Here, _) => Builder::Here,
        (_, Some(builder)) => Builder::At(builder),
        // It has been built where it is to be.
        (_, None) => return Ok(()),
    };
    tell(&one.step.host, Stage::Copying);
    let is_root = one.facts.as_ref().is_some_and(|facts| facts.is_root);
    let copied = copy(new, from, &one.host, is_root);
    tell(&one.step.host, Stage::Over);
    copied.map_err(|error| Outcome::Failed(error.with_disk(one.facts.as_ref())))
}

fn switched(one: &Observed, options: Options, around: &dyn Around, tell: Tell<'_>) -> Outcome {
    let tell = |stage: Stage| tell(&one.step.host, stage);
    let (new, old, reboot) = match &one.step.action {
        HostAction::Switch { old, new, reboot, .. } => (new, old, reboot.as_ref()),
        HostAction::Save { new, .. } => (new, new, None),
        HostAction::Nothing { reboot } => {
            let Some((reboot, facts)) = reboot.as_ref().zip(one.facts.as_ref()) else { return Outcome::Done };
            return restarted(one, &facts.running, Some(reboot), options, &tell);
        }
        action => return Outcome::Unplanned(action.trouble().unwrap_or_default().to_owned()),
    };
    // Of whom nothing is known, nothing is planned.
    let Some(Facts { boot, boots, .. }) = &one.facts else { return Outcome::Unplanned(String::new()) };
    if one.host.is_stopped() {
        return Outcome::Failed(Error::Stopped);
    }
    if let Err(why) = around.before(&one.step, one.wanted.drains) {
        return Outcome::Failed(Error::NotBegun(why));
    }
    let outcome = match switch(&one.host, Way { old, boots, new, boot }, options.limits, &tell) {
        Ok(()) => {
            // It only says later why something changes.
            let _ = one.host.keep(new, &one.wanted.from);
            restarted(one, new, reboot, options, &tell)
        }
        Err(error) => Outcome::Failed(error),
    };
    match (around.after(&one.step, one.wanted.drains), &outcome) {
        (Err(why), Outcome::Done | Outcome::ToRestart(_)) => Outcome::Failed(Error::Cluster(why)),
        _ => outcome,
    }
}

/// Starts a host again, where it has to be and that is wanted.
fn restarted(
    one: &Observed,
    system: &str,
    reboot: Option<&String>,
    options: Options,
    tell: &dyn Fn(Stage),
) -> Outcome {
    match reboot {
        None => Outcome::Done,
        Some(why) if !options.restarts => Outcome::ToRestart(why.clone()),
        Some(_) => match restart(&one.host, system, options.limits, tell) {
            Ok(()) => Outcome::Done,
            Err(error) => Outcome::Failed(error),
        },
    }
}
