//! Hosts and their users.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Address, Mac, RecipientKey, Size, UnixPath};
use source::Place;

use crate::{At, Cluster, Data, Map, SecretFile};

/// A person with an account on hosts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct User {
    /// The login.
    pub name: String,
    /// The person.
    pub description: Option<String>,
    /// Extra groups; `wheel` may become root.
    pub groups: Vec<String>,
    /// OpenSSH public keys that may log in.
    pub ssh_keys: Vec<At<String>>,
    /// A package (`zsh`); its NixOS module is enabled where there is one.
    pub shell: Option<String>,
    /// The numeric id.
    pub uid: Option<i64>,
    /// The hashed password.
    pub password: Option<SecretFile>,
    /// Where it is declared.
    pub place: Place,
}

/// A machine that runs NixOS.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Host {
    /// Its host name.
    pub name: String,
    /// The network that `address` is in.
    pub network: String,
    /// The network's prefix length, gateway and name servers, resolved.
    pub prefix: u8,
    /// The way out.
    pub gateway: Option<Address>,
    /// Name servers, in order of preference.
    pub dns: Vec<At<Address>>,
    /// Its address.
    pub address: At<Address>,
    /// Its full name: `homelab-0.home.example.net`.
    pub fqdn: String,
    /// The network interface; any wired one when not given.
    pub interface: Option<String>,
    /// The interface's MAC; picks the interface where no name is given.
    pub mac: Option<At<Mac>>,
    /// Installed memory.
    pub memory: Option<Size>,
    /// The processor's architecture.
    pub arch: Arch,
    /// The boot loader.
    pub boot: At<Boot>,
    /// The users with an account, by name, in the order given.
    pub users: Vec<String>,
    /// Packages for everybody, as attribute paths of nixpkgs, sorted.
    pub packages: BTreeSet<String>,
    /// Kubernetes node labels.
    pub labels: Map<String, At<String>>,
    /// Kubernetes node taints: `key=value:effect`.
    pub taints: Vec<At<String>>,
    /// Ports to open beyond what the lab derives.
    pub firewall: Firewall,
    /// Disks that disko formats, by name.
    pub disks: Map<String, Disk>,
    /// Devices that apps may use, by name.
    pub devices: Map<String, Device>,
    /// Secrets that are files on the host.
    pub secrets: Vec<SecretFile>,
    /// How it is reached and changed.
    pub deploy: Deploy,
    /// NixOS' `system.stateVersion`, where it is not the lab's.
    pub state_version: Option<String>,
    /// Whom its secrets are encrypted to: its SSH host key, or an age key of its own.
    pub host_key: Option<At<RecipientKey>>,
    /// `nixos { … }` blocks, from the template outwards to the host's own.
    pub nixos: Vec<NixosBlock>,
    /// Where it is declared.
    pub place: Place,
}

impl Host {
    /// The options of its `nixos` blocks, with what each is set to.
    pub fn options(&self) -> impl Iterator<Item = (&[String], &At<Data>)> {
        let options = self.nixos.iter().flat_map(|block| &block.options);
        options.map(|(path, value)| (path.as_slice(), value))
    }

    /// The options whose path begins so.
    pub fn options_in(&self, start: &[&str]) -> impl Iterator<Item = (&[String], &At<Data>)> {
        let begins =
            move |path: &[String]| path.len() >= start.len() && path.iter().zip(start).all(|(a, b)| a == b);
        self.options().filter(move |(path, _)| begins(path))
    }

    /// Whether an option is set whose path begins so.
    pub fn sets(&self, start: &[&str]) -> bool {
        self.options_in(start).next().is_some()
    }

    /// Whether some text is so in options whose path begins so.
    pub fn says(&self, start: &[&str], is_so: &dyn Fn(&str) -> bool) -> bool {
        let mut is_said = false;
        for (_, option) in self.options_in(start) {
            option.each_text(&mut |text| is_said |= is_so(text));
        }
        is_said
    }
}

/// The secrets that are decrypted on a host, by name: its own, the passwords of its `users`, and what it joins the
/// `cluster` with that it is a node of.
pub fn host_secrets<'a>(
    host: &'a Host,
    users: &[&'a User],
    cluster: Option<&'a Cluster>,
) -> BTreeMap<&'a str, &'a SecretFile> {
    let passwords = users.iter().filter_map(|user| user.password.as_ref());
    let all = passwords.chain(cluster.map(|cluster| &cluster.token)).chain(&host.secrets);
    all.map(|file| (file.name.as_str(), file)).collect()
}

/// What one `nixos { … }` block sets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NixosBlock {
    /// What people call the block's owner: `template node`, `host homelab-0`.
    pub owner: String,
    /// The options in the order of their names: the path, and what it is set to. A path ends at the first value
    /// that is not a map written with braces or dots.
    pub options: Vec<(Vec<String>, At<Data>)>,
}

/// How a host is reached and changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Deploy {
    /// Who logs in, and may become root without a password.
    pub user: Option<String>,
    /// What SSH is told, where that is not the address.
    pub ssh: Option<String>,
    /// The port that SSH answers on, where SSH is not to find it out.
    pub port: Option<u16>,
    /// Where its system is built.
    pub build: BuildAt,
    /// Whether pods are moved away before k3s is restarted.
    pub drain: bool,
}

/// Where a host's system is built.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum BuildAt {
    /// On the machine that `hlc` runs on.
    #[default]
    Here,
    /// On the host.
    There,
    /// On another host.
    Builder(String),
}

/// Ports that are open on a host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Firewall {
    /// TCP ports.
    pub tcp: BTreeSet<u16>,
    /// UDP ports.
    pub udp: BTreeSet<u16>,
}

/// A processor architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Arch {
    /// `x86_64-linux`, amd64.
    X86_64,
    /// `aarch64-linux`, arm64.
    Aarch64,
}

/// A boot loader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Boot {
    /// UEFI with systemd-boot.
    SystemdBoot,
    /// BIOS or UEFI with GRUB, installed on the disk that holds `/`.
    Grub,
    /// A board that starts by `extlinux.conf` (Raspberry Pi and the like).
    Extlinux,
    /// Left to `local.nix` or a `nixos` block.
    None,
}

/// A disk that disko partitions and formats.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Disk {
    /// The block device.
    pub device: At<UnixPath>,
    /// What is put on it.
    pub layout: Layout,
    /// Where it is mounted; `/` makes it the system's disk, with a boot partition.
    pub mount: At<UnixPath>,
    /// Swap partition on it.
    pub swap: Option<Size>,
}

impl Disk {
    /// What Btrfs has of its own on the system's disk: the name of each subvolume, and where it is mounted.
    pub const SUBVOLUMES: [(&'static str, &'static str); 3] =
        [("/root", "/"), ("/home", "/home"), ("/nix", "/nix")];

    /// Whether it holds the system.
    pub fn is_system(&self) -> bool {
        self.mount.to_string() == "/"
    }

    /// Where its file systems are mounted, but for those that a board's firmware starts from.
    pub fn mounts(&self) -> Vec<String> {
        match (self.is_system(), self.layout) {
            (false, _) => vec![self.mount.to_string()],
            (true, Layout::Btrfs) => {
                let subvolumes = Self::SUBVOLUMES.iter().map(|(_, mount)| (*mount).to_owned());
                subvolumes.chain(["/boot".to_owned()]).collect()
            }
            (true, Layout::Ext4 | Layout::Xfs) => vec!["/".to_owned(), "/boot".to_owned()],
        }
    }
}

/// A file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Btrfs; on the system's disk with subvolumes for `/`, `/home`, `/nix`.
    Btrfs,
    /// Ext4.
    Ext4,
    /// XFS.
    Xfs,
}

/// A device of a host that an app can use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Device {
    /// The device's file.
    pub path: At<UnixPath>,
    /// What it is.
    pub kind: DeviceKind,
}

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceKind {
    /// A serial port, such as a Zigbee stick.
    Serial,
    /// A camera or tuner.
    Video,
    /// A GPU's render node.
    Gpu,
    /// Anything else.
    Other,
}

impl DeviceKind {
    /// The number of the group that such devices belong to on NixOS: `dialout`, `video`, `render`.
    pub const fn group(self) -> Option<i64> {
        match self {
            Self::Serial => Some(27),
            Self::Video => Some(26),
            Self::Gpu => Some(303),
            Self::Other => None,
        }
    }
}
