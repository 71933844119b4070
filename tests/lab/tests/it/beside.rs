//! The reference lab as it is committed, beside a cluster that it is applied to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use driver::HelmChart;
use harness::charts::Charts;
use harness::control_plane::ControlPlane;
use harness::outcome::Outcome;
use harness::tools;
use model::ChartSource;
use serde_json::Value;

use crate::cluster::{give_addresses, nodes};
use crate::lab::{Written, session};
use crate::real::hlc_without_keys;

/// The lab as it is committed, beside a cluster, with the charts that it names.
pub(crate) struct Beside {
    written: Written,
    pub(crate) cluster: ControlPlane,
}

impl Beside {
    pub(crate) fn new() -> Option<Self> {
        let charts = Charts::serve()?;
        let beside = Self { written: Written::committed(), cluster: ControlPlane::start(&nodes()) };
        beside.cluster.offer_volumes("local-path");
        for release in session().deployment().iter().flat_map(|part| &part.releases) {
            let HelmChart::Of(chart) = &release.chart else { continue };
            if let ChartSource::Repository { url, version } = &chart.from.value {
                charts.keep(&beside.caches(), url, &chart.name, version);
            }
        }
        Some(beside)
    }

    fn caches(&self) -> PathBuf {
        self.written.folder().join("caches")
    }

    pub(crate) fn command(&self, kubeconfig: &Path, arguments: &[&str]) -> Command {
        let mut command = hlc_without_keys(self.written.folder());
        command.args(arguments).args(["--layer", "cluster", "--kubeconfig"]).arg(kubeconfig);
        command.env("SOPS_AGE_KEY_FILE", self.written.key.file());
        command.env("XDG_CACHE_HOME", self.caches()).env("PATH", tools::search_path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(&mut self.command(&self.cluster.kubeconfig(), arguments))
    }

    /// What of the lab is in the cluster, object by object, but for what is another each time.
    pub(crate) fn state(&self) -> BTreeMap<String, Value> {
        let kinds = "deployments,daemonsets,statefulsets,cronjobs,services,ingresses,configmaps,secrets,\
                     persistentvolumeclaims,namespaces,serviceaccounts,clusterroles,clusterrolebindings,roles,\
                     rolebindings,customresourcedefinitions";
        let all = self.cluster.get(&[kinds, "--all-namespaces"]);
        let items = all["items"].as_array().into_iter().flatten();
        let is_kept = |object: &&Value| {
            let name = object["metadata"]["name"].as_str().unwrap_or_default();
            // What a cluster has by itself, with its own certificates and ports in it.
            let is_the_clusters =
                matches!(name, "kube-root-ca.crt" | "extension-apiserver-authentication" | "kubernetes");
            !is_the_clusters && !name.starts_with("sh.helm.release.v1.")
        };
        items.filter(is_kept).map(|object| (name(object), said(object))).collect()
    }
}

pub(crate) fn name(object: &Value) -> String {
    let metadata = &object["metadata"];
    format!("{} {}/{}", object["kind"], metadata["namespace"], metadata["name"])
}

/// What is said of an object: no state, and of Secrets only which values there are, since some charts make them up.
fn said(object: &Value) -> Value {
    let mut said = object.clone();
    let map = said.as_object_mut().expect("an object");
    map.shift_remove("status");
    if let Some(data) = map.get("data").filter(|_| object["kind"] == "Secret") {
        let keys: Vec<String> = data.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect();
        map["data"] = keys.into();
    }
    let metadata = said["metadata"].as_object_mut().expect("metadata");
    metadata.retain(|key, _| matches!(key.as_str(), "name" | "namespace" | "labels" | "finalizers"));
    if let Some(spec) = said["spec"].as_object_mut() {
        for key in ["clusterIP", "clusterIPs", "volumeName", "healthCheckNodePort"] {
            spec.shift_remove(key);
        }
        for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
            port.as_object_mut().map(|port| port.shift_remove("nodePort"));
        }
    }
    // What is made up is noted in pods, so that they are started again.
    if let Some(template) = said.pointer_mut("/spec/template/metadata").and_then(Value::as_object_mut) {
        template.shift_remove("annotations");
    }
    said
}

/// Does something while load balancers get addresses. It must not panic: nobody would stop the other then.
pub(crate) fn with_addresses<T>(cluster: &ControlPlane, work: impl FnOnce() -> T) -> T {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| give_addresses(cluster, &stop));
        let done = work();
        stop.store(true, Ordering::Relaxed);
        done
    })
}

/// Nothing is missing, nothing is left over, and nothing is otherwise.
pub(crate) fn assert_same(expected: &BTreeMap<String, Value>, found: &BTreeMap<String, Value>) {
    let names = expected.keys().chain(found.keys());
    let differing: BTreeMap<&String, _> = names
        .filter(|name| expected.get(*name) != found.get(*name))
        .map(|name| (name, (expected.get(name), found.get(name))))
        .collect();
    assert!(differing.is_empty(), "{differing:#?}");
}

