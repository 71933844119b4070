//! From the model to what `k8s/` holds: helmfiles, local charts, Kubernetes objects.
//!
//! A component becomes a directory in which plain `helmfile apply` works. Somebody's charts are releases with a
//! values file; apps, jobs and manifests are plain objects, one a file, wrapped by a chart of a few lines. Secrets
//! are described as a tree ([`Emitted::secrets`]) and written by whoever can encrypt; no value is ever here.
//!
//! Everything is pure, ordered and total. This crate knows no files, no encryption and no cluster.

mod app;
mod chart;
mod cluster_object;
mod component;
mod devices;
mod hash;
mod health;
mod helmfile;
mod job;
mod keys;
mod labels;
mod manifest;
mod mounts;
mod names;
mod namespaces;
mod needs;
mod object;
mod order;
mod placing;
mod pod;
mod raw;
mod release;
mod rights;
mod scale;
mod sealed;
mod secrets;
mod settings;
mod variables;
mod workload;

use std::collections::BTreeMap;

use emit::Files;
use model::Data;

pub use cluster_object::{ClusterObject, Hole};
pub use component::{ComponentInput, emit_component};
pub use helmfile::{HelmChart, HelmRelease, TIMEOUT, emit_helmfile};
pub use names::{folder, object_files};
pub use namespaces::{emit_namespaces, namespaces_component};
pub use order::{ComponentOrder, stage_order};

/// What an emitter made; paths are relative to `k8s/`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Emitted {
    /// Files that are no objects, as they are written.
    pub texts: Files,
    /// What the cluster is to have, but for what charts make.
    pub objects: Vec<ClusterObject>,
    /// The releases that Helm makes of the files, in order.
    pub releases: Vec<HelmRelease>,
    /// Files to be written encrypted: trees with [`Data::Secret`] among their leaves.
    pub secrets: BTreeMap<String, Data>,
    /// Which of those has what [`Hole`]s of the objects are filled with, if any.
    pub values: Option<String>,
}

impl Emitted {
    /// All files that are not encrypted, as they are written.
    pub fn files(&self) -> Files {
        let mut files = self.texts.clone();
        files.extend(self.objects.iter().filter_map(ClusterObject::file));
        files
    }
}

/// The comment at the top of every file made from `source` (`homelab.hl: app n8n`).
pub(crate) fn header(source: &str) -> String {
    let source = source.replace(char::is_control, " ");
    format!("Made by hlc from {source}. Edit that file, not this one.")
}
