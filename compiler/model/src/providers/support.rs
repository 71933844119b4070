//! What hosts need so that pods can use storage and cards: what hosts get by themselves, and what somebody has to decide.

use std::collections::BTreeSet;

use super::needs_of_hosts;
use crate::{Data, Entity, Host};

/// Something that a host must have so that it can mount volumes. Hosts of a cluster get it where the lab needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Support {
    /// It can mount iSCSI volumes.
    Iscsi,
    /// It can mount NFS volumes.
    Nfs,
    /// Programs are found in `/usr/local/bin`, where those look who know no NixOS.
    UsualPrograms,
}

impl Support {
    /// All of it.
    pub const ALL: [Self; 3] = [Self::Iscsi, Self::Nfs, Self::UsualPrograms];

    /// Whether the NixOS options of a host say something of it themselves.
    pub fn is_said(self, host: &Host) -> bool {
        match self {
            Self::Iscsi => host.sets(&["services", "openiscsi"]),
            Self::Nfs => {
                host.sets(&["boot", "supportedFilesystems"])
                    || host.sets(&["services", "rpcbind"])
                    || host.sets(&["services", "nfs"])
                    || mounts_nfs(host)
            }
            // By a link, or in a file of rules.
            Self::UsualPrograms => {
                let is_it = |text: &str| text.contains("/usr/local/bin");
                host.options().any(|(path, _)| path.iter().any(|step| is_it(step))) || host.says(&[], &is_it)
            }
        }
    }
}

/// What hosts need so that pods of them can mount the volumes that a declaration makes or uses.
pub fn support_for(entity: &Entity) -> BTreeSet<Support> {
    let by_nfs = |is_nfs: bool| is_nfs.then_some(Support::Nfs).into_iter().collect();
    match entity {
        Entity::App(app) => by_nfs(!app.container.nfs().is_empty()),
        Entity::Job(job) => by_nfs(!job.container.nfs().is_empty()),
        Entity::Manifest(manifest) => by_nfs(manifest.is_nfs_volume()),
        Entity::Release(release) => needs_of_hosts(&release.chart.name).collect(),
        _ => BTreeSet::new(),
    }
}

/// Whether it mounts something by NFS itself, so that it has the tools.
fn mounts_nfs(host: &Host) -> bool {
    host.options().any(|(path, option)| {
        let is_type = path.len() == 3 && path[0] == "fileSystems" && path[2] == "fsType";
        is_type && matches!(&option.value, Data::Text(kind) if kind == "nfs" || kind == "nfs4")
    })
}

/// Something that a host must have so that pods can use its cards. It is not free, so nobody gets it unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Driver {
    /// It has the driver of NVIDIA's cards.
    Nvidia,
    /// Its containers are given NVIDIA's cards.
    NvidiaToolkit,
}

impl Driver {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Nvidia, Self::NvidiaToolkit];

    /// The options of NixOS that give it to a host, in the words of a `nixos` block.
    pub const fn option(self) -> &'static str {
        match self {
            Self::Nvidia => {
                "services.xserver.videoDrivers = [\"nvidia\"], hardware.nvidia.open = true, \
                 nixpkgs.config.allowUnfree = true"
            }
            Self::NvidiaToolkit => "hardware.nvidia-container-toolkit.enable = true",
        }
    }

    /// Whether the NixOS options of a host say that it has it. What its `local.nix` says is unknown here.
    pub fn is_on(self, host: &Host) -> bool {
        match self {
            Self::Nvidia => {
                let loads = |path: &[&str]| host.says(path, &|text| text.contains("nvidia"));
                host.sets(&["hardware", "nvidia"])
                    || loads(&["services", "xserver", "videoDrivers"])
                    || loads(&["boot", "extraModulePackages"])
            }
            Self::NvidiaToolkit => {
                host.sets(&["hardware", "nvidia-container-toolkit"])
                    || host.says(&[], &|text| text.contains("nvidia-container"))
            }
        }
    }
}

/// What a host needs so that a plugin on it has something to hand out as a resource: `nvidia.com/gpu`. Other cards are
/// driven by the kernel.
pub fn needs_of_resource(resource: &str) -> &'static [Driver] {
    match resource.split_once('/') {
        Some(("nvidia.com", _)) => &Driver::ALL,
        _ => &[],
    }
}
