//! `hosts/<host>/disks.nix`: a host's disks, as disko has them.

use domain::Size;
use model::{Arch, Boot, Disk, Host, Layout};

use crate::nix::{AttrPath, Expr, Module, Set, path, text, texts};

/// The file's text; none for a host without disks.
pub(crate) fn module(host: &Host, source: &str) -> Option<String> {
    if host.disks.is_empty() {
        return None;
    }
    let about = "disko formats these disks when the host is installed, and mounts them from then on.\n\
                 A change here does not change a disk that is in use.";
    let disks = host.disks.iter().fold(Set::new(), |set, (name, disk)| {
        let content = Set::new().bind("type", text("gpt")).bind("partitions", partitions(host, disk));
        let disk = Set::new()
            .bind("type", text("disk"))
            .bind("device", text(&disk.device.value))
            .bind("content", content);
        set.bind(AttrPath::default().key(name), disk)
    });
    let body = Set::new().bind("disko.devices.disk", disks);
    let what = format!("host {}", host.name);
    Some(Module { source, what: &what, about, bindings: vec![], body }.print())
}

fn partitions(host: &Host, disk: &Disk) -> Set {
    let swap =
        disk.swap.map(|size| partition(&in_sgdisk_units(size), Set::new().bind("type", text("swap"))).into());
    if disk.is_system() {
        boot_partitions(host).bind_some("swap", swap).bind("root", partition("100%", root(disk)))
    } else {
        Set::new().bind_some("swap", swap).bind("data", partition("100%", data(disk)))
    }
}

fn boot_partitions(host: &Host) -> Set {
    let esp = || {
        let content = file_system("vfat", "/boot").bind("mountOptions", texts(["umask=0077"]));
        Set::new().bind("type", text("EF00")).and(partition("1G", content))
    };
    match host.boot.value {
        Boot::Grub if host.arch == Arch::X86_64 => {
            let bios = Set::new().bind("type", text("EF02")).bind("size", text("1M"));
            Set::new().bind("BIOS", bios).bind("ESP", esp())
        }
        Boot::SystemdBoot | Boot::Grub | Boot::None => Set::new().bind("ESP", esp()),
        Boot::Extlinux => board_partitions(),
    }
}

/// Boards look for `extlinux.conf` in the partition that is marked as bootable (attribute 2). Those that load their
/// firmware from the disk, as the Raspberry Pi does, look for it in the first one with FAT. The others never see it.
fn board_partitions() -> Set {
    let firmware =
        file_system("vfat", "/boot/firmware").bind("mountOptions", texts(["nofail", "noauto", "umask=0077"]));
    let firmware =
        Set::new().bind("priority", Expr::Int(1)).bind("type", text("0700")).and(partition("512M", firmware));
    let attributes = Expr::List(vec![Expr::Int(2)]);
    let boot = Set::new()
        .bind("priority", Expr::Int(2))
        .bind("attributes", attributes)
        .and(partition("1G", file_system("ext4", "/boot")));
    Set::new()
        .comment("Empty at first: a board that loads its firmware from the disk needs it copied here.")
        .bind("firmware", firmware)
        .bind("boot", boot)
}

fn partition(size: &str, content: Set) -> Set {
    Set::new().bind("size", text(size)).bind("content", content)
}

fn file_system(format: &str, mount: &str) -> Set {
    Set::new().bind("type", text("filesystem")).bind("format", text(format)).bind("mountpoint", text(mount))
}

fn root(disk: &Disk) -> Set {
    match disk.layout {
        Layout::Btrfs => {
            let subvolume = |mount: &str| {
                let options = texts(["compress=zstd", "noatime"]);
                Set::new().bind("mountpoint", text(mount)).bind("mountOptions", options)
            };
            let subvolumes = Disk::SUBVOLUMES
                .iter()
                .fold(Set::new(), |set, (name, mount)| set.bind(path(name), subvolume(mount)));
            Set::new()
                .bind("type", text("btrfs"))
                .bind("extraArgs", texts(["-f"]))
                .bind("subvolumes", subvolumes)
        }
        Layout::Ext4 => file_system("ext4", "/"),
        Layout::Xfs => file_system("xfs", "/"),
    }
}

fn data(disk: &Disk) -> Set {
    let mount = disk.mount.to_string();
    // The host starts without the disk, unless it cannot.
    let options = if is_needed_for_boot(&mount) { vec!["noatime"] } else { vec!["noatime", "nofail"] };
    let content = match disk.layout {
        Layout::Btrfs => Set::new()
            .bind("type", text("btrfs"))
            .bind("extraArgs", texts(["-f"]))
            .bind("mountpoint", text(&mount)),
        Layout::Ext4 => file_system("ext4", &mount),
        Layout::Xfs => file_system("xfs", &mount),
    };
    content.bind("mountOptions", texts(options))
}

/// What NixOS mounts before it starts.
fn is_needed_for_boot(mount: &str) -> bool {
    ["/boot", "/etc", "/nix", "/nix/store", "/usr", "/var", "/var/lib", "/var/lib/nixos", "/var/log"]
        .contains(&mount)
}

/// As sgdisk reads sizes: whole numbers of the largest unit that fits, rounded up to KiB.
fn in_sgdisk_units(size: Size) -> String {
    let kib = size.bytes().div_ceil(1024);
    if kib.is_multiple_of(1024 * 1024) {
        format!("{}G", kib / (1024 * 1024))
    } else if kib.is_multiple_of(1024) {
        format!("{}M", kib / 1024)
    } else {
        format!("{kib}K")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_exact() {
        let of = |bytes| in_sgdisk_units(Size::from_bytes(bytes));
        assert_eq!([of(8 << 30), of(1536 << 20), of(1_000_000)], ["8G", "1536M", "977K"]);
    }
}
