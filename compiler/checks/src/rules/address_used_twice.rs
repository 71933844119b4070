//! `address-used-twice`: an address that two things have.

use std::collections::BTreeMap;

use diagnostics::{Problem, declare_rule};
use domain::Address;

use super::addresses::{Owner, Use, uses};
use super::collision;
use crate::lab::Lab;

declare_rule! { pub ADDRESS_USED_TWICE, "address-used-twice", error, since "0.1", "an address that two things have", page "address_used_twice.md" }

/// Looks for addresses with several owners. A name for an address is no owner.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let mut owned: BTreeMap<Address, Use<'_>> = BTreeMap::new();
    let mut problems = Vec::new();
    for one in uses(lab) {
        if matches!(one.owner, Owner::Named(..)) {
            continue;
        }
        match owned.get(&one.address) {
            Some(first) if may_share(first, &one) => {}
            Some(first) => problems.push(address_used_twice(first, &one)),
            None => {
                owned.insert(one.address, one);
            }
        }
    }
    problems
}

fn may_share(first: &Use<'_>, later: &Use<'_>) -> bool {
    match (first.owner, later.owner) {
        // Two networks with one gateway overlap, which is a problem of its own.
        (Owner::Gateway(_), Owner::Gateway(_)) => true,
        // A host can be the router.
        (Owner::Gateway(_), Owner::Host(_, may_route)) => may_route,
        (one, other) => one == other || (first.shares && later.shares),
    }
}

/// `later` has the address that `first` has.
fn address_used_twice(first: &Use<'_>, later: &Use<'_>) -> Problem {
    let (one, other) = (first.owner.shown(), later.owner.shown());
    let help = match (first.owner, later.owner) {
        (Owner::Host(..), Owner::Api(_)) => {
            "leave 'api' out to reach the API at the first server, or give it an address that no host has"
        }
        (Owner::Gateway(_), Owner::Host(..)) => {
            "give the host an address of its own; if it is the router, say so in 'nixos', such as by 'networking.nat'"
        }
        _ => "give each an address of its own",
    };
    collision(
        &ADDRESS_USED_TWICE,
        format!("{other} has the address {}, which {one} has already", later.address),
        (first.place, format!("{one} has it")),
        (later.place, format!("{other} has it too")),
    )
    .help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        IntoEntity as _, address, app, at, cluster, host, messages, network, release, text,
    };
    use model::Entity;

    fn found(entities: &[Entity]) -> Vec<String> {
        messages(&ADDRESS_USED_TWICE, entities)
    }

    #[test]
    fn hosts_gateways_and_apis_have_their_own() {
        let mut lan = network("lan");
        lan.gateway = Some(at(address("192.168.1.10")));
        let mut k3s = cluster(&["a"], &[]);
        k3s.api = Some(at(address("192.168.1.11")));
        let entities =
            [lan.into_entity(), host("a", "192.168.1.10"), host("b", "192.168.1.11"), k3s.into_entity()];
        assert_eq!(
            found(&entities),
            [
                "host 'a' has the address 192.168.1.10, which the gateway of network 'lan' has already",
                "the API of cluster 'k3s' has the address 192.168.1.11, which host 'b' has already",
            ]
        );
    }

    #[test]
    fn services_do_not_share_unless_they_say_so() {
        let mut one = app("one", "media");
        one.service.kind = model::ServiceKind::LoadBalancer;
        one.service.address = Some(at(address("192.168.1.200")));
        let mut chart = release("traefik", "ingress", "traefik");
        chart.values = text(&["service", "annotations", "kube-vip.io/loadbalancerIPs"], "192.168.1.200");
        let entities = [one.clone().into_entity(), chart.clone().into_entity()];
        assert_eq!(
            found(&entities),
            ["release 'traefik' has the address 192.168.1.200, which app 'one' has already"]
        );
        one.service.annotations.insert("metallb.io/allow-shared-ip".into(), crate::testing::at("key".into()));
        chart.values = text(&["annotations", "metallb.io/allow-shared-ip"], "192.168.1.201");
        assert_eq!(found(&[one.into_entity(), chart.into_entity()]), [""; 0]);
    }

    #[test]
    fn names_for_addresses_and_routers_are_fine() {
        let mut lan = network("lan");
        lan.addresses.insert("nas".into(), at(address("192.168.1.10")));
        lan.addresses.insert("files".into(), at(address("192.168.1.10")));
        lan.gateway = Some(at(address("192.168.1.1")));
        let mut router = crate::testing::machine("router", "192.168.1.1");
        router.nixos = crate::testing::options(&[("networking.nat.enable", model::Data::Bool(true))]);
        let entities = [lan.into_entity(), host("nas", "192.168.1.10"), Entity::Host(Box::new(router))];
        assert_eq!(found(&entities), [""; 0]);
    }
}
