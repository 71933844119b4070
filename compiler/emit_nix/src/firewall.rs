//! What a host answers to: derived from what it runs.

use std::collections::BTreeMap;

use model::{Cluster, Host, Protocol};

use crate::cluster::Role;
use crate::nix::{Expr, Set, list, path};

/// A port on the host, its protocol, and what it is for.
pub(crate) type OpenPort = (u16, Protocol, String);

/// The open ports: those of k3s on the host's interface where its name is known, those of apps and of the user on
/// all of them.
pub(crate) fn options(host: &Host, node: Option<(Role<'_>, &Cluster)>, apps: &[OpenPort]) -> Set {
    let k3s = node.map_or_else(Vec::new, |(role, cluster)| k3s_ports(role, cluster));
    let own = own_ports(host, apps);
    let firewall = match host.interface.as_deref() {
        Some(interface) => {
            let inner = ports(&k3s);
            let inner = (!inner.is_empty()).then_some(Expr::Set(inner));
            Set::new().bind_some(path("interfaces").key(interface), inner).and(ports(&own))
        }
        None => ports(&[k3s, own].concat()),
    };
    if firewall.is_empty() { firewall } else { Set::new().bind("networking.firewall", firewall) }
}

/// What k3s is asked from other hosts.
fn k3s_ports(role: Role<'_>, cluster: &Cluster) -> Vec<OpenPort> {
    let open = cluster.ports(role.is_server()).into_iter().filter(|port| port.is_open);
    open.map(|port| (port.number, port.protocol, port.purpose.to_owned())).collect()
}

/// What apps and the user open.
fn own_ports(host: &Host, apps: &[OpenPort]) -> Vec<OpenPort> {
    let tcp = host.firewall.tcp.iter().map(|port| (*port, Protocol::Tcp, String::new()));
    let udp = host.firewall.udp.iter().map(|port| (*port, Protocol::Udp, String::new()));
    apps.iter().cloned().chain(tcp).chain(udp).collect()
}

/// The options for TCP and UDP, each port once, in order.
fn ports(ports: &[OpenPort]) -> Set {
    let of = |protocol: Protocol| {
        let mut open: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
        for (port, _, what) in ports.iter().filter(|(_, other, _)| *other == protocol) {
            let whats = open.entry(*port).or_default();
            if !what.is_empty() && !whats.contains(&what.as_str()) {
                whats.push(what);
            }
        }
        let item = |(port, mut whats): (u16, Vec<&str>)| {
            whats.sort_unstable();
            let port = Expr::Int(i64::from(port));
            if whats.is_empty() { port } else { port.noted(whats.join(", ")) }
        };
        (!open.is_empty()).then(|| list(open.into_iter().map(item)))
    };
    Set::new().bind_some("allowedTCPPorts", of(Protocol::Tcp)).bind_some("allowedUDPPorts", of(Protocol::Udp))
}
