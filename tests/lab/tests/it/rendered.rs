//! What helmfile renders of every component with the real charts.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use harness::charts::Charts;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::lab::{Written, components, outputs};

/// Kinds that are in no namespace.
const CLUSTER_WIDE: [&str; 9] = [
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "PriorityClass",
    "StorageClass",
    "ValidatingWebhookConfiguration",
];

/// All objects of the lab, in the order in which components are deployed. Objects that only a test of a chart or an
/// uninstall would create are not among them.
pub(crate) struct Rendered {
    pub(crate) objects: Vec<Object>,
    /// The same from the one helmfile of all.
    pub(crate) whole: Vec<Object>,
}

/// An object, with its namespace filled in.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    /// The directory of the component.
    pub(crate) component: String,
    pub(crate) value: Value,
}

impl Object {
    pub(crate) fn kind(&self) -> &str {
        self.value["kind"].as_str().unwrap_or_default()
    }

    pub(crate) fn name(&self) -> &str {
        self.value["metadata"]["name"].as_str().unwrap_or_default()
    }

    pub(crate) fn namespace(&self) -> &str {
        self.value["metadata"]["namespace"].as_str().unwrap_or_default()
    }

    pub(crate) fn id(&self) -> String {
        format!("{} {}/{}", self.kind(), self.namespace(), self.name())
    }

    /// The template of its pods, if it has any.
    pub(crate) fn pod(&self) -> Option<&Value> {
        match self.kind() {
            "CronJob" => self.value.pointer("/spec/jobTemplate/spec/template"),
            "Pod" => Some(&self.value),
            "Deployment" | "DaemonSet" | "StatefulSet" | "Job" => self.value.pointer("/spec/template"),
            _ => None,
        }
    }
}

impl Rendered {
    /// The object of this kind and name.
    #[track_caller]
    pub(crate) fn get(&self, kind: &str, namespace: &str, name: &str) -> &Value {
        let id = format!("{kind} {namespace}/{name}");
        let found = self.objects.iter().find(|object| object.id() == id);
        let all = || self.objects.iter().map(Object::id).collect::<Vec<_>>().join("\n");
        &found.unwrap_or_else(|| panic!("{id} is not among\n{}", all())).value
    }

    pub(crate) fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&Value> {
        let id = format!("{kind} {namespace}/{name}");
        Some(&self.objects.iter().find(|object| object.id() == id)?.value)
    }

    pub(crate) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Object> {
        self.objects.iter().filter(move |object| object.kind() == kind)
    }
}

/// The reference lab, rendered; nothing where the charts are not here.
#[track_caller]
pub(crate) fn rendered() -> Option<&'static Rendered> {
    static RENDERED: OnceLock<Option<Rendered>> = OnceLock::new();
    RENDERED.get_or_init(render).as_ref()
}

fn render() -> Option<Rendered> {
    let charts = Charts::serve()?;
    let written = Written::new(outputs());
    let mut objects = Vec::new();
    for component in components(&outputs().k8s) {
        let folder = written.k8s().join(component);
        let helmfile = charts.helmfile(&folder).age_key(&written.key.file());
        objects.extend(read(&helmfile.template().succeeded().stdout, component, &namespace(&folder)));
    }
    let whole = charts.helmfile(&written.k8s()).age_key(&written.key.file()).template().succeeded();
    Some(Rendered { objects, whole: read(&whole.stdout, "", "") })
}

/// The namespace that the release of a helmfile is in.
fn namespace(folder: &Path) -> String {
    let text = std::fs::read_to_string(folder.join("helmfile.yaml")).unwrap();
    let helmfile: Value = serde_yaml::from_str(&text).unwrap();
    let releases = helmfile["releases"].as_array().unwrap();
    assert_eq!(releases.len(), 1, "this test knows components of one release: {}", folder.display());
    releases[0]["namespace"].as_str().unwrap().to_owned()
}

fn read(stream: &str, component: &str, namespace: &str) -> Vec<Object> {
    let mut objects = Vec::new();
    for document in serde_yaml::Deserializer::from_str(stream) {
        let mut value = Value::deserialize(document).expect("helmfile prints YAML");
        let hook = value["metadata"]["annotations"]["helm.sh/hook"].as_str().unwrap_or_default();
        if value.is_null() || hook.contains("test") || hook.contains("delete") {
            continue;
        }
        let is_cluster_wide = CLUSTER_WIDE.contains(&value["kind"].as_str().unwrap());
        if !is_cluster_wide && value["metadata"]["namespace"].is_null() && !namespace.is_empty() {
            value["metadata"]["namespace"] = json!(namespace);
        }
        objects.push(Object { component: component.to_owned(), value });
    }
    objects
}

#[test]
fn the_one_helmfile_renders_what_those_of_components_do() {
    let Some(rendered) = rendered() else { return };
    let counted = |objects: &[Object]| {
        let mut counted: BTreeMap<String, usize> = BTreeMap::new();
        for object in objects {
            *counted.entry(format!("{} {}", object.kind(), object.name())).or_default() += 1;
        }
        counted
    };
    assert_eq!(counted(&rendered.objects), counted(&rendered.whole));
    assert!(rendered.objects.len() > 100, "{}", rendered.objects.len());
}
