//! Queries of what is written: the files of each host and of each component.
#![allow(missing_docs, reason = "salsa's macros make functions that cannot be documented")]

use std::collections::BTreeSet;

use emit::Files;
use emit_k8s::{ComponentInput, Emitted};
use emit_nix::HostInput;
use model::{Component, DevicePlugin, Entity, SecretRef};
use names::Db;
use source::ItemKey;
use values::evaluated;

use crate::directories::placement;
use crate::machines::{lab, machine, users};
use crate::queries::{self, components, device_plugins, source_name};
use crate::{folders, ports};

/// A directory, as an argument of queries.
#[salsa::interned(debug)]
pub struct ComponentKey<'db> {
    /// The directory.
    pub component: Component,
}

/// The items whose declarations are in a component: a small fact of each, so that no component's files depend on which
/// others there are.
#[salsa::tracked]
fn component_items<'db>(db: &'db dyn Db, key: ComponentKey<'db>) -> Vec<ItemKey> {
    components(db).get(key.component(db)).map(|one| one.items.clone()).unwrap_or_default()
}

/// The files of a component.
#[salsa::tracked]
pub fn component_files<'db>(db: &'db dyn Db, key: ComponentKey<'db>) -> Emitted {
    let component = key.component(db);
    let entities = component_items(db, key).iter().filter_map(|key| names::find(db, key));
    let entities: Vec<&Entity> = entities.flat_map(|item| &evaluated(db, item).entities).collect();
    component_alone(db, component, &entities)
}

/// The files of a component as if it had nothing but these entities.
pub(crate) fn component_alone(db: &dyn Db, component: &Component, entities: &[&Entity]) -> Emitted {
    let mark = |secret: &SecretRef| values::secret_mark(db, secret).map(str::to_owned);
    component_of(component, entities, device_plugins(db), &mark, &source_name(db))
}

/// The files of a component, made of the entities that are in it.
fn component_of(
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

/// The files under `nixos/` that are not a host's own, and of each host its own.
#[salsa::tracked]
pub fn nixos_shared(db: &dyn Db) -> Files {
    let (mut files, source) = (Files::new(), source_name(db));
    if let Some(lab) = lab(db) {
        let hosts: Vec<&str> = queries::hosts(db).iter().map(|(_, name)| name.as_str()).collect();
        files.extend(emit_nix::emit_flake(lab, &hosts, &source));
    }
    for user in users(db) {
        files.extend(emit_nix::emit_user(user, &source));
    }
    for entity in queries::entities_with(db, "cluster") {
        if let Entity::Cluster(cluster) = entity {
            files.extend(emit_nix::emit_cluster(cluster, &source));
        }
    }
    files
}

/// A host, as an argument of queries.
#[salsa::interned(debug)]
pub struct HostKey<'db> {
    /// The item that declares it.
    pub item: ItemKey,
    /// Its name.
    pub name: String,
}

/// The files of a host.
#[salsa::tracked]
pub fn host_files<'db>(db: &'db dyn Db, key: HostKey<'db>) -> Files {
    let name = key.name(db);
    let (Some(lab), Some(machine)) = (lab(db), machine(db, key.item(db), name)) else { return Files::new() };
    let is_node = machine.cluster.is_some();
    let support = if is_node { queries::host_support(db).clone() } else { BTreeSet::new() };
    emit_nix::emit_host(&HostInput {
        lab,
        host: machine.host,
        users: &machine.users,
        cluster: machine.cluster,
        host_ports: &if is_node { ports::on(queries::host_ports(db), name) } else { Vec::new() },
        host_paths: &if is_node { folders::on(queries::host_folders(db), name) } else { Vec::new() },
        support: &support.into_iter().filter(|one| !one.is_said(machine.host)).collect::<Vec<_>>(),
        source: &source_name(db),
    })
}
