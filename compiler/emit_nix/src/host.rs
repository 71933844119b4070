//! `hosts/<host>/`: a host.

use domain::RecipientKind;
use std::collections::BTreeMap;

use emit::Files;
use model::providers::Support;
use model::{Cluster, Host, Lab, Protocol, SecretFile, User, host_secrets};

use crate::cluster::{self, Role};
use crate::nix::{Expr, Module, Set, call, file, list, package, path, raw, text, texts};
use crate::{blocks, boot, disks, firewall, network, support};

/// All that a host's files are made from.
#[derive(Clone, Copy, Debug)]
pub struct HostInput<'a> {
    /// The lab.
    pub lab: &'a Lab,
    /// The host.
    pub host: &'a Host,
    /// Its users.
    pub users: &'a [&'a User],
    /// The cluster, if the host is in one.
    pub cluster: Option<&'a Cluster>,
    /// Ports on the host that apps use, and what each is for.
    pub host_ports: &'a [(u16, Protocol, String)],
    /// Folders of the host that pods may use.
    pub host_paths: &'a [String],
    /// What it needs so that pods can mount the volumes of the lab.
    pub support: &'a [Support],
    /// The file that the lab is written in.
    pub source: &'a str,
}

impl<'a> HostInput<'a> {
    /// What the host is in the cluster.
    fn node(&self) -> Option<(Role<'a>, &'a Cluster)> {
        let cluster = self.cluster?;
        Some((cluster::role(cluster, &self.host.name)?, cluster))
    }
}

/// The files of a host.
pub fn emit_host(input: &HostInput<'_>) -> Files {
    let folder = format!("hosts/{}", input.host.name);
    let disks = disks::module(input.host, input.source).map(|text| ("disks.nix", text));
    let blocks = blocks::module(input.host, input.source).map(|text| ("nixos.nix", text));
    let others: Vec<(&str, String)> = disks.into_iter().chain(blocks).collect();
    let names: Vec<&str> = others.iter().map(|(name, _)| *name).collect();
    let own = ("default.nix", module(input, &names));
    others.into_iter().chain([own]).map(|(name, text)| (format!("{folder}/{name}"), text)).collect()
}

fn module(input: &HostInput<'_>, beside: &[&str]) -> String {
    let host = input.host;
    let what = format!("host {}", host.name);
    let about = "hardware-configuration.nix (from `nixos-generate-config --no-filesystems`) and local.nix are\n\
                 yours, and used where they exist. A flake sees only files that git knows: `git add` them.";
    let k3s = input
        .node()
        .map_or_else(Set::new, |(role, cluster)| cluster::options(role, cluster, host, input.host_paths));
    let body = imports(input, beside)
        .group(network::options(input.lab, host))
        .group(firewall::options(host, input.node(), input.host_ports))
        .group(boot::options(host))
        .group(k3s)
        .group(support::options(input))
        .group(packages(host))
        .group(secrets(input))
        .group(deployer(host))
        .group(state_version(input));
    Module { source: input.source, what: &what, about, bindings: vec![], body }.print()
}

fn imports(input: &HostInput<'_>, beside: &[&str]) -> Set {
    let k3s = input.node().map(|(role, _)| if role.is_server() { "k3s-server.nix" } else { "k3s.nix" });
    let mut users: Vec<&str> = input.users.iter().map(|user| user.name.as_str()).collect();
    users.sort_unstable();
    users.dedup();

    let mut modules = vec![file("../../modules", "common.nix")];
    modules.extend(k3s.map(|name| file("../../modules", name)));
    modules.extend(users.iter().map(|name| file("../../modules/users", &format!("{name}.nix"))));
    modules.extend(beside.iter().map(|name| file(".", name)));
    let yours = list([raw("./hardware-configuration.nix"), raw("./local.nix")]);
    let yours = call("lib.filter", [raw("builtins.pathExists"), yours]);
    Set::new().bind("imports", Expr::Concat(modules, Box::new(yours)))
}

fn packages(host: &Host) -> Set {
    if host.packages.is_empty() {
        return Set::new();
    }
    let packages = host.packages.iter().map(|name| package(name)).collect();
    Set::new().bind("environment.systemPackages", Expr::With("pkgs", packages))
}

/// Who `hlc` logs in as becomes root without being asked, since nobody is there to answer.
fn deployer(host: &Host) -> Set {
    let Some(user) = &host.deploy.user else { return Set::new() };
    let all = Set::new().bind("command", text("ALL")).bind("options", texts(["NOPASSWD"]));
    let rule = Set::new().bind("users", texts([user])).bind("commands", list([Expr::from(all)]));
    Set::new()
        .comment(&format!("hlc logs in as {user}, and becomes root without a password."))
        .bind("security.sudo.extraRules", list([Expr::from(rule)]))
}

fn secrets(input: &HostInput<'_>) -> Set {
    let host = input.host;
    let all = host_secrets(host, input.users, input.node().map(|(_, cluster)| cluster));
    if all.is_empty() {
        return Set::new();
    }
    let has_age_key =
        host.host_key.as_ref().is_some_and(|key| !matches!(key.kind(), RecipientKind::SshEd25519));
    let text = all.values().find(|secret| !secret.content.is_bytes());
    let sops = Set::new()
        .bind_some("defaultSopsFile", text.map(|secret| store(secret, &host.name)))
        .bind("age", decryption(has_age_key));
    let files: BTreeMap<&str, &SecretFile> =
        host.secrets.iter().map(|secret| (secret.name.as_str(), secret)).collect();
    let sops = files
        .values()
        .fold(sops, |set, secret| set.bind(path("secrets").key(&secret.name), file_of(secret, &host.name)));
    let about =
        if has_age_key { "Decrypted with the host's age key." } else { "Decrypted with the host's SSH key." };
    Set::new().comment(about).bind("sops", sops)
}

fn decryption(has_age_key: bool) -> Set {
    if has_age_key {
        Set::new()
            .bind("keyFile", text("/var/lib/sops-nix/key.txt").or_default())
            .bind("sshKeyPaths", list([]))
    } else {
        Set::new().bind("sshKeyPaths", texts(["/etc/ssh/ssh_host_ed25519_key"]))
    }
}

/// The encrypted file, as seen from a host's folder.
fn store(secret: &SecretFile, host: &str) -> Expr {
    let path = secret.store(host);
    let (folder, name) = path.rsplit_once('/').unwrap_or((".", &path));
    file(&format!("../../{folder}"), name)
}

fn file_of(secret: &SecretFile, host: &str) -> Set {
    let mut units: Vec<&String> = secret.restart.iter().collect();
    units.sort_unstable();
    let is_bytes = secret.content.is_bytes();
    Set::new()
        .bind_some("format", is_bytes.then(|| text("binary")))
        .bind_some("sopsFile", is_bytes.then(|| store(secret, host)))
        .bind_some("owner", secret.owner.as_ref().map(text))
        .bind_some("group", secret.group.as_ref().map(text))
        .bind_some("mode", secret.mode.as_ref().map(text))
        .bind_some("restartUnits", (!units.is_empty()).then(|| texts(units)))
}

fn state_version(input: &HostInput<'_>) -> Set {
    let version = input.host.state_version.as_ref().unwrap_or(&input.lab.state_version);
    Set::new()
        .comment("The release that the host was installed with. It stays when nixpkgs moves on.")
        .bind("system.stateVersion", text(version))
}
