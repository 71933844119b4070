//! Two runs are kept apart.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use apply::{Access, Cluster, Desired, Error, Event, Runner};
use harness::control_plane::ControlPlane;
use plan::lease::RELIED_ON_FOR;
use serde_json::{Value, json};

use crate::lab::{applied, cluster, config, desired, file, planned, turn, within};

const LEASE: [&str; 4] = ["lease", "hlc-home", "--namespace", "kube-system"];

/// A Deployment that does not get ready: it wants a node that there is not.
fn never_ready() -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment",
           "metadata": {"name": "web", "namespace": "default"},
           "spec": {"selector": {"matchLabels": {"app": "web"}},
                    "template": {"metadata": {"labels": {"app": "web"}},
                                 "spec": {"nodeSelector": {"nowhere": "yes"},
                                          "containers": [{"name": "web", "image": "nginx"}]}}}})
}

/// The Lease as somebody has it who lets it lie.
fn left_behind(plane: &ControlPlane, seconds: u64) {
    let lease = json!({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
        "metadata": {"name": "hlc-home", "namespace": "kube-system"},
        "spec": {"holderIdentity": "bert@attic (process 7) x", "leaseDurationSeconds": seconds,
                 // His clock is a year ahead.
                 "acquireTime": "2099-01-01T12:00:00.000000Z", "renewTime": "2099-01-01T12:00:00.000000Z"}});
    let file = file(&lease);
    plane
        .kubectl(&["apply", "--server-side", "--force-conflicts", "-f", &file.path().to_string_lossy()])
        .succeeded();
}

/// A lab with an object in one stage, and one more in the next.
fn two_stages(first: Value) -> Desired {
    let mut lab = desired(vec![first]);
    let mut later = desired(vec![config("later", "1")]).wanted.parts.remove(0);
    later.stage = "20_more".into();
    lab.wanted.parts.push(later);
    lab
}

#[test]
fn a_second_run_is_refused_while_the_first_works_or_waits() {
    let plane = ControlPlane::start_api_server();
    let stop = Arc::new(AtomicBool::new(false));
    thread::scope(|scope| {
        let (begun, is_begun) = std::sync::mpsc::channel();
        let (plane, stopping) = (&plane, Arc::clone(&stop));
        let first = scope.spawn(move || {
            let access = Access { kubeconfig: Some(plane.kubeconfig()), context: None };
            let cluster = Cluster::find(&access, stopping).expect("the kubeconfig is right");
            let mut lab = desired(vec![never_ready()]);
            let observed = planned(&cluster, &mut lab);
            let turn = turn(&cluster, &lab, "anna@laptop (process 4711) a").expect("nobody else is there");
            let mut tell = |event: Event<'_>| {
                if let Event::Waiting(_) = event {
                    let _ = begun.send(());
                }
            };
            apply::apply(&cluster, &turn, &lab, &observed, within(120), &mut tell)
        });
        is_begun.recv().expect("the first waits for its Deployment");
        let second = cluster(plane);
        let refused = turn(&second, &desired(vec![config("a", "1")]), "bert@attic (process 7) b");
        let said = refused.expect_err("somebody else applies it").to_string();
        assert!(said.contains("anna@laptop (process 4711), since 20"), "{said}");
        stop.store(true, Ordering::Relaxed);
        assert_eq!(first.join().expect("it ends"), Err(Error::Stopped));
    });
    // It was given back, so that nobody waits for it.
    assert_eq!(plane.get(&LEASE)["spec"]["holderIdentity"], Value::Null);
    applied(&cluster(&plane), &mut desired(vec![config("a", "1")]));
}

#[test]
fn what_a_killed_run_left_behind_expires_by_whatever_clock() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    let lab = desired(vec![config("a", "1")]);
    left_behind(&plane, 2);
    let mut told = Vec::new();
    let runner = Runner { identity: "anna@laptop (process 4711) a", is_gone: &|_| false };
    let mut tell = |event: Event<'_>| {
        if let Event::Queued(holder) = event {
            told.push(holder.to_string());
        }
    };
    apply::turn(&cluster, &lab, runner, &mut tell).expect("nobody renews it");
    assert_eq!(told, ["bert@attic (process 7), since 2099-01-01 12:00:00 UTC by its clock"]);
    // Where it is known that he is gone, nobody waits at all.
    left_behind(&plane, 3_600);
    let runner = Runner { is_gone: &|who| who.starts_with("bert@attic "), ..runner };
    apply::turn(&cluster, &lab, runner, &mut |_: Event<'_>| {}).expect("he is gone");
}

#[test]
fn a_plan_that_somebody_overtook_is_not_done() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    let mut lab = desired(vec![config("a", "1")]);
    let observed = planned(&cluster, &mut lab);
    let turn = turn(&cluster, &lab, "anna@laptop (process 4711) a").expect("nobody else is there");
    applied(&cluster, &mut desired(vec![config("a", "2")]));
    let done = apply::apply(&cluster, &turn, &lab, &observed, within(60), &mut |_: Event<'_>| {});
    assert_eq!(done, Err(Error::Overtaken(None)));
    assert_eq!(plane.get(&["configmap", "a"])["data"]["text"], "2");
}

#[test]
fn who_loses_the_lease_begins_nothing_else() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    let mut lab = two_stages(never_ready());
    let observed = planned(&cluster, &mut lab);
    let turn = turn(&cluster, &lab, "anna@laptop (process 4711) a").expect("nobody else is there");
    let mut is_taken = false;
    let mut tell = |event: Event<'_>| {
        if let (Event::Waiting(_), false) = (event, is_taken) {
            left_behind(&plane, 3_600);
            is_taken = true;
        }
    };
    let done = apply::apply(&cluster, &turn, &lab, &observed, within(120), &mut tell);
    let said = done.expect_err("it is his now").to_string();
    assert!(said.contains("its turn is over") && said.contains("bert@attic"), "{said}");
    assert_eq!(plane.get(&["configmap", "later"]), Value::Null);
    assert_eq!(plane.get(&LEASE)["spec"]["holderIdentity"], "bert@attic (process 7) x", "it stays his");
}

#[test]
fn who_slept_while_another_took_over_writes_nothing() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    let mut lab = two_stages(config("first", "1"));
    let observed = planned(&cluster, &mut lab);
    let turn = turn(&cluster, &lab, "anna@laptop (process 4711) a").expect("nobody else is there");
    let mut tell = |event: Event<'_>| {
        if let Event::Done(step) = event
            && step.key.name == "first"
        {
            left_behind(&plane, 3_600);
            // Nothing runs meanwhile, and nothing is renewed.
            thread::sleep(RELIED_ON_FOR + Duration::from_secs(1));
        }
    };
    let done = apply::apply(&cluster, &turn, &lab, &observed, within(120), &mut tell);
    assert!(matches!(done, Err(Error::Lost(Some(_)))), "{done:?}");
    assert_eq!(plane.get(&["configmap", "later"]), Value::Null);
}
