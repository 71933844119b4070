//! `unknown-taint`: a taint that is tolerated and that no host has.

use diagnostics::{Problem, declare_rule};
use model::{At, Toleration};

use super::syntax::is_key;
use crate::facts::WorkloadFact;
use crate::lab::Lab;

declare_rule! { pub UNKNOWN_TAINT, "unknown-taint", warning, since "0.1", "a taint that is tolerated and that no host has", page "unknown_taint.md" }

/// Looks for tolerated taints that no host has, unless they are of those that the cluster gives nodes by itself.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let by_flag = lab.clusters.iter().flat_map(|cluster| cluster.flags.iter().chain(&cluster.server_flags));
    if !lab.is_whole || by_flag.into_iter().any(|flag| flag.contains("taint")) {
        return Vec::new();
    }
    let has = |one: &Toleration| lab.hosts.iter().any(|host| host.taints.iter().any(|taint| one.fits(taint)));
    let said = lab.workloads.iter().flat_map(|work| work.where_to.says.iter().map(move |one| (work, one)));
    // What no taint can be called is another rule's.
    let can_be = |one: &Toleration| one.key.as_ref().is_none_or(|key| is_key(key));
    let strange = said.filter(|(_, At { value, .. })| !has(value) && !is_of_cluster(value) && can_be(value));
    strange.map(|(work, one)| unknown_taint(work, one)).collect()
}

/// Whether it is of all taints, or of one that comes and goes with how nodes are.
fn is_of_cluster(one: &Toleration) -> bool {
    one.key.as_ref().is_none_or(|key| {
        key == "CriticalAddonsOnly" || key.contains(".kubernetes.io/") || key.contains("kubernetes.io/")
    })
}

fn unknown_taint(work: &WorkloadFact, one: &At<Toleration>) -> Problem {
    let message = format!("{} tolerates '{}', and no host has such a taint", work.shown(), one.value);
    Problem::new(&UNKNOWN_TAINT, one.place.clone(), message)
        .help("write it as it stands in 'taints' of the host, or leave it out")
}
