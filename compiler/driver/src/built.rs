//! What one declaration is built to, for those who look at one.

use std::collections::BTreeMap;

use emit::Files;
use emit_secrets::deliver_to_host;
use model::{Component, Data, Entity, SecretPart, host_secrets};
use source::ItemKey;

use crate::Session;
use crate::directories::placement;
use crate::emitted::{self, ComponentKey, HostKey};
use crate::machines::machine;
use crate::queries;

/// A file that a declaration is built to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltFile {
    /// Where it is, relative to the lab's folder.
    pub path: String,
    /// What is in it; of what is encrypted only which secret stands where.
    pub text: String,
    /// Whether something else is in it, too.
    pub is_shared: bool,
}

impl BuiltFile {
    /// Where it stands among others.
    fn rank(&self) -> (bool, bool, &str) {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let installs = matches!(name, ".helmignore" | "Chart.yaml" | "helmfile.yaml");
        (self.is_shared, installs, &self.path)
    }
}

impl Session {
    /// The files that what an item declares is in: those that are its own first, and of these what is declared before
    /// what installs it. Meaningful where no problem is an error.
    pub fn built(&self, item: &ItemKey) -> Vec<BuiltFile> {
        let db = self.db();
        let Some(found) = names::find(db, item).filter(|_| !item.is_std()) else { return Vec::new() };
        let entities = &values::evaluated(db, found).entities;
        let mut files = Vec::new();
        for entity in entities {
            files.extend(self.of_nixos(item, entity));
        }
        let components = queries::item_components(db, found).iter().map(|(component, _)| component);
        for component in components {
            files.extend(self.of_component(component, entities));
        }
        files.extend(self.of_namespaces(entities));
        files.sort_by(|a, b| a.rank().cmp(&b.rank()));
        files.dedup();
        files
    }

    /// Files under `nixos/`.
    pub(crate) fn of_nixos(&self, item: &ItemKey, entity: &Entity) -> Vec<BuiltFile> {
        let (db, source) = (self.db(), queries::source_name(self.db()));
        let files = match entity {
            Entity::Host(host) => {
                emitted::host_files(db, HostKey::new(db, item.clone(), host.name.clone())).clone()
            }
            Entity::User(user) => emit_nix::emit_user(user, &source),
            Entity::Cluster(cluster) => emit_nix::emit_cluster(cluster, &source),
            Entity::Lab(lab) if !queries::hosts(db).is_empty() => {
                let hosts: Vec<&str> = queries::hosts(db).iter().map(|(_, name)| name.as_str()).collect();
                emit_nix::emit_flake(lab, &hosts, &source)
            }
            _ => Files::new(),
        };
        let own = |(path, text): (String, String)| BuiltFile {
            path: format!("nixos/{path}"),
            text,
            is_shared: false,
        };
        let secrets = match entity {
            Entity::Host(host) => self.of_host_secrets(item, &host.name),
            _ => Vec::new(),
        };
        files.into_iter().map(own).chain(secrets).collect()
    }

    fn of_host_secrets(&self, item: &ItemKey, name: &str) -> Vec<BuiltFile> {
        let Some(machine) = machine(self.db(), item, name) else { return Vec::new() };
        let secrets = host_secrets(machine.host, &machine.users, machine.cluster);
        let key = machine.host.host_key.as_ref().map(|key| &key.value);
        let file = |delivered: emit_secrets::Delivered| encrypted(delivered.path, &delivered.tree, false);
        deliver_to_host(name, key, &secrets).into_iter().map(file).collect()
    }

    /// Files of a directory under `k8s/`: those that would be there if nothing else were in it.
    fn of_component(&self, component: &Component, entities: &[Entity]) -> Vec<BuiltFile> {
        let db = self.db();
        let here: Vec<&Entity> = entities
            .iter()
            .filter(|entity| placement(entity).is_some_and(|placement| placement.component == *component))
            .collect();
        let alone = emitted::component_alone(db, component, &here);
        let whole = emitted::component_files(db, ComponentKey::new(db, component.clone()));
        let (own, all) = (alone.files(), whole.files());
        let file = |(path, own): (&String, &String)| {
            let text = all.get(path)?;
            let path = format!("k8s/{path}");
            Some(BuiltFile { path, text: text.clone(), is_shared: text != own })
        };
        let secret = |(path, own): (&String, &Data)| {
            let tree = whole.secrets.get(path)?;
            Some(encrypted(format!("k8s/{path}"), tree, tree != own))
        };
        own.iter().filter_map(file).chain(alone.secrets.iter().filter_map(secret)).collect()
    }

    fn of_namespaces(&self, entities: &[Entity]) -> Vec<BuiltFile> {
        let source = queries::source_name(self.db());
        let mut stages: BTreeMap<&model::Stage, Vec<&model::Namespace>> = BTreeMap::new();
        for entity in entities {
            if let Entity::Namespace(namespace) = entity {
                stages.entry(&namespace.stage.value).or_default().push(namespace);
            }
        }
        let all = stages.into_iter().flat_map(|(stage, own)| {
            let alone = emit_k8s::emit_namespaces(stage, &own, &source);
            alone.files().into_iter().map(|(path, text)| {
                // Every stage's namespaces share what installs them.
                let is_shared = !path.contains("/manifests/");
                BuiltFile { path: format!("k8s/{path}"), text, is_shared }
            })
        });
        all.collect()
    }
}

/// A file that is encrypted, with the names of secrets where their values are.
fn encrypted(path: String, tree: &Data, is_shared: bool) -> BuiltFile {
    BuiltFile { path, text: yaml::Yaml::from(&masked(tree)).print(), is_shared }
}

fn masked(data: &Data) -> Data {
    match data {
        Data::Secret(text) => Data::Text(text.parts.iter().map(mask).collect()),
        Data::List(items) => Data::List(items.iter().map(masked).collect()),
        Data::Map(map) => Data::Map(map.iter().map(|(key, value)| (key.clone(), masked(value))).collect()),
        other => other.clone(),
    }
}

fn mask(part: &SecretPart) -> String {
    match part {
        SecretPart::Plain(text) => text.clone(),
        SecretPart::Secret(secret) | SecretPart::Bytes(secret) => format!("ENC[{secret}]"),
    }
}
