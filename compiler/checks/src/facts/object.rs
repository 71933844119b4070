//! The facts of objects as they are, and of device plugins.

use std::collections::BTreeMap;

use model::{Data, DevicePlugin, Manifest, Placement};
use source::Place;

use super::place::{brought_near, near};

/// A Kubernetes object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ManifestFact {
    pub(crate) placement: Placement,
    /// The API's group: `traefik.io`; empty for the core's.
    pub(crate) group: String,
    pub(crate) kind: String,
    /// Where the group is said.
    pub(crate) place: Place,
    /// The object's name.
    pub(crate) name: String,
    /// Its namespace, if it is in one.
    pub(crate) namespace: Option<String>,
    /// The deployment that it scales.
    pub(crate) scales: Option<String>,
    /// Of a Secret, what its values are called.
    pub(crate) values: Vec<String>,
}

/// Something that hands devices to pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PluginFact {
    /// The resources' prefix.
    pub(crate) prefix: String,
    /// Host and name of each device.
    pub(crate) devices: Vec<(String, String)>,
}

impl ManifestFact {
    pub(super) fn of(manifest: &Manifest) -> Self {
        let mut placement = manifest.placement.clone();
        let owner = placement.place.clone();
        placement.needs = placement.needs.iter().map(|need| brought_near(need, &owner)).collect();
        let metadata = |key| text(&manifest.fields, &["metadata", key]);
        let in_namespace = (!manifest.cluster_wide).then(|| placement.namespace.clone());
        Self {
            group: manifest.api_version.split_once('/').map_or("", |(group, _)| group).to_owned(),
            kind: manifest.kind.value.clone(),
            place: near(&manifest.api_version.place, &owner),
            name: metadata("name").unwrap_or_else(|| placement.name.clone()),
            namespace: metadata("namespace").or(in_namespace),
            scales: scaled(manifest),
            values: match manifest.fields.get("stringData") {
                Some(Data::Map(values)) => values.keys().cloned().collect(),
                _ => Vec::new(),
            },
            placement,
        }
    }
}

/// The deployment that a `HorizontalPodAutoscaler` scales.
fn scaled(manifest: &Manifest) -> Option<String> {
    let target = |key| text(&manifest.fields, &["spec", "scaleTargetRef", key]);
    let is_scaler = manifest.kind.value == "HorizontalPodAutoscaler";
    let scales = is_scaler && target("kind").as_deref() == Some("Deployment");
    if scales { target("name") } else { None }
}

/// The text at a path.
fn text(fields: &BTreeMap<String, Data>, path: &[&str]) -> Option<String> {
    let (first, rest) = path.split_first()?;
    match fields.get(*first)? {
        Data::Text(text) if rest.is_empty() => Some(text.clone()),
        Data::Map(inner) => text(inner, rest),
        _ => None,
    }
}

impl PluginFact {
    pub(super) fn of(plugin: &DevicePlugin) -> Self {
        let devices = plugin.devices.iter().map(|(device, _)| (device.host.clone(), device.device.clone()));
        Self { prefix: plugin.prefix.clone(), devices: devices.collect() }
    }
}
