//! Queries over the whole lab; those of what is written are in `emitted.rs`.
#![allow(missing_docs, reason = "salsa's macros make functions that cannot be documented")]

use std::collections::{BTreeMap, BTreeSet};

use checks::Facts;
use diagnostics::Problem;
use model::providers::{Support, support_for};
use model::{Component, Entity};
use names::{Db, Item, SourceFile, Workspace, file_items, index};
use source::ItemKey;
use syntax::ItemForm;
use values::evaluated;

use crate::directories::{self, Contents};
use crate::folders::{self, HostFolder};
use crate::imports::{self, Import, ImportFault};
use crate::order;
use crate::ports::{self, HostPort};

/// Why files that the lab imports are no part of it, by [`Import::key`].
#[salsa::input(singleton, debug)]
pub struct ImportFaults {
    /// Why.
    pub faults: BTreeMap<String, ImportFault>,
}

/// What a file imports, in the order written. It need not be a part of the lab.
#[salsa::tracked]
pub(crate) fn file_imports(db: &dyn Db, file: SourceFile) -> Vec<Import> {
    let imports = file.pieces(db).iter().filter(|piece| piece.head(db).form == ItemForm::Import);
    imports.filter_map(|piece| imports::import(piece.key(db), piece.text(db))).collect()
}

/// The small facts of an item that checks of the whole lab look at.
#[salsa::tracked]
pub fn item_facts<'db>(db: &'db dyn Db, item: Item<'db>) -> Facts {
    let evaluated = evaluated(db, item);
    checks::facts(&evaluated.entities, evaluated.problems.iter().any(Problem::is_error))
}

/// What is wrong between the items of the lab.
#[salsa::tracked]
pub fn checked(db: &dyn Db) -> Vec<Problem> {
    names::any_item(db);
    let facts: Vec<&Facts> = lab_items(db).map(|item| item_facts(db, item)).collect();
    let known = values::KnownSecrets::try_get(db).and_then(|known| known.facts(db).as_ref());
    checks::check(&facts, known)
}

/// The lab's items, in the order of files and of text.
pub(crate) fn lab_items(db: &dyn Db) -> impl Iterator<Item = Item<'_>> {
    let files = Workspace::get(db).lab(db).iter();
    files.flat_map(|file| file_items(db, *file)).copied()
}

/// The items that an item mentions: a small fact of each, so that the order stays where they do.
#[salsa::tracked]
pub(crate) fn mentions<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<ItemKey> {
    order::mentioned(db, item)
}

/// The lab's items in the order in which they are worked out.
#[salsa::tracked]
pub(crate) fn work_order(db: &dyn Db) -> Vec<Item<'_>> {
    names::any_item(db);
    order::ordered(db, lab_items(db).collect(), &|item| mentions(db, item))
}

/// The directories that an item's declarations are in, with what it has in each.
#[salsa::tracked]
pub(crate) fn item_components<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<(Component, Contents)> {
    directories::of(&evaluated(db, item).entities)
}

/// A directory that is deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directory {
    /// What comes before.
    pub(crate) needs: BTreeSet<Component>,
    /// The items whose declarations are in it.
    pub(crate) items: Vec<ItemKey>,
    /// The helmfile of the lab's own that is meant, if it is none that is made.
    pub(crate) file: Option<String>,
}

/// All directories.
#[salsa::tracked]
pub(crate) fn components(db: &dyn Db) -> BTreeMap<Component, Directory> {
    names::any_item(db);
    let mut contents: BTreeMap<Component, Contents> = BTreeMap::new();
    let mut items: BTreeMap<Component, Vec<ItemKey>> = BTreeMap::new();
    for declared in index(db).declarations() {
        let Some(item) = names::find(db, &declared.item) else { continue };
        for (component, here) in item_components(db, item) {
            contents.entry(component.clone()).or_default().join(here);
            items.entry(component.clone()).or_default().push(declared.item.clone());
        }
    }
    let mut derived = directories::derived(&contents);
    let all = contents.into_iter().map(|(component, contents)| {
        let mut needs = contents.needs;
        needs.extend(derived.remove(&component).unwrap_or_default());
        let items = items.remove(&component).unwrap_or_default();
        (component, Directory { needs, items, file: contents.file })
    });
    all.collect()
}

/// What hands out devices: one small fact of each item.
#[salsa::tracked]
pub fn device_plugins(db: &dyn Db) -> Vec<model::DevicePlugin> {
    let plugins = values::all_of(db, names::word(db, "device-plugin"));
    let items: BTreeSet<&ItemKey> = plugins.iter().map(types::DeclRef::item).collect();
    let entities = items.into_iter().filter_map(|key| names::find(db, key));
    let entities = entities.flat_map(|item| &evaluated(db, item).entities);
    entities
        .filter_map(|entity| match entity {
            Entity::DevicePlugin(plugin) => Some(plugin.clone()),
            _ => None,
        })
        .collect()
}

/// The entities of all items that make declarations of `kind`, in the order written.
pub(crate) fn entities_with<'db>(db: &'db dyn Db, kind: &str) -> Vec<&'db Entity> {
    let items = types::items_with(db, names::word(db, kind)).iter();
    let items = items.filter_map(|key| names::find(db, key));
    items.flat_map(|item| &evaluated(db, item).entities).collect()
}

/// The ports that the apps of an item take on hosts.
#[salsa::tracked]
pub(crate) fn item_host_ports<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<HostPort> {
    ports::of(&evaluated(db, item).entities)
}

/// The ports that apps take on hosts. Asks one small fact of each item, so that hosts depend on no app.
#[salsa::tracked]
pub(crate) fn host_ports(db: &dyn Db) -> Vec<HostPort> {
    names::any_item(db);
    let apps = types::items_with(db, names::word(db, "app")).iter();
    let items = apps.filter_map(|key| names::find(db, key));
    let mut ports: Vec<_> = items.flat_map(|item| item_host_ports(db, item)).cloned().collect();
    ports.sort();
    ports
}

/// The folders of hosts that the apps and jobs of an item use.
#[salsa::tracked]
pub(crate) fn item_host_folders<'db>(db: &'db dyn Db, item: Item<'db>) -> Vec<HostFolder> {
    folders::of(&evaluated(db, item).entities)
}

/// The folders of hosts that apps and jobs use: one small fact of each item, too.
#[salsa::tracked]
pub(crate) fn host_folders(db: &dyn Db) -> Vec<HostFolder> {
    names::any_item(db);
    let kinds = ["app", "job"].into_iter().flat_map(|kind| types::items_with(db, names::word(db, kind)));
    let items = kinds.filter_map(|key| names::find(db, key));
    let mut paths: Vec<_> = items.flat_map(|item| item_host_folders(db, item)).cloned().collect();
    paths.sort();
    paths.dedup();
    paths
}

/// What hosts need for the volumes that an item's declarations make or use.
#[salsa::tracked]
pub(crate) fn item_support<'db>(db: &'db dyn Db, item: Item<'db>) -> BTreeSet<Support> {
    evaluated(db, item).entities.iter().flat_map(support_for).collect()
}

/// What hosts of the cluster need for the volumes of the lab: one small fact of each item, too.
#[salsa::tracked]
pub(crate) fn host_support(db: &dyn Db) -> BTreeSet<Support> {
    names::any_item(db);
    let kinds = ["app", "job", "manifest", "release"];
    let kinds = kinds.into_iter().flat_map(|kind| types::items_with(db, names::word(db, kind)));
    kinds.filter_map(|key| names::find(db, key)).flat_map(|item| item_support(db, item)).copied().collect()
}

/// The hosts, with the item that declares each.
#[salsa::tracked]
pub fn hosts(db: &dyn Db) -> Vec<(ItemKey, String)> {
    let all = values::all_of(db, names::word(db, "host")).iter();
    all.map(|host| (host.item().clone(), values::name_of(host))).collect()
}

/// What the headers of generated files call the source.
pub(crate) fn source_name(db: &dyn Db) -> String {
    let path = Workspace::get(db).lab(db).first().map(|file| file.path(db).to_string());
    path.unwrap_or_else(|| "homelab.hl".to_owned())
}
