//! The cookbook, as people copy it: its recipes are clean, short and say everything in words of the language, and a real
//! cluster makes ready all that is built from them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use diagnostics::Located;
use driver::{Outputs, Session};
use harness::charts::Charts;
use harness::control_plane::{ControlPlane, Node};
use serde::Deserialize;
use serde_json::Value;
use spec::{Opened, Page, open_as_one, open_each};
use tempfile::TempDir;

/// How many lines a recipe has for each app and job of it, and how many each declaration.
const MOST_LINES: usize = 25;

/// Fields in which Kubernetes, a chart or NixOS has the word.
const HATCHES: [&str; 12] = [
    "claim",
    "container",
    "cron-spec",
    "daemon-set",
    "deployment",
    "job-spec",
    "nixos",
    "pod",
    "solver",
    "spec",
    "stateful-set",
    "values",
];

/// Kinds of which the same is true.
const HATCH_KINDS: [&str; 4] = ["helmfile", "manifest", "manifests", "release"];

/// What stands for every secret.
const SECRET: &str = "not-so-secret";

const MINUTE: Duration = Duration::from_mins(1);

fn page() -> Page {
    spec::read(&spec::project().join("docs/cookbook.md"))
}

#[test]
fn recipes_are_clean() {
    let page = page();
    for Opened { heading, session, .. } in open_each(&page) {
        let problems: Vec<String> = session.problems().iter().map(Located::sentence).collect();
        assert!(problems.is_empty(), "{heading}: {problems:#?}");
    }
    let problems: Vec<String> = open_as_one(&page).problems().iter().map(Located::sentence).collect();
    assert!(problems.is_empty(), "all in one lab: {problems:#?}");
}

#[test]
fn recipes_are_short_and_have_no_hatch() {
    let recipes = open_each(&page());
    assert_eq!(recipes.len(), 12, "twelve usual apps");
    for Opened { heading, text, .. } in recipes {
        let items = items(&text);
        let runs = items.iter().filter(|item| ["app ", "job "].iter().any(|kind| item[0].starts_with(kind)));
        let (runs, lines) = (runs.count(), items.iter().map(Vec::len).sum::<usize>());
        assert!(lines <= MOST_LINES * runs, "{heading} has {lines} lines for {runs} apps and jobs");
        for item in &items {
            assert!(item.len() <= MOST_LINES, "{heading}: {} lines: {}", item.len(), item[0]);
        }
        for line in items.iter().flatten() {
            let hatch = hatch(line);
            assert!(hatch.is_none(), "{heading} has a hatch, '{}': {line}", hatch.unwrap_or_default());
        }
    }
}

/// The items of a lab, each as its lines; blank ones and those that say something to people do not count.
fn items(text: &str) -> Vec<Vec<&str>> {
    let mut items: Vec<Vec<&str>> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.trim_start().starts_with('#')) {
        match items.last_mut() {
            Some(item) if line.starts_with([' ', '}', ']', ')']) => item.push(line),
            _ => items.push(vec![line]),
        }
    }
    items
}

/// The hatch that a line takes: a field that is set or opened, or a kind.
fn hatch(line: &str) -> Option<&'static str> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_set = |next: &&str| ["{", "=", "+="].contains(next);
    let field = |(at, word): (usize, &&str)| {
        let path = word.trim_matches(|char: char| !char.is_alphanumeric());
        let first = path.split('.').next().unwrap_or(path);
        let opens = path != first || words.get(at + 1).is_some_and(is_set);
        HATCHES.into_iter().find(|hatch| opens && *hatch == first)
    };
    let kind = HATCH_KINDS.into_iter().find(|kind| words.first() == Some(kind));
    kind.or_else(|| words.iter().enumerate().find_map(field))
}

#[test]
fn hatches_are_seen() {
    for line in [
        "  pod { hostPID = true }",
        "  container.stdin = true",
        "  volume x { size = 1GiB, at = /x, claim { } }",
        "manifest quota in media {",
        "  ingress web { host = \"a\", to = http, spec = { } }",
    ] {
        assert!(hatch(line).is_some(), "{line}");
    }
    for line in ["  image = \"a/pod:1\"", "  needs = [pod]", "app values in media {"] {
        assert_eq!(hatch(line), None, "{line}");
    }
}

#[test]
fn a_cluster_makes_all_of_it_ready() {
    let session = open_as_one(&page());
    let objects = deployed(&session.outputs());
    let cluster = ControlPlane::start(&[machine(&objects)]);
    let knows_pools = cluster.install_crds(&["metallb.io"]);
    let folder = TempDir::new().expect("a folder");
    let mut namespaces = BTreeSet::new();
    for (nth, object) in objects.iter().enumerate() {
        if !knows_pools
            && object["apiVersion"].as_str().is_some_and(|version| version.starts_with("metallb.io"))
        {
            continue;
        }
        namespaces.extend(object["metadata"]["namespace"].as_str());
        std::fs::write(folder.path().join(format!("{nth}.json")), object.to_string())
            .expect("the object can be written");
    }
    for namespace in namespaces {
        // Some are there from the beginning.
        let _ = cluster.kubectl(&["create", "namespace", namespace]);
    }
    cluster.apply_server_side(folder.path()).succeeded();
    cluster.provide_volumes();
    let apps = apps(&session);
    cluster.wait_for("all that keeps running is ready", 3 * MINUTE, |cluster| {
        let found = cluster.get(&["deployments,statefulsets,daemonsets", "--all-namespaces"]);
        let found = found["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        found.iter().map(name).collect::<BTreeSet<_>>() == apps && found.iter().all(is_ready)
    });
    run_jobs(&cluster);
}

/// What helm makes of the lab's own charts.
fn deployed(outputs: &Outputs) -> Vec<Value> {
    let folders: Vec<&str> = outputs.k8s.keys().filter_map(|path| path.strip_suffix("/Chart.yaml")).collect();
    let stream = crate::helm::rendered(&Charts::serve_none(), outputs, &folders, SECRET)
        .unwrap_or_else(|message| panic!("{message}"));
    let documents = serde_yaml::Deserializer::from_str(&stream);
    let objects = documents.map(|document| Value::deserialize(document).expect("helm prints YAML"));
    objects.filter(|object| !object.is_null()).collect()
}

/// The host that all of it runs on, with the devices that are asked for.
fn machine(objects: &[Value]) -> Node {
    let mut devices = BTreeMap::new();
    for object in objects {
        let containers = object["spec"]["template"]["spec"]["containers"].as_array();
        for container in containers.into_iter().flatten() {
            let limits = container["resources"]["limits"].as_object().into_iter().flatten();
            devices.extend(limits.filter(|(resource, _)| resource.contains('/')));
        }
    }
    assert!(devices.len() >= 2, "the stick and the GPU are handed out: {devices:?}");
    let node = Node::new("attic");
    devices.into_iter().fold(node, |node, (resource, amount)| {
        node.allocatable(resource, amount.as_str().unwrap_or(&amount.to_string()))
    })
}

/// The apps of a lab, and those that its kinds make: `NAMESPACE/NAME`.
fn apps(session: &Session) -> BTreeSet<String> {
    let all = spec::evaluated(session, "join([for a in apps => \"${a.namespace.name}/${a.name}\"], \" \")");
    let all: BTreeSet<String> = all.trim_matches('"').split(' ').map(str::to_owned).collect();
    assert!(all.len() > 20, "{all:?}");
    all
}

fn name(object: &Value) -> String {
    let part = |name: &str| object["metadata"][name].as_str().unwrap_or_default().to_owned();
    format!("{}/{}", part("namespace"), part("name"))
}

/// Whether all pods of a Deployment, a `StatefulSet` or a `DaemonSet` are.
fn is_ready(object: &Value) -> bool {
    let status = &object["status"];
    let (wanted, ready) = match object["kind"].as_str() {
        Some("DaemonSet") => (&status["desiredNumberScheduled"], &status["numberReady"]),
        _ => (&object["spec"]["replicas"], &status["readyReplicas"]),
    };
    wanted.as_i64().is_some_and(|wanted| wanted > 0) && wanted == ready
}

/// Runs each scheduled job once, to its end.
fn run_jobs(cluster: &ControlPlane) {
    let scheduled = cluster.get(&["cronjobs", "--all-namespaces"]);
    let scheduled: Vec<String> = scheduled["items"].as_array().into_iter().flatten().map(name).collect();
    assert!(scheduled.contains(&"nextcloud/nextcloud-cron".to_owned()), "{scheduled:?}");
    for job in &scheduled {
        let (namespace, name) = job.split_once('/').expect("it is in a namespace");
        let from = format!("--from=cronjob/{name}");
        cluster
            .kubectl(&["create", "job", &format!("{name}-now"), &from, "--namespace", namespace])
            .succeeded();
    }
    cluster.wait_for("all jobs have run", 3 * MINUTE, |cluster| {
        let jobs = cluster.get(&["jobs", "--all-namespaces"]);
        let jobs = jobs["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        jobs.len() >= scheduled.len() && jobs.iter().all(|job| job["status"]["succeeded"] == 1)
    });
}
