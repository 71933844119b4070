//! Ports of hosts that apps take.

use model::{Entity, Protocol};

/// A port that an app takes on the hosts that it runs on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HostPort {
    number: u16,
    protocol: Protocol,
    /// What takes it.
    what: String,
    /// The only host that it runs on, if it must run there.
    pinned: Option<String>,
}

/// The ports that the apps among `entities` take on hosts.
pub(crate) fn of(entities: &[Entity]) -> Vec<HostPort> {
    let mut found = Vec::new();
    for entity in entities {
        let Entity::App(app) = entity else { continue };
        let pinned = app.container.pin().map(|(host, _)| host.to_owned());
        let what = format!("app {}", app.placement.name);
        found.extend(app.host_ports().into_iter().map(|(number, protocol)| HostPort {
            number: number.value,
            protocol,
            what: what.clone(),
            pinned: pinned.clone(),
        }));
    }
    found
}

/// Those of `ports` that are taken on a host of the cluster, by apps that must or may run there, with what takes each.
pub(crate) fn on(ports: &[HostPort], host: &str) -> Vec<(u16, Protocol, String)> {
    let here = |port: &&HostPort| port.pinned.as_ref().is_none_or(|pinned| pinned == host);
    ports.iter().filter(here).map(|port| (port.number, port.protocol, port.what.clone())).collect()
}
