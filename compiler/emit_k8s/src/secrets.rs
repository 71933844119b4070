//! Secrets of apps and jobs: one Secret object each, a key per variable and per file.

use std::collections::BTreeMap;

use model::names::secrets_name;
use model::{Container, Data, EnvValue, SecretRef, SecretText};

use crate::cluster_object::{ClusterObject, Hole};
use crate::keys::Taken;
use crate::mounts::{MountedFile, secret_files};
use crate::names::data_key;
use crate::object::Metadata;
use crate::workload::Workload;
use source::Place;
use yaml::{MapBuilder, Yaml};

/// A Secret object that the local chart makes.
#[derive(Clone, Debug)]
pub(crate) struct SecretObject {
    /// Its name.
    pub(crate) name: String,
    /// Its namespace, if it is in one.
    pub(crate) namespace: Option<String>,
    /// All but its values.
    pub(crate) head: Yaml,
    /// The values by key.
    pub(crate) values: BTreeMap<String, Data>,
}

impl SecretObject {
    /// An object that is its values.
    fn new(metadata: Metadata, values: BTreeMap<String, Data>) -> Self {
        let head =
            MapBuilder::new().set("apiVersion", "v1").set("kind", "Secret").set("metadata", metadata.yaml());
        let head = head.set("type", "Opaque").into();
        Self { name: metadata.name, namespace: metadata.namespace, head, values }
    }

    /// As the cluster is to have it, where the chart calls it `key` among its values and `path` has it.
    pub(crate) fn applied(&self, path: String, key: &str, place: &Place) -> ClusterObject {
        let mut data = MapBuilder::new();
        let mut holes = Vec::new();
        for (name, content) in &self.values {
            if matches!(content, Data::Text(text) if text.is_empty()) {
                data = data.set(name, "");
                continue;
            }
            data = data.set(name, Yaml::Null);
            holes.push(Hole {
                at: vec!["data".to_owned(), name.clone()],
                value: vec!["secrets".to_owned(), key.to_owned(), name.clone()],
                is_to_encode: !matches!(content, Data::Secret(text) if text.is_bytes()),
            });
        }
        let mut yaml = self.head.clone();
        if let Yaml::Map(entries) = &mut yaml {
            entries.push(("data".to_owned(), data.into()));
        }
        ClusterObject { path, header: String::new(), yaml, holes, place: place.clone() }
    }
}

/// The key of each variable that is a secret.
pub(crate) fn variables(container: &Container) -> BTreeMap<&str, String> {
    allocate(container).0
}

/// The files that hold secrets.
pub(crate) fn files(container: &Container) -> Vec<MountedFile<'_, SecretText>> {
    allocate(container).1
}

/// Keys for variables first, so that they are the variables' names, then for files.
fn allocate(container: &Container) -> (BTreeMap<&str, String>, Vec<MountedFile<'_, SecretText>>) {
    let mut taken = Taken::default();
    let secret = container.env.iter().filter(|(_, value)| value.value.is_secret());
    let variables = secret.map(|(name, _)| (name.as_str(), taken.free([data_key(name)]))).collect();
    let files = secret_files(&container.files, &mut taken);
    (variables, files)
}

/// The Secrets of a workload: that of its own container, and those of the ones beside it.
pub(crate) fn objects(workload: &Workload<'_>) -> Vec<SecretObject> {
    object(workload).into_iter().chain(workload.beside().filter_map(|side| object(&side))).collect()
}

/// The Secret of the workload's own container, if it has secrets.
fn object(workload: &Workload<'_>) -> Option<SecretObject> {
    let container = workload.container;
    let (variables, files) = allocate(container);
    let mut values = BTreeMap::new();
    for (variable, key) in variables {
        let text = match container.env.get(variable).map(|value| &value.value) {
            Some(EnvValue::Secret(secret)) => SecretText::of(secret.clone()),
            Some(EnvValue::Text(text)) => text.clone(),
            Some(EnvValue::Plain(_) | EnvValue::Key { .. }) | None => continue,
        };
        values.insert(key, Data::Secret(text));
    }
    values.extend(files.into_iter().map(|file| (file.key, Data::Secret(file.content.clone()))));
    let metadata = workload.metadata().named(secrets_name(workload.name()));
    (!values.is_empty()).then(|| SecretObject::new(metadata, values))
}

/// The secrets that a workload uses, each with what changes when its value does.
pub(crate) fn marks<'a>(workload: &Workload<'a>) -> BTreeMap<String, &'a str> {
    let values = object(workload).map(|object| object.values).unwrap_or_default();
    let texts = values.values().filter_map(|value| match value {
        Data::Secret(text) => Some(text),
        _ => None,
    });
    let mark = |secret: &SecretRef| Some((secret.to_string(), workload.marks.get(secret)?.as_str()));
    texts.flat_map(SecretText::secrets).filter_map(mark).collect()
}

/// Whether a secret is anywhere in `data`.
pub(crate) fn has_secret(data: &Data) -> bool {
    match data {
        Data::Secret(_) => true,
        Data::List(items) => items.iter().any(has_secret),
        Data::Map(entries) => entries.values().any(has_secret),
        _ => false,
    }
}

/// Takes the secrets out of Helm values: what is left, and the secrets at the same paths.
///
/// Helm merges maps but replaces lists, so a list with a secret in it is a secret as a whole.
pub(crate) fn split(values: &Data) -> (Option<Data>, Option<Data>) {
    if !has_secret(values) {
        return (Some(values.clone()), None);
    }
    let Data::Map(entries) = values else { return (None, Some(values.clone())) };
    let (mut plain, mut secret) = (BTreeMap::new(), BTreeMap::new());
    for (key, value) in entries {
        let (left, taken) = split(value);
        plain.extend(left.map(|left| (key.clone(), left)));
        secret.extend(taken.map(|taken| (key.clone(), taken)));
    }
    ((!plain.is_empty()).then_some(Data::Map(plain)), Some(Data::Map(secret)))
}
