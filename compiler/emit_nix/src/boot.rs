//! How a host starts.

use model::{Arch, Boot, Disk, Host};

use crate::nix::{Expr, Set, text};

/// Platform and boot loader.
pub(crate) fn options(host: &Host) -> Set {
    let platform = match host.arch {
        Arch::X86_64 => "x86_64-linux",
        Arch::Aarch64 => "aarch64-linux",
    };
    Set::new().bind("nixpkgs.hostPlatform", text(platform)).group(loader(host))
}

fn loader(host: &Host) -> Set {
    let on = || Expr::from(true).or_default();
    match host.boot.value {
        Boot::SystemdBoot => {
            let loader = Set::new()
                .bind("systemd-boot.enable", on())
                .bind("systemd-boot.configurationLimit", Expr::Int(20).or_default())
                .bind("efi.canTouchEfiVariables", on());
            Set::new().bind("boot.loader", loader)
        }
        Boot::Grub => grub(host),
        Boot::Extlinux => {
            let loader = Set::new()
                .bind("grub.enable", Expr::from(false).or_default())
                .bind("generic-extlinux-compatible.enable", on());
            Set::new().bind("boot.loader", loader)
        }
        Boot::None => Set::new(),
    }
}

/// By UEFI, and on a PC by BIOS too; where the disk is ours, disko says where GRUB is installed.
fn grub(host: &Host) -> Set {
    let on = || Expr::from(true).or_default();
    let is_pc = host.arch == Arch::X86_64;
    let grub = Set::new()
        .bind("enable", on())
        .bind("efiSupport", on())
        .bind("efiInstallAsRemovable", on())
        .bind_some("device", (!is_pc).then(|| text("nodev").or_default()));
    let comment = match (is_pc, has_system_disk(host)) {
        (false, _) => "Starts by UEFI.",
        (true, true) => "Starts by BIOS and by UEFI.",
        (true, false) => {
            "Starts by BIOS and by UEFI. The disk is not ours: local.nix sets boot.loader.grub.device."
        }
    };
    Set::new().comment(comment).bind("boot.loader.grub", grub)
}

/// Whether one of the host's disks holds `/`.
fn has_system_disk(host: &Host) -> bool {
    host.disks.values().any(Disk::is_system)
}
