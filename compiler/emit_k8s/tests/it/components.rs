//! What components become, file by file.

use std::fmt::Write;

use emit_k8s::{Emitted, emit_namespaces};

use crate::examples::{self, Example};
use crate::lab::{namespace, stage, texts};

/// All files in one text, and the secrets that are to be encrypted.
fn show(emitted: &Emitted) -> String {
    let mut out = String::new();
    for (path, text) in &emitted.files() {
        let _ = write!(out, "──── {path}\n{text}");
    }
    for (path, data) in &emitted.secrets {
        let _ = writeln!(out, "──── {path} (described)\n{data:#?}");
    }
    out
}

fn assert_shown(name: &str, example: &Example) {
    insta::assert_snapshot!(name, show(&example.emit()));
}

#[test]
fn small() {
    assert_shown("small", &examples::small());
}

#[test]
fn full() {
    assert_shown("full", &examples::full());
}

#[test]
fn cron() {
    assert_shown("cron", &examples::cron());
}

#[test]
fn devices() {
    assert_shown("devices", &examples::devices());
}

#[test]
fn handed_devices() {
    assert_shown("handed_devices", &examples::handed_devices());
}

#[test]
fn charts() {
    assert_shown("charts", &examples::charts());
}

#[test]
fn custom() {
    assert_shown("custom", &examples::custom());
}

#[test]
fn once() {
    assert_shown("once", &examples::once());
}

#[test]
fn namespaces() {
    let apps = stage(10, "apps");
    let mut media = namespace("media", &apps);
    media.labels = texts([("pod-security.kubernetes.io/enforce", "privileged")]);
    let mut system = namespace("kube-system", &apps);
    system.existing = true;
    let other = namespace("dns", &stage(3, "ingress-dns"));
    let emitted = emit_namespaces(&apps, &[&media, &system, &other, &namespace("ai", &apps)], "homelab.hl");
    insta::assert_snapshot!("namespaces", show(&emitted));
    assert_eq!(emit_namespaces(&apps, &[&system, &other], "homelab.hl"), Emitted::default());
}

#[test]
fn the_order_of_the_source_does_not_matter() {
    for mut example in examples::all() {
        let forwards = example.emit();
        example.apps.reverse();
        example.jobs.reverse();
        example.releases.reverse();
        example.manifests.reverse();
        assert_eq!(forwards, example.emit(), "{}", example.name);
    }
}

#[test]
fn no_secret_is_in_a_file() {
    for example in examples::all() {
        for (path, text) in example.emit().files() {
            let secrets =
                ["n8n-key", "db-password", "n8n-tls", "video-channels", "influx-admin", "influx-token"];
            assert!(!secrets.iter().any(|secret| text.contains(secret)), "{path}");
        }
    }
}

/// The local release and the charts of a component, as its helmfile has them.
fn helmfile(example: &Example) -> String {
    let files = example.emit().files();
    files[&format!("10_apps/{}/helmfile.yaml", example.name)].split("releases:\n").nth(1).unwrap().to_owned()
}

#[test]
fn what_talks_to_a_chart_comes_after_it() {
    let mut example = examples::charts();
    example.apps = examples::small().apps;
    example.releases.truncate(1);
    insta::assert_snapshot!(helmfile(&example), @r#"
    - name: viewer
      namespace: influxdb
      chart: ghcr-io-open-webui-helm-charts/open-webui
      version: 16.0.0
      wait: false
    - name: influxdb
      namespace: influxdb
      chart: "."
      needs:
      - influxdb/viewer
    "#);
}

#[test]
fn a_claim_that_nothing_mounts_yet_is_not_waited_for() {
    let mut example = examples::cron();
    assert!(!helmfile(&example).contains("wait: false"));
    example.apps[0].replicas.value = 0;
    assert!(helmfile(&example).contains("wait: false"));
}

#[test]
fn a_changed_job_has_another_name() {
    let names = |example: &Example| {
        example.emit().files().into_keys().filter(|path| path.contains("job-")).collect::<Vec<_>>()
    };
    let mut example = examples::once();
    let before = names(&example);
    example.jobs[0].container.args = vec!["false".to_owned()];
    assert_ne!(before, names(&example));
}
