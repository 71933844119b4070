//! `host-not-in-cluster`: an app or job on a host that runs no pods.

use std::collections::BTreeSet;

use diagnostics::{Problem, declare_rule};
use model::Cluster;
use source::Place;

use crate::facts::WorkloadFact;
use crate::lab::Lab;

declare_rule! { pub HOST_NOT_IN_CLUSTER, "host-not-in-cluster", error, since "0.1", "an app or job on a host that runs no pods", page "host_not_in_cluster.md" }

/// Looks for workloads that must run on a host that is in no cluster, in labs that have one.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let nodes: BTreeSet<&str> = lab.nodes().collect();
    if nodes.is_empty() {
        return Vec::new();
    }
    let pinned = lab.workloads.iter().filter_map(|work| Some((work, work.pin()?)));
    let outside = pinned.filter(|(_, pin)| !nodes.contains(pin.host));
    let cluster = lab.clusters.first();
    outside
        .filter_map(|(work, pin)| Some(host_not_in_cluster(cluster?, work, pin.host, pin.place.clone())))
        .collect()
}

/// The workload must run on `host`, which is in no cluster.
fn host_not_in_cluster(cluster: &Cluster, work: &WorkloadFact, host: &str, place: Place) -> Problem {
    let message = format!("{} must run on host '{host}', which is in no cluster", work.shown());
    Problem::new(&HOST_NOT_IN_CLUSTER, place, message)
        .label("runs no pods")
        .also(cluster.place.clone(), "the hosts that do are said here")
        .help(format!("add '{host}' to 'agents' of the cluster, or let it run on another host"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, cluster, job, messages, uses};
    use model::Entity;

    fn lab(servers: &[&str]) -> Vec<Entity> {
        let mut pinned = app("pinned", "media");
        pinned.container.host = Some(at("b".into()));
        let mut user = job("user", "media");
        user.container.devices = vec![uses("b", "stick")];
        vec![cluster(servers, &["c"]).into_entity(), pinned.into_entity(), user.into_entity()]
    }

    #[test]
    fn pods_run_on_nodes() {
        assert_eq!(
            messages(&HOST_NOT_IN_CLUSTER, &lab(&["a"])),
            [
                "app 'pinned' must run on host 'b', which is in no cluster",
                "job 'user' must run on host 'b', which is in no cluster",
            ]
        );
        assert_eq!(messages(&HOST_NOT_IN_CLUSTER, &lab(&["a", "b"])), [""; 0]);
        assert_eq!(messages(&HOST_NOT_IN_CLUSTER, &lab(&["a"])[1..]), [""; 0], "without a cluster");
    }
}
