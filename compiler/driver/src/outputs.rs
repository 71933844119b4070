//! What is written: the files of hosts and components.

use std::collections::BTreeMap;

use emit::Files;
use emit_k8s::{ComponentInput, ComponentOrder, Emitted};
use emit_nix::HostInput;
use emit_secrets::Delivered;
use model::{Cluster, Component, DevicePlugin, Entity, Host, Lab, Protocol, SecretRef, User};
use names::Db;
use source::ItemKey;

use crate::delivered::delivered;
use crate::directories::placement;
use crate::folders;
use crate::queries::{self, ComponentKey, HostKey};

/// All that is built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outputs {
    /// The files under `nixos/`.
    pub nixos: Files,
    /// The files under `k8s/`.
    pub k8s: Files,
    /// The encrypted files under both, which are written by whoever has the values.
    pub secrets: Vec<Delivered>,
}

/// All that is built, from the queries of each part.
pub(crate) fn outputs(db: &dyn Db, lines: &[(String, String)]) -> Outputs {
    let source = queries::source_name(db);
    let mut outputs = Outputs::default();
    // A lab without hosts has nothing to say to NixOS.
    let hosts = queries::hosts(db);
    if !hosts.is_empty() {
        outputs.nixos.extend(queries::nixos_shared(db).clone());
        for (item, name) in hosts {
            outputs
                .nixos
                .extend(queries::host_files(db, HostKey::new(db, item.clone(), name.clone())).clone());
        }
        if !lines.is_empty() {
            outputs.nixos.extend(emit_nix::emit_lines(lines, &source));
        }
    }
    let (mut order, mut trees) = (Vec::new(), BTreeMap::new());
    for (component, (needs, _)) in queries::components(db) {
        let emitted = queries::component_files(db, ComponentKey::new(db, component.clone()));
        outputs.k8s.extend(emitted.files.clone());
        trees.extend(emitted.secrets.clone());
        order.push(ComponentOrder { component: component.clone(), needs: needs.iter().cloned().collect() });
    }
    namespaces(db, &source, &mut outputs, &mut order);
    if !order.is_empty() {
        outputs.k8s.extend(emit_k8s::emit_helmfile(&order, &source));
    }
    outputs.secrets = delivered(db, &trees);
    for (path, text) in emit_secrets::emit_config(&outputs.secrets, &source) {
        let (nixos, k8s) = (path.strip_prefix("nixos/"), path.strip_prefix("k8s/"));
        outputs.nixos.extend(nixos.map(|path| (path.to_owned(), text.clone())));
        outputs.k8s.extend(k8s.map(|path| (path.to_owned(), text)));
    }
    outputs
}

fn namespaces(db: &dyn Db, source: &str, outputs: &mut Outputs, order: &mut Vec<ComponentOrder>) {
    let mut stages: BTreeMap<model::Stage, Vec<&model::Namespace>> = BTreeMap::new();
    for entity in queries::entities_with(db, "namespace") {
        if let Entity::Namespace(namespace) = entity {
            stages.entry(namespace.stage.value.clone()).or_default().push(namespace);
        }
    }
    for (stage, namespaces) in stages {
        let emitted = emit_k8s::emit_namespaces(&stage, &namespaces, source);
        if !emitted.files.is_empty() {
            let component = emit_k8s::namespaces_component(&stage);
            order.push(ComponentOrder { component, needs: Vec::new() });
            outputs.k8s.extend(emitted.files);
        }
    }
}

/// The files of a component, made of the entities that are in it.
pub(crate) fn component(
    component: &Component,
    entities: &[&Entity],
    plugins: &[DevicePlugin],
    mark: &dyn Fn(&SecretRef) -> Option<String>,
    source: &str,
) -> Emitted {
    let here =
        |entity: &&&Entity| placement(entity).is_some_and(|placement| placement.component == *component);
    let entities: Vec<&&Entity> = entities.iter().filter(here).collect();
    macro_rules! all {
        ($kind:ident) => {
            entities
                .iter()
                .filter_map(|entity| match entity {
                    Entity::$kind(inner) => Some(&**inner),
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
    }
    let (apps, jobs, releases, manifests) = (all!(App), all!(Job), all!(Release), all!(Manifest));
    let secrets = apps.iter().flat_map(|app| app.container.secrets());
    let marks = secrets.filter_map(|secret| Some((secret.clone(), mark(secret)?))).collect();
    emit_k8s::emit_component(&ComponentInput {
        component,
        apps: &apps,
        jobs: &jobs,
        releases: &releases,
        manifests: &manifests,
        plugins: &plugins.iter().collect::<Vec<_>>(),
        marks: &marks,
        source: &format!("{source}: {}", component.name),
    })
}

/// The files under `nixos/` that are not a host's own.
pub(crate) fn nixos_shared(db: &dyn Db, source: &str) -> Files {
    let mut files = Files::new();
    if let Some(lab) = lab(db) {
        let hosts: Vec<&str> = queries::hosts(db).iter().map(|(_, name)| name.as_str()).collect();
        files.extend(emit_nix::emit_flake(lab, &hosts, source));
    }
    for user in users(db) {
        files.extend(emit_nix::emit_user(user, source));
    }
    for entity in queries::entities_with(db, "cluster") {
        if let Entity::Cluster(cluster) = entity {
            files.extend(emit_nix::emit_cluster(cluster, source));
        }
    }
    files
}

/// A host, and what of the lab concerns it.
pub(crate) struct Machine<'db> {
    pub(crate) host: &'db Host,
    /// Those with an account.
    pub(crate) users: Vec<&'db User>,
    /// The cluster that it is a node of.
    pub(crate) cluster: Option<&'db Cluster>,
}

/// The host called `name`, which `item` declares.
pub(crate) fn machine<'db>(db: &'db dyn Db, item: &ItemKey, name: &str) -> Option<Machine<'db>> {
    let host = find_host(db, item, name)?;
    let cluster = queries::entities_with(db, "cluster").into_iter().find_map(|entity| match entity {
        Entity::Cluster(cluster) => {
            let mut nodes = cluster.nodes();
            nodes.any(|node| node.name == name).then_some(&**cluster)
        }
        _ => None,
    });
    let users = users(db).into_iter().filter(|user| host.users.contains(&user.name)).collect();
    Some(Machine { host, users, cluster })
}

/// The files of the host called `name`, which `item` declares.
pub(crate) fn host(db: &dyn Db, item: &ItemKey, name: &str, source: &str) -> Files {
    let (Some(lab), Some(machine)) = (lab(db), machine(db, item, name)) else { return Files::new() };
    let is_node = machine.cluster.is_some();
    emit_nix::emit_host(&HostInput {
        lab,
        host: machine.host,
        users: &machine.users,
        cluster: machine.cluster,
        host_ports: &if is_node { ports_on(db, name) } else { Vec::new() },
        host_paths: &if is_node { folders::on(db, name) } else { Vec::new() },
        source,
    })
}

/// A port that an app takes on the hosts that it runs on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HostPort {
    number: u16,
    protocol: Protocol,
    /// What takes it.
    what: String,
    /// The only host that it runs on, if it must run there.
    pinned: Option<String>,
}

/// The ports that the apps among `entities` take on hosts.
pub(crate) fn host_ports_of(entities: &[Entity]) -> Vec<HostPort> {
    let mut found = Vec::new();
    for entity in entities {
        let Entity::App(app) = entity else { continue };
        let pinned = app.container.pin().map(|(host, _)| host.to_owned());
        let what = format!("app {}", app.placement.name);
        found.extend(app.host_ports().map(|(number, protocol)| HostPort {
            number: number.value,
            protocol,
            what: what.clone(),
            pinned: pinned.clone(),
        }));
    }
    found
}

/// The ports that apps take on a host of the cluster: those that must or may run there.
fn ports_on(db: &dyn Db, host: &str) -> Vec<(u16, Protocol, String)> {
    let here = |port: &&HostPort| port.pinned.as_ref().is_none_or(|pinned| pinned == host);
    let ports = queries::host_ports(db).iter().filter(here);
    ports.map(|port| (port.number, port.protocol, port.what.clone())).collect()
}

fn find_host<'db>(db: &'db dyn Db, item: &ItemKey, name: &str) -> Option<&'db Host> {
    let item = names::find(db, item)?;
    values::evaluated(db, item).entities.iter().find_map(|entity| match entity {
        Entity::Host(host) if host.name == name => Some(&**host),
        _ => None,
    })
}

fn lab(db: &dyn Db) -> Option<&Lab> {
    queries::entities_with(db, "lab").into_iter().find_map(|entity| match entity {
        Entity::Lab(lab) => Some(lab),
        _ => None,
    })
}

fn users(db: &dyn Db) -> Vec<&User> {
    let all = queries::entities_with(db, "user").into_iter().filter_map(|entity| match entity {
        Entity::User(user) => Some(user),
        _ => None,
    });
    all.collect()
}

/// The keys of all `nixos` blocks, with the place of each.
pub(crate) fn block_keys(db: &dyn Db) -> Vec<(String, source::Place)> {
    let hosts = queries::hosts(db).iter().filter_map(|(item, name)| find_host(db, item, name));
    hosts.flat_map(emit_nix::block_keys).collect()
}
