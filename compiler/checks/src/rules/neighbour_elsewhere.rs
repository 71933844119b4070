//! `neighbour-elsewhere`: an app or job that must run beside another one, and cannot.

use diagnostics::{Problem, declare_rule};
use model::At;

use crate::facts::{Role, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub NEIGHBOUR_ELSEWHERE, "neighbour-elsewhere", error, since "0.1", "an app or job that must run beside another one, and cannot", page "neighbour_elsewhere.md" }

/// Looks for what is near an app on another host or without pods, and for what is apart from one on the same host.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    for work in lab.workloads.iter().filter(|work| work.replicas > 0) {
        for near in &work.where_to.near {
            let Some(other) = app(lab, near) else { continue };
            let hosts = (work.pin(), other.pin());
            if other.replicas == 0 {
                let message = format!("{} runs beside {}, which has no pods", work.shown(), other.shown());
                found.push(neighbour_elsewhere(near, other, message));
            } else if let (Some(own), Some(its)) = hosts
                && own.host != its.host
            {
                let message = format!(
                    "{} must run on host '{}', and beside {}, which must run on host '{}'",
                    work.shown(),
                    own.host,
                    other.shown(),
                    its.host
                );
                found.push(neighbour_elsewhere(near, other, message));
            }
        }
        for apart in &work.where_to.apart {
            let Some(other) = app(lab, apart).filter(|other| other.replicas > 0) else { continue };
            if let (Some(own), Some(its)) = (work.pin(), other.pin())
                && own.host == its.host
            {
                let message = format!(
                    "{} is to run apart from {}, and both must run on host '{}'",
                    work.shown(),
                    other.shown(),
                    own.host
                );
                found.push(neighbour_elsewhere(apart, other, message));
            }
        }
    }
    found
}

fn app<'a>(lab: &Lab<'a>, named: &At<(String, String)>) -> Option<&'a WorkloadFact> {
    let (namespace, name) = &named.value;
    let is = |work: &&&WorkloadFact| {
        work.role == Role::App && work.placement.name == *name && work.placement.namespace == *namespace
    };
    lab.workloads.iter().find(is).copied()
}

fn neighbour_elsewhere(named: &At<(String, String)>, other: &WorkloadFact, message: String) -> Problem {
    Problem::new(&NEIGHBOUR_ELSEWHERE, named.place.clone(), message)
        .also(other.placement.place.clone(), format!("{} is declared here", other.shown()))
        .help("take back one of the two: where they run, or that they run together or apart")
}
