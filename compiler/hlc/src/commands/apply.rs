//! `hlc apply`: does to hosts and to the cluster what the lab says.

mod cluster;
mod hosts;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::args::Apply;
use crate::cluster::Saved;
use crate::exit::{Exit, Failure};
use crate::hosts as lab_hosts;
use crate::layers::Layers;
use crate::load::Lab;
use crate::terminal::Terminal;

/// Plans, asks whether that is what is wanted, and does it: hosts first, then what runs on them. A first Ctrl-C lets what
/// is on its way arrive and begins nothing else, a second one ends the process.
pub(crate) fn run(lab: &Lab, args: &Apply, terminal: &Terminal) -> Result<Exit, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let saved = args.plan.as_deref().map(Saved::read).transpose()?;
    let mut asked = args.cluster.clone();
    if let Some(saved) = &saved {
        asked = asked.naming(&saved.targets);
        asked.layer = saved.layer;
    }
    let layers = Layers::of(lab, &asked)?;
    let look = |names| lab_hosts::look(lab, names, Arc::clone(&stop), terminal);
    // The only look at hosts: what a saved plan is compared with is what is done.
    let observed = layers.hosts.as_ref().map(look).transpose()?;
    if let Some(saved) = &saved {
        let hosts = observed.as_deref().unwrap_or_default();
        saved.is_still(lab, (hosts, layers.cluster.as_ref()), &asked, terminal)?;
    }
    let run = Run { lab, args, saved: saved.as_ref(), stop, terminal };
    let hosts = match &observed {
        Some(observed) => run.hosts(observed)?,
        None => hosts::Ended::well(),
    };
    let is_well = hosts.unwell.is_empty();
    let cluster = match &layers.cluster {
        Some(_) if !hosts.has_servers => {
            terminal.error("the cluster is left as it is: a server of it is not well, see above");
            Exit::Problems
        }
        Some(asked) if !hosts.is_off => run.cluster(asked, hosts.unwell)?,
        _ => Exit::Success,
    };
    Ok(if is_well { cluster } else { Exit::Problems })
}

/// A run of `hlc apply`.
struct Run<'a> {
    lab: &'a Lab,
    args: &'a Apply,
    saved: Option<&'a Saved>,
    stop: Arc<AtomicBool>,
    terminal: &'a Terminal,
}

impl Run<'_> {
    /// Whether nobody has to be asked.
    fn is_told(&self) -> bool {
        self.args.agreed.yes || self.saved.is_some()
    }

    /// From here on, signals do not end it as they end anything.
    fn stop_at_signals(&self) -> Result<(), Failure> {
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            // In this order: the first signal finds it false and sets it, the second one ends the process.
            let registered = signal_hook::flag::register_conditional_default(signal, Arc::clone(&self.stop))
                .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&self.stop)));
            registered.map_err(|error| Failure::cannot(format!("cannot wait for signals: {error}")))?;
        }
        Ok(())
    }
}

/// Why a run does not go on that somebody asked to stop.
fn stopped() -> Failure {
    Failure::cannot("stopped; what was done stays, and the next 'hlc apply' goes on from there")
}
