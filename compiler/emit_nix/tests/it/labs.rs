//! The labs that are tested: one with one server and one agent, one with three servers.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{Address, Cidr, Hostname, Mac, RecipientKey, Size, UnixPath};
use emit::Files;
use emit_nix::{HostInput, block_keys, emit_cluster, emit_flake, emit_host, emit_lines, emit_user};
use model::{
    Arch, At, Boot, Cluster, Data, Disk, Firewall, Flannel, Host, Lab, Layout, Map, NixosBlock, Node,
    Protocol, SecretFile, SecretRef, SecretText, User,
};
use source::{ItemKey, Place, Span};

pub(crate) const SOURCE: &str = "homelab.hl";

/// A lab as the emitters take it.
pub(crate) struct Whole {
    pub(crate) lab: Lab,
    pub(crate) users: Vec<User>,
    pub(crate) hosts: Vec<Host>,
    pub(crate) cluster: Option<Cluster>,
    pub(crate) ports: Vec<(u16, Protocol, String)>,
}

impl Whole {
    /// All files. A place that starts at byte N is taken to be on line N.
    pub(crate) fn files(&self) -> Files {
        let names: Vec<&str> = self.hosts.iter().map(|host| host.name.as_str()).collect();
        let mut files = emit_flake(&self.lab, &names, SOURCE);
        files.extend(self.users.iter().flat_map(|user| emit_user(user, SOURCE)));
        files.extend(self.cluster.iter().flat_map(|cluster| emit_cluster(cluster, SOURCE)));
        files.extend(self.hosts.iter().flat_map(|host| self.host_files(host)));
        let keys = self.hosts.iter().flat_map(block_keys);
        let lines: Vec<_> =
            keys.map(|(key, place)| (key, format!("{SOURCE}:{}", place.span.start))).collect();
        files.extend(emit_lines(&lines, SOURCE));
        files
    }

    fn host_files(&self, host: &Host) -> Files {
        let users: Vec<&User> = self.users.iter().filter(|user| host.users.contains(&user.name)).collect();
        emit_host(&HostInput {
            lab: &self.lab,
            host,
            users: &users,
            cluster: self.cluster.as_ref(),
            host_ports: &self.ports,
            host_paths: &["/srv/media/films".to_owned()],
            support: &[],
            source: SOURCE,
        })
    }
}

/// A server and an agent: names of interfaces, disks, users, devices, blocks.
pub(crate) fn two_hosts() -> Whole {
    let server = Host {
        interface: Some("eno1".to_owned()),
        users: names(&["ana", "ben"]),
        packages: packages(&["neovim", "git", "python3Packages.requests"]),
        disks: Map::from_iter([(
            "system".to_owned(),
            disk("/dev/nvme0n1", Layout::Btrfs, "/", Some("8GiB")),
        )]),
        firewall: Firewall { tcp: BTreeSet::from([8443]), udp: BTreeSet::from([51413]) },
        secrets: vec![
            SecretFile {
                owner: Some("ana".to_owned()),
                group: Some("wheel".to_owned()),
                mode: Some("0440".to_owned()),
                restart: names(&["wpa_supplicant.service"]),
                ..secret("wifi")
            },
            SecretFile { owner: Some("ana".to_owned()), ..bytes("keytab") },
        ],
        nixos: vec![template_block(), own_block()],
        ..host("homelab-0", "192.168.1.10")
    };
    let agent = Host {
        arch: Arch::Aarch64,
        boot: at(Boot::Grub),
        mac: Some(at(Mac::parse("52:54:00:12:34:56").unwrap())),
        users: names(&["ana"]),
        labels: Map::from_iter([("homelab/gpu".to_owned(), at("none".to_owned()))]),
        taints: vec![at("dedicated=media:NoSchedule".to_owned())],
        disks: Map::from_iter([
            ("models".to_owned(), disk("/dev/sda", Layout::Ext4, "/srv/models", None)),
            ("system".to_owned(), disk("/dev/sdb", Layout::Xfs, "/", None)),
        ]),
        deploy: model::Deploy::default(),
        state_version: Some("24.11".to_owned()),
        nixos: vec![template_block()],
        ..host("homelab-1", "192.168.1.11")
    };
    let cluster = Cluster {
        api: Some(at(address("192.168.1.20"))),
        sans: names(&["k3s.example.org"]),
        disable: names(&["traefik", "servicelb"]),
        flags: vec![at("--kubelet-arg=max-pods=200".to_owned())],
        ..cluster(&[&server], &[&agent])
    };
    Whole {
        lab: lab(),
        users: vec![ana(), ben()],
        hosts: vec![server, agent],
        cluster: Some(cluster),
        ports: vec![(53, Protocol::Udp, "pihole".to_owned()), (53, Protocol::Tcp, "pihole".to_owned())],
    }
}

/// Three servers with embedded etcd and flannel by `WireGuard`; any interface, disks that are not ours.
pub(crate) fn three_servers() -> Whole {
    let hosts: Vec<Host> = (0..3)
        .map(|n| Host {
            users: names(&["ana"]),
            boot: at(if n == 2 { Boot::Extlinux } else { Boot::None }),
            interface: (n == 1).then(|| "enp3s0".to_owned()),
            ..host(&format!("node-{n}"), &format!("10.0.0.{}", 10 + n))
        })
        .collect();
    let servers: Vec<&Host> = hosts.iter().collect();
    let cluster = Cluster { flannel: Flannel::WireguardNative, ..cluster(&servers, &[]) };
    Whole { lab: lab(), users: vec![ana()], hosts, cluster: Some(cluster), ports: vec![] }
}

/// A host with an age key, and with no secret but one that is bytes.
pub(crate) fn host_with_age_key() -> Whole {
    let key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let host_key = Some(at(RecipientKey::parse(key).unwrap()));
    let host = Host { host_key, secrets: vec![bytes("keytab")], ..host("box", "10.0.0.2") };
    Whole { lab: lab(), users: vec![], hosts: vec![host], cluster: None, ports: vec![] }
}

/// One host, no cluster, no user with a password: nothing secret.
pub(crate) fn one_host() -> Whole {
    let host = Host { users: names(&["ana"]), ..host("box", "10.0.0.2") };
    Whole { lab: lab(), users: vec![ana()], hosts: vec![host], cluster: None, ports: vec![] }
}

/// An option of a block, set on line `line`.
pub(crate) fn option(path: &[&str], value: Data, line: u32) -> (Vec<String>, At<Data>) {
    (names(path), At::new(value, place(line)))
}

fn template_block() -> NixosBlock {
    NixosBlock {
        owner: "template node".to_owned(),
        options: vec![
            option(&["boot", "kernel", "sysctl", "fs.inotify.max_user_watches"], Data::Int(524_288), 31),
            option(&["services", "openssh", "settings", "PasswordAuthentication"], Data::Bool(false), 30),
        ],
    }
}

fn own_block() -> NixosBlock {
    NixosBlock {
        owner: "host homelab-0".to_owned(),
        options: vec![
            option(&["boot", "kernel", "sysctl", "fs.inotify.max_user_watches"], Data::Int(1_048_576), 57),
            option(&["boot", "kernelPackages"], Data::Nix("pkgs.linuxPackages_latest".to_owned()), 58),
            option(
                &["environment", "etc", "motd", "text"],
                Data::Text("Hello,\nworld: ${HOME}\n".to_owned()),
                59,
            ),
            option(&["environment", "shellAliases"], map(&[("k", "kubectl"), ("let", "k get")]), 60),
            option(&["nix", "gc", "dates"], Data::Text("daily".to_owned()), 61),
        ],
    }
}

fn map(entries: &[(&str, &str)]) -> Data {
    Data::Map(
        entries.iter().map(|(key, value)| ((*key).to_owned(), Data::Text((*value).to_owned()))).collect(),
    )
}

pub(crate) fn lab() -> Lab {
    Lab {
        name: "home".to_owned(),
        domain: at(Hostname::parse("home.example.net").unwrap()),
        timezone: at("Europe/Lisbon".to_owned()),
        nixpkgs: "nixos-25.11".to_owned(),
        state_version: "25.11".to_owned(),
        locale: "en_US.UTF-8".to_owned(),
        place: place(1),
    }
}

fn ana() -> User {
    User {
        name: "ana".to_owned(),
        description: Some("Ana \"${x}\"".to_owned()),
        groups: names(&["wheel", "dialout"]),
        ssh_keys: vec![at(
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA ana@laptop"
                .to_owned(),
        )],
        shell: Some("zsh".to_owned()),
        uid: None,
        password: None,
        place: place(1),
    }
}

fn ben() -> User {
    User {
        name: "ben".to_owned(),
        description: None,
        groups: vec![],
        ssh_keys: vec![],
        shell: Some("bash".to_owned()),
        uid: Some(1001),
        password: Some(secret("ben-password")),
        place: place(1),
    }
}

/// A host with a name and an address, and little else.
pub(crate) fn host(name: &str, ip: &str) -> Host {
    let gateway = if ip.starts_with("10.") { "10.0.0.1" } else { "192.168.1.1" };
    Host {
        name: name.to_owned(),
        network: "lan".to_owned(),
        prefix: 24,
        gateway: Some(address(gateway)),
        dns: vec![at(address(gateway)), at(address("9.9.9.9"))],
        address: at(address(ip)),
        fqdn: format!("{name}.home.example.net"),
        interface: None,
        mac: None,
        memory: None,
        arch: Arch::X86_64,
        boot: at(Boot::SystemdBoot),
        users: vec![],
        packages: BTreeSet::new(),
        labels: Map::new(),
        taints: vec![],
        firewall: Firewall::default(),
        disks: Map::new(),
        devices: Map::new(),
        secrets: vec![],
        deploy: model::Deploy::default(),
        state_version: None,
        host_key: None,
        nixos: vec![],
        place: place(1),
    }
}

fn cluster(servers: &[&Host], agents: &[&Host]) -> Cluster {
    let nodes = |hosts: &[&Host]| {
        let node = |host: &&Host| Node {
            name: host.name.clone(),
            fqdn: host.fqdn.clone(),
            address: host.address.value,
        };
        hosts.iter().map(|host| at(node(host))).collect()
    };
    Cluster {
        name: "k3s".to_owned(),
        servers: nodes(servers),
        agents: nodes(agents),
        api: None,
        sans: vec![],
        pods: at(Cidr::parse("10.42.0.0/16").unwrap()),
        services: at(Cidr::parse("10.43.0.0/16").unwrap()),
        dns: at(address("10.43.0.10")),
        disable: vec![],
        flannel: Flannel::Vxlan,
        flags: vec![],
        server_flags: vec![],
        deployers: vec![],
        token: secret("k3s-token"),
        place: place(1),
    }
}

pub(crate) fn disk(device: &str, layout: Layout, mount: &str, swap: Option<&str>) -> Disk {
    Disk {
        device: at(UnixPath::parse(device).unwrap()),
        layout,
        mount: at(UnixPath::parse(mount).unwrap()),
        swap: swap.map(|size| Size::parse(size).unwrap()),
    }
}

fn secret(name: &str) -> SecretFile {
    SecretFile::new(name, SecretText::of(SecretRef::whole(name)))
}

fn bytes(name: &str) -> SecretFile {
    SecretFile::new(name, SecretText::of_bytes(SecretRef::whole(name)))
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn packages(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn at<T>(value: T) -> At<T> {
    At::new(value, place(1))
}

pub(crate) fn place(line: u32) -> Place {
    let item = ItemKey::new(Arc::from(SOURCE), Arc::from("test"), 0);
    Place::new(&item, Span { start: line, end: line })
}
