//! All that is built, of the files of each part.

use std::collections::BTreeMap;

use emit::Files;
use emit_k8s::ComponentOrder;
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
    for (component, directory) in queries::components(db) {
        let emitted = emitted::component_files(db, ComponentKey::new(db, component.clone()));
        outputs.k8s.extend(emitted.files.clone());
        trees.extend(emitted.secrets.clone());
        order.push(ComponentOrder {
            component: component.clone(),
            needs: directory.needs.iter().cloned().collect(),
            file: directory.file.clone(),
        });
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
            order.push(ComponentOrder { component, needs: Vec::new(), file: None });
            outputs.k8s.extend(emitted.files);
        }
    }
}

/// The keys of all `nixos` blocks, with the place of each.
pub(crate) fn block_keys(db: &dyn Db) -> Vec<(String, source::Place)> {
    let hosts = queries::hosts(db).iter().filter_map(|(item, name)| find_host(db, item, name));
    hosts.flat_map(emit_nix::block_keys).collect()
}
