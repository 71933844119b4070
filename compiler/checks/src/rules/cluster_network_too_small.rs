//! `cluster-network-too-small`: pod or service addresses that do not suffice.

use diagnostics::{Problem, declare_rule};
use model::Cluster;

use crate::lab::Lab;

declare_rule! { pub CLUSTER_NETWORK_TOO_SMALL, "cluster-network-too-small", error, since "0.1", "pod or service addresses that do not suffice", page "cluster_network_too_small.md" }

/// Looks for clusters whose own DNS server or hosts find no addresses.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    lab.clusters
        .iter()
        .flat_map(|cluster| [dns_outside(cluster), too_few_for_hosts(cluster)])
        .flatten()
        .collect()
}

/// The DNS server is not among the services.
fn dns_outside(cluster: &Cluster) -> Option<Problem> {
    let (services, dns) = (&cluster.services, &cluster.dns);
    if services.contains(dns.value) {
        return None;
    }
    let message = format!(
        "the services of cluster '{}' are in {}, but its DNS server is at {}",
        cluster.name, services.value, dns.value
    );
    Some(
        Problem::new(&CLUSTER_NETWORK_TOO_SMALL, services.place.clone(), message)
            .label("too small for the DNS server's address")
            .help("take a larger network: a /16 is usual, a /24 enough for most homes"),
    )
}

/// Not every host gets addresses for its pods.
fn too_few_for_hosts(cluster: &Cluster) -> Option<Problem> {
    let pods = &cluster.pods;
    let of_a_host = Cluster::POD_PREFIX;
    let hosts = cluster.nodes().count();
    let mut flags = cluster.flags.iter().chain(&cluster.server_flags);
    if !pods.is_v4() || flags.any(|flag| flag.contains("node-cidr-mask-size")) {
        return None;
    }
    let enough = pods.prefix() <= of_a_host && hosts as u128 <= 1 << (of_a_host - pods.prefix());
    if enough {
        return None;
    }
    let message = format!(
        "the pods of cluster '{}' are in {}, which is too small: each of its {hosts} hosts gets a /{of_a_host} of it",
        cluster.name, pods.value
    );
    Some(
        Problem::new(&CLUSTER_NETWORK_TOO_SMALL, pods.place.clone(), message)
            .label("too small")
            .help("take a larger network: a /16 is usual"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, address, at, cidr, cluster, messages};

    #[test]
    fn dns_and_hosts_need_addresses() {
        let mut k3s = cluster(&["a", "b", "c"], &[]);
        k3s.pods = at(cidr("10.42.0.0/23"));
        k3s.services = at(cidr("10.43.0.0/29"));
        k3s.dns = at(address("10.43.0.10"));
        assert_eq!(
            messages(&CLUSTER_NETWORK_TOO_SMALL, &[k3s.clone().into_entity()]),
            [
                "the services of cluster 'k3s' are in 10.43.0.0/29, but its DNS server is at 10.43.0.10",
                "the pods of cluster 'k3s' are in 10.42.0.0/23, which is too small: each of its 3 hosts gets a /24 of it",
            ]
        );
        k3s.server_flags = vec![at("--kube-controller-manager-arg=node-cidr-mask-size=25".into())];
        assert_eq!(messages(&CLUSTER_NETWORK_TOO_SMALL, &[k3s.into_entity()]).len(), 1);
    }

    #[test]
    fn the_usual_ones_suffice() {
        let mut k3s = cluster(&["a"], &["b"]);
        assert_eq!(messages(&CLUSTER_NETWORK_TOO_SMALL, &[k3s.clone().into_entity()]), [""; 0]);
        k3s.pods = at(cidr("10.42.0.0/23"));
        assert_eq!(messages(&CLUSTER_NETWORK_TOO_SMALL, &[k3s.into_entity()]), [""; 0]);
    }
}
