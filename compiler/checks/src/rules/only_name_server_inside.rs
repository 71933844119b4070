//! `only-name-server-inside`: nodes that cannot find anything until they run what answers them.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Problem, declare_rule};
use domain::Address;

use crate::facts::{HostFact, Own};
use crate::lab::Lab;

declare_rule! { pub ONLY_NAME_SERVER_INSIDE, "only-name-server-inside", warning, since "0.1", "nodes whose only name server runs on them", page "only_name_server_inside.md" }

/// Looks for nodes all of whose name servers are in their own cluster.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let inside = inside(lab);
    let nodes: BTreeSet<&str> = lab.nodes().collect();
    let is_own = |host: &&&HostFact| {
        nodes.contains(host.name.as_str()) && !host.own.contains(&Own::Network) && !host.dns.is_empty()
    };
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut problems = Vec::new();
    for host in lab.hosts.iter().filter(is_own) {
        let owners: Option<Vec<&String>> = host.dns.iter().map(|server| inside.get(&server.value)).collect();
        // The name servers are those of the network.
        if let Some(owners) = owners
            && told.insert(&host.network)
        {
            problems.push(only_name_server_inside(host, owners[0]));
        }
    }
    problems
}

/// Who answers for names in the cluster, by address.
fn inside(lab: &Lab<'_>) -> BTreeMap<Address, String> {
    let mut inside = BTreeMap::new();
    for release in &lab.releases {
        inside.extend(release.addresses.iter().map(|address| (*address, release.shown())));
    }
    for work in &lab.workloads {
        if let Some(address) = work.balancer.as_ref().and_then(|balancer| balancer.address.as_ref()) {
            inside.insert(address.value, work.shown());
        }
        // At the address of its host.
        if let Some(pin) = work.pin().filter(|_| work.host_ports.iter().any(|port| port.port == 53)) {
            let host = lab.hosts.iter().find(|host| host.name == pin.host);
            inside.extend(host.map(|host| (host.address.value, work.shown())));
        }
    }
    inside
}

/// Nobody tells the nodes of the network where to get the image of what would tell them.
fn only_name_server_inside(host: &HostFact, owner: &str) -> Problem {
    // Where the network says it, as long as that is not in the library.
    let place = host.dns.first().map_or(&host.place, |server| &server.place);
    let message = format!(
        "host '{}' asks {} alone for names, where {owner} answers: after both were off, its image cannot be found",
        host.name,
        host.dns.iter().map(|server| server.to_string()).collect::<Vec<_>>().join(" and "),
    );
    let problem = Problem::new(&ONLY_NAME_SERVER_INSIDE, place.clone(), message).help(format!(
        "add a name server that is not in the cluster behind it, such as 9.9.9.9 in 'dns' of network '{}'",
        host.network
    ));
    if place == &host.place {
        problem
    } else {
        problem.also(host.place.clone(), "this host runs the cluster")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        IntoEntity as _, address, app, at, cluster, machine, messages, network, port, release, text,
    };
    use model::Entity;

    fn found(dns: &[&str], is_node: bool) -> Vec<String> {
        let mut host = machine("a", "192.168.1.10");
        host.dns = dns.iter().map(|server| at(address(server))).collect();
        let mut pihole = release("pihole", "dns", "pihole");
        pihole.values = text(&["serviceDns", "loadBalancerIP"], "192.168.1.201");
        let mut bind = app("bind", "dns");
        bind.container.host = Some(at("a".into()));
        bind.ports.insert("dns".into(), port(53, Some(53)));
        let lab = [
            network("lan").into_entity(),
            Entity::Host(Box::new(host)),
            cluster(&[if is_node { "a" } else { "b" }], &[]).into_entity(),
            pihole.into_entity(),
            bind.into_entity(),
        ];
        messages(&ONLY_NAME_SERVER_INSIDE, &lab)
    }

    #[test]
    fn somebody_else_answers_too() {
        assert_eq!(
            found(&["192.168.1.201"], true),
            [
                "host 'a' asks 192.168.1.201 alone for names, where release 'pihole' answers: after both were off, its image cannot be found"
            ]
        );
        assert_eq!(found(&["192.168.1.10"], true).len(), 1, "an app on the host itself");
        assert_eq!(found(&["192.168.1.201", "192.168.1.10"], true).len(), 1);
        assert_eq!(found(&["192.168.1.201", "9.9.9.9"], true), [""; 0]);
        assert_eq!(found(&["192.168.1.201"], false), [""; 0], "the cluster starts without it");
        assert_eq!(found(&[], true), [""; 0]);
    }
}
