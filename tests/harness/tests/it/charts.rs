use std::path::Path;

use harness::charts::{Charts, repositories};
use harness::sops_placeholder::AgeKey;
use serde_json::json;

use crate::write;

const HELMFILE: &str = "
repositories:
  - name: traefik
    url: https://traefik.github.io/charts
releases:
  - name: traefik
    namespace: traefik
    chart: traefik/traefik
    version: 41.3.0
    values: [values.yaml]
";

#[test]
fn names_of_repositories() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("helmfile.yaml");
    write(&file, &format!("{HELMFILE}---\nrepositories:\n  - {{name: local, url: http://local}}\n"));
    assert_eq!(repositories(&file), ["traefik", "local"]);
}

#[test]
fn a_chart_of_the_reference_lab_is_rendered() {
    let Some(charts) = Charts::serve() else { return };
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("helmfile.yaml"), HELMFILE);
    write(&folder.path().join("values.yaml"), "deployment: {replicas: 3}\n");

    let rendered = charts.helmfile(folder.path()).template().succeeded().stdout;
    assert!(rendered.contains("kind: Deployment") && rendered.contains("replicas: 3"), "{rendered}");
}

#[test]
fn values_that_a_chart_refuses() {
    let Some(charts) = Charts::serve() else { return };
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("helmfile.yaml"), HELMFILE);
    write(&folder.path().join("values.yaml"), "deployment: {replicas: three}\n");

    let refused = charts.helmfile(folder.path()).template().failed();
    assert!(refused.stderr.contains("replicas"), "{refused}");
}

#[test]
fn secrets_are_decrypted_by_helm_secrets() {
    if harness::tools::unavailable("helm-secrets").is_some() {
        return harness::tools::leave_out("values that helm-secrets decrypts");
    }
    let folder = tempfile::tempdir().unwrap();
    let charts = local_chart(&folder.path().join("charts/note"));
    write(&folder.path().join("helmfile.yaml"), LOCAL_HELMFILE);
    let key = AgeKey::generate();
    key.encrypt(&json!({"note": "correct horse"}), &folder.path().join("secrets.yaml"));

    let helmfile = charts.helmfile(folder.path()).age_key(&key.file());
    let rendered = helmfile.template().succeeded().stdout;
    assert!(rendered.contains("note: correct horse"), "{rendered}");

    let other = AgeKey::generate();
    charts.helmfile(folder.path()).age_key(&other.file()).template().failed();
}

const LOCAL_HELMFILE: &str = "
repositories:
  - name: local
    url: https://charts.example.net
releases:
  - name: note
    namespace: default
    chart: local/note
    version: 1.0.0
    secrets: [secrets.yaml]
";

fn local_chart(source: &Path) -> Charts {
    write(&source.join("Chart.yaml"), "apiVersion: v2\nname: note\nversion: 1.0.0\n");
    let template =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note}\ndata:\n  note: {{ .Values.note }}\n";
    write(&source.join("templates/note.yaml"), template);
    let charts = Charts::serve_none();
    charts.pack(source);
    charts
}
