//! `address-outside-network`: an address that no host can answer at.

use std::collections::BTreeSet;

use diagnostics::{Problem, declare_rule};
use domain::AddressRange;

use super::addresses::{Owner, Use, uses};
use crate::lab::Lab;
use crate::ranges::Ranges;

declare_rule! { pub ADDRESS_OUTSIDE_NETWORK, "address-outside-network", warning, since "0.1", "an address in no network that a host is in", page "address_outside_network.md" }

/// Looks for APIs and services at addresses of no network that a host is in. Names, gateways and hosts are checked
/// where they are declared.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let inhabited: BTreeSet<&str> = lab.hosts.iter().map(|host| host.network.as_str()).collect();
    let networks = lab.networks.iter().filter(|network| inhabited.contains(network.name.as_str()));
    let cidrs: Vec<(AddressRange, ())> = networks.map(|network| (network.cidr.range(), ())).collect();
    if cidrs.is_empty() {
        return Vec::new();
    }
    let ranges = Ranges::new(cidrs);
    let announced = uses(lab)
        .into_iter()
        .filter(|one| matches!(one.owner, Owner::Api(_) | Owner::App(_) | Owner::Release(_)));
    let outside = announced.filter(|one| ranges.containing(one.address).is_none());
    outside.map(|one| address_outside_network(&one)).collect()
}

/// No host is in a network with this address.
fn address_outside_network(one: &Use<'_>) -> Problem {
    let message = format!(
        "{} has the address {}, which is in no network that a host is in",
        one.owner.shown(),
        one.address
    );
    Problem::new(&ADDRESS_OUTSIDE_NETWORK, one.place.clone(), message)
        .label("no host answers there")
        .help("take an address of the hosts' network, unless a router leads this one to them")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, address, at, cluster, host, messages, network};
    use model::Entity;

    fn lab(api: &str) -> Vec<Entity> {
        let mut k3s = cluster(&["a"], &[]);
        k3s.api = Some(at(address(api)));
        vec![network("lan").into_entity(), host("a", "192.168.1.10"), k3s.into_entity()]
    }

    #[test]
    fn apis_are_where_hosts_are() {
        assert_eq!(
            messages(&ADDRESS_OUTSIDE_NETWORK, &lab("192.168.2.20")),
            [
                "the API of cluster 'k3s' has the address 192.168.2.20, which is in no network that a host is in"
            ]
        );
        assert_eq!(messages(&ADDRESS_OUTSIDE_NETWORK, &lab("192.168.1.20")), [""; 0]);
    }
}
