//! Releases of charts that helmfile and `hlc apply` deploy in turns, and those that have data.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use harness::charts::repositories;
use serde_json::Value;

use crate::cluster_releases::Beside;
use crate::vault::keys;

/// Another release, with a claim.
const STORE: &str = r#"
release store in tools {
  chart = "./charts/store"
  values { size = "1Gi" }
}
manifest beside in tools { apiVersion = "v1", kind = "ConfigMap", data { a = "b" } }
"#;

/// A job that helm waits for, on a node that there is not.
const HOOK: &str = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate, annotations: {helm.sh/hook: \
                    pre-upgrade, helm.sh/hook-delete-policy: before-hook-creation}}\nspec:\n  template:\n    spec:\n      \
                    restartPolicy: Never\n      nodeSelector: {nowhere: \"yes\"}\n      containers: [{name: a, image: \
                    a}]\n";

const CLAIM: &str = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: store}\nspec:\n  accessModes: \
                     [ReadWriteOnce]\n  storageClassName: local-path\n  resources: {requests: {storage: \
                     {{ .Values.size }}}}\n";

impl Beside {
    /// Deploys what was built with the real helmfile.
    #[track_caller]
    fn helmfile(&self) {
        let (k8s, kubeconfig) = (self.world.path("k8s"), self.plane.kubeconfig());
        for repository in repositories(&k8s.join("10_apps/web/helmfile.yaml")) {
            self.charts.alias(&repository);
        }
        let helmfile = self.charts.helmfile(&k8s).kubeconfig(&kubeconfig);
        helmfile.age_key(&keys().admin.file()).sync().succeeded();
    }

    /// What the release's objects are, and in which state.
    fn objects(&self) -> Vec<Value> {
        let all = self.plane.get(&["deployments,secrets,configmaps", "--namespace", "tools"]);
        let items = all["items"].as_array().into_iter().flatten();
        let is_released =
            |object: &&Value| object["metadata"]["annotations"]["meta.helm.sh/release-name"] == "web";
        let state = |object: &Value| {
            serde_json::json!([
                object["kind"],
                object["metadata"]["uid"],
                object["metadata"]["generation"],
                object["data"],
                object["spec"]
            ])
        };
        items.filter(is_released).map(state).collect()
    }

    fn revision(&self) -> String {
        self.helm(&["list", "--namespace", "tools", "--filter", "^web$", "--output", "json"])
    }
}

#[test]
fn helmfile_and_apply_deploy_a_chart_in_turns() {
    let beside = Beside::new("");
    // What a chart makes up is another one each time that helm renders it.
    let source = beside.world.path("source-1.0.0/web");
    fs::remove_file(source.join("templates/made-up.yaml")).expect("it is there");
    beside.charts.pack(&source);
    beside.done(&["build"]);
    beside.helmfile();
    let first = beside.objects();
    assert_eq!(first.len(), 2, "{first:?}");

    // It is there as the lab says, so that it is known and nothing of it is done.
    let plan = beside.done(&["plan"]);
    assert!(!plan.out.contains("release"), "{}", plan.out);
    let revision = beside.revision();
    beside.done(&["apply", "--yes"]);
    beside.done(&["plan", "--detailed-exitcode"]);
    assert_eq!(beside.revision(), revision, "helm was asked for nothing");
    assert_eq!(beside.objects(), first);

    // One of them changes it, and the other finds nothing to change.
    beside.edit("replicas = 1", "replicas = 2");
    beside.done(&["apply", "--yes"]);
    let second = beside.objects();
    assert_ne!(second, first);
    beside.done(&["build"]);
    beside.helmfile();
    assert_eq!(beside.objects(), second);
    beside.edit("replicas = 2", "replicas = 3");
    beside.done(&["build"]);
    beside.helmfile();
    let third = beside.objects();
    assert_ne!(third, second);
    let plan = beside.done(&["plan", "--detailed-exitcode"]);
    assert!(!plan.out.contains("release"), "{}", plan.out);
    beside.done(&["status"]);
    assert_eq!(beside.objects(), third);
}

#[test]
fn a_release_that_has_data_goes_only_with_consent() {
    let beside = Beside::new(STORE);
    let chart = beside.world.path("charts/store");
    fs::create_dir_all(chart.join("templates")).expect("a new folder");
    fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: store\nversion: 0.1.0\n").expect("a new file");
    fs::write(chart.join("templates/claim.yaml"), CLAIM).expect("a new file");
    beside.plane.offer_volumes("local-path");
    beside.done(&["apply", "--yes"]);
    let claim = beside.get("persistentvolumeclaim", "store");
    assert!(claim.is_object());

    let release = STORE.split("manifest").next().expect("a release");
    beside.edit(release, "\n");
    let plan = beside.done(&["plan"]);
    assert!(plan.out.contains("= release tools/store"), "{}", plan.out);
    beside.done(&["apply", "--yes"]);
    assert_eq!(beside.get("persistentvolumeclaim", "store")["metadata"]["uid"], claim["metadata"]["uid"]);
    assert!(beside.helm(&["list", "--namespace", "tools"]).contains("store"), "it is still known");

    // It is not forgotten, and goes once that is said.
    let plan = beside.done(&["plan", "--delete-data"]);
    assert!(plan.out.contains("- release tools/store"), "{}", plan.out);
    assert!(plan.out.contains("- PersistentVolumeClaim tools/store"), "{}", plan.out);
    beside.done(&["apply", "--yes", "--delete-data"]);
    let left = beside.get("persistentvolumeclaim", "store");
    assert!(left.is_null() || left["metadata"]["deletionTimestamp"].is_string(), "{left}");
    assert!(!beside.helm(&["list", "--namespace", "tools"]).contains("store"));
    assert!(beside.get("deployment", "web").is_object(), "the other one stays");
    beside.done(&["plan", "--detailed-exitcode"]);
}

#[test]
fn a_hook_that_hangs_is_named_and_ctrl_c_ends_helm_in_order() {
    let beside = Beside::new(STORE);
    let chart = beside.world.path("charts/store");
    fs::create_dir_all(chart.join("templates")).expect("a new folder");
    fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: store\nversion: 0.1.0\n").expect("a new file");
    fs::write(
        chart.join("templates/a.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: store}\ndata: {a: \
        \"{{ .Values.size }}\"}\n",
    )
    .expect("a new file");
    beside.done(&["apply", "--yes"]);
    fs::write(chart.join("templates/hook.yaml"), HOOK).expect("a new file");
    beside.edit("size = \"1Gi\"", "size = \"2Gi\"");

    let mut apply = beside.command(&["apply", "--yes"]);
    let mut child = apply.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut said = Vec::new();
    for line in BufReader::new(child.stderr.take().expect("a pipe")).lines() {
        let line = line.expect("text");
        if line.contains("waiting for release tools/store: helm waits for hook Job tools/migrate") {
            let number = child.id().to_string();
            assert!(Command::new("kill").args(["-INT", &number]).status().expect("it runs").success());
        }
        said.push(line);
    }
    assert_eq!(child.wait().expect("it is ours").code(), Some(1), "{said:#?}");
    assert!(
        said.last().is_some_and(|line| line.contains("the next 'hlc apply' goes on from there")),
        "{said:#?}"
    );
    let listed = beside.helm(&["list", "--all", "--namespace", "tools", "--filter", "store"]);
    assert!(listed.contains("failed"), "helm has noted it: {listed}");
    let lease = beside.plane.get(&["lease", "hlc-home", "--namespace", "kube-system"]);
    assert!(lease["spec"].is_object() && lease["spec"]["holderIdentity"].is_null(), "{lease}");

    fs::remove_file(chart.join("templates/hook.yaml")).expect("it is there");
    beside.done(&["apply", "--yes"]);
    assert_eq!(beside.get("configmap", "store")["data"]["a"], "2Gi");
    beside.done(&["plan", "--detailed-exitcode"]);
}
