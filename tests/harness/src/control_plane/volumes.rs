//! Volumes for those who claim some.

use serde_json::{Value, json};

use super::ControlPlane;

impl ControlPlane {
    /// Gives each claim that there is a volume of its own, as whoever provides them in a real cluster does. Pods wait
    /// for theirs.
    #[track_caller]
    pub fn provide_volumes(&self) {
        let claims = self.get(&["persistentvolumeclaims", "--all-namespaces"]);
        let claims = claims["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        let waiting = claims.iter().filter(|claim| claim["spec"]["volumeName"].is_null());
        let volumes: Vec<Value> = waiting.map(volume).collect();
        if volumes.is_empty() {
            return;
        }
        let list = self.scratch.path().join("volumes.json");
        let text = json!({"apiVersion": "v1", "kind": "List", "items": volumes}).to_string();
        std::fs::write(&list, text).expect("the volumes can be written");
        self.apply_server_side(&list).succeeded();
    }
}

fn volume(claim: &Value) -> Value {
    let (metadata, spec) = (&claim["metadata"], &claim["spec"]);
    let text = |field: &str| metadata[field].as_str().unwrap_or_default();
    json!({
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": format!("{}-{}", text("namespace"), text("name"))},
        "spec": {
            "accessModes": spec["accessModes"],
            "capacity": spec["resources"]["requests"],
            "storageClassName": spec["storageClassName"].as_str().unwrap_or_default(),
            "hostPath": {"path": "/nowhere"},
            "claimRef": {"namespace": text("namespace"), "name": text("name")},
        },
    })
}
