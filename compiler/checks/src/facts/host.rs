//! The facts of a host.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Address, Mac, Size, UnixPath};
use model::providers::Driver;
use model::{Arch, At, Data, Device, Disk, Host, Map, Protocol};
use source::Place;

use super::nixos::{self, Door, Stranger};
use super::place::{brought_near, near, near_all};

/// A machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HostFact {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) network: String,
    pub(crate) address: At<Address>,
    pub(crate) mac: Option<At<Mac>>,
    /// Its name servers.
    pub(crate) dns: Vec<At<Address>>,
    pub(crate) memory: Option<Size>,
    pub(crate) arch: Arch,
    pub(crate) users: Vec<String>,
    pub(crate) disks: BTreeMap<String, At<UnixPath>>,
    /// Where its disks are mounted.
    pub(crate) mounts: Vec<MountFact>,
    /// Whether it is no PC, and nobody says how it starts.
    pub(crate) guesses_boot: bool,
    pub(crate) devices: Map<String, Device>,
    pub(crate) labels: Map<String, At<String>>,
    pub(crate) taints: Vec<At<String>>,
    /// The first taint that keeps pods away.
    pub(crate) repels: Option<At<String>>,
    /// What its NixOS options say of it.
    pub(crate) own: BTreeSet<Own>,
    /// What it has so that pods can use storage and devices.
    pub(crate) drivers: BTreeSet<Driver>,
    /// Services of NixOS that answer from the network.
    pub(crate) listeners: Vec<Listener>,
    /// The secrets that are files on it.
    pub(crate) secrets: BTreeSet<String>,
    /// Whether secrets can be encrypted to it.
    pub(crate) has_key: bool,
    /// The files of secrets that its NixOS options name, and where.
    pub(crate) secret_paths: Vec<At<String>>,
    /// Secrets that are to belong to somebody of whom nothing is known.
    pub(crate) strangers: Vec<Stranger>,
    /// What in its NixOS options is no Nix, and why.
    pub(crate) nix_faults: Vec<At<String>>,
    /// What keeps people from reaching it by SSH.
    pub(crate) ssh: Option<At<Door>>,
    /// What it calls itself in iSCSI.
    pub(crate) iscsi_name: Option<At<String>>,
}

/// A place at which something of a disk is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MountFact {
    pub(crate) at: String,
    /// The disk's name.
    pub(crate) disk: String,
    /// Whether the disk does not say where.
    pub(crate) is_left_out: bool,
    pub(crate) place: Place,
}

/// What a host's labels and NixOS options say that it has of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Own {
    /// It is a router, or says itself what its network is.
    Network,
    /// It says itself what answers for names on it.
    Resolver,
    /// It says itself at which ports its SSH server is.
    Ssh,
    /// It declares accounts of its own.
    Users,
    /// It has a say in which nodes k3s' load balancer uses.
    LoadBalancing,
}

/// A port that a service of NixOS answers at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listener {
    pub(crate) port: u16,
    pub(crate) protocol: Protocol,
    /// The service's options: `services.nginx`.
    pub(crate) service: String,
    pub(crate) place: Place,
}

/// Options, by how their path begins, and what they tell.
const TELLING: &[(&[&str], Own)] = &[
    (&["networking", "nat"], Own::Network),
    (&["networking", "nftables"], Own::Network),
    (&["networking", "defaultGateway"], Own::Network),
    (&["networking", "interfaces"], Own::Network),
    (&["networking", "firewall"], Own::Network),
    (&["systemd", "network"], Own::Network),
    (&["boot", "kernel", "sysctl", "net.ipv4.ip_forward"], Own::Network),
    (&["boot", "kernel", "sysctl", "net.ipv4.conf.all.forwarding"], Own::Network),
    (&["services", "resolved"], Own::Resolver),
    (&["services", "openssh", "ports"], Own::Ssh),
    (&["services", "openssh", "listenAddresses"], Own::Ssh),
    (&["users"], Own::Users),
];

/// Services that answer at a port of their own from the network, unless they are told another one.
const USUAL: &[(&str, u16, Protocol)] = &[
    ("services.caddy", 80, Protocol::Tcp),
    ("services.caddy", 443, Protocol::Tcp),
    ("services.dnsmasq", 53, Protocol::Tcp),
    ("services.dnsmasq", 53, Protocol::Udp),
    ("services.home-assistant", 8123, Protocol::Tcp),
    ("services.jellyfin", 8096, Protocol::Tcp),
    ("services.nginx", 80, Protocol::Tcp),
    ("services.nfs.server", 2049, Protocol::Tcp),
    ("services.prometheus.exporters.node", 9100, Protocol::Tcp),
    ("services.samba", 445, Protocol::Tcp),
];

impl HostFact {
    pub(super) fn of(host: &Host) -> Self {
        let taints: Vec<At<String>> =
            host.taints.iter().map(|taint| brought_near(taint, &host.place)).collect();
        let repels = taints.iter().find(|taint| !taint.ends_with(":PreferNoSchedule"));
        let mut devices = host.devices.clone();
        for device in devices.iter_mut().map(|(_, device)| device) {
            device.path.place = near(&device.path.place, &host.place);
        }
        let disks = host.disks.iter();
        Self {
            name: host.name.clone(),
            arch: host.arch,
            place: host.place.clone(),
            network: host.network.clone(),
            address: brought_near(&host.address, &host.place),
            mac: host.mac.as_ref().map(|mac| brought_near(mac, &host.place)),
            dns: host.dns.iter().map(|server| brought_near(server, &host.place)).collect(),
            memory: host.memory,
            users: host.users.clone(),
            disks: disks
                .map(|(name, disk)| (name.clone(), brought_near(&disk.device, &host.place)))
                .collect(),
            mounts: host.disks.iter().flat_map(|(name, disk)| mounts(name, disk, host)).collect(),
            guesses_boot: host.arch == Arch::Aarch64
                && host.boot.place.item.is_std()
                && !host.sets(&["boot", "loader"]),
            devices,
            labels: near_all(&host.labels, &host.place),
            repels: repels.cloned(),
            taints,
            own: own(host),
            drivers: Driver::ALL.into_iter().filter(|driver| driver.is_on(host)).collect(),
            listeners: listeners(host),
            secrets: host.secrets.iter().map(|secret| secret.name.clone()).collect(),
            has_key: host.host_key.is_some(),
            secret_paths: secret_paths(host),
            strangers: nixos::strangers(host),
            nix_faults: nixos::faults(host),
            ssh: nixos::door(host),
            iscsi_name: nixos::text(host, &["services", "openiscsi", "name"]),
        }
    }
}

fn mounts(name: &str, disk: &Disk, host: &Host) -> Vec<MountFact> {
    let place = &disk.mount.place;
    // Where it is left out, the disk is what there is to see.
    let is_left_out = place.item.is_std();
    let place = near(if is_left_out { &disk.device.place } else { place }, &host.place);
    let mount = |at| MountFact { at, disk: name.to_owned(), is_left_out, place: place.clone() };
    disk.mounts().into_iter().map(mount).collect()
}

/// What stands behind `/run/secrets/` in NixOS options.
fn secret_paths(host: &Host) -> Vec<At<String>> {
    let mut found = Vec::new();
    for (_, option) in host.options() {
        let place = near(&option.place, &host.place);
        option.each_text(&mut |text| {
            for rest in text.split("/run/secrets/").skip(1) {
                let name = rest.split(|char: char| !is_of_name(char)).next().unwrap_or_default();
                found.push(At::new(name.trim_end_matches('.').to_owned(), place.clone()));
            }
        });
    }
    found
}

fn is_of_name(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '-' | '_' | '.')
}

fn own(host: &Host) -> BTreeSet<Own> {
    let told = TELLING.iter().filter(|(start, _)| host.sets(start));
    let mut own: BTreeSet<Own> = told.map(|(_, tells)| *tells).collect();
    if host.labels.keys().any(|label| label.starts_with("svccontroller.k3s.cattle.io/")) {
        own.insert(Own::LoadBalancing);
    }
    own
}

/// The ports of services that are enabled here: the one that they are told, or else their usual ones.
fn listeners(host: &Host) -> Vec<Listener> {
    let options: BTreeMap<String, &At<Data>> =
        host.options().map(|(path, data)| (path.join("."), data)).collect();
    let enabled = options.iter().filter_map(|(path, data)| {
        let service = path.strip_suffix(".enable").filter(|service| service.starts_with("services."))?;
        (data.value == Data::Bool(true)).then_some((service, *data))
    });
    enabled.flat_map(|(service, switch)| ports_of(host, service, switch, &options)).collect()
}

fn ports_of(
    host: &Host,
    service: &str,
    switch: &At<Data>,
    options: &BTreeMap<String, &At<Data>>,
) -> Vec<Listener> {
    let listener = |port, protocol, place: &Place| Listener {
        port,
        protocol,
        service: service.to_owned(),
        place: near(place, &host.place),
    };
    let usual = || USUAL.iter().filter(|(name, ..)| *name == service);
    let told =
        ["port", "settings.port"].into_iter().find_map(|name| options.get(&format!("{service}.{name}")));
    let Some(told) = told else {
        return usual().map(|(_, port, protocol)| listener(*port, *protocol, &switch.place)).collect();
    };
    // Port 0 is none.
    let Data::Int(port) = told.value else { return Vec::new() };
    let Some(port) = u16::try_from(port).ok().filter(|port| *port != 0) else { return Vec::new() };
    let mut protocols: Vec<Protocol> = usual().map(|(_, _, protocol)| *protocol).collect();
    if protocols.is_empty() {
        protocols.push(Protocol::Tcp);
    }
    protocols.sort();
    protocols.dedup();
    protocols.into_iter().map(|protocol| listener(port, protocol, &told.place)).collect()
}
