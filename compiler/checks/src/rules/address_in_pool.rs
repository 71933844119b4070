//! `address-in-pool`: a fixed address that a load balancer may give to a service.

use diagnostics::{Problem, declare_rule};
use domain::AddressRange;
use model::At;

use super::addresses::{Owner, Use, uses};
use crate::lab::Lab;
use crate::ranges::Ranges;

declare_rule! { pub ADDRESS_IN_POOL, "address-in-pool", error, since "0.1", "a fixed address that a load balancer may give to a service", page "address_in_pool.md" }

/// Looks for hosts, gateways and APIs inside of pools. Names for addresses of a pool are for services.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let pools = lab.networks.iter().flat_map(|network| {
        network.pools.iter().map(|(name, pool)| (pool.range.value, (&network.name, name, &pool.range)))
    });
    let ranges = Ranges::new(pools);
    let fixed = uses(lab)
        .into_iter()
        .filter(|one| matches!(one.owner, Owner::Gateway(_) | Owner::Host(..) | Owner::Api(_)));
    let found = fixed.filter_map(|one| {
        let (_, (network, name, range)) = ranges.containing(one.address)?;
        Some(address_in_pool(&one, &format!("{network}.{name}"), range))
    });
    found.collect()
}

/// The address may be given to a service, since it is in `pool`.
fn address_in_pool(one: &Use<'_>, pool: &str, range: &At<AddressRange>) -> Problem {
    let owner = one.owner.shown();
    let message = format!(
        "{owner} has the address {}, which a service may get too: it is in pool '{pool}'",
        one.address
    );
    Problem::new(&ADDRESS_IN_POOL, one.place.clone(), message)
        .label("inside of the pool")
        .also(range.place.clone(), "the pool is set here")
        .help(format!("take an address outside of {}, or make the pool smaller", range.hl()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, address, app, at, cluster, host, messages, network, range};
    use model::{Entity, Pool, ServiceKind};

    fn lab(pool: &str) -> Vec<Entity> {
        let mut lan = network("lan");
        lan.pools.insert("services".into(), Pool { range: at(range(pool)) });
        lan.addresses.insert("ingress".into(), at(address("192.168.1.200")));
        let mut k3s = cluster(&["a"], &[]);
        k3s.api = Some(at(address("192.168.1.20")));
        let mut served = app("served", "media");
        served.service.kind = ServiceKind::LoadBalancer;
        served.service.address = Some(at(address("192.168.1.200")));
        vec![lan.into_entity(), host("a", "192.168.1.10"), k3s.into_entity(), served.into_entity()]
    }

    #[test]
    fn hosts_and_apis_are_outside_of_pools() {
        assert_eq!(
            messages(&ADDRESS_IN_POOL, &lab("192.168.1.10 .. 192.168.1.219")),
            [
                "host 'a' has the address 192.168.1.10, which a service may get too: it is in pool 'lan.services'",
                "the API of cluster 'k3s' has the address 192.168.1.20, which a service may get too: it is in pool 'lan.services'",
            ]
        );
    }

    #[test]
    fn services_are_inside() {
        assert_eq!(messages(&ADDRESS_IN_POOL, &lab("192.168.1.200 .. 192.168.1.219")), [""; 0]);
    }
}
