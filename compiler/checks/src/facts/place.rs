//! Places that people can do something about: never inside of the standard library.

use model::{At, Cluster, Lab, Map, Network, Placement};
use source::Place;

/// `place`, or that of the declaration if `place` is a default of the library.
pub(crate) fn near(place: &Place, declaration: &Place) -> Place {
    if place.item.is_std() { declaration.clone() } else { place.clone() }
}

/// What people call something that is deployed, by what they declared: `app 'n8n'`, or `traefik 'web'` where a kind made
/// it, or `'traefik'` where that has no other name.
pub(crate) fn called(word: &str, placement: &Placement) -> String {
    let (item, name) = (&placement.place.item, placement.name.as_str());
    if item.first_word() == word || item.name() != name {
        format!("{word} '{name}'")
    } else if item.first_word() == name {
        format!("'{name}'")
    } else {
        format!("{} '{name}'", item.first_word())
    }
}

/// The fact, at a place that is not in the library.
pub(super) fn brought_near<T: Clone>(at: &At<T>, declaration: &Place) -> At<T> {
    At::new(at.value.clone(), near(&at.place, declaration))
}

/// The facts of a map, each at a place that is not in the library.
pub(super) fn near_all<T: Clone>(all: &Map<String, At<T>>, declaration: &Place) -> Map<String, At<T>> {
    all.iter().map(|(key, at)| (key.clone(), brought_near(at, declaration))).collect()
}

/// The lab, with all its places outside of the library.
pub(super) fn lab(lab: &Lab) -> Lab {
    let domain = brought_near(&lab.domain, &lab.place);
    let timezone = brought_near(&lab.timezone, &lab.place);
    Lab { domain, timezone, ..lab.clone() }
}

/// The network, with all its places outside of the library.
pub(super) fn network(network: &Network) -> Network {
    let mut network = network.clone();
    let owner = network.place.clone();
    network.dns.clear();
    network.cidr.place = near(&network.cidr.place, &owner);
    for address in network.gateway.iter_mut().chain(network.addresses.iter_mut().map(|(_, address)| address))
    {
        address.place = near(&address.place, &owner);
    }
    for range in network.dhcp.iter_mut().chain(network.pools.iter_mut().map(|(_, pool)| &mut pool.range)) {
        range.place = near(&range.place, &owner);
    }
    network
}

/// The cluster, with all its places outside of the library.
pub(super) fn cluster(cluster: &Cluster) -> Cluster {
    let mut cluster = cluster.clone();
    let owner = cluster.place.clone();
    cluster.sans.clear();
    for node in cluster.servers.iter_mut().chain(&mut cluster.agents) {
        node.place = near(&node.place, &owner);
    }
    for flag in cluster.flags.iter_mut().chain(&mut cluster.server_flags) {
        flag.place = near(&flag.place, &owner);
    }
    for cidr in [&mut cluster.pods, &mut cluster.services] {
        cidr.place = near(&cidr.place, &owner);
    }
    for address in cluster.api.iter_mut().chain([&mut cluster.dns]) {
        address.place = near(&address.place, &owner);
    }
    cluster
}
