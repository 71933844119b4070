//! `resolver-has-port`: an app that takes port 53 in the network of a host, where systemd-resolved has it.

use std::collections::BTreeSet;

use diagnostics::{Problem, declare_rule};

use crate::facts::{HostFact, Own, PortFact, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub RESOLVER_HAS_PORT, "resolver-has-port", warning, since "0.1", "an app in a host's network that takes the port of its resolver", page "resolver_has_port.md" }

/// Where the resolver of hosts listens: not in the network, but for all who want every address of the host.
const PORT: u16 = 53;

/// Looks for apps in the network of hosts that answer for names. A `host-port` is no trouble: nothing listens there.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let nodes: BTreeSet<&str> = lab.nodes().collect();
    let has_resolver = |host: &&&HostFact| !host.own.contains(&Own::Resolver);
    let sharing = lab.workloads.iter().filter(|work| work.shares_network.is_some() && work.replicas > 0);
    let found = sharing.filter_map(|work| {
        let port = work.host_ports.iter().find(|port| port.port == PORT)?;
        let may_be = |host: &&&HostFact| match work.pin() {
            Some(pin) => pin.host == host.name,
            None => nodes.contains(host.name.as_str()),
        };
        let host = lab.hosts.iter().filter(may_be).find(has_resolver)?;
        Some(resolver_has_port(work, port, host))
    });
    found.collect()
}

/// The port is taken when the app starts.
fn resolver_has_port(work: &WorkloadFact, port: &PortFact, host: &HostFact) -> Problem {
    let message = format!(
        "{} wants port {PORT} of host '{}' at all of its addresses, and systemd-resolved has it at one",
        work.shown(),
        host.name
    );
    Problem::new(&RESOLVER_HAS_PORT, port.place.clone(), message).help(
        "take 'host-port = 53' without 'host-network', or switch the resolver off: \
         'nixos { services.resolved.enable = false, networking.nameservers = [\"9.9.9.9\"] }'",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, cluster, machine, messages, options, port};
    use model::{Data, Entity};

    fn found(number: u16, shares: bool, host: Option<&str>, option: &str) -> usize {
        let (mut a, b) = (machine("a", "192.168.1.10"), machine("b", "192.168.1.11"));
        a.nixos = options(&[(option, Data::Bool(false))]);
        let mut dns = app("dns", "home");
        dns.container.host_network = shares.then(|| crate::testing::place("dns"));
        dns.container.host = host.map(|host| at(host.to_owned()));
        dns.ports.insert("dns".into(), port(number, (!shares).then_some(number)));
        let hosts = [a, b].map(|host| Entity::Host(Box::new(host)));
        let lab = [&hosts[..], &[cluster(&["a"], &[]).into_entity(), dns.into_entity()]].concat();
        messages(&RESOLVER_HAS_PORT, &lab).len()
    }

    #[test]
    fn one_of_them_has_the_port() {
        let off = "services.resolved.enable";
        assert_eq!(found(53, true, Some("a"), "x"), 1);
        assert_eq!(found(53, true, None, "x"), 1);
        assert_eq!(found(53, true, Some("a"), off), 0);
        assert_eq!(found(53, true, None, off), 0, "b is no node");
        assert_eq!(found(53, true, Some("b"), off), 1);
        assert_eq!(found(53, false, Some("a"), "x"), 0);
        assert_eq!(found(5353, true, Some("a"), "x"), 0);
    }
}
