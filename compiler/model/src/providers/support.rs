//! What hosts need so that pods can use storage and devices: what it is called, how a host gets it, and how it shows.

use crate::{Data, Host};

/// Something that a host must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Support {
    /// It can mount iSCSI volumes.
    Iscsi,
    /// It can mount NFS volumes.
    Nfs,
    /// It has the driver of NVIDIA's cards.
    NvidiaDriver,
    /// Its containers are given NVIDIA's cards.
    NvidiaToolkit,
    /// Programs are found in `/usr/local/bin`, where those look who know no NixOS.
    UsualPrograms,
}

impl Support {
    /// All of it.
    pub const ALL: [Self; 5] =
        [Self::Iscsi, Self::Nfs, Self::NvidiaDriver, Self::NvidiaToolkit, Self::UsualPrograms];

    /// The options of NixOS that give it to a host, in the words of a `nixos` block.
    pub const fn option(self) -> &'static str {
        match self {
            // Each host has a name of its own, also where a template says it.
            Self::Iscsi => {
                "services.openiscsi { enable = true, name = \"iqn.2026-01.net.example.home:${self.name}\" }"
            }
            Self::Nfs => "boot.supportedFilesystems = [\"nfs\"]",
            Self::NvidiaDriver => {
                "services.xserver.videoDrivers = [\"nvidia\"], hardware.nvidia.open = true, \
                 nixpkgs.config.allowUnfree = true"
            }
            Self::NvidiaToolkit => "hardware.nvidia-container-toolkit.enable = true",
            // Longhorn enters the host and looks for `iscsiadm` where other systems have it.
            Self::UsualPrograms => {
                "systemd.tmpfiles.rules = [\"L+ /usr/local/bin - - - - /run/current-system/sw/bin/\"]"
            }
        }
    }

    /// Whether the NixOS options of a host say that it has it. What its `local.nix` says is unknown here.
    pub fn is_on(self, host: &Host) -> bool {
        match self {
            Self::Iscsi => host.sets(&["services", "openiscsi"]),
            Self::Nfs => {
                host.sets(&["boot", "supportedFilesystems"])
                    || host.sets(&["services", "rpcbind"])
                    || host.sets(&["services", "nfs"])
                    || mounts_nfs(host)
            }
            Self::NvidiaDriver => {
                let loads = |path: &[&str]| host.says(path, &|text| text.contains("nvidia"));
                host.sets(&["hardware", "nvidia"])
                    || loads(&["services", "xserver", "videoDrivers"])
                    || loads(&["boot", "extraModulePackages"])
            }
            Self::NvidiaToolkit => {
                host.sets(&["hardware", "nvidia-container-toolkit"])
                    || host.says(&[], &|text| text.contains("nvidia-container"))
            }
            // By a link, or in a file of rules.
            Self::UsualPrograms => {
                let is_it = |text: &str| text.contains("/usr/local/bin");
                host.options().any(|(path, _)| path.iter().any(|step| is_it(step))) || host.says(&[], &is_it)
            }
        }
    }
}

/// Whether it mounts something by NFS itself, so that it has the tools.
fn mounts_nfs(host: &Host) -> bool {
    host.options().any(|(path, option)| {
        let is_type = path.len() == 3 && path[0] == "fileSystems" && path[2] == "fsType";
        is_type && matches!(&option.value, Data::Text(kind) if kind == "nfs" || kind == "nfs4")
    })
}

/// What a host needs so that a plugin on it has something to hand out as a resource: `nvidia.com/gpu`. Other cards are
/// driven by the kernel.
pub fn needs_of_resource(resource: &str) -> &'static [Support] {
    match resource.split_once('/') {
        Some(("nvidia.com", _)) => &[Support::NvidiaDriver, Support::NvidiaToolkit],
        _ => &[],
    }
}
