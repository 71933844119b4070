//! What hosts need their own ports for.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::Problem;
use model::{Cluster, Part, Protocol};
use source::Place;

use super::{Key, PORT_TAKEN_ON_HOST, key, shown};
use crate::facts::{HostFact, Own, PortFact, WorkloadFact};
use crate::lab::Lab;
use crate::rules::collision;

/// Who has a port of a host.
#[derive(Clone, Debug)]
pub(super) struct Taken<'a> {
    pub(super) owner: String,
    pub(super) place: &'a Place,
    /// Whether it is an app, which could run elsewhere.
    pub(super) is_app: bool,
}

impl<'a> Taken<'a> {
    /// By an app.
    pub(super) fn by_app(work: &'a WorkloadFact, port: &'a PortFact) -> Self {
        Self { owner: work.shown(), place: &port.place, is_app: true }
    }

    fn by(owner: impl Into<String>, place: &'a Place) -> Self {
        Self { owner: owner.into(), place, is_app: false }
    }
}

/// The ports that hosts have themselves, by host.
pub(super) fn taken<'a>(lab: &Lab<'a>) -> BTreeMap<(&'a str, Key), Taken<'a>> {
    let mut taken = BTreeMap::new();
    for &host in &lab.hosts {
        for (key, by) in own(host) {
            taken.entry((host.name.as_str(), key)).or_insert(by);
        }
    }
    for &cluster in &lab.clusters {
        let servers: BTreeSet<&str> = cluster.servers.iter().map(|node| node.name.as_str()).collect();
        for node in cluster.nodes() {
            for port in cluster.ports(servers.contains(node.name.as_str())) {
                let key = (port.number, port.protocol);
                taken.entry((node.name.as_str(), key)).or_insert_with(|| Taken::by("k3s", &cluster.place));
            }
        }
    }
    let nodes: Vec<&str> = lab.nodes().collect();
    for (key, by) in balanced(lab) {
        for host in &nodes {
            taken.entry((*host, key)).or_insert_with(|| by.clone());
        }
    }
    taken
}

/// What NixOS answers at.
fn own(host: &HostFact) -> impl Iterator<Item = (Key, Taken<'_>)> {
    let ssh = (!host.own.contains(&Own::Ssh))
        .then(|| ((22, Protocol::Tcp), Taken::by("its SSH server", &host.place)));
    let services = host.listeners.iter().map(|listener| {
        ((listener.port, listener.protocol), Taken::by(listener.service.clone(), &listener.place))
    });
    ssh.into_iter().chain(services)
}

/// The ports that k3s' own load balancer takes of every host, each by the first that wants it.
fn balanced<'a>(lab: &Lab<'a>) -> BTreeMap<Key, Taken<'a>> {
    let mut taken = BTreeMap::new();
    let Some(cluster) = balancing(lab) else { return taken };
    if !cluster.leaves_out(Part::Traefik) {
        for port in Part::Traefik.ports() {
            taken.insert((*port, Protocol::Tcp), Taken::by("k3s' Traefik", &cluster.place));
        }
    }
    for (work, port) in wanted(lab) {
        let by = || Taken {
            owner: format!("the load balancer of {}", work.shown()),
            place: &port.place,
            is_app: false,
        };
        taken.entry(key(port)).or_insert_with(by);
    }
    taken
}

/// The lab's one cluster, if k3s' own load balancer serves all of it.
fn balancing<'a>(lab: &Lab<'a>) -> Option<&'a Cluster> {
    let [cluster] = lab.clusters.as_slice() else { return None };
    let has_other = lab.releases.iter().any(|release| model::providers::balances(&release.chart));
    let picks_hosts = lab.hosts.iter().any(|host| host.own.contains(&Own::LoadBalancing));
    let serves = !cluster.leaves_out(Part::ServiceLb) && !has_other && !picks_hosts;
    serves.then_some(cluster)
}

/// The ports of services that ask for a load balancer.
fn wanted<'a>(lab: &Lab<'a>) -> impl Iterator<Item = (&'a WorkloadFact, &'a PortFact)> {
    lab.workloads.iter().flat_map(|&work| {
        let ports = work.balancer.iter().flat_map(|balancer| &balancer.ports);
        ports.map(move |port| (work, port))
    })
}

/// Services that ask k3s' own load balancer for a port that another one has on every host.
pub(super) fn balancers_in_the_way(lab: &Lab<'_>) -> Vec<Problem> {
    let first = balanced(lab);
    let late = wanted(lab).filter_map(|(work, port)| {
        let first = first.get(&key(port)).filter(|first| !std::ptr::eq(first.place, std::ptr::from_ref(&port.place)))?;
        let message = format!(
            "{} is a load balancer with {}, which {} has on every host",
            work.shown(),
            shown(port),
            first.owner
        );
        let problem = collision(
            &PORT_TAKEN_ON_HOST,
            message,
            (first.place, format!("{} has it", first.owner)),
            (&port.place, format!("{} takes it", work.shown())),
        );
        Some(problem.help(
            "k3s' own load balancer has no addresses to give, only ports of the hosts: give the service another \
             'service-port', use an ingress, or install a load balancer with a pool",
        ))
    });
    late.collect()
}
