//! The Kubernetes objects among what is built.

use driver::Outputs;
use serde_json::Value;

/// The objects that are files, as they are read.
///
/// # Panics
///
/// Where one is not YAML.
pub fn of(outputs: &Outputs) -> Vec<Value> {
    let texts = outputs.k8s.iter().filter(|(path, _)| is_object(path));
    texts.map(|(path, text)| read(text).unwrap_or_else(|error| panic!("{path}: {error}\n{text}"))).collect()
}

/// Whether the file at this path under `k8s/` holds an object.
pub fn is_object(path: &str) -> bool {
    path.contains("/manifests/")
}

/// A document of YAML.
pub fn read(text: &str) -> Result<Value, serde_yaml::Error> {
    serde_yaml::from_str(text)
}

/// The folders of components in the order in which helmfile deploys them.
pub fn order(outputs: &Outputs) -> Vec<String> {
    let Some(helmfile) = outputs.k8s.get("helmfile.yaml") else { return Vec::new() };
    let helmfile = read(helmfile).expect("the helmfile is YAML");
    let listed = helmfile["helmfiles"].as_array().into_iter().flatten();
    let folder = |entry: &Value| Some(entry["path"].as_str()?.strip_suffix("/helmfile.yaml")?.to_owned());
    listed.filter_map(folder).collect()
}
