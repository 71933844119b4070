//! What is deployed, as objects and releases in order, for those who do it without helmfile.

use std::collections::BTreeSet;

use emit_k8s::{ClusterObject, ComponentOrder, Emitted, HelmRelease};
use model::{Cluster, Component, Entity, Host, Lab, User, host_secrets};
use source::ItemKey;

use crate::emitted::{self, ComponentKey};
use crate::machines::{lab, machine, users};
use crate::{Session, outputs, queries};

/// A component as it is deployed.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Which component it is.
    pub component: Component,
    /// Components that must be there before.
    pub needs: Vec<Component>,
    /// Its folder, relative to the lab's.
    pub folder: String,
    /// The lab's own helmfile that is meant, if it is none that is made.
    pub file: Option<String>,
    /// Its objects, but for what charts make.
    pub objects: Vec<ClusterObject>,
    /// Its releases in order. The one of its own chart is what its objects are applied as.
    pub releases: Vec<HelmRelease>,
    /// The encrypted file that its objects' holes are filled with, relative to the lab's folder.
    pub values: Option<String>,
}

impl Session {
    /// What the lab is called; empty where none is declared.
    pub fn lab_name(&self) -> String {
        lab(self.db()).map(|lab| lab.name.clone()).unwrap_or_default()
    }

    /// The lab, as it is declared.
    pub fn lab(&self) -> Option<&Lab> {
        lab(self.db())
    }

    /// The hosts and clusters that the lab declares.
    pub fn hosts_and_clusters(&self) -> (Vec<&Host>, Vec<&Cluster>) {
        let hosts = queries::entities_with(self.db(), "host").into_iter().filter_map(|entity| match entity {
            Entity::Host(host) => Some(&**host),
            _ => None,
        });
        let clusters = queries::entities_with(self.db(), "cluster").into_iter();
        let clusters = clusters.filter_map(|entity| match entity {
            Entity::Cluster(cluster) => Some(&**cluster),
            _ => None,
        });
        (hosts.collect(), clusters.collect())
    }

    /// The users that the lab declares.
    pub fn users(&self) -> Vec<&User> {
        users(self.db())
    }

    /// The secrets that are decrypted on a host, by name.
    pub fn secrets_of_host(&self, host: &str) -> BTreeSet<String> {
        let found = queries::hosts(self.db()).iter().find(|(_, name)| *name == host);
        let machine = found.and_then(|(item, name)| machine(self.db(), item, name));
        let names = machine.map(|machine| {
            let secrets = host_secrets(machine.host, &machine.users, machine.cluster);
            secrets.into_keys().map(str::to_owned).collect()
        });
        names.unwrap_or_default()
    }

    /// All that is deployed to the cluster, in order. Meaningful where no problem is an error.
    pub fn deployment(&self) -> Vec<Part> {
        let components = outputs::components(self.db());
        let order: Vec<ComponentOrder> = components.iter().map(|(order, _)| order.clone()).collect();
        let found = emit_k8s::stage_order(&order).into_iter().filter_map(|ordered| {
            let (_, emitted) = components.iter().find(|(order, _)| order == ordered)?;
            Some(part(ordered, emitted))
        });
        found.collect()
    }

    /// What `hlc plan` and `hlc apply` take for what an item declares: hosts by their names, and the components that the
    /// rest is deployed with by their folders, `10_apps/n8n`. Of an item of the library there is nothing: it is a lab's
    /// when a lab declares it.
    pub fn targets_of(&self, item: &ItemKey) -> Vec<String> {
        let hosts = queries::hosts(self.db()).iter().filter(|(declared, _)| declared == item);
        let components = self.deployed_in(item);
        hosts.map(|(_, name)| name.clone()).chain(components.iter().map(emit_k8s::folder)).collect()
    }

    /// The objects that what an item declares comes to, but for what charts make. Meaningful where no problem is an
    /// error.
    pub fn objects_of(&self, item: &ItemKey) -> Vec<ClusterObject> {
        let emitted = |component: Component| {
            emitted::component_files(self.db(), ComponentKey::new(self.db(), component)).objects.iter()
        };
        let all = self.deployed_in(item).into_iter().flat_map(emitted);
        all.filter(|object| object.place.item == *item).cloned().collect()
    }

    fn deployed_in(&self, item: &ItemKey) -> Vec<Component> {
        let found = names::find(self.db(), item).filter(|_| !item.is_std());
        let components = found.map(|found| queries::item_components(self.db(), found));
        components.into_iter().flatten().map(|(component, _)| component.clone()).collect()
    }
}

fn part(order: &ComponentOrder, emitted: &Emitted) -> Part {
    Part {
        folder: format!("k8s/{}", emit_k8s::folder(&order.component)),
        component: order.component.clone(),
        needs: order.needs.clone(),
        file: order.file.clone(),
        objects: emitted.objects.clone(),
        releases: emitted.releases.clone(),
        values: emitted.values.as_ref().map(|path| format!("k8s/{path}")),
    }
}
