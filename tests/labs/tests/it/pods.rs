//! Whatever is said in Kubernetes' own words is in the object that is built, whatever else the app says.

use std::collections::BTreeMap;

use driver::Session;
use labs::{Declaration, objects, pods};
use model::kubernetes::Type;
use robustness::Random;
use serde_json::Value;

use crate::whole::labs;

/// A kind, what is said of it, the object whose fields that has, and where in which objects it is then.
type Said = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

/// What is said of apps and jobs.
const SAID: [Said; 9] = [
    ("app", "pod", "PodSpec", &[("Deployment", POD), ("DaemonSet", POD), ("StatefulSet", POD)]),
    ("app", "container", "Container", &[("Deployment", OWN), ("DaemonSet", OWN), ("StatefulSet", OWN)]),
    ("app", "deployment", "DeploymentSpec", &[("Deployment", "/spec")]),
    ("app", "daemon-set", "DaemonSetSpec", &[("DaemonSet", "/spec")]),
    ("app", "stateful-set", "StatefulSetSpec", &[("StatefulSet", "/spec")]),
    ("job", "pod", "PodSpec", &[("Job", POD), ("CronJob", "/spec/jobTemplate/spec/template/spec")]),
    (
        "job",
        "container",
        "Container",
        &[("Job", OWN), ("CronJob", "/spec/jobTemplate/spec/template/spec/containers/0")],
    ),
    ("job", "job-spec", "JobSpec", &[("Job", "/spec"), ("CronJob", "/spec/jobTemplate/spec")]),
    ("job", "cron-spec", "CronJobSpec", &[("CronJob", "/spec")]),
];

const POD: &str = "/spec/template/spec";
const OWN: &str = "/spec/template/spec/containers/0";

#[test]
fn what_a_block_says_is_built() {
    let mut random = Random::new(15);
    let (mut kept, mut refused) = (BTreeMap::new(), 0);
    for grown in labs() {
        let mut session = Session::open(vec![("homelab.hl".to_owned(), grown.text.clone())]);
        for declaration in grown.lab.iter().filter(|one| !one.is_base) {
            let fits = SAID.iter().filter(|said| fits(said, declaration));
            for (_, field, of, objects) in fits {
                let said = pods::any(&mut random, of);
                let text = with(&grown.text, declaration, &format!("{field} = {}", pods::written(&said)));
                session.set_text("homelab.hl", &text);
                let problems = session.problems();
                if problems.iter().any(|one| one.severity() == diagnostics::Severity::Error) {
                    refused += 1;
                    continue;
                }
                let built = objects::of(&session.outputs());
                let found = objects.iter().find_map(|(kind, path)| {
                    built.iter().find(|one| is(one, kind, &declaration.shown)).map(|one| (kind, one, path))
                });
                let Some((kind, found, path)) = found else {
                    panic!("{field} of {}: there is none of {objects:?}\n{text}", declaration.shown);
                };
                let lost = pods::lost(&said, found.pointer(path), &Type::object(of));
                assert!(lost.is_none(), "{field}: {lost:?}\n{text}\n{found:#}");
                *kept.entry((*field, *kind)).or_insert(0) += 1;
            }
        }
    }
    eprintln!("{kept:?} blocks were built, {refused} refused");
    let all = kept.values().sum::<usize>();
    assert!(all > 100 && all > refused, "{kept:?} blocks were built, {refused} refused");
    for (_, field, _, objects) in SAID {
        for (kind, _) in objects {
            assert!(kept.contains_key(&(field, *kind)), "no '{field}' was built into a {kind}: {kept:?}");
        }
    }
}

/// Whether a block can be said of a declaration that does not say it yet.
fn fits((kind, field, ..): &Said, declaration: &Declaration) -> bool {
    let value = |field: &str| declaration.settings.iter().find(|setting| setting.path == field);
    let is = |field: &str| value(field).is_some_and(|setting| setting.value == "true");
    let is_form = match *field {
        "deployment" => !is("everywhere") && !is("numbered"),
        "daemon-set" => is("everywhere"),
        "stateful-set" => is("numbered"),
        "cron-spec" => value("schedule").is_some_and(|setting| setting.value != "none"),
        _ => true,
    };
    let is_new = !declaration.settings.iter().any(|setting| setting.path.starts_with(field));
    declaration.kind == *kind && is_form && is_new
}

/// The lab with a line more in a declaration.
fn with(text: &str, declaration: &Declaration, line: &str) -> String {
    let head = format!("{} {{\n", declaration.head);
    text.replacen(&head, &format!("{head}  {line}\n"), 1)
}

fn is(object: &Value, kind: &str, name: &str) -> bool {
    let called = object["metadata"]["name"].as_str().unwrap_or_default();
    object["kind"] == kind && (called == name || kind == "Job" && called.starts_with(&format!("{name}-")))
}
