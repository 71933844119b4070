//! `hlc apply`: does to the cluster what the lab says.

use std::io::{self, BufRead, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use apply::{Event, Options};
use plan::{Action, Patience, ReleaseAction, ReleaseStep, Step};
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::args::Apply;
use crate::cluster::{self, Saved};
use crate::exit::{Exit, Failure};
use crate::load::Lab;
use crate::terminal::Terminal;

/// Plans, asks whether that is what is wanted, and does it. A first Ctrl-C lets what is on its way arrive and begins
/// nothing else, a second one ends the process.
pub(crate) fn run(lab: &Lab, args: &Apply, terminal: &Terminal) -> Result<Exit, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let saved = args.plan.as_deref().map(Saved::read).transpose()?;
    let mut asked = args.cluster.clone();
    let mut consent = args.delete_data;
    if let Some(saved) = &saved {
        asked.targets.clone_from(&saved.targets);
        consent = saved.delete_data;
    }
    let beside = cluster::look(lab, &asked, consent, Arc::clone(&stop), terminal)?;
    if let Some(saved) = &saved {
        saved.is_still(&Saved::of(lab, &beside, &asked, consent)?)?;
    }
    let plan = &beside.observed.plan;
    terminal.result(&cluster::shown(plan, terminal.colours_results()))?;
    beside.tell_left(terminal);
    if let Some(refused) = plan.refused().next() {
        return Err(Failure::cannot(format!("nothing was changed: the cluster refuses {refused}")));
    }
    let is_told = args.yes || saved.is_some();
    if args.dry_run || plan.has_changes() && !is_told && !is_wanted(terminal)? {
        return Ok(Exit::Success);
    }
    // Until here nothing was done, and a signal ends it as it ends anything.
    stop_at_signals(&stop)?;
    let patience = Patience { timeout: args.timeout, ..Patience::default() };
    let options = Options { consent, patience };
    let mut tell = |event: Event<'_>| tell(event, terminal);
    match apply::apply(&beside.cluster, &beside.desired, &beside.observed, options, &mut tell) {
        Ok(outcome) => {
            let (applied, pruned) = (outcome.applied, outcome.pruned);
            terminal.note(&format!("{applied} applied, {pruned} deleted, everything is ready"));
            Ok(Exit::Success)
        }
        Err(apply::Error::Stopped) => {
            Err(Failure::cannot("stopped; what was done stays, and the next 'hlc apply' goes on from there"))
        }
        Err(error) => Err(cluster::failure(&error)),
    }
}

fn stop_at_signals(stop: &Arc<AtomicBool>) -> Result<(), Failure> {
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal finds it false and sets it, the second one ends the process.
        let registered = signal_hook::flag::register_conditional_default(signal, Arc::clone(stop))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(stop)));
        registered.map_err(|error| Failure::cannot(format!("cannot wait for signals: {error}")))?;
    }
    Ok(())
}

/// Asks a person. Where there is none, `--yes` has to say it.
fn is_wanted(terminal: &Terminal) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::cannot("nobody is there to ask whether this is wanted; --yes says that it is"));
    }
    terminal.note("is this wanted? [y/N]");
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::cannot(error.to_string()))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn tell(event: Event<'_>, terminal: &Terminal) {
    match event {
        Event::Done(step) => terminal.note(&done(step)),
        Event::Released(step) => terminal.note(&released(step)),
        Event::Waiting(left) => {
            for reason in left {
                terminal.note(&format!("waiting for {}: {}", reason.key, reason.sentence));
            }
        }
    }
}

fn done(step: &Step) -> String {
    let what = match step.action {
        Action::Create { .. } => "made",
        Action::Change { .. } => "changed",
        Action::Recreate { .. } => "made anew",
        Action::Prune => "deleted",
        Action::Nothing | Action::Keep { .. } | Action::Refused { .. } => "left",
    };
    format!("{what} {}", step.key)
}

fn released(step: &ReleaseStep) -> String {
    let what = match step.action {
        ReleaseAction::Install { .. } => "installed",
        ReleaseAction::Upgrade { .. } => "upgraded",
        ReleaseAction::Uninstall => "uninstalled",
        ReleaseAction::Nothing | ReleaseAction::Keep { .. } | ReleaseAction::Refused { .. } => "left",
    };
    format!("{what} release {}", step.id)
}
