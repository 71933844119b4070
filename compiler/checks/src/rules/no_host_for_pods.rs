//! `no-host-for-pods`: a cluster of which every host has a taint.

use diagnostics::{Problem, declare_rule};
use model::Cluster;

use crate::facts::{HostFact, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub NO_HOST_FOR_PODS, "no-host-for-pods", error, since "0.1", "a cluster of which every host keeps pods away", page "no_host_for_pods.md" }

/// Looks for clusters in which no host takes what the lab deploys. What must run on one host is looked at elsewhere.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let waiting = lab.workloads.iter().filter(|work| work.pin().is_none() && work.replicas > 0);
    let waiting: Vec<_> = waiting.collect();
    let found = lab.clusters.iter().filter_map(|cluster| {
        let nodes = || cluster.nodes();
        let hosts: Vec<_> =
            lab.hosts.iter().filter(|host| nodes().any(|node| node.name == host.name)).collect();
        let is_known = hosts.len() == nodes().count();
        let is_kept_out = |work: &&&&WorkloadFact| {
            hosts.iter().all(|host| host.taints.iter().any(|taint| !work.where_to.bears(taint)))
        };
        let work = waiting.iter().find(is_kept_out).filter(|_| is_known)?;
        Some(no_host_for_pods(cluster, hosts.first()?, work))
    });
    found.collect()
}

/// No host takes the workload.
fn no_host_for_pods(cluster: &Cluster, first: &HostFact, work: &WorkloadFact) -> Problem {
    let message = format!(
        "every host of cluster '{}' has a taint that keeps pods away, so {} runs nowhere",
        cluster.name,
        work.shown()
    );
    Problem::new(&NO_HOST_FOR_PODS, cluster.place.clone(), message)
        .also(first.place.clone(), "this is one of them")
        .help("name the taint in 'tolerates', remove it from a host, or end it in ':PreferNoSchedule'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, cluster, machine, messages};
    use model::Entity;

    fn found(first: &str, second: &str, replicas: u32) -> usize {
        let host = |name: &str, taint: &str| {
            let mut host = machine(name, "192.168.1.10");
            host.taints = vec![crate::testing::at(taint.to_owned())];
            Entity::Host(Box::new(host))
        };
        let mut app = app("web", "media");
        app.replicas.value = replicas;
        let lab =
            [host("a", first), host("b", second), cluster(&["a"], &["b"]).into_entity(), app.into_entity()];
        messages(&NO_HOST_FOR_PODS, &lab).len()
    }

    #[test]
    fn one_host_takes_pods() {
        assert_eq!(found("x:NoSchedule", "y=z:NoExecute", 1), 1);
        assert_eq!(found("x:NoSchedule", "y=z:PreferNoSchedule", 1), 0);
        assert_eq!(found("x:NoSchedule", "y=z:NoExecute", 0), 0);
    }
}
