//! The table of the fields of Kubernetes' objects is what the schemas of Kubernetes say.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

/// Where the schemas of the objects are, one a kind, each with all that it refers to.
const SCHEMAS: [&str; 8] = [
    "pod-v1",
    "deployment-apps-v1",
    "statefulset-apps-v1",
    "daemonset-apps-v1",
    "cronjob-batch-v1",
    "service-v1",
    "ingress-networking-v1",
    "persistentvolumeclaim-v1",
];

/// The objects whose fields apps and jobs take; the others are what these hold.
const ROOTS: [&str; 9] = [
    "io.k8s.api.core.v1.PodSpec",
    "io.k8s.api.apps.v1.DeploymentSpec",
    "io.k8s.api.apps.v1.StatefulSetSpec",
    "io.k8s.api.apps.v1.DaemonSetSpec",
    "io.k8s.api.batch.v1.JobSpec",
    "io.k8s.api.batch.v1.CronJobSpec",
    "io.k8s.api.core.v1.ServiceSpec",
    "io.k8s.api.networking.v1.IngressSpec",
    "io.k8s.api.core.v1.PersistentVolumeClaimSpec",
];

/// Fields that hold what has blocks of its own, or what no template has.
const LEFT_OUT: [&str; 4] = ["template", "jobTemplate", "volumeClaimTemplates", "ephemeralContainers"];

/// Lists that hlc adds to, where Kubernetes replaces them.
const ADDED_TO: [&str; 2] = ["envFrom", "tolerations"];

#[test]
fn the_table_is_what_the_schemas_say() {
    let mut defined = BTreeMap::new();
    for schema in SCHEMAS {
        let path = harness::tools::installed(&format!("share/schemas/kubernetes/{schema}.json"));
        let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let Value::Object(definitions) = schema["$defs"].take() else { panic!("a schema defines something") };
        defined.extend(definitions);
    }
    let mut wanted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut waiting: Vec<String> = ROOTS.map(str::to_owned).into();
    while let Some(name) = waiting.pop() {
        if !wanted.contains_key(short(&name)) {
            let fields = fields(&defined[&name], &mut waiting);
            wanted.insert(short(&name).to_owned(), fields);
        }
    }
    let wanted: Vec<String> =
        wanted.into_iter().flat_map(|(name, fields)| [vec![format!("{name}:")], fields].concat()).collect();
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../compiler/model/src/kubernetes/fields.txt");
    let table = std::fs::read_to_string(table).unwrap();
    let found: Vec<&str> = table.split_whitespace().collect();
    let differs = wanted.iter().zip(&found).position(|(wanted, found)| wanted != found);
    let at = differs.unwrap_or(wanted.len().min(found.len()));
    assert!(
        wanted == found,
        "after {:?}: {:?} and not {:?}",
        &found[at.saturating_sub(3)..at],
        wanted.get(at),
        found.get(at)
    );
}

/// The fields of an object, as the table has them; what they refer to is looked at, too.
fn fields(object: &Value, waiting: &mut Vec<String>) -> Vec<String> {
    let Some(properties) = object["properties"].as_object() else { return Vec::new() };
    let sorted: BTreeMap<&String, &Value> = properties.iter().collect();
    let kept = sorted.into_iter().filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()));
    kept.map(|(name, field)| format!("{name}={}", of_field(name, field, waiting))).collect()
}

fn of_field(name: &str, field: &Value, waiting: &mut Vec<String>) -> String {
    let of = ty(field, waiting);
    let keys = match (&field["x-kubernetes-list-map-keys"], &field["x-kubernetes-patch-merge-key"]) {
        _ if ADDED_TO.contains(&name) => vec!["*"],
        (Value::Array(keys), _) => keys.iter().filter_map(Value::as_str).collect(),
        (_, Value::String(key)) => vec![key.as_str()],
        _ => Vec::new(),
    };
    match of.strip_suffix(']') {
        Some(list) if !keys.is_empty() && list.starts_with(|char: char| !char.is_alphanumeric()) => {
            format!("{list}/{}]", keys.join("/"))
        }
        _ => of,
    }
}

fn ty(schema: &Value, waiting: &mut Vec<String>) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return match short(name) {
            "Quantity" => "quantity".to_owned(),
            "IntOrString" => "int-or-text".to_owned(),
            "Time" => "text".to_owned(),
            // A claim inside of a volume has no block of its own.
            "FieldsV1" | "PersistentVolumeClaimTemplate" => "any".to_owned(),
            object => {
                waiting.push(name.to_owned());
                object.to_owned()
            }
        };
    }
    let types = schema["type"].as_array().into_iter().flatten().chain(std::iter::once(&schema["type"]));
    let plain = types.filter_map(Value::as_str).find(|name| *name != "null").unwrap_or_default();
    match plain {
        "array" => format!("[{}]", ty(&schema["items"], waiting)),
        "object" if schema["additionalProperties"].is_object() => {
            format!("{{{}}}", ty(&schema["additionalProperties"], waiting))
        }
        "string" => "text".to_owned(),
        "integer" => "int".to_owned(),
        "boolean" => "bool".to_owned(),
        _ => "any".to_owned(),
    }
}

fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
