//! `hlc plan`: what `hlc apply` would do, and why.

use std::sync::Arc;

use crate::args::Plan;
use crate::changed::masked;
use crate::cluster::{self, Saved};
use crate::exit::{Exit, Failure};
use crate::load::Lab;
use crate::terminal::Terminal;

/// Asks the cluster what would change, and changes nothing.
pub(crate) fn run(lab: &Lab, args: &Plan, terminal: &Terminal) -> Result<Exit, Failure> {
    let beside = cluster::look(lab, &args.cluster, args.delete_data, Arc::default(), terminal)?;
    let plan = &beside.observed.plan;
    if let Some(path) = &args.out {
        Saved::of(lab, &beside, &args.cluster, args.delete_data)?.write(path)?;
    }
    if args.json {
        terminal.result(&format!("{}\n", json(plan, &beside.left)))?;
    } else {
        terminal.result(&cluster::shown(plan, terminal.colours_results()))?;
    }
    beside.tell_left(terminal);
    if plan.refused().next().is_some() {
        return Ok(Exit::Problems);
    }
    let is_told = args.detailed_exitcode && plan.has_changes();
    Ok(if is_told { Exit::CannotRun } else { Exit::Success })
}

/// The plan for programs. What is secret is said to be so, and no more.
fn json(plan: &plan::Plan, left: &[String]) -> serde_json::Value {
    masked(&serde_json::json!({
        "version": 1,
        "lab": plan.lab,
        "left_to_helmfile": left,
        "steps": plan.steps,
        "releases": plan.releases,
    }))
}
