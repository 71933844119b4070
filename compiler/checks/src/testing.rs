//! Hand-made labs for the tests of rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diagnostics::{Problem, Rule};
use domain::{Address, AddressRange, Cidr, Hostname, ImageReference, Size, UnixPath};
use model::{
    Access, App, Arch, At, Boot, Chart, Cluster, Component, Concurrency, Container, Data, Device, DeviceKind,
    DeviceUse, Entity, Firewall, Flannel, Host, Ingress, Job, Lab, Manifest, Namespace, Network, NixosBlock, Node,
    Placement, Port, Protocol, Release, Resources, Secret, SecretKind, SecretRef, Service, ServiceKind, Stage, User,
    Volume, VolumeSource,
};
use source::{ItemKey, Place, Span};

use crate::{Facts, check, facts};

/// The problems of `rule` in a lab of which each entity is an item.
pub(crate) fn problems(rule: &Rule, entities: &[Entity]) -> Vec<Problem> {
    let all: Vec<Facts> = entities.iter().map(|entity| facts(std::slice::from_ref(entity))).collect();
    let all: Vec<&Facts> = all.iter().collect();
    check(&all).into_iter().filter(|problem| problem.rule == rule).collect()
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
    let options = set.iter().map(|(path, data)| (path.split('.').map(str::to_owned).collect(), at(data.clone())));
    vec![NixosBlock { owner: "host".to_owned(), options: options.collect() }]
}

pub(crate) fn lab(name: &str) -> Entity {
    Entity::Lab(Lab {
        name: name.to_owned(),
        domain: Hostname::parse("home.example.net").unwrap(),
        timezone: "UTC".to_owned(),
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
        addresses: BTreeMap::new(),
        pools: BTreeMap::new(),
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
        boot: Boot::SystemdBoot,
        users: Vec::new(),
        packages: BTreeSet::new(),
        labels: BTreeMap::new(),
        taints: Vec::new(),
        firewall: Firewall::default(),
        disks: BTreeMap::new(),
        devices: BTreeMap::new(),
        secrets: Vec::new(),
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
        At::new(Node { name: (*name).to_owned(), fqdn, address: address("192.168.1.10") }, place("cluster k3s"))
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
        token: SecretRef { name: "k3s-token".to_owned() },
        place: place("cluster k3s"),
    }
}

pub(crate) fn stage(number: u8, name: &str) -> Stage {
    Stage { number, name: name.to_owned(), place: place(&format!("stage {name}")) }
}

pub(crate) fn namespace(name: &str) -> Entity {
    Entity::Namespace(Namespace {
        name: name.to_owned(),
        stage: at(stage(10, "apps")),
        existing: false,
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
        place: place(&format!("namespace {name}")),
    })
}

pub(crate) fn secret(name: &str, head: &str) -> Entity {
    Entity::Secret(Secret {
        name: name.to_owned(),
        kind: SecretKind::Text,
        generate: None,
        place: place(head),
    })
}

pub(crate) fn component(number: u8, name: &str) -> Component {
    Component { stage: stage(number, "stage"), name: name.to_owned() }
}

pub(crate) fn placement(kind: &str, name: &str, namespace: &str) -> Placement {
    Placement {
        name: name.to_owned(),
        namespace: namespace.to_owned(),
        namespace_exists: false,
        component: component(10, name),
        needs: Vec::new(),
        place: place(&format!("{kind} {name}")),
    }
}

pub(crate) fn container() -> Container {
    Container {
        image: at(ImageReference::parse("docker.io/library/redis:8.2.0").unwrap()),
        command: None,
        args: Vec::new(),
        env: BTreeMap::new(),
        volumes: BTreeMap::new(),
        files: BTreeMap::new(),
        resources: Resources::default(),
        devices: Vec::new(),
        host: None,
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
        user: None,
        group: None,
        host_network: false,
        privileged: false,
    }
}

pub(crate) fn app(name: &str, namespace: &str) -> App {
    App {
        placement: placement("app", name, namespace),
        container: container(),
        replicas: 1,
        ports: BTreeMap::new(),
        ingresses: BTreeMap::new(),
        service: Service { kind: ServiceKind::Cluster, address: None, annotations: BTreeMap::new() },
        health: None,
    }
}

pub(crate) fn job(name: &str, namespace: &str) -> Job {
    Job {
        placement: placement("job", name, namespace),
        container: container(),
        schedule: None,
        timezone: "UTC".to_owned(),
        concurrency: Concurrency::Forbid,
        suspend: false,
        time_limit: None,
        retries: 3,
    }
}

pub(crate) fn port(number: u16, host_port: Option<u16>) -> Port {
    Port { number: at(number), protocol: Protocol::Tcp, host_port: host_port.map(at), service_port: None }
}

pub(crate) fn ingress(host: &str, path: &str) -> Ingress {
    Ingress {
        host: at(Hostname::parse(host).unwrap()),
        path: path.to_owned(),
        port: "http".to_owned(),
        class: None,
        tls: false,
        annotations: BTreeMap::new(),
    }
}

pub(crate) fn claim(access: Access) -> Volume {
    mounted(VolumeSource::Claim { size: Size::from_bytes(1 << 30), class: None, access })
}

pub(crate) fn shared(claim: &str) -> Volume {
    mounted(VolumeSource::Shared(claim.to_owned()))
}

fn mounted(source: VolumeSource) -> Volume {
    Volume { at: path("/data"), sub_path: None, read_only: false, source, place: place("somewhere") }
}

pub(crate) fn uses(host: &str, device: &str) -> At<DeviceUse> {
    at(DeviceUse { host: host.to_owned(), device: device.to_owned(), path: path("/dev/serial/by-id/stick") })
}

pub(crate) fn release(name: &str, namespace: &str, chart: &str) -> Release {
    Release {
        placement: placement("release", name, namespace),
        chart: Chart {
            name: chart.to_owned(),
            repo: at("https://charts.example.net".to_owned()),
            version: "1.0.0".to_owned(),
        },
        values: Data::Map(BTreeMap::new()),
        timeout: None,
        wait: true,
    }
}

pub(crate) fn manifest(name: &str, namespace: &str, api: &str, kind: &str) -> Manifest {
    Manifest {
        placement: placement("manifest", name, namespace),
        cluster_wide: false,
        api_version: at(api.to_owned()),
        kind: at(kind.to_owned()),
        fields: BTreeMap::new(),
    }
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
