//! What the words of apps and jobs say is in the object that is built, whatever else they say.

use labs::{Declaration, objects};
use serde_json::Value;

use crate::whole::labs;

/// A word whose value is a number, a truth value or a plain text, and where that stands: in the object, in a run of a
/// job, in the pod, or in its container.
const SAID: [(&str, &str, Part, &str); 24] = [
    ("app", "replicas", Part::Object, "/spec/replicas"),
    ("app", "user", Part::Pod, "/securityContext/runAsUser"),
    ("app", "group", Part::Pod, "/securityContext/fsGroup"),
    ("app", "service-links", Part::Pod, "/enableServiceLinks"),
    ("app", "account", Part::Pod, "/serviceAccountName"),
    ("app", "groups", Part::Pod, "/securityContext/supplementalGroups"),
    ("app", "pull-secrets", Part::Pod, "/imagePullSecrets"),
    ("app", "tolerates", Part::Pod, "/tolerations"),
    ("app", "spread", Part::Pod, "/topologySpreadConstraints"),
    ("app", "read-only-root", Part::Container, "/securityContext/readOnlyRootFilesystem"),
    ("job", "user", Part::Pod, "/securityContext/runAsUser"),
    ("job", "service-links", Part::Pod, "/enableServiceLinks"),
    ("job", "account", Part::Pod, "/serviceAccountName"),
    ("job", "groups", Part::Pod, "/securityContext/supplementalGroups"),
    ("job", "tolerates", Part::Pod, "/tolerations"),
    ("job", "retries", Part::Run, "/backoffLimit"),
    ("job", "completions", Part::Run, "/completions"),
    ("job", "parallel", Part::Run, "/parallelism"),
    ("job", "indexed", Part::Run, "/completionMode"),
    ("job", "keep.succeeded", Part::Object, "/spec/successfulJobsHistoryLimit"),
    ("job", "keep.failed", Part::Object, "/spec/failedJobsHistoryLimit"),
    ("job", "timezone", Part::Object, "/spec/timeZone"),
    ("job", "late", Part::Object, "/spec/startingDeadlineSeconds"),
    ("job", "remove-after", Part::Run, "/ttlSecondsAfterFinished"),
];

#[derive(Clone, Copy)]
enum Part {
    Object,
    Run,
    Pod,
    Container,
}

/// Blocks in Kubernetes' words, which can take away what is made.
const BLOCKS: [&str; 7] =
    ["pod", "container", "deployment", "daemon-set", "stateful-set", "job-spec", "cron-spec"];

#[test]
fn what_words_say_is_built() {
    let (mut seen, mut containers) = (0, 0);
    for grown in labs() {
        let built = objects::of(&grown.outputs);
        let declared = grown.lab.iter().filter(|one| !one.is_base);
        for one in declared.filter(|one| matches!(one.kind.as_str(), "app" | "job")) {
            let Some(object) = built.iter().find(|object| is(object, one)) else { continue };
            let is_open = |setting: &str| BLOCKS.iter().any(|block| setting.starts_with(block));
            if !one.settings.iter().any(|setting| is_open(&setting.path)) {
                for (_, word, part, pointer) in SAID.iter().filter(|(kind, ..)| one.kind == *kind) {
                    let Some(setting) = one.settings.iter().find(|setting| setting.path == *word) else {
                        continue;
                    };
                    let found = self::part(object, *part).and_then(|part| part.pointer(pointer));
                    let is_right = is_said(&setting.value, found);
                    assert!(is_right, "{word} = {}: {found:?}\n{}\n{object:#}", setting.value, grown.text);
                    seen += 1;
                }
            }
            for side in one
                .children
                .iter()
                .filter(|child| child.kind.ends_with(".init") || child.kind.ends_with(".sidecar"))
            {
                let all = self::part(object, Part::Pod).and_then(|pod| pod["initContainers"].as_array());
                let found = all.into_iter().flatten().find(|found| found["name"] == side.shown.as_str());
                let found = found.unwrap_or_else(|| panic!("no {}\n{}\n{object:#}", side.shown, grown.text));
                let keeps_running = found["restartPolicy"] == "Always";
                assert_eq!(keeps_running, side.kind.ends_with(".sidecar"), "{}\n{object:#}", grown.text);
                containers += 1;
            }
        }
    }
    assert!(seen > 100 && containers > 50, "{seen} words and {containers} containers were seen");
}

/// The object that keeps its pods running.
fn is(object: &Value, one: &Declaration) -> bool {
    let kinds: &[&str] =
        if one.kind == "app" { &["Deployment", "DaemonSet", "StatefulSet"] } else { &["Job", "CronJob"] };
    let called = object["metadata"]["name"].as_str().unwrap_or_default();
    let is_once = object["kind"] == "Job" && called.starts_with(&format!("{}-", one.shown));
    kinds.iter().any(|kind| object["kind"] == *kind) && (called == one.shown || is_once)
}

fn part(object: &Value, part: Part) -> Option<&Value> {
    let run = if object["kind"] == "CronJob" { "/spec/jobTemplate/spec" } else { "/spec" };
    match part {
        Part::Object => Some(object),
        Part::Run => object.pointer(run),
        Part::Pod => object.pointer(&format!("{run}/template/spec")),
        Part::Container => object.pointer(&format!("{run}/template/spec/containers/0")),
    }
}

/// Whether a value that somebody wrote stands there. One that asks for nothing needs not to be there, and of what is
/// more than a word, it is enough that something is.
fn is_said(written: &str, found: Option<&Value>) -> bool {
    let is_nothing = matches!(written, "none" | "false" | "[]" | "{}" | "1");
    let number = written.parse::<i64>().ok();
    match (found, number) {
        (None, _) => is_nothing,
        (Some(found), Some(number)) if found.is_number() => *found == number,
        (Some(Value::Bool(found)), _) => found.to_string() == written,
        (Some(_), _) => true,
    }
}
