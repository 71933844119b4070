//! Who has which address.

use std::collections::BTreeSet;

use domain::Address;
use source::Place;

use crate::facts::Own;
use crate::lab::Lab;

/// An address, who has it, and where that is said.
#[derive(Clone, Debug)]
pub(super) struct Use<'a> {
    pub(super) address: Address,
    pub(super) owner: Owner<'a>,
    pub(super) place: &'a Place,
    /// Whether it is declared to be shared.
    pub(super) shares: bool,
}

/// Who has an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner<'a> {
    /// The way out of a network.
    Gateway(&'a str),
    /// A name of a network for an address, which others may use.
    Named(&'a str, &'a str),
    /// A host, and whether it may be the router.
    Host(&'a str, bool),
    /// The API of a cluster.
    Api(&'a str),
    /// The service of an app.
    App(&'a str),
    /// A service of a chart.
    Release(&'a str),
}

impl Owner<'_> {
    /// What people call it.
    pub(super) fn shown(self) -> String {
        match self {
            Self::Gateway(network) => format!("the gateway of network '{network}'"),
            Self::Named(network, name) => format!("address '{network}.{name}'"),
            Self::Host(host, _) => format!("host '{host}'"),
            Self::Api(cluster) => format!("the API of cluster '{cluster}'"),
            Self::App(app) => format!("app '{app}'"),
            Self::Release(release) => format!("release '{release}'"),
        }
    }
}

/// An address and who has it, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The address.
    pub address: Address,
    /// Who has it: `host 'attic'`.
    pub owner: String,
}

/// All addresses in the lab, and who has them.
pub(crate) fn held(lab: &Lab<'_>) -> Vec<Held> {
    uses(lab).into_iter().map(|one| Held { address: one.address, owner: one.owner.shown() }).collect()
}

/// All addresses in the lab, those that others refer to first.
pub(super) fn uses<'a>(lab: &Lab<'a>) -> Vec<Use<'a>> {
    let mut uses = Vec::new();
    let mut add = |address, owner, place, shares| uses.push(Use { address, owner, place, shares });
    for network in &lab.networks {
        for (name, address) in &network.addresses {
            add(address.value, Owner::Named(&network.name, name), &address.place, true);
        }
    }
    for network in &lab.networks {
        if let Some(gateway) = &network.gateway {
            add(gateway.value, Owner::Gateway(&network.name), &gateway.place, false);
        }
    }
    for host in &lab.hosts {
        let may_route = host.own.contains(&Own::Network);
        add(host.address.value, Owner::Host(&host.name, may_route), &host.address.place, false);
    }
    for cluster in &lab.clusters {
        if let Some(api) = &cluster.api {
            add(api.value, Owner::Api(&cluster.name), &api.place, false);
        }
    }
    for app in &lab.workloads {
        if let Some(balancer) = &app.balancer
            && let Some(address) = &balancer.address
        {
            add(address.value, Owner::App(&app.placement.name), &address.place, balancer.shares);
        }
    }
    for release in &lab.releases {
        let placement = &release.placement;
        for address in &release.addresses {
            add(*address, Owner::Release(&placement.name), &placement.place, release.shares);
        }
    }
    uses
}

/// Each address once, with the use that a mistake in it belongs to: what gives it its name, or else who has it.
pub(super) fn distinct<'a>(lab: &Lab<'a>) -> Vec<Use<'a>> {
    let mut seen = BTreeSet::new();
    uses(lab).into_iter().filter(|one| seen.insert(one.address)).collect()
}
