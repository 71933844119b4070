//! The namespaces of a stage.

use std::collections::BTreeMap;

use model::names::NAMESPACES;
use model::{At, Component, Namespace, Stage, plain};

use crate::chart::LocalChart;
use crate::object::{Metadata, Object};
use crate::{Emitted, helmfile, labels, names};

/// The component that makes the namespaces of `stage`; the first one in it.
pub fn namespaces_component(stage: &Stage) -> Component {
    Component { stage: stage.clone(), name: NAMESPACES.to_owned() }
}

/// The component with those of `namespaces` that are made in `stage` and do not exist without us; nothing if there
/// are none.
///
/// A namespace stays when its release goes, and is taken over when helm made it before (`createNamespace`).
pub fn emit_namespaces(stage: &Stage, namespaces: &[&Namespace], source: &str) -> Emitted {
    let component = namespaces_component(stage);
    let is_ours = |namespace: &&&Namespace| !namespace.existing && namespace.stage.number == stage.number;
    let ours = namespaces.iter().filter(is_ours);
    let object = |namespace: &&Namespace| At::new(object(namespace, &component), namespace.place.clone());
    let objects: Vec<At<Object>> = ours.map(object).collect();
    let mut emitted = Emitted::default();
    if objects.is_empty() {
        return emitted;
    }
    let folder = names::folder(&component);
    LocalChart { name: NAMESPACES, objects, ..LocalChart::default() }.write(&folder, source, &mut emitted);
    let release = helmfile::HelmRelease {
        // A release is a Secret in some namespace: in one that is always there.
        name: format!("{NAMESPACES}-{}", stage.name),
        namespace: "default".to_owned(),
        namespace_exists: true,
        chart: helmfile::HelmChart::Own,
        ..helmfile::HelmRelease::default()
    };
    emitted.texts.insert(
        format!("{folder}/helmfile.yaml"),
        helmfile::component(std::slice::from_ref(&release), source),
    );
    emitted.releases.push(release);
    emitted
}

fn object(namespace: &Namespace, component: &Component) -> Object {
    let mut labels = labels::common(component);
    labels.extend(plain(&namespace.labels));
    let keep = ("helm.sh/resource-policy".to_owned(), "keep".to_owned());
    let metadata =
        Metadata { name: namespace.name.clone(), namespace: None, labels, annotations: BTreeMap::new() };
    let metadata = metadata.annotated([keep]).annotated(plain(&namespace.annotations));
    Object::bare("v1", "Namespace", metadata)
}
