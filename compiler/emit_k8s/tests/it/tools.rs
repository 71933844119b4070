//! What Kubernetes' schemas, helm, helmfile, helm-secrets and a real API server make of components.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use emit_k8s::{ComponentOrder, Emitted, emit_helmfile, emit_namespaces, namespaces_component};
use harness::charts::Charts;
use harness::control_plane::{ControlPlane, Node};
use harness::sops_placeholder::AgeKey;
use harness::{kubeconform, tools, yaml_readers};
use model::Data;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::examples::{self, Example};
use crate::lab::{component, namespace, stage};

/// What stands for every secret, and how a Secret has it.
const SECRET: &str = "correct horse: yes\n";
const SECRET_ENCODED: &str = "Y29ycmVjdCBob3JzZTogeWVzCg==";

/// A `k8s/` folder with what was emitted, secrets encrypted.
fn write(all: &[Emitted], key: &AgeKey) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for emitted in all {
        for (path, text) in &emitted.files() {
            std::fs::write(parent_made(folder.path(), path), text).unwrap();
        }
        for (path, data) in &emitted.secrets {
            key.encrypt(&with_placeholders(data), &parent_made(folder.path(), path));
        }
    }
    folder
}

fn parent_made(folder: &Path, path: &str) -> PathBuf {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    path
}

fn with_placeholders(data: &Data) -> Value {
    match data {
        Data::Null => Value::Null,
        Data::Bool(value) => json!(value),
        Data::Int(value) => json!(value),
        Data::Float(value) => json!(value.0),
        Data::Text(text) | Data::Nix(text) => json!(text),
        Data::Secret(secret) if secret.is_bytes() => json!(SECRET_ENCODED),
        Data::Secret(_) => json!(SECRET),
        Data::List(items) => items.iter().map(with_placeholders).collect(),
        Data::Map(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), with_placeholders(value))).collect()
        }
    }
}

fn is_manifest(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with("manifests"))
}

/// The documents of a file by kind and name; both readers of YAML must agree.
fn objects(path: &Path) -> BTreeMap<String, Value> {
    let documents = yaml_readers::read(path).agreed().unwrap_or_else(|why| panic!("{why}"));
    let id = |object: &Value| format!("{} {}", object["kind"], object["metadata"]["name"]);
    documents.into_iter().filter(|object| !object.is_null()).map(|object| (id(&object), object)).collect()
}

fn manifest_files(folder: &Path) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// Renders the component in `folder` with helmfile, and gives its objects.
fn render(charts: &Charts, key: &AgeKey, k8s: &TempDir, name: &str) -> BTreeMap<String, Value> {
    let folder = k8s.path().join("10_apps").join(name);
    let rendered = charts.helmfile(&folder).age_key(&key.file()).template().succeeded().stdout;
    let file = k8s.path().join("rendered.yaml");
    std::fs::write(&file, rendered).unwrap();
    objects(&file)
}

#[test]
fn manifests_are_valid() {
    let key = AgeKey::generate();
    let has_crds = tools::test_data("a custom resource against the schema of its kind").is_some();
    for example in examples::all() {
        let k8s = write(&[example.emit()], &key);
        let is_known = |path: &Path| has_crds || !path.ends_with("middleware-strip.yaml");
        let problems = kubeconform::problems(k8s.path(), |path| is_manifest(path) && is_known(path));
        assert!(problems.is_empty(), "{}: {problems:#?}", example.name);
    }
}

#[test]
fn helmfile_renders_what_stands_in_manifests() {
    let charts = Charts::serve_none();
    let key = AgeKey::generate();
    for example in examples::all().into_iter().filter(|example| example.releases.is_empty()) {
        let k8s = write(&[example.emit()], &key);
        let rendered = render(&charts, &key, &k8s, example.name);
        let manifests = manifest_files(&k8s.path().join("10_apps").join(example.name).join("manifests"));
        for (id, object) in manifests.iter().flat_map(|file| objects(file)) {
            assert_eq!(Some(&object), rendered.get(&id), "{}: {id}", example.name);
        }
        let secrets = rendered.iter().filter(|(id, _)| id.starts_with("\"Secret\""));
        let values = secrets.flat_map(|(_, secret)| secret["data"].as_object().cloned().unwrap_or_default());
        let plain = ["username"];
        let mut secret = values.into_iter().filter(|(key, _)| !plain.contains(&key.as_str()));
        assert!(secret.all(|(_, value)| value == SECRET_ENCODED), "{}", example.name);
    }
}

#[test]
fn helm_refuses_a_missing_secret() {
    let key = AgeKey::generate();
    let k8s = write(&[examples::full().emit()], &key);
    let folder = k8s.path().join("10_apps/n8n");
    let outcome = harness::Outcome::of(Charts::serve_none().helm().arg("template").arg(&folder)).failed();
    assert!(outcome.stderr.contains("no value for secrets.n8n-secrets.DATABASE_URL"), "{outcome}");
}

#[test]
fn secrets_of_a_chart_join_its_values() {
    let Some(charts) = Charts::serve() else { return };
    let mut example = examples::charts();
    example.releases.retain(|release| release.placement.name == "influxdb");
    let key = AgeKey::generate();
    let k8s = write(&[example.emit()], &key);
    let rendered = render(&charts, &key, &k8s, example.name);
    let auth = &rendered["\"Secret\" \"influxdb-influxdb2-auth\""];
    assert_eq!(auth["data"]["admin-password"], SECRET_ENCODED, "{auth}");
    assert_eq!(rendered["\"ConfigMap\" \"influxdb\""]["data"]["a"], "no");
}

#[test]
fn an_api_server_takes_all_of_it() {
    let cluster = ControlPlane::start(&[Node::new("homelab-0"), Node::new("homelab-1")]);
    let has_crds = cluster.install_crds(&["traefik.io"]);
    let key = AgeKey::generate();
    for name in ["automation", "media", "default-apps", "influxdb", "ingress", "ai"] {
        cluster.kubectl(&["create", "namespace", name]).succeeded();
    }
    for example in examples::all() {
        let k8s = write(&[example.emit()], &key);
        for file in manifest_files(&k8s.path().join("10_apps").join(example.name).join("manifests")) {
            if has_crds || !file.ends_with("middleware-strip.yaml") {
                cluster.apply_server_side(&file).succeeded();
            }
        }
    }
    cluster.wait_for_pods("default-apps", Duration::from_mins(1));
}

#[test]
fn helmfile_deploys_everything_in_order_and_takes_over() {
    let cluster = ControlPlane::start(&[Node::new("homelab-0")]);
    let charts = Charts::serve_none();
    let key = AgeKey::generate();
    let apps = stage(10, "apps");
    let spaces = ["default-apps", "ai"].map(|name| namespace(name, &apps));
    let emitted = emit_namespaces(&apps, &[&spaces[0], &spaces[1]], "homelab.hl");
    let order = |component| ComponentOrder { component, needs: Vec::new(), file: None };
    let components =
        [order(component("whoami")), order(component("migrate")), order(namespaces_component(&apps))];
    let whole = Emitted { texts: emit_helmfile(&components, "homelab.hl"), ..Emitted::default() };
    let small: Example = with_a_secret(examples::small());
    let k8s = write(&[emitted, small.emit(), examples::once().emit(), whole], &key);

    // What somebody applied before is taken over.
    cluster.kubectl(&["create", "namespace", "default-apps"]).succeeded();
    let manifests = k8s.path().join("10_apps/whoami/manifests");
    cluster.apply_server_side(&manifests).succeeded();
    let helmfile = || charts.helmfile(k8s.path()).kubeconfig(&cluster.kubeconfig()).age_key(&key.file());
    helmfile().apply().succeeded();
    cluster.wait_for_pods("default-apps", Duration::from_mins(1));
    let secret = cluster.get(&["secret", "whoami-secrets", "--namespace", "default-apps"]);
    assert_eq!(secret["data"]["TOKEN"], SECRET_ENCODED);
    let space = cluster.get(&["namespace", "ai"]);
    assert_eq!(space["metadata"]["annotations"]["helm.sh/resource-policy"], "keep");

    // The same in the component's own folder, again.
    let whoami = k8s.path().join("10_apps/whoami");
    let again = charts.helmfile(&whoami).kubeconfig(&cluster.kubeconfig()).age_key(&key.file());
    again.sync().succeeded();
}

fn with_a_secret(mut example: Example) -> Example {
    let token = model::EnvValue::Secret(crate::lab::secret_ref("token"));
    example.apps[0].container.env.insert("TOKEN".to_owned(), crate::lab::at(token));
    example
}
