//! `unusable-address`: the address of a network itself, or of all in it.

use std::collections::BTreeMap;

use diagnostics::{Problem, declare_rule};
use domain::{Address, AddressRange, Cidr};
use model::{At, Network};

use super::addresses::distinct;
use crate::lab::Lab;

declare_rule! { pub UNUSABLE_ADDRESS, "unusable-address", error, since "0.1", "an address that no device can have", page "unusable_address.md" }

/// Looks for network and broadcast addresses in use, of IPv4.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let reserved: BTreeMap<Address, (&'static str, &Network)> =
        lab.networks.iter().flat_map(|network| reserved(network)).collect();
    let mut problems = Vec::new();
    for one in distinct(lab) {
        if let Some((what, network)) = reserved.get(&one.address) {
            let message =
                format!("{} has {}, {what} of network '{}'", one.owner.shown(), one.address, network.name);
            problems.push(
                Problem::new(&UNUSABLE_ADDRESS, one.place.clone(), message).help(remedy(&network.cidr)),
            );
        }
    }
    for network in &lab.networks {
        let pools = network.pools.iter().map(|(name, pool)| (format!("pool '{name}'"), &pool.range));
        let dhcp = network.dhcp.iter().map(|range| ("the DHCP range".to_owned(), range));
        for (owner, range) in pools.chain(dhcp) {
            problems.extend(range_problem(network, &owner, range));
        }
    }
    problems
}

/// The addresses of a network that no device can have.
fn reserved(network: &Network) -> impl Iterator<Item = (Address, (&'static str, &Network))> {
    let cidr = network.cidr.value;
    let broadcast = cidr.broadcast();
    let first = broadcast.map(|_| (cidr.network(), ("the address", network)));
    first.into_iter().chain(broadcast.map(|last| (last, ("the broadcast address", network))))
}

/// `owner` may give an address to a device that cannot have it.
fn range_problem(network: &Network, owner: &str, range: &At<AddressRange>) -> Option<Problem> {
    let (address, (what, _)) = reserved(network).find(|(address, _)| range.contains(*address))?;
    let message =
        format!("{owner} of network '{}' has {address}, {what} of the network itself", network.name);
    let problem = Problem::new(&UNUSABLE_ADDRESS, range.place.clone(), message).help(remedy(&network.cidr));
    let first = range.first().max(network.cidr.first_host());
    let last = range.last().min(network.cidr.last_host());
    Some(match AddressRange::new(first, last) {
        Ok(usable) => problem.fix(format!("change to '{}'", usable.hl()), range.place.clone(), usable.hl()),
        Err(_) => problem,
    })
}

fn remedy(cidr: &Cidr) -> String {
    format!("devices of {cidr} have addresses from {} to {}", cidr.first_host(), cidr.last_host())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, at, host, messages, network, problems, range};
    use model::{Entity, Pool};

    fn lab(address: &str, pool: &str) -> Vec<Entity> {
        let mut lan = network("lan");
        lan.pools.insert("services".into(), Pool { range: at(range(pool)) });
        vec![lan.into_entity(), host("a", address)]
    }

    #[test]
    fn networks_keep_two_addresses_for_themselves() {
        let lab = lab("192.168.1.0", "192.168.1.192 .. 192.168.1.255");
        assert_eq!(
            messages(&UNUSABLE_ADDRESS, &lab),
            [
                "host 'a' has 192.168.1.0, the address of network 'lan'",
                "pool 'services' of network 'lan' has 192.168.1.255, the broadcast address of the network itself",
            ]
        );
    }

    #[test]
    fn others_are_fine() {
        assert_eq!(
            messages(&UNUSABLE_ADDRESS, &lab("192.168.1.1", "192.168.1.192 .. 192.168.1.254")),
            [""; 0]
        );
    }

    #[test]
    fn a_range_in_the_users_text_can_be_repaired() {
        let found = problems(&UNUSABLE_ADDRESS, &lab("192.168.1.1", "192.168.1.192 .. 192.168.1.255"));
        assert_eq!(found[0].fixes[0].edits[0].text, "192.168.1.192 .. 192.168.1.254");
    }
}
