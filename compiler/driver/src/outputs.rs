//! All that is built, of the files of each part.

use std::collections::BTreeMap;

use emit::Files;
use emit_k8s::{ComponentOrder, Emitted};
use emit_secrets::Delivered;
use model::Entity;
use names::Db;

use crate::deliveries::delivered;
use crate::emitted::{self, ComponentKey, HostKey};
use crate::machines::find_host;
use crate::queries;

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
        outputs.nixos.extend(emitted::nixos_shared(db).clone());
        for (item, name) in hosts {
            outputs
                .nixos
                .extend(emitted::host_files(db, HostKey::new(db, item.clone(), name.clone())).clone());
        }
        if !lines.is_empty() {
            outputs.nixos.extend(emit_nix::emit_lines(lines, &source));
        }
    }
    let (mut order, mut trees) = (Vec::new(), BTreeMap::new());
    for (component, emitted) in components(db) {
        outputs.k8s.extend(emitted.files());
        trees.extend(emitted.secrets);
        order.push(component);
    }
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

/// What is deployed, each component with what must be there before it: those that the lab declares, and those that make
/// the namespaces of each stage.
pub(crate) fn components(db: &dyn Db) -> Vec<(ComponentOrder, Emitted)> {
    let declared = queries::components(db).iter().map(|(component, directory)| {
        let emitted = emitted::component_files(db, ComponentKey::new(db, component.clone()));
        let (component, needs) = (component.clone(), directory.needs.iter().cloned().collect());
        (ComponentOrder { component, needs, file: directory.file.clone() }, emitted.clone())
    });
    declared.chain(namespaces(db)).collect()
}

fn namespaces(db: &dyn Db) -> Vec<(ComponentOrder, Emitted)> {
    let mut stages: BTreeMap<model::Stage, Vec<&model::Namespace>> = BTreeMap::new();
    for entity in queries::entities_with(db, "namespace") {
        if let Entity::Namespace(namespace) = entity {
            stages.entry(namespace.stage.value.clone()).or_default().push(namespace);
        }
    }
    let source = queries::source_name(db);
    let component = |(stage, namespaces): (model::Stage, Vec<&model::Namespace>)| {
        let emitted = emit_k8s::emit_namespaces(&stage, &namespaces, &source);
        let component = emit_k8s::namespaces_component(&stage);
        let order = ComponentOrder { component, needs: Vec::new(), file: None };
        (!emitted.objects.is_empty()).then_some((order, emitted))
    };
    stages.into_iter().filter_map(component).collect()
}

/// The keys of all `nixos` blocks, with the place of each.
pub(crate) fn block_keys(db: &dyn Db) -> Vec<(String, source::Place)> {
    let hosts = queries::hosts(db).iter().filter_map(|(item, name)| find_host(db, item, name));
    hosts.flat_map(emit_nix::block_keys).collect()
}
