//! The hosts' part of `hlc apply`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use hosts::{Around, Limits, Observed, Options, Outcome};
use plan::hosts::{HostStep, Role};

use super::{Run, stopped};
use crate::exit::Failure;
use crate::hosts::{self as lab_hosts, Progress};

/// How the hosts' part ended.
pub(super) struct Ended {
    /// Whether every host is as the lab says.
    pub(super) is_well: bool,
    /// Whether the cluster has all of its servers.
    pub(super) has_servers: bool,
    /// Whether somebody did not want what was planned.
    pub(super) is_off: bool,
}

impl Ended {
    /// Nothing was to be done.
    pub(super) const fn well() -> Self {
        Self { is_well: true, has_servers: true, is_off: false }
    }
}

impl Run<'_> {
    /// Plans what is done to hosts, asks whether that is what is wanted, and does it.
    pub(super) fn hosts(&self, names: &BTreeSet<String>) -> Result<Ended, Failure> {
        let (args, terminal) = (self.args, self.terminal);
        let observed = lab_hosts::look(self.lab, names, Arc::clone(&self.stop), terminal)?;
        terminal.result(&lab_hosts::shown(&observed, terminal.colours_results()))?;
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
        let outcomes = hosts::apply(&observed, options, &Alone, &|host, stage| progress.tell(host, stage));
        let is_well = lab_hosts::outcomes(&observed, &outcomes, terminal);
        if self.stop.load(Ordering::Relaxed) {
            return Err(stopped());
        }
        let has_servers = observed.iter().zip(&outcomes).all(|(one, outcome)| {
            let is_server = matches!(one.wanted.role, Role::Server(_));
            !is_server || matches!(outcome, Outcome::Done | Outcome::ToRestart(_))
        });
        Ok(Ended { is_well, has_servers, is_off: false })
    }
}

/// Hosts as if there were no cluster.
struct Alone;

impl Around for Alone {
    fn before(&self, _: &HostStep, _: bool) -> Result<(), String> {
        Ok(())
    }

    fn after(&self, _: &HostStep, _: bool) -> Result<(), String> {
        Ok(())
    }
}
