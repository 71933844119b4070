//! Hosts and users.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Mac, UnixPath};
use model::{
    Arch, At, Boot, Data, Device, DeviceKind, DeviceUse, Disk, Firewall, Host, Layout, Map, NixosBlock, User,
};
use types::{DeclRef, Field, Value};

use super::read::{as_port, entry, optional};
use crate::data::data;
use crate::eval::{Evaluator, LayerKind, name_of};

impl Evaluator<'_> {
    pub(super) fn user(&mut self, decl: &DeclRef) -> Option<User> {
        let Value::List(keys) = self.field_value(decl, "ssh-keys") else { return None };
        let key = |field: &Field| Some(At::new(field.value.as_text()?.to_owned(), field.place.clone()));
        Some(User {
            name: name_of(decl),
            description: self.text_if(decl, "description")?,
            groups: self.texts(decl, "groups")?,
            ssh_keys: keys.iter().map(key).collect::<Option<_>>()?,
            shell: self.text_if(decl, "shell")?,
            uid: self.int_if(decl, "uid")?,
            password: {
                let other = format!("user.{}.password", name_of(decl));
                self.unnamed_secret(decl, "password", &other)?
            },
            place: self.head(decl),
        })
    }

    pub(super) fn host(&mut self, decl: &DeclRef) -> Option<Host> {
        let network = self.decl(decl, "network")?;
        let Value::Cidr(cidr) = self.field_value(&network, "cidr") else { return None };
        let mac = self.field(decl, "mac");
        let as_mac = |value: &Value| Mac::parse(value.as_text()?).ok();
        Some(Host {
            name: name_of(decl),
            network: name_of(&network),
            prefix: cidr.prefix(),
            gateway: self.address_at(&network, "gateway")?.map(|gateway| gateway.value),
            dns: self.addresses(&network, "dns")?,
            address: self.address_at(decl, "address")??,
            fqdn: self.text(decl, "fqdn")?,
            interface: self.text_if(decl, "interface")?,
            mac: optional(&mac.value, as_mac)?.map(|value| At::new(value, mac.place)),
            memory: self.size_if(decl, "memory")?,
            arch: if self.text(decl, "arch")? == "aarch64" { Arch::Aarch64 } else { Arch::X86_64 },
            boot: {
                let boot = match self.text(decl, "boot")?.as_str() {
                    "systemd-boot" => Boot::SystemdBoot,
                    "grub" => Boot::Grub,
                    "extlinux" => Boot::Extlinux,
                    _ => Boot::None,
                };
                At::new(boot, self.place_of(decl, "boot"))
            },
            users: self.decls(decl, "users")?.iter().map(|(user, _)| name_of(user)).collect(),
            packages: self.texts(decl, "packages")?.into_iter().collect(),
            labels: self.texts_by_key(decl, "labels")?,
            taints: self.texts(decl, "taints")?,
            firewall: firewall(&self.field_value(decl, "firewall"))?,
            disks: self.disks(decl)?,
            devices: self.devices(decl)?,
            secrets: self.secret_files(decl, "secrets")?,
            state_version: self.text_if(decl, "state-version")?,
            host_key: self.recipient_key_if(decl, "host-key")?,
            nixos: self.nixos_blocks(decl)?,
            place: self.head(decl),
        })
    }

    fn disks(&mut self, decl: &DeclRef) -> Option<Map<String, Disk>> {
        let mut disks = Map::new();
        for (name, disk) in self.inner(decl, "host.disk") {
            let device = self.parsed(&disk, "device", UnixPath::parse)?;
            let layout = match self.text(&disk, "layout")?.as_str() {
                "btrfs" => Layout::Btrfs,
                "xfs" => Layout::Xfs,
                _ => Layout::Ext4,
            };
            let device = At::new(device, self.place_of(&disk, "device"));
            let mount = self.parsed(&disk, "mount", UnixPath::parse)?;
            let mount = At::new(mount, self.place_of(&disk, "mount"));
            let swap = self.size_if(&disk, "swap")?;
            disks.insert(name, Disk { device, layout, mount, swap });
        }
        Some(disks)
    }

    fn devices(&mut self, decl: &DeclRef) -> Option<Map<String, Device>> {
        let mut devices = Map::new();
        for (name, device) in self.inner(decl, "host.device") {
            let path = self.parsed(&device, "path", UnixPath::parse)?;
            let kind = self.device_kind(&device)?;
            let path = At::new(path, self.place_of(&device, "path"));
            devices.insert(name, Device { path, kind });
        }
        Some(devices)
    }

    fn device_kind(&mut self, device: &DeclRef) -> Option<DeviceKind> {
        Some(match self.text(device, "kind")?.as_str() {
            "serial" => DeviceKind::Serial,
            "video" => DeviceKind::Video,
            "gpu" => DeviceKind::Gpu,
            _ => DeviceKind::Other,
        })
    }

    /// A device of a host, as something that is used.
    pub(super) fn device_use(&mut self, device: &DeclRef) -> Option<DeviceUse> {
        let host = device.parent()?;
        Some(DeviceUse {
            host: name_of(&host),
            device: name_of(device),
            path: self.parsed(device, "path", UnixPath::parse)?,
            kind: self.device_kind(device)?,
        })
    }

    /// The `nixos` options that each layer sets: a path that a later layer sets, or sets to none, is left out of
    /// the earlier ones.
    fn nixos_blocks(&mut self, decl: &DeclRef) -> Option<Vec<NixosBlock>> {
        let instance = self.instance(decl)?;
        let mut blocks: Vec<NixosBlock> = Vec::new();
        for layer in &instance.layers {
            let mut options = BTreeMap::new();
            for set in layer.body.sets.iter().filter(|set| set.path[0] == "nixos") {
                let value = self.eval(&set.value, &layer.env);
                if value.is_error() {
                    return None;
                }
                let path = set.path[1..].iter().map(ToString::to_string).collect();
                let field = Field { value, place: layer.env.place(set.value.span) };
                flatten(path, &field, &mut options);
            }
            for block in &mut blocks {
                block.options.retain(|(path, _)| !options.contains_key(path));
            }
            let owner = match &layer.kind {
                LayerKind::Template(name) => format!("template {name}"),
                LayerKind::Made(kind) => format!("kind {kind}"),
                LayerKind::Own => format!("host {}", name_of(decl)),
            };
            let kept = options.into_iter().filter(|(_, option)| option.value != Data::Null);
            let options: Vec<_> = kept.collect();
            if !options.is_empty() {
                blocks.push(NixosBlock { owner, options });
            }
        }
        blocks.retain(|block| !block.options.is_empty());
        Some(blocks)
    }
}

/// The leaves of a value by their paths.
fn flatten(path: Vec<String>, field: &Field, into: &mut BTreeMap<Vec<String>, At<Data>>) {
    match &field.value {
        Value::Map(map) if !map.is_empty() || path.is_empty() => {
            for (key, inner) in map.iter() {
                let mut path = path.clone();
                path.push(key.to_string());
                flatten(path, inner, into);
            }
        }
        value => {
            into.insert(path, At::new(data(value), field.place.clone()));
        }
    }
}

fn firewall(value: &Value) -> Option<Firewall> {
    let ports = |name: &str| -> Option<BTreeSet<u16>> {
        let Value::List(list) = &entry(value, name)?.value else { return None };
        list.iter().map(|field| as_port(&field.value)).collect()
    };
    Some(Firewall { tcp: ports("tcp")?, udp: ports("udp")? })
}
