//! How a host starts.

use model::{Arch, Boot, Host};

use crate::nix::{Expr, Set, text};

/// Platform and boot loader.
pub(crate) fn options(host: &Host) -> Set {
    let platform = match host.arch {
        Arch::X86_64 => "x86_64-linux",
        Arch::Aarch64 => "aarch64-linux",
    };
    Set::new().bind("nixpkgs.hostPlatform", text(platform)).and(loader(host))
}

fn loader(host: &Host) -> Set {
    let on = || Expr::from(true).or_default();
    match host.boot {
        Boot::SystemdBoot => {
            let loader = Set::new()
                .bind("systemd-boot.enable", on())
                .bind("systemd-boot.configurationLimit", Expr::Int(20).or_default())
                .bind("efi.canTouchEfiVariables", on());
            Set::new().bind("boot.loader", loader)
        }
        Boot::Grub => {
            let grub =
                Set::new().bind("enable", on()).bind("efiSupport", on()).bind("efiInstallAsRemovable", on());
            Set::new()
                .comment("Starts by BIOS and by UEFI.")
                .and(if has_system_disk(host) {
                    Set::new()
                } else {
                    Set::new().comment("local.nix says where to install it: boot.loader.grub.device.")
                })
                .bind("boot.loader.grub", grub)
        }
        Boot::Extlinux => {
            let loader = Set::new()
                .bind("grub.enable", Expr::from(false).or_default())
                .bind("generic-extlinux-compatible.enable", on());
            Set::new().bind("boot.loader", loader)
        }
        Boot::None => Set::new(),
    }
}

/// Whether one of the host's disks holds `/`.
pub(crate) fn has_system_disk(host: &Host) -> bool {
    host.disks.values().any(|disk| disk.mount.to_string() == "/")
}
