//! A small lab of objects, and a cluster for it.

use std::path::PathBuf;
use std::sync::Arc;

use apply::{Access, Cluster, Desired, Error, Event, Observed, Options, Outcome, Runner, Vault};
use harness::control_plane::ControlPlane;
use plan::lease::Turn;
use plan::{Action, Key, Origin, Part, Patience, ReleaseId, Wanted, WantedObject};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

/// The way to a cluster with every right.
pub(crate) fn cluster(plane: &ControlPlane) -> Cluster {
    by(plane.kubeconfig())
}

/// The way to a cluster that a kubeconfig says.
pub(crate) fn by(kubeconfig: PathBuf) -> Cluster {
    let access = Access { kubeconfig: Some(kubeconfig), context: None };
    Cluster::find(&access, Arc::default()).expect("the kubeconfig is right")
}

/// A lab that wants these objects in one component.
pub(crate) fn desired(objects: Vec<Value>) -> Desired {
    with_vault(objects, Vault::new())
}

/// The same of another lab.
pub(crate) fn of_lab(name: &str, objects: Vec<Value>) -> Desired {
    let Desired { mut wanted, vault } = desired(objects);
    name.clone_into(&mut wanted.lab);
    for one in wanted.parts.iter_mut().flat_map(|part| &mut part.objects) {
        one.object["metadata"].as_object_mut().expect("a map").shift_remove("labels");
    }
    Desired::new(wanted, vault)
}

/// The same, with secrets in them.
pub(crate) fn with_vault(objects: Vec<Value>, vault: Vault) -> Desired {
    let origin = Origin { line: "homelab.hl:7".into(), declaration: "app web".into() };
    let object = |object: Value| WantedObject { key: Key::of(&object), object, origin: origin.clone() };
    let part = Part {
        stage: "10_apps".into(),
        name: "web".into(),
        release: Some(ReleaseId { namespace: "default".into(), name: "web".into() }),
        objects: objects.into_iter().map(object).collect(),
        ..Part::default()
    };
    Desired::new(Wanted { lab: "home".into(), parts: vec![part], ..Wanted::default() }, vault)
}

/// A `ConfigMap` with a text in it.
pub(crate) fn config(name: &str, text: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"},
           "data": {"text": text}})
}

/// A file of an object, for kubectl.
pub(crate) fn file(object: &Value) -> NamedTempFile {
    let file = NamedTempFile::with_suffix(".json").expect("a temporary file");
    std::fs::write(file.path(), object.to_string()).expect("it can be written");
    file
}

/// What would be done, without consent to lose anything.
pub(crate) fn planned(cluster: &Cluster, desired: &mut Desired) -> Observed {
    apply::plan(cluster, desired, false).expect("the cluster answers")
}

/// Does it.
pub(crate) fn done(cluster: &Cluster, desired: &Desired, observed: &Observed) -> Result<Outcome, Error> {
    let turn = turn(cluster, desired, "anna@test (process 1) a")?;
    apply::apply(cluster, &turn, desired, observed, within(60), &mut |_: Event<'_>| {})
}

/// Without consent, and waiting so many seconds at most.
pub(crate) fn within(timeout: i64) -> Options {
    Options { consent: false, patience: Patience { timeout, failing: 5 } }
}

/// Waits for the turn of a run.
pub(crate) fn turn(cluster: &Cluster, desired: &Desired, identity: &str) -> Result<Turn, Error> {
    let runner = Runner { identity, is_gone: &|_| false };
    apply::turn(cluster, desired, runner, &mut |_: Event<'_>| {})
}

/// Plans and does it.
pub(crate) fn applied(cluster: &Cluster, desired: &mut Desired) -> Outcome {
    let observed = planned(cluster, desired);
    done(cluster, desired, &observed).expect("it can be done")
}

/// The steps as lines: what is done to what, with the paths of fields.
pub(crate) fn lines(observed: &Observed) -> Vec<String> {
    let line = |step: &plan::Step| match &step.action {
        Action::Create { unchecked } => {
            format!("{} {}", if unchecked.is_some() { "create later" } else { "create" }, step.key)
        }
        Action::Change { changes } => {
            let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
            format!("change {}: {}", step.key, paths.join(" "))
        }
        Action::Recreate { .. } => format!("recreate {}", step.key),
        Action::Nothing => format!("nothing {}", step.key),
        Action::Prune => format!("prune {}", step.key),
        Action::Keep { .. } => format!("keep {}", step.key),
        Action::Refused { why } => format!("refused {}: {why}", step.key),
    };
    observed.plan.steps.iter().map(line).collect()
}
