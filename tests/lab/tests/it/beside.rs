//! The reference lab as it is committed, beside a cluster that it is applied to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use driver::HelmChart;
use harness::charts::Charts;
use harness::control_plane::ControlPlane;
use harness::outcome::Outcome;
use harness::passage::Passage;
use harness::tools;
use model::ChartSource;
use serde_json::Value;

use crate::cluster::{give_addresses_seen, nodes};
use crate::lab::{Written, session};
use crate::real::hlc_without_keys;

const DAEMON_SETS: &str = "/apis/apps/v1/daemonsets";
const SERVICES: &str = "/api/v1/services";

/// Where the API has what a lab and its charts are made of.
const KINDS: [&str; 16] = [
    "/apis/apps/v1/deployments",
    DAEMON_SETS,
    "/apis/apps/v1/statefulsets",
    "/apis/batch/v1/cronjobs",
    "/apis/networking.k8s.io/v1/ingresses",
    "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    "/apis/rbac.authorization.k8s.io/v1/roles",
    "/apis/rbac.authorization.k8s.io/v1/rolebindings",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    SERVICES,
    "/api/v1/configmaps",
    "/api/v1/secrets",
    "/api/v1/persistentvolumeclaims",
    "/api/v1/namespaces",
    "/api/v1/serviceaccounts",
];

/// The lab as it is committed, beside a cluster, with the charts that it names.
pub(crate) struct Beside {
    written: Written,
    pub(crate) cluster: ControlPlane,
    /// A way to it.
    pub(crate) passage: Passage,
}

impl Beside {
    pub(crate) fn new() -> Option<Self> {
        let charts = Charts::serve()?;
        let cluster = ControlPlane::start(&nodes());
        let beside = Self { written: Written::committed(), passage: Passage::to(&cluster), cluster };
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

    /// What of the lab is in the cluster, with what its charts made, object by object.
    pub(crate) fn objects(&self) -> Vec<Value> {
        let all: Vec<Value> = KINDS.iter().flat_map(|path| self.all(path)).collect();
        assert!(!all.is_empty(), "the cluster was not heard of");
        all
    }

    /// All objects of a kind, each saying which that is.
    fn all(&self, path: &str) -> Vec<Value> {
        let mut list = self.passage.get(path);
        let kind = list["kind"].as_str().unwrap_or_default().trim_end_matches("List").to_owned();
        let mut items = list["items"].as_array_mut().map(std::mem::take).unwrap_or_default();
        for item in &mut items {
            item["kind"] = kind.as_str().into();
        }
        items
    }

    /// What helm knows of a cluster is what it was told by this one, and not what it will have been.
    pub(crate) fn forget_kinds(&self) {
        let _ = fs::remove_dir_all(self.written.folder().join("home/.kube"));
    }
}

/// Objects, each as far as it is not another one each time.
pub(crate) fn state(objects: &[Value]) -> BTreeMap<String, Value> {
    let is_kept = |object: &&Value| {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        // What a cluster has by itself, with its own certificates and ports in it.
        let is_the_clusters =
            matches!(name, "kube-root-ca.crt" | "extension-apiserver-authentication" | "kubernetes");
        !is_the_clusters && !is_record(object)
    };
    objects.iter().filter(is_kept).map(|object| (name(object), said(object))).collect()
}

/// Whether an object is helm's note of a revision of a release.
pub(crate) fn is_record(object: &Value) -> bool {
    object["type"] == "helm.sh/release.v1"
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

/// Does something while load balancers get addresses.
pub(crate) fn with_addresses<T>(beside: &Beside, work: impl FnOnce() -> T) -> T {
    let stop = AtomicBool::new(false);
    let look = || [DAEMON_SETS, SERVICES].into_iter().flat_map(|path| beside.all(path)).collect();
    thread::scope(|scope| {
        let _stops = Stops(&stop);
        scope.spawn(|| give_addresses_seen(&beside.cluster, look, &stop));
        work()
    })
}

/// Stops others however the work ends.
struct Stops<'a>(&'a AtomicBool);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What is missing, left over, or otherwise.
pub(crate) fn differences(
    expected: &BTreeMap<String, Value>,
    found: &BTreeMap<String, Value>,
) -> Vec<String> {
    let names: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    let otherwise = names.into_iter().filter(|name| expected.get(*name) != found.get(*name));
    let text = |object: Option<&Value>| object.map_or_else(|| "nothing".to_owned(), Value::to_string);
    otherwise
        .map(|name| format!("{name} is {} and was {}", text(found.get(name)), text(expected.get(name))))
        .collect()
}
