//! `networks-overlap`: two networks with addresses in common.

use diagnostics::{Problem, declare_rule};
use domain::{AddressRange, Cidr};
use model::At;
use source::Place;

use super::collision;
use crate::lab::Lab;
use crate::ranges::Ranges;

declare_rule! { pub NETWORKS_OVERLAP, "networks-overlap", error, since "0.1", "two networks with addresses in common", page "networks_overlap.md" }

/// A network, or the pods or services of a cluster.
struct Net<'a> {
    shown: String,
    cidr: Cidr,
    place: &'a Place,
    order: usize,
}

/// Looks for networks that overlap each other, and for pods and services that overlap a network or each other. Pods of
/// different clusters may have the same addresses: they never meet.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let networks: Vec<Net<'_>> = lab
        .networks
        .iter()
        .enumerate()
        .map(|(order, network)| net(format!("network '{}'", network.name), &network.cidr, order))
        .collect();
    let mut problems = overlaps(&networks);
    for cluster in &lab.clusters {
        let name = &cluster.name;
        let pods = net(format!("the pods of cluster '{name}'"), &cluster.pods, usize::MAX - 1);
        let services = net(format!("the services of cluster '{name}'"), &cluster.services, usize::MAX);
        for (one, other) in networks.iter().flat_map(|network| [(network, &pods), (network, &services)]) {
            problems.extend(one.cidr.overlaps(other.cidr).then(|| networks_overlap(one, other)));
        }
        problems.extend(pods.cidr.overlaps(services.cidr).then(|| networks_overlap(&pods, &services)));
    }
    problems
}

fn net(shown: String, cidr: &At<Cidr>, order: usize) -> Net<'_> {
    Net { shown, cidr: cidr.value, place: &cidr.place, order }
}

fn overlaps(nets: &[Net<'_>]) -> Vec<Problem> {
    let ranges: Ranges<&Net<'_>> = Ranges::new(nets.iter().map(|net| (net.cidr.range(), net)));
    let pairs = ranges.overlaps().into_iter();
    pairs
        .map(|(one, other): (&(AddressRange, _), &(AddressRange, _))| networks_overlap(one.1, other.1))
        .collect()
}

/// Both have some of the same addresses.
fn networks_overlap(one: &Net<'_>, other: &Net<'_>) -> Problem {
    let (first, later) = if one.order < other.order { (one, other) } else { (other, one) };
    collision(
        &NETWORKS_OVERLAP,
        format!(
            "{} ({}) and {} ({}) have addresses in common",
            first.shown, first.cidr, later.shown, later.cidr
        ),
        (first.place, format!("{}: {}", first.shown, first.cidr)),
        (later.place, format!("{}: {}", later.shown, later.cidr)),
    )
    .help("an address must say which network it is in: let each have addresses of its own")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, at, cidr, cluster, messages, network};
    use model::{Entity, Network};

    fn net_of(name: &str, addresses: &str) -> Entity {
        Network { cidr: at(cidr(addresses)), ..network(name) }.into_entity()
    }

    #[test]
    fn networks_overlap_without_being_equal() {
        let lab = [
            net_of("lan", "10.0.0.0/8"),
            net_of("guests", "10.99.0.0/24"),
            cluster(&["a"], &[]).into_entity(),
        ];
        assert_eq!(
            messages(&NETWORKS_OVERLAP, &lab),
            [
                "network 'lan' (10.0.0.0/8) and network 'guests' (10.99.0.0/24) have addresses in common",
                "network 'lan' (10.0.0.0/8) and the pods of cluster 'k3s' (10.42.0.0/16) have addresses in common",
                "network 'lan' (10.0.0.0/8) and the services of cluster 'k3s' (10.43.0.0/16) have addresses in common",
            ]
        );
    }

    #[test]
    fn pods_and_services_are_apart() {
        let mut k3s = cluster(&["a"], &[]);
        k3s.services = at(cidr("10.42.128.0/20"));
        assert_eq!(messages(&NETWORKS_OVERLAP, &[k3s.into_entity()]).len(), 1);
    }

    #[test]
    fn usual_networks_and_two_clusters_are_fine() {
        let mut second = cluster(&["b"], &[]);
        second.name = "second".into();
        let lab = [
            net_of("lan", "192.168.1.0/24"),
            net_of("guests", "192.168.2.0/24"),
            cluster(&["a"], &[]).into_entity(),
            second.into_entity(),
        ];
        assert_eq!(messages(&NETWORKS_OVERLAP, &lab), [""; 0]);
    }
}
