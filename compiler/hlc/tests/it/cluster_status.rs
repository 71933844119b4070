//! `hlc status`, and plans in files, beside a real control plane.

use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use crate::cluster::{Beside, LAB};

#[test]
fn what_is_live_is_shown_against_the_lab() {
    let beside = Beside::new(LAB);
    let before = beside.run(&["status"]);
    assert_eq!(before.code, 1, "{}", before.all());
    assert!(before.out.contains("Deployment tools/web: is not there"), "{}", before.out);
    beside.done(&["apply", "--yes"]);
    let status = beside.done(&["status"]);
    assert!(status.out.contains("10_apps/web"), "{}", status.out);
    assert!(status.out.contains("in step  nginx:1.29.0"), "{}", status.out);
    assert!(!status.out.contains("not the lab's"), "{}", status.out);
    let coloured = beside.done(&["--color", "always", "status"]);
    assert!(coloured.out.contains("\u{1b}[32min step\u{1b}[0m"), "{:?}", coloured.out);

    // Drift, and something that is somebody else's.
    let kubectl = |arguments: &[&str]| beside.plane.kubectl(arguments).succeeded();
    kubectl(&[
        "--namespace",
        "tools",
        "set",
        "image",
        "deployment/web",
        "web=docker.io/library/nginx:1.28.0",
    ]);
    kubectl(&["--namespace", "tools", "create", "configmap", "stray"]);
    let status = beside.run(&["status"]);
    assert_eq!(status.code, 1, "{}", status.all());
    let differs = "Deployment tools/web: differs in spec.template.spec.containers[web].image";
    assert!(status.out.contains(differs), "{}", status.out);
    assert!(status.out.contains("not the lab's\n    ConfigMap tools/stray"), "{}", status.out);
    let json = beside.run(&["status", "--json"]);
    let json: Value = serde_json::from_str(&json.out).expect("it is JSON");
    assert_eq!(json["strangers"][0], "ConfigMap tools/stray");

    // What is as it is to be, and does not get ready.
    beside.edit("  resources", "  pod { nodeSelector { nowhere = \"yes\" } }\n  resources");
    beside.run(&["apply", "--yes", "--timeout", "3"]);
    let status = beside.run(&["status", "web"]);
    assert_eq!(status.code, 1, "{}", status.all());
    assert!(status.out.contains("not ready") && status.out.contains("pods are"), "{}", status.out);
}

#[test]
fn status_is_told_again_until_somebody_stops_it() {
    let beside = Beside::new(LAB);
    let mut command = beside.command(&["status", "--watch"]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
    let mut out = child.stdout.take().expect("a pipe");
    let mut text = String::new();
    let mut read_until = |wanted: &str| {
        let mut buffer = [0; 4096];
        while !text.contains(wanted) {
            let read = out.read(&mut buffer).expect("it reads");
            assert_ne!(read, 0, "it ended: {text}");
            text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
    };
    read_until("Deployment tools/web: is not there");
    beside.done(&["apply", "--yes"]);
    read_until("2 of 2 components are in step");
    child.kill().expect("it is ours");
    child.wait().expect("it is ours");
}

#[test]
fn a_saved_plan_is_done_exactly_or_not_at_all() {
    let beside = Beside::new(LAB);
    let planned = beside.done(&["plan", "--out", "the.plan"]);
    assert!(planned.out.contains("+ Deployment tools/web"), "{}", planned.out);
    let token = beside.token();
    assert!(!beside.world.text("the.plan").contains(&token), "a secret is in the plan");

    // The lab has moved.
    beside.edit("memory = 64MiB", "memory = 96MiB");
    let refused = beside.run(&["apply", "--plan", "the.plan"]);
    assert_eq!(refused.code, 1, "{}", refused.all());
    assert!(refused.err.contains("the lab wants something else"), "{}", refused.err);
    beside.done(&["apply", "--yes"]);

    beside.edit("memory = 96MiB", "memory = 128MiB");
    beside.done(&["plan", "--out", "the.plan"]);
    // The cluster has moved.
    beside.plane.kubectl(&["--namespace", "tools", "scale", "deployment/web", "--replicas", "0"]).succeeded();
    let refused = beside.run(&["apply", "--plan", "the.plan"]);
    assert_eq!(refused.code, 1, "{}", refused.all());
    assert!(refused.err.contains("plan again\n  Deployment tools/web"), "{}", refused.err);
    // So have the secrets.
    beside.done(&["plan", "--out", "the.plan"]);
    beside.done(&["secrets", "rotate", "token"]);
    let refused = beside.run(&["apply", "--plan", "the.plan"]);
    assert!(refused.err.contains("the values of secrets are others"), "{}", refused.err);
    assert_eq!(beside.deployment("web")["spec"]["replicas"], 0, "nothing was done");
    // Nothing has: it is done, and nobody is asked.
    beside.done(&["plan", "--out", "the.plan"]);
    beside.done(&["apply", "--plan", "the.plan"]);
    assert_eq!(beside.deployment("web")["spec"]["replicas"], 1);
    beside.world.write("no.plan", "{}");
    let run = beside.run(&["apply", "--plan", "no.plan"]);
    assert!(run.err.contains("no.plan is no saved plan"), "{}", run.err);
}
