//! `even-servers`: a cluster with an even number of servers.

use diagnostics::{Problem, declare_rule};
use model::Cluster;

use crate::lab::Lab;

declare_rule! { pub EVEN_SERVERS, "even-servers", warning, since "0.1", "a cluster with an even number of servers", page "even_servers.md" }

/// Looks for clusters whose servers cannot spare one more than a cluster with one server less.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    lab.clusters.iter().filter_map(|cluster| even_servers(cluster)).collect()
}

/// The cluster has an even number of servers.
fn even_servers(cluster: &Cluster) -> Option<Problem> {
    let count = cluster.servers.len();
    let last = cluster.servers.last().filter(|_| count.is_multiple_of(2))?;
    let spare = count / 2 - 1;
    let message = format!(
        "cluster '{}' has {count} servers, which can spare {spare} of them, no more than {} could",
        cluster.name,
        count - 1
    );
    Some(
        Problem::new(&EVEN_SERVERS, last.place.clone(), message)
            .label("makes the number even")
            .help(format!("make '{}' an agent, or add another server: more than half of them must run", last.name)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, cluster, messages};

    fn found(servers: &[&str]) -> Vec<String> {
        messages(&EVEN_SERVERS, &[cluster(servers, &["x"]).into_entity()])
    }

    #[test]
    fn servers_come_in_odd_numbers() {
        assert_eq!(
            found(&["a", "b"]),
            ["cluster 'k3s' has 2 servers, which can spare 0 of them, no more than 1 could"]
        );
        assert_eq!(found(&["a", "b", "c", "d"]).len(), 1);
        assert_eq!((found(&["a"]).len(), found(&["a", "b", "c"]).len()), (0, 0));
    }
}
