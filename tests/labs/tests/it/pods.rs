//! Whatever is said in Kubernetes' own words is in the object that is built, whatever else the app says.

use driver::Session;
use labs::{Declaration, objects, pods};
use model::kubernetes::Type;
use robustness::Random;
use serde_json::Value;

use crate::whole::labs;

/// What is said of each app and job, in which object it is, and where in that.
const SAID: [(&str, &str, &str, &str, &str); 7] = [
    ("app", "pod", "PodSpec", "Deployment", "/spec/template/spec"),
    ("app", "container", "Container", "Deployment", "/spec/template/spec/containers/0"),
    ("app", "deployment", "DeploymentSpec", "Deployment", "/spec"),
    ("job", "pod", "PodSpec", "Job", "/spec/template/spec"),
    ("job", "container", "Container", "Job", "/spec/template/spec/containers/0"),
    ("job", "job-spec", "JobSpec", "Job", "/spec"),
    ("job", "pod", "PodSpec", "CronJob", "/spec/jobTemplate/spec/template/spec"),
];

/// How many blocks are tried in each app.
const TRIES: usize = 4;

#[test]
fn what_a_block_says_is_built() {
    let mut random = Random::new(15);
    let (mut kept, mut refused) = (0, 0);
    for grown in labs().iter().filter(|lab| lab.seed.is_multiple_of(3)) {
        let mut session = Session::open(vec![("homelab.hl".to_owned(), grown.text.clone())]);
        for declaration in grown.lab.iter().filter(|one| !one.is_base) {
            for _ in 0..TRIES {
                let fits: Vec<_> = SAID.iter().filter(|(kind, ..)| declaration.kind == *kind).collect();
                let Some((_, field, of, object, path)) = fits.get(random.below(fits.len().max(1))) else {
                    break;
                };
                if declaration.settings.iter().any(|setting| setting.path.starts_with(field)) {
                    continue;
                }
                let said = pods::any(&mut random, of);
                let text = with(&grown.text, declaration, &format!("{field} = {}", pods::written(&said)));
                session.set_text("homelab.hl", &text);
                let problems = session.problems();
                if problems.iter().any(|one| one.severity() == diagnostics::Severity::Error) {
                    refused += 1;
                    continue;
                }
                let built = objects::of(&session.outputs());
                let Some(found) = built.iter().find(|one| is(one, object, &declaration.shown)) else {
                    continue;
                };
                let lost = pods::lost(&said, found.pointer(path), &Type::object(of));
                assert!(lost.is_none(), "{field}: {lost:?}\n{text}\n{found:#}");
                kept += 1;
            }
        }
    }
    eprintln!("{kept} blocks were built, {refused} refused");
    assert!(kept > 50 && kept > refused, "{kept} blocks were built, {refused} refused");
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
