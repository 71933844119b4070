//! What goes wrong on the way to a cluster: it goes on by itself, or it is said what is wrong; and the next run comes to
//! the same.

use std::thread;
use std::time::Duration;

use apply::{Desired, Error, Event};
use harness::control_plane::ControlPlane;
use harness::passage::{Fault, Passage};
use serde_json::{Value, json};

use crate::lab::{applied, by, cluster, config, desired, done, lines, planned, turn, within};

const BUSY: &str = r#"{"kind": "Status", "message": "too many requests"}"#;
const BROKEN: &str = r#"{"kind": "Status", "message": "etcdserver: request timed out", "code": 500}"#;
const OLD: &str = r#"{"kind": "Status", "message": "too old", "reason": "Expired", "code": 410}"#;
const UNKNOWN: &str = r#"{"kind": "Status", "message": "Unauthorized", "code": 401}"#;

/// One of two labs: what one has the other has not, or otherwise.
fn lab(text: &str, own: &str) -> Desired {
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "media"}});
    let mut inside = config("inside", text);
    inside["metadata"]["namespace"] = "media".into();
    desired(vec![namespace, inside, config("changed", text), config(own, text)])
}

/// What there is of both labs.
fn state(plane: &ControlPlane) -> Vec<String> {
    let all = plane.get(&["configmaps", "--all-namespaces"]);
    let ours = |object: &&Value| {
        let metadata = &object["metadata"];
        metadata["labels"]["applyset.kubernetes.io/part-of"].is_string() || metadata["name"] == "hlc-home"
    };
    let items = all["items"].as_array().into_iter().flatten().filter(ours);
    items
        .map(|one| format!("{} {} {}", one["metadata"]["name"], one["data"], one["metadata"]["annotations"]))
        .collect()
}

#[test]
fn whatever_happens_once_to_each_request_it_goes_on_by_itself() {
    let plane = ControlPlane::start_api_server();
    let passage = Passage::to(&plane);
    let cluster = by(passage.kubeconfig());
    applied(&cluster, &mut lab("2", "b"));
    let second = state(&plane);
    applied(&cluster, &mut lab("1", "a"));
    let first = state(&plane);
    let faults = [
        Fault::Answered(429, "x-nothing: 1", BUSY),
        Fault::Answered(500, "x-nothing: 1", BROKEN),
        Fault::Answered(503, "content-type: text/plain", "no healthy upstream"),
        Fault::Answered(504, "x-nothing: 1", ""),
        Fault::CutBefore,
        Fault::CutBehind,
        Fault::Late(Duration::from_millis(300)),
    ];
    for fault in faults {
        for (text, own, state_then) in [("2", "b", &second), ("1", "a", &first)] {
            passage.disturb_once(fault, |_| true);
            applied(&cluster, &mut lab(text, own));
            passage.open();
            assert_eq!(&state(&plane), state_then, "{fault:?}");
            assert!(!planned(&cluster, &mut lab(text, own)).plan.has_changes(), "{fault:?}");
        }
    }
    // As long as the cluster says itself, and no shorter.
    passage.disturb_once(Fault::Answered(429, "retry-after: 2", BUSY), |line| {
        line.contains("configmaps/changed?")
    });
    let began = std::time::Instant::now();
    applied(&cluster, &mut lab("2", "b"));
    assert!(began.elapsed() >= Duration::from_secs(2));
}

#[test]
fn what_does_not_get_better_is_said_and_the_next_run_goes_on() {
    let plane = ControlPlane::start_api_server();
    let passage = Passage::to(&plane);
    // In the middle: some of it is done.
    let writes: fn(&str) -> bool =
        |line| line.starts_with("PATCH") && line.contains("/inside?") && !line.contains("dryRun");
    let cases = [
        (
            Fault::Answered(500, "x-nothing: 1", BROKEN),
            "ConfigMap media/inside: the cluster cannot do it now: etcdserver",
        ),
        (Fault::Answered(401, "x-nothing: 1", UNKNOWN), "the cluster does not know who asks: Unauthorized"),
        (Fault::CutBefore, "does not answer"),
    ];
    for (fault, sentence) in cases {
        let cluster = by(passage.kubeconfig());
        passage.open();
        applied(&cluster, &mut lab("1", "a"));
        let mut second = lab("2", "b");
        let observed = planned(&cluster, &mut second);
        passage.disturb(fault, writes);
        let error = done(&cluster, &second, &observed).expect_err("it cannot be done");
        assert!(error.to_string().contains(sentence) && error.help().is_some(), "{fault:?}: {error}");
        passage.open();
        applied(&cluster, &mut second);
        assert!(!planned(&cluster, &mut second).plan.has_changes());
    }
}

#[test]
fn an_api_server_that_is_restarted_is_waited_for() {
    let mut plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    let mut first = lab("1", "a");
    let observed = planned(&cluster, &mut first);
    let turn = turn(&cluster, &first, "anna@laptop (process 4711) a").expect("nobody else is there");
    let outcome = thread::scope(|scope| {
        let (send, stopped) = std::sync::mpsc::channel::<()>();
        let (plane, mut is_told) = (&mut plane, false);
        let (down, is_down) = std::sync::mpsc::channel::<()>();
        scope.spawn(move || {
            stopped.recv().expect("something is done");
            plane.stop_api();
            down.send(()).expect("it is waited for");
            plane.start_api_again();
        });
        let mut tell = |event: Event<'_>| {
            if let (Event::Done(_), false) = (event, is_told) {
                is_told = true;
                send.send(()).expect("it is waited for");
                is_down.recv().expect("it stops");
            }
        };
        apply::apply(&cluster, &turn, &first, &observed, within(60), &mut tell)
    });
    assert_eq!(outcome.expect("it goes on").applied, 4);
    assert!(!planned(&cluster, &mut lab("1", "a")).plan.has_changes());
}

#[test]
fn a_controller_that_takes_a_field_meanwhile_keeps_it() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    applied(&cluster, &mut lab("1", "a"));
    let mut second = lab("2", "a");
    let observed = planned(&cluster, &mut second);
    let patch = json!({"data": {"text": "theirs"}}).to_string();
    plane
        .kubectl(&["patch", "configmap", "changed", "--field-manager", "a-controller", "-p", &patch])
        .succeeded();
    done(&cluster, &second, &observed).expect("it goes on");
    assert_eq!(plane.get(&["configmap", "changed"])["data"]["text"], "theirs");
    let again = planned(&cluster, &mut second);
    assert!(!again.plan.has_changes(), "{:?}", lines(&again));
}

#[test]
fn what_a_finalizer_keeps_is_named_and_known_until_it_is_gone() {
    let plane = ControlPlane::start_api_server();
    let cluster = cluster(&plane);
    applied(&cluster, &mut desired(vec![config("a", "1"), config("b", "1")]));
    let finalizers = json!({"metadata": {"finalizers": ["test.example/cleans-up"]}}).to_string();
    plane.kubectl(&["patch", "configmap", "b", "-p", &finalizers]).succeeded();
    let mut less = desired(vec![config("a", "1")]);
    let observed = planned(&cluster, &mut less);
    let turn = turn(&cluster, &less, "anna@laptop (process 4711) a").expect("nobody else is there");
    let error = apply::apply(&cluster, &turn, &less, &observed, within(3), &mut |_: Event<'_>| {});
    let Err(Error::NotGone(stuck)) = &error else { panic!("it stays: {error:?}") };
    assert_eq!(stuck[0].reason.key.name, "b");
    let said = error.as_ref().map_err(ToString::to_string).expect_err("it stays");
    assert!(said.contains("kept by the finalizers test.example/cleans-up"), "{said}");
    assert!(said.contains("kubectl edit"), "{said}");
    // The next run says so, and has nothing else to do; when it is gone nothing is left of it.
    let again = planned(&cluster, &mut less);
    assert_eq!(lines(&again), ["nothing ConfigMap default/a", "keep ConfigMap default/b"]);
    done(&cluster, &less, &again).expect("there is nothing to do");
    plane.kubectl(&["patch", "configmap", "b", "-p", r#"{"metadata": {"finalizers": null}}"#]).succeeded();
    assert_eq!(lines(&planned(&cluster, &mut less)), ["nothing ConfigMap default/a"]);
}

#[test]
fn a_list_that_became_too_old_is_read_again() {
    let plane = ControlPlane::start_api_server();
    let passage = Passage::to(&plane);
    let cluster = by(passage.kubeconfig());
    let mut many: Vec<Value> = (0..501).map(|nth| config(&format!("c{nth}"), "1")).collect();
    applied(&cluster, &mut desired(many.clone()));
    passage.disturb_once(Fault::Answered(410, "x-nothing: 1", OLD), |line| line.contains("continue="));
    many.pop();
    let observed = planned(&cluster, &mut desired(many));
    assert_eq!(lines(&observed).last().map(String::as_str), Some("prune ConfigMap default/c500"));
}
