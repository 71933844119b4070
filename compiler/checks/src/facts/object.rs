//! The facts of objects as they are, and of device plugins.

use model::providers::{Offered, made_class};
use model::{Data, DevicePlugin, Manifest, Placement};
use source::Place;

use super::ClassSort;
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
    /// The class that it is, of storage or of ingresses.
    pub(crate) class: Option<Offered>,
    /// The storage class that it is of, if it is a volume.
    pub(crate) volume_class: Option<String>,
    /// Of a Secret or a `ConfigMap`, what its values are called.
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
        Self {
            group: manifest.group().to_owned(),
            kind: manifest.kind.value.clone(),
            place: near(&manifest.api_version.place, &owner),
            name: manifest.object_name().to_owned(),
            namespace: manifest.namespace().map(str::to_owned),
            scales: scaled(manifest),
            class: [ClassSort::Storage, ClassSort::Ingress]
                .into_iter()
                .find_map(|sort| made_class(manifest, sort.kind())),
            volume_class: (manifest.kind.value == "PersistentVolume")
                .then(|| manifest.text(&["spec", "storageClassName"]).map(str::to_owned))
                .flatten(),
            values: values(manifest),
            placement,
        }
    }
}

/// What the values of a Secret or a `ConfigMap` are called.
fn values(manifest: &Manifest) -> Vec<String> {
    let fields: &[&str] = match (manifest.group(), manifest.kind.value.as_str()) {
        ("", "Secret") => &["data", "stringData"],
        ("", "ConfigMap") => &["data", "binaryData"],
        _ => &[],
    };
    let maps = fields.iter().filter_map(|field| match manifest.fields.get(*field) {
        Some(Data::Map(values)) => Some(values.keys().cloned()),
        _ => None,
    });
    maps.flatten().collect()
}

/// The deployment that a `HorizontalPodAutoscaler` scales.
fn scaled(manifest: &Manifest) -> Option<String> {
    let target = |key| manifest.text(&["spec", "scaleTargetRef", key]);
    let is_scaler = manifest.kind.value == "HorizontalPodAutoscaler";
    let scales = is_scaler && target("kind") == Some("Deployment");
    if scales { target("name").map(str::to_owned) } else { None }
}

impl PluginFact {
    pub(super) fn of(plugin: &DevicePlugin) -> Self {
        let devices = plugin.devices.iter().map(|(device, _)| (device.host.clone(), device.device.clone()));
        Self { prefix: plugin.prefix.clone(), devices: devices.collect() }
    }
}
