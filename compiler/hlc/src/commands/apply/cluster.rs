//! The cluster's part of `hlc apply`.

use std::collections::BTreeSet;
use std::sync::Arc;

use apply::{Event, Options};
use plan::Patience;

use super::{Run, stopped};
use crate::args::ClusterArgs;
use crate::cluster::{self, Purpose};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;

impl Run<'_> {
    /// Plans what is done to the cluster, but for what needs hosts that are not well, asks whether that is what is wanted,
    /// and does it.
    pub(super) fn cluster(&self, asked: &ClusterArgs, without: BTreeSet<String>) -> Result<Exit, Failure> {
        let (args, terminal) = (self.args, self.terminal);
        let consent = self.saved.map_or(args.delete_data, |saved| saved.delete_data);
        let purpose = Purpose { is_done: !args.dry_run, consent, stop: Arc::clone(&self.stop), without };
        let beside = cluster::look(self.lab, asked, purpose, terminal)?;
        if let Some(saved) = self.saved {
            saved.is_still_of_cluster(self.lab, &beside)?;
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
        if plan.has_changes() && !self.is_told() && !terminal.agrees("is this wanted?")? {
            return Ok(Exit::Success);
        }
        // Until here nothing was done, and a signal ends it as it ends anything.
        self.stop_at_signals()?;
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
            Err(apply::Error::Stopped) => Err(stopped()),
            Err(error) => Err(cluster::failure(&error)),
        }
    }
}
