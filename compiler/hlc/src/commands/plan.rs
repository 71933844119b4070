//! `hlc plan`: what `hlc apply` would do, and why.

use std::collections::BTreeSet;
use std::sync::Arc;

use ::hosts::Observed;

use crate::args::Plan;
use crate::changed::masked;
use crate::cluster::{self, Beside, Purpose, Saved};
use crate::exit::{Exit, Failure};
use crate::hosts;
use crate::layers::Layers;
use crate::load::Lab;
use crate::terminal::Terminal;

/// Asks hosts and the cluster what would change, and changes nothing.
pub(crate) fn run(lab: &Lab, args: &Plan, terminal: &Terminal) -> Result<Exit, Failure> {
    let layers = Layers::of(lab, &args.cluster)?;
    let stop = Arc::default();
    let hosts = layers.hosts.as_ref().map(|names| hosts::look(lab, names, Arc::clone(&stop), terminal));
    let hosts = hosts.transpose()?.unwrap_or_default();
    let purpose = Purpose { is_done: false, consent: args.delete_data, stop, without: BTreeSet::new() };
    // What is known of hosts is told, whatever becomes of the cluster.
    if !args.json && layers.hosts.is_some() {
        terminal.result(&hosts::shown(&hosts, terminal.colours_results()))?;
    }
    let beside = layers.cluster.as_ref().map(|asked| cluster::look(lab, asked, purpose, terminal));
    let beside = beside.transpose()?;
    if let Some(path) = &args.out {
        Saved::of(lab, (&hosts, beside.as_ref()), &args.cluster, args.delete_data)?.write(path)?;
    }
    if args.json {
        terminal.result(&format!("{}\n", json(lab, &hosts, beside.as_ref())))?;
    }
    let has_refused =
        beside.as_ref().map(|beside| tell(beside, args, terminal)).transpose()?.unwrap_or(false);
    if has_refused || hosts.iter().any(|one| one.step.action.trouble().is_some()) {
        return Ok(Exit::Problems);
    }
    let is_changed = hosts.iter().any(|one| one.step.action.is_change())
        || beside.is_some_and(|beside| beside.observed.plan.has_changes());
    Ok(if args.detailed_exitcode && is_changed { Exit::CannotRun } else { Exit::Success })
}

/// Tells what would be done to the cluster. Whether it refuses any of it.
fn tell(beside: &Beside, args: &Plan, terminal: &Terminal) -> Result<bool, Failure> {
    let plan = &beside.observed.plan;
    if !args.json {
        terminal.result(&cluster::shown(plan, terminal.colours_results()))?;
    }
    beside.tell_left(terminal);
    if let Some(doubts) = cluster::doubts(beside) {
        terminal.note(&format!("{doubts}\n  if it is: 'hlc apply --new-cluster' says so, once"));
    }
    Ok(plan.refused().next().is_some())
}

/// The plan for programs. What is secret is said to be so, and no more. Of a layer that is not meant, nothing is said.
fn json(lab: &Lab, hosts: &[Observed], beside: Option<&Beside>) -> serde_json::Value {
    let steps: Vec<_> = hosts.iter().map(|one| &one.step).collect();
    let plan = beside.map(|beside| &beside.observed.plan);
    masked(&serde_json::json!({
        "version": 1,
        "lab": lab.session.lab_name(),
        "hosts": steps,
        "cluster": beside.map(|beside| &beside.observed.whose),
        "left_to_helmfile": beside.map(|beside| &beside.left),
        "nodes": plan.map(|plan| &plan.nodes),
        "steps": plan.map(|plan| &plan.steps),
        "releases": plan.map(|plan| &plan.releases),
    }))
}
