//! Volumes for those who claim some.

use serde_json::{Value, json};

use super::{ControlPlane, MADE};

impl ControlPlane {
    /// Offers a storage class like that of k3s, which is the default and binds on first use, and a dozen volumes of it;
    /// nothing where there is one of that name, as k3s has it.
    #[track_caller]
    pub fn offer_volumes(&self, class: &str) {
        if self.get(&["storageclass", class]).is_object() {
            return;
        }
        let mut items = vec![json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "provisioner": "rancher.io/local-path",
            "metadata": {
                "name": class, "labels": { MADE: "yes" },
                "annotations": { "storageclass.kubernetes.io/is-default-class": "true" },
            },
            "volumeBindingMode": "WaitForFirstConsumer",
        })];
        items.extend((0..12).map(|n| {
            json!({
                "apiVersion": "v1", "kind": "PersistentVolume",
                "metadata": { "name": format!("volume-{n}"), "labels": { MADE: "yes" } },
                "spec": {
                    "accessModes": ["ReadWriteOnce"], "capacity": { "storage": "1Ti" },
                    "hostPath": { "path": "/nowhere" }, "storageClassName": class,
                },
            })
        }));
        self.create_all("offered.json", &items);
    }

    fn create_all(&self, file: &str, items: &[Value]) {
        let list = self.scratch.path().join(file);
        let text = json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string();
        std::fs::write(&list, text).expect("the volumes can be written");
        self.apply_server_side(&list).succeeded();
    }

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
        self.create_all("volumes.json", &volumes);
    }
}

fn volume(claim: &Value) -> Value {
    let (metadata, spec) = (&claim["metadata"], &claim["spec"]);
    let text = |field: &str| metadata[field].as_str().unwrap_or_default();
    json!({
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": format!("{}-{}", text("namespace"), text("name")), "labels": {MADE: "yes"}},
        "spec": {
            "accessModes": spec["accessModes"],
            "capacity": spec["resources"]["requests"],
            "storageClassName": spec["storageClassName"].as_str().unwrap_or_default(),
            "hostPath": {"path": "/nowhere"},
            "claimRef": {"namespace": text("namespace"), "name": text("name")},
        },
    })
}
