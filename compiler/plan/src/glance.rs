//! How what is deployed is doing, in half a sentence: what somebody is told who looks at it in passing. Nothing is asked
//! for it but the objects themselves, so it says that something differs only where that can be seen without trying.

use serde_json::Value;

use crate::key::{Kind, text};
use crate::status::{Context, Status, status};

/// The kinds of objects that run something, by group and name.
pub const RUNNING: [(&str, &str); 5] = [
    ("apps", "DaemonSet"),
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("batch", "CronJob"),
    ("batch", "Job"),
];

/// An object that runs something as a lab wants it, and as it is in the cluster, if it is there.
pub type Beside<'a> = (&'a Value, Option<&'a Value>);

/// How objects are doing together; nothing if there are none. `now` is in seconds since 1970.
pub fn glance(objects: &[Beside<'_>], now: i64) -> Option<String> {
    match objects {
        [] => None,
        [(wanted, live)] => Some(sentence(wanted, *live, now)),
        all if all.iter().all(|(_, live)| live.is_none()) => Some(NOT_THERE.to_owned()),
        all => {
            let one = |(wanted, live): &Beside<'_>| {
                format!("{}: {}", text(wanted, "/metadata/name"), sentence(wanted, *live, now))
            };
            Some(all.iter().map(one).collect::<Vec<_>>().join("; "))
        }
    }
}

/// The images that the pods of an object run.
pub fn images(object: &Value) -> Vec<&str> {
    containers(object, "containers").filter_map(|one| one["image"].as_str()).collect()
}

/// An image as people know it: without the registry and the digest.
pub fn image_name(image: &str) -> &str {
    let image = image.split_once('@').map_or(image, |(name, _)| name);
    image.rsplit_once('/').map_or(image, |(_, name)| name)
}

const NOT_THERE: &str = "not there";

fn sentence(wanted: &Value, live: Option<&Value>, now: i64) -> String {
    let Some(live) = live else { return NOT_THERE.to_owned() };
    let context = Context { now, storage_class: &|_| None };
    let status = status(live, &context);
    let runs: Vec<&str> = images(live).into_iter().map(image_name).collect();
    let how = [how(live, &status), runs.join(", ")];
    let how = how.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    if differs(wanted, live) {
        return format!("differs from the lab (run 'hlc plan'): {how}");
    }
    how
}

/// How far an object is.
fn how(live: &Value, status: &Status) -> String {
    if let Status::Terminating(why) = status {
        return why.clone();
    }
    let kind = Kind::of(live);
    let counted = match kind.kind.as_str() {
        "Deployment" | "StatefulSet" => {
            let wanted = live.pointer("/spec/replicas").and_then(Value::as_i64).unwrap_or(1);
            pods(live, "/status/readyReplicas", wanted)
        }
        "DaemonSet" => pods(live, "/status/numberReady", count(live, "/status/desiredNumberScheduled")),
        "CronJob" => return cron_job(live),
        _ if *status == Status::Current => return "done".to_owned(),
        _ => return status.sentence().to_owned(),
    };
    if status.is_failed() { format!("{counted}, {}", status.sentence()) } else { counted }
}

fn pods(live: &Value, ready: &str, wanted: i64) -> String {
    format!("{} of {wanted} pods ready", count(live, ready))
}

fn cron_job(live: &Value) -> String {
    if live.pointer("/spec/suspend") == Some(&Value::Bool(true)) {
        return "suspended".to_owned();
    }
    if live.pointer("/status/active").and_then(Value::as_array).is_some_and(|all| !all.is_empty()) {
        return "running".to_owned();
    }
    match (text(live, "/status/lastScheduleTime"), text(live, "/status/lastSuccessfulTime")) {
        ("", _) => "not run yet".to_owned(),
        (begun, "") => format!("last begun {begun}, not succeeded yet"),
        (_, succeeded) => format!("last succeeded {succeeded}"),
    }
}

/// Whether it can be seen that the cluster has something else: images, how many pods, or when it runs.
fn differs(wanted: &Value, live: &Value) -> bool {
    let other_image = |list: &str| {
        containers(wanted, list).any(|one| {
            let same = containers(live, list).find(|other| other["name"] == one["name"]);
            one["image"].is_string() && same.is_none_or(|same| same["image"] != one["image"])
        })
    };
    let other_field = |at: &str| {
        wanted.pointer(at).is_some_and(|value| !value.is_null() && live.pointer(at) != Some(value))
    };
    other_image("containers")
        || other_image("initContainers")
        || other_field("/spec/replicas")
        || other_field("/spec/schedule")
}

/// The containers of an object that makes pods; of one that is a pod only by way of its owner none.
fn containers<'a>(object: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    let specs = ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec"];
    let spec = specs.iter().find_map(|at| object.pointer(at));
    spec.and_then(|spec| spec[list].as_array()).into_iter().flatten()
}

fn count(object: &Value, at: &str) -> i64 {
    object.pointer(at).and_then(Value::as_i64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deployment(image: &str, replicas: i64, ready: i64) -> Value {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "generation": 1},
            "spec": {"replicas": replicas, "template": {"spec": {"containers": [{"name": "web", "image": image}]}}},
            "status": {"observedGeneration": 1, "readyReplicas": ready},
        })
    }

    fn said(wanted: &Value, live: Option<&Value>) -> String {
        glance(&[(wanted, live)], 0).expect("something is said")
    }

    #[test]
    fn what_runs_is_counted_and_named() {
        let wanted = deployment("docker.io/library/httpd:2.4.66", 2, 0);
        assert_eq!(said(&wanted, None), "not there");
        let live = deployment("docker.io/library/httpd:2.4.66", 2, 1);
        assert_eq!(said(&wanted, Some(&live)), "1 of 2 pods ready, httpd:2.4.66");
        assert_eq!(glance(&[], 0), None);
    }

    #[test]
    fn what_can_be_seen_to_differ_is_said_to() {
        let wanted = deployment("httpd:2.4.66", 2, 0);
        let old = deployment("httpd:2.4.65", 2, 2);
        let differs = "differs from the lab (run 'hlc plan'): 2 of 2 pods ready, httpd:2.4.65";
        assert_eq!(said(&wanted, Some(&old)), differs);
        assert!(said(&wanted, Some(&deployment("httpd:2.4.66", 0, 0))).starts_with("differs"));
        // A lab that says nothing of how many there are leaves that to something else.
        let mut scaled = wanted;
        scaled["spec"]["replicas"] = Value::Null;
        assert_eq!(said(&scaled, Some(&deployment("httpd:2.4.66", 5, 5))), "5 of 5 pods ready, httpd:2.4.66");
    }

    #[test]
    fn several_are_told_apart_by_name() {
        let (web, mut other) = (deployment("a:1", 1, 1), deployment("b:1", 1, 0));
        other["metadata"]["name"] = "db".into();
        let all = glance(&[(&web, Some(&web)), (&other, None)], 0);
        assert_eq!(all.as_deref(), Some("web: 1 of 1 pods ready, a:1; db: not there"));
        assert_eq!(glance(&[(&web, None), (&other, None)], 0).as_deref(), Some("not there"));
    }

    #[test]
    fn jobs_say_when_they_ran() {
        let cron = |status: Value| {
            json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "dump"},
                   "spec": {"schedule": "0 3 * * *"}, "status": status})
        };
        let wanted = cron(Value::Null);
        assert_eq!(said(&wanted, Some(&cron(json!({})))), "not run yet");
        assert_eq!(said(&wanted, Some(&cron(json!({"active": [{}]})))), "running");
        let (begun, done) = ("2026-11-29T03:00:00Z", "2026-11-29T03:00:09Z");
        let live = cron(json!({"lastScheduleTime": begun}));
        assert_eq!(said(&wanted, Some(&live)), format!("last begun {begun}, not succeeded yet"));
        let live = cron(json!({"lastScheduleTime": begun, "lastSuccessfulTime": done}));
        assert_eq!(said(&wanted, Some(&live)), format!("last succeeded {done}"));
    }
}
