//! `even-servers`: a cluster with an even number of servers.

use diagnostics::{Problem, declare_rule};
use model::Cluster;

use crate::lab::Lab;

declare_rule! { pub EVEN_SERVERS, "even-servers", warning, since "0.1", "a cluster with an even number of servers", page "even_servers.md" }

/// Looks for clusters whose servers cannot spare one more than a cluster with one server less. Servers that keep their
/// state in a database elsewhere need no majority.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let has_database = |cluster: &Cluster| {
        let mut flags = cluster.flags.iter().chain(&cluster.server_flags);
        flags.any(|flag| flag.starts_with("--datastore-endpoint"))
    };
    let counting = lab.clusters.iter().filter(|cluster| !has_database(cluster));
    counting.filter_map(|cluster| even_servers(cluster)).collect()
}

/// The cluster has an even number of servers.
fn even_servers(cluster: &Cluster) -> Option<Problem> {
    let count = cluster.servers.len();
    let last = cluster.servers.last().filter(|_| count.is_multiple_of(2))?;
    let message = format!(
        "cluster '{}' has {count} servers, which is no safer than {}: it stops when {} of them {}",
        cluster.name,
        count - 1,
        count / 2,
        if count == 2 { "fails" } else { "fail" }
    );
    Some(Problem::new(&EVEN_SERVERS, last.place.clone(), message).label("makes the number even").help(
        format!("make '{}' an agent, or add another server: more than half of them must run", last.name),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, at, cluster, messages};

    fn found(servers: &[&str]) -> Vec<String> {
        messages(&EVEN_SERVERS, &[cluster(servers, &["x"]).into_entity()])
    }

    #[test]
    fn servers_come_in_odd_numbers() {
        assert_eq!(
            found(&["a", "b"]),
            ["cluster 'k3s' has 2 servers, which is no safer than 1: it stops when 1 of them fails"]
        );
        assert_eq!(found(&["a", "b", "c", "d"]).len(), 1);
        assert_eq!((found(&["a"]).len(), found(&["a", "b", "c"]).len()), (0, 0));
    }

    #[test]
    fn a_database_elsewhere_needs_no_majority() {
        let mut k3s = cluster(&["a", "b"], &[]);
        k3s.server_flags = vec![at("--datastore-endpoint=postgres://db.home.example.net/k3s".into())];
        assert_eq!(messages(&EVEN_SERVERS, &[k3s.into_entity()]), [""; 0]);
    }
}
