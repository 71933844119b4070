//! `hlc apply` deploys the whole reference lab, charts and all, and comes to the same however often it is killed.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use driver::HelmChart;
use harness::charts::Charts;
use harness::control_plane::ControlPlane;
use harness::outcome::Outcome;
use harness::passage::Passage;
use harness::tools;
use model::ChartSource;
use serde_json::Value;

use crate::cluster::{give_addresses, nodes};
use crate::lab::{Written, session};
use crate::real::hlc_without_keys;

/// The lab as it is committed, beside a cluster, with the charts that it names.
struct Beside {
    written: Written,
    cluster: ControlPlane,
}

impl Beside {
    fn new() -> Option<Self> {
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

    fn command(&self, kubeconfig: &Path, arguments: &[&str]) -> Command {
        let mut command = hlc_without_keys(self.written.folder());
        command.args(arguments).args(["--layer", "cluster", "--kubeconfig"]).arg(kubeconfig);
        command.env("SOPS_AGE_KEY_FILE", self.written.key.file());
        command.env("XDG_CACHE_HOME", self.caches()).env("PATH", tools::search_path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(&mut self.command(&self.cluster.kubeconfig(), arguments))
    }

    /// What of the lab is in the cluster, object by object, but for what is another each time.
    fn state(&self) -> BTreeMap<String, Value> {
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

fn name(object: &Value) -> String {
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
fn with_addresses<T>(cluster: &ControlPlane, work: impl FnOnce() -> T) -> T {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| give_addresses(cluster, &stop));
        let done = work();
        stop.store(true, Ordering::Relaxed);
        done
    })
}

/// Behind how many requests that change something the next run is killed, where the last one was killed behind `last` of
/// them. Each comes further than the one before it, since a helm that was killed begins anew and has to come further, too.
///
/// `HLC_CUTS=1` kills behind every single one, for hours: from whatever a run has changed, the next ones are killed
/// behind their first request, behind their second, and so on, until that changed something, too.
fn behind(last: usize, has_changed: bool) -> usize {
    match std::env::var("HLC_CUTS").ok().and_then(|step| step.parse::<usize>().ok()) {
        Some(step) if has_changed => step,
        Some(step) => last + step,
        None => last + 12,
    }
}

#[test]
fn the_whole_lab_is_applied_at_once_or_however_often_it_is_killed() {
    let Some(whole) = Beside::new() else { return };
    with_addresses(&whole.cluster, || whole.run(&["apply", "--yes", "--timeout", "600"])).succeeded();
    whole.run(&["plan", "--detailed-exitcode"]).succeeded();
    whole.run(&["status"]).succeeded();
    let expected = whole.state();
    drop(whole);

    let Some(cut) = Beside::new() else { return };
    let passage = Passage::to(&cut.cluster);
    passage.count_writes();
    let (killed, end) = with_addresses(&cut.cluster, || killed_until_done(&cut, &passage));
    assert_eq!(end, End::Done, "it was killed {killed} times");
    assert!(killed > 2, "it was killed {killed} times");
    passage.open();
    cut.run(&["plan", "--detailed-exitcode"]).succeeded();
    assert_same(&expected, &cut.state());
    // Helm has no revision that nobody ended.
    let records = cut.cluster.get(&["secrets", "--all-namespaces", "-l", "owner=helm"]);
    for record in records["items"].as_array().into_iter().flatten() {
        let status = record["metadata"]["labels"]["status"].as_str().unwrap_or_default();
        assert!(matches!(status, "deployed" | "superseded" | "failed"), "{}: {status}", name(record));
    }
}

/// Nothing is missing, nothing is left over, and nothing is otherwise.
fn assert_same(expected: &BTreeMap<String, Value>, found: &BTreeMap<String, Value>) {
    let names = expected.keys().chain(found.keys());
    let differing: BTreeMap<&String, _> = names
        .filter(|name| expected.get(*name) != found.get(*name))
        .map(|name| (name, (expected.get(name), found.get(name))))
        .collect();
    assert!(differing.is_empty(), "{differing:#?}");
}

/// Applies the lab again and again, until a run comes to its end; how often it was killed, and how the last one ended.
fn killed_until_done(cut: &Beside, passage: &Passage) -> (usize, End) {
    let (mut killed, mut requests, mut before) = (0, behind(0, true), BTreeMap::new());
    loop {
        match applied_unless_killed(cut, passage, requests) {
            End::Killed if killed < 10_000 => killed += 1,
            end => return (killed, end),
        }
        let now = cut.state();
        requests = behind(requests, now != before);
        before = now;
    }
}

/// How a run ended.
#[derive(Debug, PartialEq)]
enum End {
    Killed,
    Done,
    /// What it said.
    Failed(String),
}

/// Applies the lab, and kills that and every helm that it started behind so many requests that changed something.
fn applied_unless_killed(beside: &Beside, passage: &Passage, requests: usize) -> End {
    passage.close_behind(requests);
    let mut command = beside.command(&passage.kubeconfig(), &["apply", "--yes", "--timeout", "600"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    loop {
        if let Some(status) = child.try_wait().expect("it is ours") {
            let mut said = String::new();
            child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
            return match status.success() {
                true => End::Done,
                // It was held for so long that it gave up.
                false if passage.is_closed() => End::Killed,
                false => End::Failed(said),
            };
        }
        if passage.is_closed() {
            break;
        }
        thread::sleep(Duration::from_millis(2));
    }
    let _ = child.kill();
    let _ = child.wait();
    kill_all_with(&passage.kubeconfig());
    End::Killed
}

/// Kills every process that was told of a path: helms that outlive who started them.
fn kill_all_with(path: &Path) {
    let path = path.to_string_lossy();
    for process in fs::read_dir("/proc").expect("processes").filter_map(Result::ok) {
        let words = fs::read(process.path().join("cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&words).contains(&*path) {
            let number = process.file_name().to_string_lossy().into_owned();
            let _ = Command::new("sh").args(["-c", &format!("kill -KILL {number}")]).status();
        }
    }
}
