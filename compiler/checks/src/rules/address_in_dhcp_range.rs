//! `address-in-dhcp-range`: an address that the router may hand out to others.

use diagnostics::{Problem, declare_rule};
use domain::AddressRange;
use model::{At, Network};

use super::addresses::{Use, distinct};
use crate::lab::Lab;
use crate::ranges::Ranges;

declare_rule! { pub ADDRESS_IN_DHCP_RANGE, "address-in-dhcp-range", error, since "0.1", "an address that the router may hand out to others", page "address_in_dhcp_range.md" }

/// Looks for addresses inside of a network's DHCP range.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let dhcp = lab.networks.iter().filter_map(|network| Some((network, network.dhcp.as_ref()?)));
    let ranges = Ranges::new(dhcp.map(|(network, range)| (range.value, (*network, range))));
    let found = distinct(lab).into_iter().filter_map(|one| {
        let (_, (network, range)) = ranges.containing(one.address)?;
        Some(address_in_dhcp_range(&one, network, range))
    });
    found.collect()
}

/// The address may be handed out by the router of `network`.
fn address_in_dhcp_range(one: &Use<'_>, network: &Network, range: &At<AddressRange>) -> Problem {
    let message = format!(
        "{} has the address {}, which the DHCP server of network '{}' may give to another device",
        one.owner.shown(),
        one.address,
        network.name
    );
    Problem::new(&ADDRESS_IN_DHCP_RANGE, one.place.clone(), message)
        .label("inside of the DHCP range")
        .also(range.place.clone(), "the range is set here")
        .help(format!(
            "take an address outside of {}, or make the range smaller here and in the router",
            range.hl()
        ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, address, at, host, messages, network, range};
    use model::Entity;

    fn lab(dhcp: &str) -> Vec<Entity> {
        let mut lan = network("lan");
        lan.dhcp = Some(at(range(dhcp)));
        lan.gateway = Some(at(address("192.168.1.1")));
        lan.addresses.insert("nas".into(), at(address("192.168.1.20")));
        vec![lan.into_entity(), host("a", "192.168.1.10"), host("nas", "192.168.1.20")]
    }

    #[test]
    fn each_address_is_reported_once() {
        assert_eq!(
            messages(&ADDRESS_IN_DHCP_RANGE, &lab("192.168.1.10 .. 192.168.1.99")),
            [
                "address 'lan.nas' has the address 192.168.1.20, which the DHCP server of network 'lan' may give to another device",
                "host 'a' has the address 192.168.1.10, which the DHCP server of network 'lan' may give to another device",
            ]
        );
    }

    #[test]
    fn addresses_beside_the_range_are_fine() {
        assert_eq!(messages(&ADDRESS_IN_DHCP_RANGE, &lab("192.168.1.100 .. 192.168.1.150")), [""; 0]);
    }
}
