//! What a lab brings along itself is deployed as it is, in its turn, by the real helmfile: a chart, a folder with a
//! kustomization, one with plain manifests, a helmfile.

use std::fs;
use std::path::Path;

use harness::charts::Charts;
use harness::control_plane::ControlPlane;
use tempfile::TempDir;

const LAB: &str = r#"
lab home { edition = "0.2", domain = "home.example.net" }
stage apps = 10
namespace media { stage = apps }
release charted in media { chart = "./parts/charted", values { greeting = "hello" } }
release kustomized in media { chart = "./parts/kustomized", needs = [charted] }
release plain in media { chart = "./parts/plain" }
helmfile legacy { path = "./parts/legacy/helmfile.yaml", stage = apps, needs = [plain] }
component ours = [charted, kustomized]
"#;

/// The files beside the lab.
const BESIDE: [(&str, &str); 8] = [
    ("charted/Chart.yaml", "{apiVersion: v2, name: charted, version: 1.0.0}"),
    ("charted/values.yaml", "greeting: nothing"),
    (
        "charted/templates/map.yaml",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: charted}, data: {said: {{ .Values.greeting }}}}",
    ),
    ("kustomized/kustomization.yaml", "namePrefix: my-\nresources: [map.yaml]"),
    (
        "kustomized/map.yaml",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: kustomized}, data: {said: hello}}",
    ),
    ("plain/map.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: plain}, data: {said: hello}}"),
    ("legacy/helmfile.yaml", "releases: [{name: legacy, namespace: media, chart: ./chart}]"),
    (
        "legacy/chart/map.yaml",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: legacy}, data: {said: hello}}",
    ),
];

#[test]
fn helmfile_deploys_what_a_lab_brings_along() {
    let folder = TempDir::new().expect("a folder");
    let write = |path: &Path, text: &str| {
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("folders can be made");
        fs::write(path, text).expect("the file can be written");
    };
    for (path, text) in labs::built(LAB).expect("the lab is built").k8s {
        write(&folder.path().join("k8s").join(path), &text);
    }
    for (path, text) in BESIDE {
        write(&folder.path().join("parts").join(path), text);
    }
    let (charts, server) = (Charts::serve_none(), ControlPlane::start_api_server());
    charts.helmfile(&folder.path().join("k8s")).kubeconfig(&server.kubeconfig()).apply().succeeded();
    for name in ["charted", "my-kustomized", "plain", "legacy"] {
        let map = server.get(&["configmap", name, "--namespace", "media"]);
        assert_eq!(map["data"]["said"], "hello", "{name}");
    }
}
