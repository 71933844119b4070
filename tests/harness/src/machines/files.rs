//! What is in a machine's file system before it is booted for the first time.

use std::fs;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::Account;
use crate::outcome::Outcome;
use crate::ssh_key::HostKey;
use crate::tools;

/// What NixOS has before everything else, and then what Debian has instead of a system's own programs.
pub(super) const PATH: &str = "/run/wrappers/bin:/run/current-system/sw/bin:/machine/base";

/// Every folder, with its mode.
const FOLDERS: [(&str, u32); 24] = [
    ("", 0o755),
    ("boot", 0o755),
    ("dev", 0o755),
    ("etc/nix", 0o755),
    ("etc/pam.d", 0o755),
    ("etc/ssh/authorized_keys.d", 0o755),
    ("home/ana", 0o755),
    ("machine/base", 0o755),
    ("machine/devices", 0o755),
    ("machine/done", 0o755),
    ("machine/programs", 0o755),
    ("machine/sessions", 0o1777),
    ("machine/systemctl", 0o755),
    ("mnt", 0o755),
    ("nix", 0o755),
    ("proc", 0o755),
    ("root", 0o700),
    ("tmp", 0o1777),
    ("usr", 0o755),
    ("var/empty", 0o755),
    ("var/lib", 0o755),
    ("var/log", 0o755),
    ("var/tmp", 0o1777),
    ("run", 0o755),
];

const SCRIPTS: [(&str, &str); 11] = [
    ("machine/power.sh", include_str!("power.sh")),
    ("machine/start.sh", include_str!("start.sh")),
    ("machine/init.sh", include_str!("init.sh")),
    ("machine/session.sh", include_str!("session.sh")),
    ("machine/programs/findmnt", include_str!("programs/findmnt")),
    ("machine/programs/lsblk", include_str!("programs/lsblk")),
    ("machine/programs/nixos-generate-config", include_str!("programs/nixos-generate-config")),
    ("machine/programs/nixos-install", include_str!("programs/nixos-install")),
    ("machine/programs/reboot", include_str!("programs/reboot")),
    ("machine/programs/systemctl", include_str!("programs/systemctl")),
    ("machine/programs/systemd-run", include_str!("programs/systemd-run")),
];

const PASSWD: &str = "\
root:x:0:0:root:/root:/bin/bash
sshd:x:74:74:sshd:/var/empty:/usr/sbin/nologin
ana:x:1000:1000:ana:/home/ana:/bin/bash
nobody:x:65534:65534:nobody:/var/empty:/usr/sbin/nologin
";

const GROUP: &str = "\
root:x:0:
wheel:x:1:ana
sshd:x:74:
ana:x:1000:
nogroup:x:65534:
";

/// Nobody has a password.
const SHADOW: &str = "\
root:*:19000::::::
sshd:*:19000::::::
ana:*:19000::::::
nobody:*:19000::::::
";

const PAM: &str = "\
auth     required pam_deny.so
account  required pam_permit.so
session  required pam_permit.so
password required pam_deny.so
";

const NIX: &str = "\
experimental-features = nix-command flakes
build-users-group =
sandbox = false
substituters =
trusted-users = root @wheel
";

/// What a machine is made of.
pub(super) struct Setup<'a> {
    pub(super) root: &'a Path,
    pub(super) name: &'a str,
    pub(super) account: Account,
    /// Whether it is started from an installer, and only then is what is installed.
    pub(super) is_installer: bool,
    pub(super) host_key: &'a HostKey,
    pub(super) authorized_key: &'a str,
    pub(super) address: IpAddr,
    pub(super) port: u16,
}

/// Writes all of it.
#[track_caller]
pub(super) fn write(setup: &Setup<'_>) {
    let root = setup.root;
    for (folder, mode) in FOLDERS {
        fs::create_dir_all(root.join(folder)).expect("a temporary folder can be written");
        fs::set_permissions(root.join(folder), fs::Permissions::from_mode(mode)).expect("it is ours");
    }
    for (name, text) in SCRIPTS {
        file(root, name, text, 0o755);
    }
    for pipe in ["control", "power"] {
        Outcome::of(Command::new("mkfifo").args(["-m", "666"]).arg(root.join("machine").join(pipe)))
            .succeeded();
    }
    etc(setup);
    sshd(setup);
}

fn etc(setup: &Setup<'_>) {
    let (root, name) = (setup.root, setup.name);
    file(root, "etc/passwd", PASSWD, 0o644);
    file(root, "etc/group", GROUP, 0o644);
    file(root, "etc/shadow", SHADOW, 0o600);
    file(root, "etc/pam.d/sudo", PAM, 0o644);
    file(root, "etc/nix/nix.conf", NIX, 0o644);
    file(root, "etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files\n", 0o644);
    file(root, "etc/hosts", &format!("127.0.0.1 localhost\n{} {name}\n", setup.address), 0o644);
    file(root, "etc/hostname", &format!("{name}\n"), 0o644);
    file(root, "etc/NIXOS", "", 0o644);
    let rule = if setup.account == Account::Sudo || setup.is_installer { "NOPASSWD: ALL" } else { "ALL" };
    let sudoers =
        format!("Defaults secure_path=\"{PATH}\"\nroot ALL=(ALL) ALL\n%wheel ALL=(ALL:ALL) {rule}\n");
    file(root, "etc/sudoers", &sudoers, 0o440);
    // Everybody may say so who runs `systemctl`.
    file(root, "var/log/systemctl", "", 0o666);
    let links = "/etc/alternatives";
    if Path::new(links).is_dir() {
        Outcome::of(Command::new("cp").args(["-a", links]).arg(root.join("etc"))).succeeded();
    }
}

fn sshd(setup: &Setup<'_>) {
    let Setup { root, address, port, .. } = setup;
    let sshd = tools::installed("sshd/sshd");
    let folder = sshd.parent().expect("a file is in a folder");
    Outcome::of(Command::new("cp").arg("-r").arg(folder).arg(root.join("machine/sshd"))).succeeded();
    // A lab's user is let in by what is installed.
    let later = setup.is_installer.then_some("ana");
    for user in [setup.account.user()].into_iter().chain(later) {
        file(root, &format!("etc/ssh/authorized_keys.d/{user}"), setup.authorized_key, 0o644);
    }
    file(root, "etc/ssh/ssh_host_ed25519_key", setup.host_key.private(), 0o600);
    file(root, "etc/ssh/ssh_host_ed25519_key.pub", &format!("{}\n", setup.host_key.public()), 0o644);
    let config = format!(
        "Port {port}
ListenAddress {address}
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /etc/ssh/authorized_keys.d/%u
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PidFile none
PrintMotd no
UseDNS no
SetEnv PATH={PATH}
ForceCommand /machine/session.sh
"
    );
    file(root, "machine/sshd/config", &config, 0o644);
    let sudo = if setup.account == Account::NoSudo { "absent" } else { "present" };
    let kind = if setup.is_installer { "installer" } else { "host" };
    let settings = format!("ADDRESS={address}\nPORT={port}\nSUDO={sudo}\nKIND={kind}\n");
    file(root, "machine/settings", &settings, 0o644);
}

#[track_caller]
fn file(root: &Path, name: &str, text: &str, mode: u32) {
    let path = root.join(name);
    fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("it is ours");
}
