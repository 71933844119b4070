//! `hlc apply`: does to the cluster what the lab says.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use apply::{Event, Options};
use plan::Patience;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::args::Apply;
use crate::cluster::{self, Purpose, Saved};
use crate::exit::{Exit, Failure};
use crate::load::Lab;
use crate::progress::Progress;
use crate::terminal::Terminal;

/// Plans, asks whether that is what is wanted, and does it. A first Ctrl-C lets what is on its way arrive and begins
/// nothing else, a second one ends the process.
pub(crate) fn run(lab: &Lab, args: &Apply, terminal: &Terminal) -> Result<Exit, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let saved = args.plan.as_deref().map(Saved::read).transpose()?;
    let mut asked = args.cluster.clone();
    let mut consent = args.delete_data;
    if let Some(saved) = &saved {
        asked = asked.naming(&saved.targets);
        consent = saved.delete_data;
    }
    let purpose = Purpose { is_done: !args.dry_run, consent, stop: Arc::clone(&stop) };
    let beside = cluster::look(lab, &asked, purpose, terminal)?;
    if let Some(saved) = &saved {
        saved.is_still(&Saved::of(lab, &beside, &asked, consent)?)?;
    }
    let plan = &beside.observed.plan;
    terminal.result(&cluster::shown(plan, terminal.colours_results()))?;
    beside.tell_left(terminal);
    if let Some(refused) = plan.refused().next() {
        return Err(Failure::cannot(format!("nothing was changed: the cluster refuses {refused}")));
    }
    if !args.agreed.new_cluster && !cluster::claimed(&beside, args, terminal)? {
        return Ok(Exit::Success);
    }
    let Some(turn) = &beside.turn else { return Ok(Exit::Success) };
    let is_told = args.agreed.yes || saved.is_some();
    if plan.has_changes() && !is_told && !terminal.agrees("is this wanted?")? {
        return Ok(Exit::Success);
    }
    // Until here nothing was done, and a signal ends it as it ends anything.
    stop_at_signals(&stop)?;
    let patience = Patience { timeout: args.timeout, ..Patience::default() };
    let options = Options { consent, patience };
    let done = {
        let mut progress = Progress::new(terminal);
        let mut tell = |event: Event<'_>| progress.tell(event);
        apply::apply(&beside.cluster, turn, &beside.desired, &beside.observed, options, &mut tell)
    };
    match done {
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
    for signal in [SIGHUP, SIGINT, SIGTERM] {
        // In this order: the first signal finds it false and sets it, the second one ends the process.
        let registered = signal_hook::flag::register_conditional_default(signal, Arc::clone(stop))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(stop)));
        registered.map_err(|error| Failure::cannot(format!("cannot wait for signals: {error}")))?;
    }
    Ok(())
}
