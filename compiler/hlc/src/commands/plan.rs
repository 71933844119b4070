//! `hlc plan`: what `hlc apply` would do, and why.

use std::sync::Arc;

use crate::args::Plan;
use crate::changed::masked;
use crate::cluster::{self, Beside, Purpose, Saved};
use crate::exit::{Exit, Failure};
use crate::load::Lab;
use crate::terminal::Terminal;

/// Asks the cluster what would change, and changes nothing.
pub(crate) fn run(lab: &Lab, args: &Plan, terminal: &Terminal) -> Result<Exit, Failure> {
    let purpose = Purpose { is_done: false, consent: args.delete_data, stop: Arc::default() };
    let beside = cluster::look(lab, &args.cluster, purpose, terminal)?;
    let plan = &beside.observed.plan;
    if let Some(path) = &args.out {
        Saved::of(lab, &beside, &args.cluster, args.delete_data)?.write(path)?;
    }
    if args.json {
        terminal.result(&format!("{}\n", json(&beside)))?;
    } else {
        terminal.result(&cluster::shown(plan, terminal.colours_results()))?;
    }
    beside.tell_left(terminal);
    if let Some(doubts) = cluster::doubts(&beside) {
        terminal.note(&format!("{doubts}\n  if it is: 'hlc apply --new-cluster' says so, once"));
    }
    if plan.refused().next().is_some() {
        return Ok(Exit::Problems);
    }
    let is_told = args.detailed_exitcode && plan.has_changes();
    Ok(if is_told { Exit::CannotRun } else { Exit::Success })
}

/// The plan for programs. What is secret is said to be so, and no more.
fn json(beside: &Beside) -> serde_json::Value {
    let plan = &beside.observed.plan;
    masked(&serde_json::json!({
        "version": 1,
        "lab": plan.lab,
        "cluster": beside.observed.whose,
        "left_to_helmfile": beside.left,
        "steps": plan.steps,
        "releases": plan.releases,
    }))
}
