//! A host's name and address.

use model::{Host, Lab};

use crate::nix::{Expr, Set, path, text, texts};

/// Names and the one static address, by systemd-networkd.
pub(crate) fn options(lab: &Lab, host: &Host) -> Set {
    names(lab, host).group(address(host))
}

fn names(lab: &Lab, host: &Host) -> Set {
    let domain = host.fqdn.strip_prefix(&format!("{}.", host.name));
    let domain = domain.map_or_else(|| lab.domain.value.to_string(), str::to_owned);
    Set::new().bind("networking", Set::new().bind("hostName", text(&host.name)).bind("domain", text(domain)))
}

fn address(host: &Host) -> Set {
    let gateway: Vec<_> = host.gateway.iter().collect();
    let network = matched(host)
        .bind("address", texts([format!("{}/{}", host.address.value, host.prefix)]))
        .bind_some("gateway", (!gateway.is_empty()).then(|| texts(gateway)))
        .bind_some(
            "dns",
            (!host.dns.is_empty()).then(|| texts(host.dns.iter().map(|server| server.value)).or_default()),
        )
        .bind("linkConfig.RequiredForOnline", text("routable"));
    let is_any = host.interface.is_none() && host.mac.is_none();
    let networkd = Set::new()
        .bind("enable", true)
        .bind_some("wait-online.anyInterface", is_any.then(|| Expr::from(true).or_default()))
        .bind(path("networks").key(format!("10-{}", host.network)), network);
    Set::new()
        .bind("networking.useDHCP", false)
        .bind("services.resolved.enable", Expr::from(true).or_default())
        .bind("systemd.network", networkd)
}

/// Which interface: the one with the name, else the one with the MAC, else any wired one that is no virtual one
/// (those of pods are).
fn matched(host: &Host) -> Set {
    let matched = match (&host.interface, &host.mac) {
        (Some(interface), _) => Set::new().bind("Name", text(interface)),
        (None, Some(mac)) => Set::new().bind("PermanentMACAddress", text(mac.value)),
        (None, None) => Set::new().bind("Type", text("ether")).bind("Kind", text("!*")),
    };
    Set::new().bind("matchConfig", matched)
}
