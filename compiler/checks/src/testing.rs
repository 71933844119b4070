//! Hand-made labs for the tests of rules.

mod deployed;
mod secrets;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diagnostics::{Problem, Rule};
use domain::{Address, AddressRange, Cidr, Hostname, UnixPath};
use model::{
    App, Arch, At, Boot, Cluster, Data, Device, DeviceKind, Entity, Firewall, Flannel, Host, Job, Lab,
    Manifest, Map, Network, NixosBlock, Node, Release, SecretFacts, SecretFile, SecretRef, SecretText, Stage,
    User,
};
use source::{ItemKey, Place, Span};

pub(crate) use deployed::*;
pub(crate) use secrets::*;

use crate::{Facts, check, facts};

/// The problems of `rule` in a lab of which each entity is an item.
pub(crate) fn problems(rule: &Rule, entities: &[Entity]) -> Vec<Problem> {
    problems_knowing(rule, entities, None)
}

/// The problems of `rule`, where something is known of the values of secrets.
pub(crate) fn problems_knowing(
    rule: &Rule,
    entities: &[Entity],
    known: Option<&SecretFacts>,
) -> Vec<Problem> {
    let all: Vec<Facts> = entities.iter().map(|entity| facts(std::slice::from_ref(entity), false)).collect();
    let all: Vec<&Facts> = all.iter().collect();
    check(&all, known).into_iter().filter(|problem| problem.rule == rule).collect()
}

/// The messages of those problems.
pub(crate) fn messages(rule: &Rule, entities: &[Entity]) -> Vec<String> {
    problems(rule, entities).into_iter().map(|problem| problem.message).collect()
}

/// The place of the item that begins with `head`.
pub(crate) fn place(head: &str) -> Place {
    Place::new(&ItemKey::new(Arc::from("homelab.hl"), Arc::from(head), 0), Span::new(0, 1))
}

/// A place in the standard library.
pub(crate) fn std_place() -> Place {
    Place::new(&ItemKey::new(Arc::from("std/core/cluster.hl"), Arc::from("kind cluster"), 0), Span::new(0, 1))
}

pub(crate) fn at<T>(value: T) -> At<T> {
    At::new(value, place("somewhere"))
}

pub(crate) fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

pub(crate) fn range(text: &str) -> AddressRange {
    AddressRange::parse(text).unwrap()
}

pub(crate) fn cidr(text: &str) -> Cidr {
    Cidr::parse(text).unwrap()
}

pub(crate) fn path(text: &str) -> UnixPath {
    UnixPath::parse(text).unwrap()
}

/// Helm values with one text in them.
pub(crate) fn text(keys: &[&str], text: &str) -> Data {
    match keys.split_first() {
        Some((key, rest)) => Data::Map(BTreeMap::from([((*key).to_owned(), self::text(rest, text))])),
        None => Data::Text(text.to_owned()),
    }
}

/// A `nixos` block.
pub(crate) fn options(set: &[(&str, Data)]) -> Vec<NixosBlock> {
    let options =
        set.iter().map(|(path, data)| (path.split('.').map(str::to_owned).collect(), at(data.clone())));
    vec![NixosBlock { owner: "host".to_owned(), options: options.collect() }]
}

pub(crate) fn lab(name: &str) -> Entity {
    Entity::Lab(Lab {
        name: name.to_owned(),
        domain: at(Hostname::parse("home.example.net").unwrap()),
        timezone: at("UTC".to_owned()),
        nixpkgs: "nixos-25.11".to_owned(),
        state_version: "25.11".to_owned(),
        locale: "en_US.UTF-8".to_owned(),
        place: place(&format!("lab {name}")),
    })
}

pub(crate) fn network(name: &str) -> Network {
    Network {
        name: name.to_owned(),
        cidr: at(cidr("192.168.1.0/24")),
        gateway: None,
        dns: Vec::new(),
        dhcp: None,
        addresses: Map::new(),
        pools: Map::new(),
        place: place(&format!("network {name}")),
    }
}

pub(crate) fn user(name: &str, groups: &[&str], keys: &[&str]) -> Entity {
    Entity::User(User {
        name: name.to_owned(),
        description: None,
        groups: groups.iter().map(|&group| group.to_owned()).collect(),
        ssh_keys: keys.iter().map(|&key| at(key.to_owned())).collect(),
        shell: None,
        uid: None,
        password: None,
        place: place(&format!("user {name}")),
    })
}

pub(crate) fn host(name: &str, address: &str) -> Entity {
    Entity::Host(Box::new(machine(name, address)))
}

/// The system's disk, on a device.
pub(crate) fn disk(device: &str) -> model::Disk {
    model::Disk { device: at(path(device)), layout: model::Layout::Ext4, mount: at(path("/")), swap: None }
}

pub(crate) fn machine(name: &str, address: &str) -> Host {
    Host {
        name: name.to_owned(),
        network: "lan".to_owned(),
        prefix: 24,
        gateway: None,
        dns: Vec::new(),
        address: at(self::address(address)),
        fqdn: format!("{name}.home.example.net"),
        interface: None,
        mac: None,
        memory: None,
        arch: Arch::X86_64,
        boot: at(Boot::SystemdBoot),
        users: Vec::new(),
        packages: BTreeSet::new(),
        labels: Map::new(),
        taints: Vec::new(),
        firewall: Firewall::default(),
        disks: Map::new(),
        devices: Map::new(),
        secrets: Vec::new(),
        deploy: model::Deploy::default(),
        state_version: None,
        host_key: None,
        nixos: Vec::new(),
        place: place(&format!("host {name}")),
    }
}

pub(crate) fn device(path: &str, kind: DeviceKind) -> Device {
    Device { path: at(self::path(path)), kind }
}

pub(crate) fn cluster(servers: &[&str], agents: &[&str]) -> Cluster {
    let node = |name: &&str| {
        let fqdn = format!("{name}.home.example.net");
        At::new(
            Node { name: (*name).to_owned(), fqdn, address: address("192.168.1.10") },
            place("cluster k3s"),
        )
    };
    Cluster {
        name: "k3s".to_owned(),
        servers: servers.iter().map(node).collect(),
        agents: agents.iter().map(node).collect(),
        api: None,
        sans: Vec::new(),
        pods: At::new(cidr("10.42.0.0/16"), std_place()),
        services: At::new(cidr("10.43.0.0/16"), std_place()),
        dns: At::new(address("10.43.0.10"), std_place()),
        disable: Vec::new(),
        flannel: Flannel::Vxlan,
        flags: Vec::new(),
        server_flags: Vec::new(),
        deployers: Vec::new(),
        token: SecretFile::new("k3s-token", SecretText::of(SecretRef::whole("k3s-token"))),
        place: place("cluster k3s"),
    }
}

/// A cluster of one server that leaves out parts of k3s.
pub(crate) fn cluster_without(parts: &[&str]) -> Cluster {
    let disable = parts.iter().map(|&part| part.to_owned()).collect();
    Cluster { disable, ..cluster(&["a"], &[]) }
}

/// Entities of what builders give.
pub(crate) trait IntoEntity {
    /// As an entity.
    fn into_entity(self) -> Entity;
}

macro_rules! into_entity {
    ($($kind:ident),*; $($boxed:ident),*) => {
        $(impl IntoEntity for $kind { fn into_entity(self) -> Entity { Entity::$kind(self) } })*
        $(impl IntoEntity for $boxed { fn into_entity(self) -> Entity { Entity::$boxed(Box::new(self)) } })*
    };
}

into_entity!(Network, Stage; Host, Cluster, App, Job, Release, Manifest);
