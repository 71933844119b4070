//! The computer that hlc runs on: a user with an ssh key, known hosts, and a Nix store.

use std::fmt::Write as _;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Account, Machine, search_path};
use crate::outcome::Outcome;
use crate::scratch::Scratch;
use crate::ssh_key::HostKey;

/// As a user has it who never heard of flakes: whoever needs them must say so.
const NIX: &str = "\
build-users-group =
sandbox = false
substituters =
flake-registry =
";

/// Mounts what is the deployer's own over what is the machine's, for one command. OpenSSH knows a user's home from
/// `/etc/passwd` alone.
const ENTER: &str = r#"
mount --bind "$1/nix" /nix && mount --bind "$1/passwd" /etc/passwd && shift && exec "$@"
"#;

/// A user's computer. Its commands run in a mount namespace where `/nix` and the user's home are its own.
pub struct Deployer {
    folder: Scratch,
    public_key: String,
}

impl Deployer {
    /// One with an empty store, who knows no machine.
    #[track_caller]
    #[expect(clippy::new_without_default, reason = "it makes folders and keys")]
    pub fn new() -> Self {
        let folder = Scratch::new("hlc-deployer-");
        let path = folder.path();
        for name in ["nix", "home/.ssh", "nix-conf"] {
            fs::create_dir_all(path.join(name)).expect("a temporary folder can be written");
        }
        fs::write(path.join("nix-conf/nix.conf"), NIX).expect("a temporary folder can be written");
        let home = path.join("home");
        let passwd = format!("root:x:0:0:root:{}:/bin/sh\n", home.display());
        fs::write(path.join("passwd"), passwd).expect("a temporary folder can be written");
        let key = home.join(".ssh/id_ed25519");
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-q", "-t", "ed25519", "-N", "", "-C", "deployer", "-f"]).arg(&key);
        Outcome::of(&mut keygen).succeeded();
        let public_key = fs::read_to_string(key.with_extension("pub")).expect("a key was made");
        Self { folder, public_key }
    }

    /// The user's home, with `.ssh/config` and `.ssh/known_hosts`.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The line for `authorized_keys`.
    pub fn public_key(&self) -> &str {
        &self.public_key
    }

    /// A program, ready for arguments, that sees the deployer's home and store. It runs in the present folder, and may
    /// be any: `ssh`, `nix`, hlc itself.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", ENTER, "deployer"]).arg(self.folder.path()).arg(program);
        command.env("HOME", self.home()).env("USER", "root").env("PATH", search_path());
        command.env("NIX_CONF_DIR", self.folder.path().join("nix-conf"));
        for name in ["NIX_CONFIG", "NIX_PATH", "NIX_REMOTE", "NIX_SSHOPTS", "SSH_AUTH_SOCK"] {
            command.env_remove(name);
        }
        for name in ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
            command.env_remove(name);
        }
        command
    }

    /// Nix with its newer commands, in no need of a network.
    pub fn nix(&self, arguments: &[&str]) -> Outcome {
        let mut command = self.command("nix");
        command.args(["--extra-experimental-features", "nix-command flakes", "--offline"]);
        Outcome::of(command.args(arguments))
    }

    /// Runs a command on a machine.
    pub fn ssh(&self, name: &str, command: &str) -> Outcome {
        Outcome::of(self.command("ssh").args(["-o", "BatchMode=yes", name, command]))
    }

    /// Builds what a flake's folder offers: `system(lab/nixos, "homelab-0")` is that host's system.
    #[track_caller]
    pub fn build_system(&self, flake: &Path, host: &str) -> PathBuf {
        let attribute = format!(
            "path:{}#nixosConfigurations.{host}.config.system.build.toplevel",
            flake.canonicalize().expect("the flake's folder exists").display()
        );
        let built = self.nix(&["build", "--no-link", "--json", &attribute]).succeeded();
        let built: serde_json::Value = serde_json::from_str(&built.stdout).expect("nix prints JSON");
        PathBuf::from(built[0]["outputs"]["out"].as_str().expect("it has an output"))
    }

    /// Takes a machine for known by this key and no other.
    pub fn trust(&self, address: IpAddr, port: u16, host_key: &str) {
        let line = format!("[{address}]:{port} ");
        let file = self.home().join(".ssh/known_hosts");
        let mut known: String = fs::read_to_string(&file)
            .unwrap_or_default()
            .lines()
            .filter(|other| !other.starts_with(&line))
            .fold(String::new(), |known, line| known + line + "\n");
        let _ = writeln!(known, "{line}{host_key}");
        fs::write(file, known).expect("a temporary folder can be written");
    }

    /// Has ssh reach a machine by another name as well, such as the address that a lab says.
    pub fn know_also(&self, machine: &Machine, name: &str) {
        let file = self.home().join(".ssh/config");
        let known = fs::read_to_string(&file).expect("a machine is known");
        let is_its = |line: &str| line.split(' ').take(2).eq(["Host", machine.name()]);
        let lines = known
            .lines()
            .map(|line| if is_its(line) { format!("{line} {name}\n") } else { format!("{line}\n") });
        fs::write(file, lines.collect::<String>()).expect("a temporary folder can be written");
    }

    /// Forgets the keys of all machines.
    pub fn forget_keys(&self) {
        fs::write(self.home().join(".ssh/known_hosts"), "").expect("a temporary folder can be written");
    }

    /// Writes down how a machine is reached and who it is.
    pub(super) fn know(&self, name: &str, account: Account, key: &HostKey, address: IpAddr, port: u16) {
        let file = self.home().join(".ssh/config");
        let known = fs::read_to_string(&file).unwrap_or_default();
        let user = account.user();
        let entry = format!("Host {name}\n  HostName {address}\n  Port {port}\n  User {user}\n");
        fs::write(file, known + &entry).expect("a temporary folder can be written");
        self.trust(address, port, key.public());
    }
}
