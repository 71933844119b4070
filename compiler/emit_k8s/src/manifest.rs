//! Kubernetes objects of the user's own.

use std::collections::BTreeMap;

use model::{Data, Manifest};

use crate::labels;
use crate::object::Object;
use crate::sealed::{SealedObject, is_sealed};
use crate::secrets::SecretObject;
use yaml::{MapBuilder, Yaml};

/// What a manifest becomes.
pub(crate) enum Made {
    /// A file.
    Plain(Object),
    /// A Secret, whose values are encrypted.
    Secret(SecretObject),
    /// An object with secrets in it, which are encrypted, and the rest is not.
    Sealed(SealedObject),
}

/// The object of `manifest`.
pub(crate) fn object(manifest: &Manifest) -> Made {
    let metadata = metadata(manifest);
    let text = |key: &str| match metadata.get(key) {
        Some(Data::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let object = Object {
        api_version: manifest.api_version.value.clone(),
        kind: manifest.kind.value.clone(),
        name: text("name").unwrap_or_default(),
        namespace: text("namespace"),
        yaml: Yaml::Null,
    };
    let rest = manifest.fields.iter().filter(|(key, _)| !is_head(key));
    if let Some(Data::Map(values)) = manifest.fields.get("stringData")
        && object.kind == "Secret"
    {
        return Made::Secret(secret(object, &metadata, rest, values));
    }
    let fields: BTreeMap<String, Data> = rest.map(|(key, value)| (key.clone(), value.clone())).collect();
    let whole = |fields: &BTreeMap<String, Data>| {
        let head = MapBuilder::new()
            .set("apiVersion", &object.api_version)
            .set("kind", &object.kind)
            .set("metadata", metadata_yaml(&metadata));
        let yaml = fields.iter().fold(head, |yaml, (key, value)| yaml.set(key, value));
        Object { yaml: yaml.into(), ..object.clone() }
    };
    if is_sealed(&fields) {
        Made::Sealed(SealedObject::new(&fields, whole))
    } else {
        Made::Plain(whole(&fields))
    }
}

/// A Secret: all of `values` is encrypted, also what is no secret.
fn secret<'a>(
    object: Object,
    metadata: &BTreeMap<String, Data>,
    rest: impl Iterator<Item = (&'a String, &'a Data)>,
    values: &BTreeMap<String, Data>,
) -> SecretObject {
    let head = MapBuilder::new()
        .set("apiVersion", &object.api_version)
        .set("kind", &object.kind)
        .set("metadata", metadata_yaml(metadata));
    let plain = rest.filter(|(key, _)| *key != "stringData");
    let head = plain.fold(head, |head, (key, value)| head.set(key, value));
    SecretObject { name: object.name, namespace: object.namespace, head: head.into(), values: values.clone() }
}

fn is_head(key: &str) -> bool {
    matches!(key, "apiVersion" | "kind" | "metadata")
}

/// The name, the namespace and our labels, under what the user says.
fn metadata(manifest: &Manifest) -> BTreeMap<String, Data> {
    let placement = &manifest.placement;
    let mut metadata = BTreeMap::from([("name".to_owned(), Data::Text(placement.name.clone()))]);
    if !manifest.is_cluster_wide() {
        metadata.insert("namespace".to_owned(), Data::Text(placement.namespace.clone()));
    }
    let text = |(key, value)| (key, Data::Text(value));
    let mut labels: BTreeMap<String, Data> =
        labels::common(&placement.component).into_iter().map(text).collect();
    if let Some(Data::Map(given)) = manifest.fields.get("metadata") {
        metadata.extend(given.clone());
        if let Some(Data::Map(given)) = given.get("labels") {
            labels.extend(given.clone());
        }
    }
    metadata.insert("labels".to_owned(), Data::Map(labels));
    metadata
}

/// In the order in which people read them.
fn metadata_yaml(metadata: &BTreeMap<String, Data>) -> Yaml {
    const FIRST: [&str; 4] = ["name", "namespace", "labels", "annotations"];
    let mut yaml = MapBuilder::new();
    for key in FIRST {
        yaml = yaml.set_some(key, metadata.get(key));
    }
    for (key, value) in metadata.iter().filter(|(key, _)| !FIRST.contains(&key.as_str())) {
        yaml = yaml.set(key, value);
    }
    yaml.into()
}
