//! A Kubernetes object on its way to a file.

use std::collections::BTreeMap;

use yaml::{MapBuilder, Yaml};

/// An object, printed as a file of its own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Object {
    /// `apps/v1`.
    pub(crate) api_version: String,
    /// `Deployment`.
    pub(crate) kind: String,
    /// Its name.
    pub(crate) name: String,
    /// Its namespace, if it is in one.
    pub(crate) namespace: Option<String>,
    /// All of it.
    pub(crate) yaml: Yaml,
}

/// What `metadata` says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metadata {
    /// The object's name.
    pub(crate) name: String,
    /// The namespace, if it is in one.
    pub(crate) namespace: Option<String>,
    /// Labels.
    pub(crate) labels: BTreeMap<String, String>,
    /// Annotations.
    pub(crate) annotations: BTreeMap<String, String>,
}

impl Metadata {
    /// The same with another name.
    pub(crate) fn named(&self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self.clone() }
    }

    /// The same with these annotations, too.
    pub(crate) fn annotated(mut self, annotations: impl IntoIterator<Item = (String, String)>) -> Self {
        self.annotations.extend(annotations);
        self
    }

    pub(crate) fn yaml(&self) -> Yaml {
        MapBuilder::new()
            .set("name", &self.name)
            .set_some("namespace", self.namespace.as_ref())
            .set_filled("labels", Yaml::text_map(&self.labels))
            .set_filled("annotations", Yaml::text_map(&self.annotations))
            .into()
    }
}

impl Object {
    /// An object of which `rest` is what follows the metadata.
    pub(crate) fn new(
        api_version: &str,
        kind: &str,
        metadata: Metadata,
        rest: (&str, impl Into<Yaml>),
    ) -> Self {
        Self::of(api_version, kind, metadata, |head| head.set(rest.0, rest.1))
    }

    /// An object that is metadata alone.
    pub(crate) fn bare(api_version: &str, kind: &str, metadata: Metadata) -> Self {
        Self::of(api_version, kind, metadata, |head| head)
    }

    /// An object of which `rest` puts behind the metadata what it is.
    pub(crate) fn of(
        api_version: &str,
        kind: &str,
        metadata: Metadata,
        rest: impl FnOnce(MapBuilder) -> MapBuilder,
    ) -> Self {
        let head = MapBuilder::new()
            .set("apiVersion", api_version)
            .set("kind", kind)
            .set("metadata", metadata.yaml());
        let yaml = rest(head);
        Self {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            name: metadata.name,
            namespace: metadata.namespace,
            yaml: yaml.into(),
        }
    }
}
