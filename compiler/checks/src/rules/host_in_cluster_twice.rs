//! `host-in-cluster-twice`: a host that is a node more than once.

use diagnostics::{Problem, declare_rule};
use model::{At, Cluster, Node};

use super::{collision, repeated};
use crate::lab::Lab;

declare_rule! { pub HOST_IN_CLUSTER_TWICE, "host-in-cluster-twice", error, since "0.1", "a host that is a node of a cluster more than once", page "host_in_cluster_twice.md" }

/// A host's place in a cluster.
#[derive(Clone, Copy)]
struct Member<'a> {
    node: &'a At<Node>,
    cluster: &'a Cluster,
    role: &'static str,
}

/// Looks for hosts that are both server and agent, listed twice, or in two clusters.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let members = lab.clusters.iter().flat_map(|&cluster| {
        let member = move |role| move |node| Member { node, cluster, role };
        let servers = cluster.servers.iter().map(member("server"));
        servers.chain(cluster.agents.iter().map(member("agent")))
    });
    let twice = repeated(members.map(|member| (&member.node.name, member)));
    twice.into_iter().map(|(first, later)| host_in_cluster_twice(first, later)).collect()
}

/// The host is a node already.
fn host_in_cluster_twice(first: Member<'_>, later: Member<'_>) -> Problem {
    let shown = |member: Member<'_>| format!("{} of cluster '{}'", member.role, member.cluster.name);
    let host = &later.node.name;
    let message = if shown(first) == shown(later) {
        format!("host '{host}' is listed twice as {}", shown(later))
    } else {
        format!("host '{host}' is both {} and {}", shown(first), shown(later))
    };
    let (one, other) = (shown(first), shown(later));
    collision(
        &HOST_IN_CLUSTER_TWICE,
        message,
        (&first.node.place, format!("{one} here")),
        (&later.node.place, format!("{other} here")),
    )
    .help("leave it in one list; a server runs pods too")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, cluster, messages};

    #[test]
    fn a_host_is_one_node() {
        let mut second = cluster(&["c", "b"], &[]);
        second.name = "second".into();
        let lab = [cluster(&["a", "a"], &["a", "b"]).into_entity(), second.into_entity()];
        assert_eq!(
            messages(&HOST_IN_CLUSTER_TWICE, &lab),
            [
                "host 'a' is listed twice as server of cluster 'k3s'",
                "host 'a' is both server of cluster 'k3s' and agent of cluster 'k3s'",
                "host 'b' is both agent of cluster 'k3s' and server of cluster 'second'",
            ]
        );
        assert_eq!(messages(&HOST_IN_CLUSTER_TWICE, &[cluster(&["a"], &["b"]).into_entity()]), [""; 0]);
    }
}
