//! What a lab wants of its hosts, and the way there: what `plan`, `apply` and `status` have in common.

mod around;
mod pair;
mod progress;
mod shown;
mod states;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use domain::RecipientKind;
use hosts::{Address, BuildAt, Flake, Observed, Wanted};
use model::{Cluster, Host, User};
use plan::hosts::Role;
use sha2::{Digest, Sha256};

use crate::commands::{causes, is_built};
use crate::exit::Failure;
use crate::load::{Lab, has_errors};
use crate::paths::users_folder;
use crate::terminal::Terminal;

pub(crate) use around::Cluster as Around;
pub(crate) use pair::Pair;
pub(crate) use progress::Progress;
pub(crate) use shown::{outcomes, steps as shown};
pub(crate) use states::{State, as_json, states, told};

/// The hosts of a lab that are called so, or all, as they are to be.
pub(crate) fn wanted(lab: &Lab, names: &BTreeSet<String>) -> Result<Vec<Wanted>, Failure> {
    let outputs = lab.outputs()?;
    let (hosts, clusters) = lab.session.hosts_and_clusters();
    let users = lab.session.users();
    let address = |name: &str| {
        let host = hosts.iter().find(|host| host.name == name);
        host.map(|host| address(host, &users))
    };
    let is_meant = |host: &&&Host| names.is_empty() || names.contains(&host.name);
    let one = |host: &&Host| Wanted {
        address: self::address(host, &users),
        origin: lab.origin(&host.place),
        role: role(&host.name, &clusters),
        drains: host.deploy.drain,
        from: from(&outputs.nixos, &host.name),
        build: match &host.deploy.build {
            model::BuildAt::Here => BuildAt::Here,
            model::BuildAt::There => BuildAt::There,
            model::BuildAt::Builder(name) => address(name).map_or(BuildAt::Here, BuildAt::At),
        },
    };
    Ok(hosts.iter().filter(is_meant).map(one).collect())
}

/// How a host is reached: by whom the lab says, or else by the first who may become root.
fn address(host: &Host, users: &[&User]) -> Address {
    let is_wheel = |name: &&String| {
        users.iter().any(|user| user.name == **name && user.groups.iter().any(|group| group == "wheel"))
    };
    let key = host.host_key.as_ref().filter(|key| matches!(key.kind(), RecipientKind::SshEd25519));
    Address {
        name: host.name.clone(),
        user: host.deploy.user.clone().or_else(|| host.users.iter().find(is_wheel).cloned()),
        at: host.deploy.ssh.clone().unwrap_or_else(|| host.address.value.to_string()),
        port: host.deploy.port,
        key: key.map(|key| key.value.to_string()),
    }
}

fn role(name: &str, clusters: &[&Cluster]) -> Role {
    let of = |cluster: &&Cluster| {
        let server = cluster.servers.iter().position(|node| node.value.name == name);
        let is_agent = || cluster.agents.iter().any(|node| node.value.name == name);
        server.map(Role::Server).or_else(|| is_agent().then_some(Role::Agent))
    };
    clusters.iter().find_map(of).unwrap_or(Role::Alone)
}

/// Looks at hosts, and builds what they are to run, from what `hlc build` wrote.
pub(crate) fn look(
    lab: &Lab,
    names: &BTreeSet<String>,
    stop: Arc<AtomicBool>,
    terminal: &Terminal,
) -> Result<Vec<Observed>, Failure> {
    is_without_errors(lab, terminal)?;
    let wanted = wanted(lab, names)?;
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let flake = flake(lab, stop, terminal)?;
    let tell = |name: &str| terminal.note(&format!("building {name}"));
    let mut observed = hosts::plan(&wanted, &flake, &tell).map_err(|error| failure(&error))?;
    for one in &mut observed {
        let before = one.from.as_ref().and_then(|from| serde_json::from_str(from).ok());
        let now = serde_json::from_str(&one.wanted.from).ok();
        if let Some((before, now)) = before.zip(now) {
            one.step.causes = causes(lab, before, now);
        }
    }
    Ok(observed)
}

/// Shows what is wrong with a lab, if that is an error.
pub(crate) fn is_without_errors(lab: &Lab, terminal: &Terminal) -> Result<(), Failure> {
    let problems = lab.problems()?;
    if has_errors(&problems) {
        terminal.problems(&problems, &lab.session.sources(), &|name| lab.path(name));
        return Err(Failure::Told);
    }
    Ok(())
}

/// What hosts are built from: what `hlc build` wrote, if that is what the lab says.
pub(crate) fn flake(lab: &Lab, stop: Arc<AtomicBool>, terminal: &Terminal) -> Result<Flake, Failure> {
    if !is_built(lab, terminal)? {
        return Err(Failure::cannot(
            "nixos/ is not what the lab builds to, and hosts are built from it: run 'hlc build' first",
        ));
    }
    Ok(Flake { folder: lab.folder.join("nixos"), links: links(lab), stop })
}

/// What a host is built from that is made of the lab, but for what only says where something stands in it.
fn from(nixos: &BTreeMap<String, String>, host: &str) -> String {
    let own = format!("hosts/{host}/");
    let main = nixos.get(&format!("{own}default.nix")).map(String::as_str).unwrap_or_default();
    // A module of modules is one of whoever has that one.
    let has = |path: &str| {
        path.rsplit('/').next().is_some_and(|name| main.contains(name)) || path.ends_with("/k3s.nix")
    };
    let is_meant = |path: &str| {
        path.starts_with(&own) || path == "flake.nix" || path.starts_with("modules/") && has(path)
    };
    let files: BTreeMap<&String, &String> = nixos.iter().filter(|(path, _)| is_meant(path)).collect();
    serde_json::json!(files).to_string()
}

/// Where links to what was built are kept, so that Nix does not collect it: a folder for each lab.
fn links(lab: &Lab) -> PathBuf {
    let cache = users_folder("XDG_CACHE_HOME", ".cache");
    let folder = std::path::absolute(&lab.folder).unwrap_or_else(|_| lab.folder.clone());
    let hash = format!("{:x}", Sha256::digest(folder.as_os_str().as_encoded_bytes()));
    cache.unwrap_or_else(env::temp_dir).join("hlc/systems").join(&hash[..16])
}

/// Why nothing could be asked of any host.
fn failure(error: &hosts::Error) -> Failure {
    let help = error.help().map_or_else(String::new, |help| format!("\n  {help}"));
    Failure::cannot(format!("{error}{help}"))
}
