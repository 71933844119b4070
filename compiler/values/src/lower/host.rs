//! Hosts and users.

use std::collections::BTreeMap;

use domain::{Mac, UnixPath};
use model::{
    Arch, At, Boot, BuildAt, Data, Deploy, Device, DeviceKind, DeviceUse, Disk, Firewall, Host, Layout, Map,
    NixosBlock, User,
};
use types::{DeclRef, Field, Value};

use super::network::{as_address, as_cidr};
use super::read::{
    Read, any_failure, as_bool, as_decl, as_port, as_ports, as_string, chosen, entry, optional,
};
use crate::data::data;
use crate::eval::{Evaluator, Layer, LayerKind, Said, name_of};

pub(super) const ARCHS: &[(&str, Arch)] = &[("aarch64", Arch::Aarch64), ("x86_64", Arch::X86_64)];

const BOOT: &[(&str, Boot)] = &[
    ("extlinux", Boot::Extlinux),
    ("grub", Boot::Grub),
    ("none", Boot::None),
    ("systemd-boot", Boot::SystemdBoot),
];

const LAYOUTS: &[(&str, Layout)] = &[("btrfs", Layout::Btrfs), ("ext4", Layout::Ext4), ("xfs", Layout::Xfs)];

const DEVICE_KINDS: &[(&str, DeviceKind)] = &[
    ("gpu", DeviceKind::Gpu),
    ("other", DeviceKind::Other),
    ("serial", DeviceKind::Serial),
    ("video", DeviceKind::Video),
];

impl Evaluator<'_> {
    pub(super) fn user(&mut self, decl: &DeclRef) -> Read<User> {
        let key = |field: &Field| Some(At::new(field.value.as_text()?.to_owned(), field.place.clone()));
        Ok(User {
            name: name_of(decl),
            description: self.text_if(decl, "description")?,
            groups: self.texts(decl, "groups")?,
            ssh_keys: self.list(decl, "ssh-keys", key)?,
            shell: self.text_if(decl, "shell")?,
            uid: self.int_if(decl, "uid")?,
            password: {
                let other = format!("user.{}.password", name_of(decl));
                self.unnamed_secret(decl, "password", &other)?
            },
            place: self.head(decl),
        })
    }

    pub(super) fn host(&mut self, decl: &DeclRef) -> Read<Host> {
        let network = self.decl(decl, "network")?;
        let mut labels = self.texts_by_key(decl, "labels")?;
        for (feature, place) in self.decls(decl, "features")? {
            let (key, value) = self.feature(&feature)?;
            if !labels.contains_key(&key) {
                labels.insert(key, At::new(value, place));
            }
        }
        Ok(Host {
            name: name_of(decl),
            network: name_of(&network),
            prefix: self.get(&network, "cidr", as_cidr)?.prefix(),
            gateway: self.get_if(&network, "gateway", as_address)?,
            dns: self.addresses(&network, "dns")?,
            address: self.get_at(decl, "address", as_address)?,
            fqdn: self.text(decl, "fqdn")?,
            interface: self.text_if(decl, "interface")?,
            mac: self.get_if_at(decl, "mac", |value| Mac::parse(value.as_text()?).ok())?,
            memory: self.size_if(decl, "memory")?,
            arch: self.choice(decl, "arch", ARCHS)?,
            boot: self.get_at(decl, "boot", |value| chosen(value, BOOT))?,
            users: self.decls(decl, "users")?.iter().map(|(user, _)| name_of(user)).collect(),
            packages: self.texts(decl, "packages")?.into_iter().collect(),
            labels,
            taints: self.texts_at(decl, "taints")?,
            firewall: self.record(decl, "firewall", firewall)?,
            disks: self.disks(decl)?,
            devices: self.devices(decl)?,
            secrets: self.secret_files(decl, "secrets")?,
            deploy: self.record(decl, "deploy", deploy)?,
            state_version: self.text_if(decl, "state-version")?,
            host_key: self.recipient_key_if(decl, "host-key")?,
            nixos: self.nixos_blocks(decl)?,
            place: self.head(decl),
        })
    }

    fn disks(&mut self, decl: &DeclRef) -> Read<Map<String, Disk>> {
        let mut disks = Map::new();
        for (name, disk) in self.inner(decl, "host.disk")? {
            let device = self.parsed_at(&disk, "device", UnixPath::parse)?;
            let layout = self.choice(&disk, "layout", LAYOUTS)?;
            let mount = self.parsed_at(&disk, "mount", UnixPath::parse)?;
            let swap = self.size_if(&disk, "swap")?;
            disks.insert(name, Disk { device, layout, mount, swap });
        }
        Ok(disks)
    }

    fn devices(&mut self, decl: &DeclRef) -> Read<Map<String, Device>> {
        let mut devices = Map::new();
        for (name, device) in self.inner(decl, "host.device")? {
            let path = self.parsed_at(&device, "path", UnixPath::parse)?;
            let kind = self.choice(&device, "kind", DEVICE_KINDS)?;
            devices.insert(name, Device { path, kind });
        }
        Ok(devices)
    }

    /// A device of a host, as something that is used.
    pub(super) fn device_use(&mut self, device: &DeclRef) -> Read<DeviceUse> {
        let Some(host) = device.parent() else {
            let place = self.head(device);
            return Err(self.fault(place, "a device is in no host"));
        };
        Ok(DeviceUse {
            host: name_of(&host),
            device: name_of(device),
            path: self.parsed(device, "path", UnixPath::parse)?,
            kind: self.choice(device, "kind", DEVICE_KINDS)?,
        })
    }

    /// The `nixos` options, as the field holds them: each in the block of the layer that set it last.
    fn nixos_blocks(&mut self, decl: &DeclRef) -> Read<Vec<NixosBlock>> {
        let options = self.options(decl)?;
        let Some(instance) = self.instance(decl) else { return Ok(Vec::new()) };
        let mut blocks: Vec<NixosBlock> = instance.layers.iter().map(|layer| block(layer, decl)).collect();
        let said = instance.said.borrow();
        for (path, option) in options {
            // What the kind itself says by default is the host's own.
            let owner =
                said.iter().rev().find(|said| holds(said, &path)).map_or(blocks.len() - 1, |said| said.layer);
            blocks[owner].options.push((path, option));
        }
        blocks.retain(|block| !block.options.is_empty());
        Ok(blocks)
    }

    /// The leaves of the `nixos` field by their paths.
    fn options(&mut self, decl: &DeclRef) -> Read<BTreeMap<Vec<String>, At<Data>>> {
        self.read(decl, "nixos", |field| {
            if let Some(reported) = any_failure(&field.value) {
                return Err(reported);
            }
            let mut options = BTreeMap::new();
            flatten(&mut Vec::new(), field, &mut options);
            Ok(options)
        })
    }
}

/// Whether a layer says something of the option at `path`.
fn holds(said: &Said, path: &[String]) -> bool {
    let (set, mut way) = (&said.path[1..], path.iter());
    // Of what is shorter than the way to what is set, nothing is said.
    set.iter().all(|step| way.next().is_some_and(|name| step == name))
        && way.try_fold(&said.value, |value, name| Some(&entry(value, name)?.value)).is_some()
}

/// The block of a layer, without options.
fn block(layer: &Layer, decl: &DeclRef) -> NixosBlock {
    let owner = match &layer.kind {
        LayerKind::Template(name) => format!("template {name}"),
        LayerKind::Made(kind) => format!("kind {kind}"),
        LayerKind::Own => format!("host {}", name_of(decl)),
    };
    NixosBlock { owner, options: Vec::new() }
}

/// The leaves of a value by their paths; what is none is no leaf.
fn flatten(path: &mut Vec<String>, field: &Field, into: &mut BTreeMap<Vec<String>, At<Data>>) {
    match &field.value {
        Value::None => {}
        Value::Map(map) if path.is_empty() || map.values().any(|inner| !inner.value.is_none()) => {
            for (key, inner) in map.iter() {
                path.push(key.to_string());
                flatten(path, inner, into);
                path.pop();
            }
        }
        value => {
            into.insert(path.clone(), At::new(data(value), field.place.clone()));
        }
    }
}

fn firewall(value: &Value) -> Option<Firewall> {
    let ports = |name: &str| as_ports(&entry(value, name)?.value);
    Some(Firewall { tcp: ports("tcp")?, udp: ports("udp")? })
}

fn deploy(value: &Value) -> Option<Deploy> {
    let named =
        |name: &str| optional(&entry(value, name)?.value, |value| as_decl(value).as_ref().map(name_of));
    let build = match entry(value, "build")?.value.as_text()? {
        "there" => BuildAt::There,
        "builder" => named("builder")?.map_or(BuildAt::Here, BuildAt::Builder),
        _ => BuildAt::Here,
    };
    Some(Deploy {
        user: named("user")?,
        ssh: optional(&entry(value, "ssh")?.value, as_string)?,
        port: optional(&entry(value, "port")?.value, as_port)?,
        build,
        drain: as_bool(&entry(value, "drain")?.value)?,
    })
}
