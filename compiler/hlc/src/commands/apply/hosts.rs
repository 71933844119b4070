//! The hosts' part of `hlc apply`.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use hosts::{Limits, Observed, Options, Outcome};
use plan::hosts::Role;

use super::{Run, stopped};
use crate::cluster;
use crate::exit::Failure;
use crate::hosts::{self as lab_hosts, Around, Progress};

/// How the hosts' part ended.
pub(super) struct Ended {
    /// The hosts that are not as the lab says.
    pub(super) unwell: BTreeSet<String>,
    /// Whether the cluster has all of its servers.
    pub(super) has_servers: bool,
    /// Whether somebody did not want what was planned.
    pub(super) is_off: bool,
}

impl Ended {
    /// Nothing was to be done.
    pub(super) fn well() -> Self {
        Self { unwell: BTreeSet::new(), has_servers: true, is_off: false }
    }
}

impl Run<'_> {
    /// Shows what is planned for hosts, asks whether that is what is wanted, and does it.
    pub(super) fn hosts(&self, observed: &[Observed]) -> Result<Ended, Failure> {
        let (args, terminal) = (self.args, self.terminal);
        terminal.result(&lab_hosts::shown(observed, terminal.colours_results()))?;
        let is_changed = |one: &Observed| one.step.action.is_change();
        if args.dry_run {
            return Ok(Ended::well());
        }
        if observed.iter().any(is_changed) && !self.is_told() && !terminal.agrees("is this wanted?")? {
            return Ok(Ended { is_off: true, ..Ended::well() });
        }
        self.stop_at_signals()?;
        let limits = Limits { confirmation: args.confirm, activation: args.activation };
        let options = Options { limits, restarts: args.reboot };
        let progress = Progress::new(terminal);
        let access = cluster::access(&args.cluster);
        let around = Around::of(self.lab, observed, access, args.activation, &self.stop, &progress);
        let outcomes = progress
            .during(|| hosts::apply(observed, options, &around, &|host, stage| progress.tell(host, stage)));
        lab_hosts::outcomes(observed, &outcomes, terminal);
        if self.stop.load(Ordering::Relaxed) {
            return Err(stopped());
        }
        let is_unwell =
            |(_, outcome): &(&Observed, &Outcome)| !matches!(outcome, Outcome::Done | Outcome::ToRestart(_));
        let unwell: Vec<&Observed> =
            observed.iter().zip(&outcomes).filter(is_unwell).map(|(one, _)| one).collect();
        let has_servers = !unwell.iter().any(|one| matches!(one.wanted.role, Role::Server(_)));
        let unwell = unwell.iter().map(|one| one.step.host.clone()).collect();
        Ok(Ended { unwell, has_servers, is_off: false })
    }
}
