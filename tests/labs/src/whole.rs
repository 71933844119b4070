//! Whether everything that a lab declares is in what is built from it.

use driver::{Outputs, Session};
use serde_json::Value;
use smol_str::SmolStr;

use crate::lab::{Declaration, Setting};
use crate::objects;

/// What a lab declares and its outputs do not have: a line each.
pub fn missing(lab: &[Declaration], outputs: &Outputs) -> Vec<String> {
    thread_local! {
        static LIBRARY: Session = Session::open(Vec::new());
    }
    LIBRARY.with(|library| of_library(library, lab, outputs))
}

fn of_library(library: &Session, lab: &[Declaration], outputs: &Outputs) -> Vec<String> {
    let built = Built {
        outputs,
        objects: objects::of(outputs),
        all: outputs.k8s.values().map(String::as_str).collect(),
    };
    let mut missing = Vec::new();
    for declaration in lab {
        let name = &declaration.shown;
        let exists = |setting: &Setting| setting.path == "existing" && setting.value == "true";
        if !declaration.settings.iter().any(exists) {
            built.has(&declaration.kind, name, &mut missing);
        }
        for child in &declaration.children {
            built.has_inside(&declaration.kind, name, child, &mut missing);
        }
        let made = types::made(library.db(), names::word(library.db(), &declaration.kind));
        // What is made only if something is said, or for each of something, is not looked for.
        for node in made.iter().flatten().filter(|node| !node.conditional && !node.repeated) {
            let is_unnamed = node.name == node.kind;
            let made = types::display_name(name, &node.kind, &node.name, is_unnamed, None);
            built.has(&node.kind, &made, &mut missing);
        }
    }
    missing
}

/// What keeps the pods of an app running.
const APPS: [&str; 3] = ["Deployment", "DaemonSet", "StatefulSet"];

struct Built<'o> {
    outputs: &'o Outputs,
    objects: Vec<Value>,
    all: Vec<&'o str>,
}

impl Built<'_> {
    /// A declaration has its files.
    fn has(&self, kind: &SmolStr, name: &str, missing: &mut Vec<String>) {
        let is_there = match kind.as_str() {
            "app" => self.object(&APPS, name).is_some(),
            "job" => self.job(name).is_some(),
            // What exists without us is not made.
            "namespace" => self.object(&["Namespace"], name).is_some() || name == "kube-system",
            "manifest" => {
                self.objects.iter().any(|object| object["metadata"]["name"] == name) || self.names(name)
            }
            "release" => self.names(name),
            "host" => {
                let flake = self.outputs.nixos.get("flake.nix").map(String::as_str).unwrap_or_default();
                self.outputs.nixos.contains_key(&format!("hosts/{name}/default.nix")) && flake.contains(name)
            }
            "user" => self.outputs.nixos.contains_key(&format!("modules/users/{name}.nix")),
            "cluster" => self.outputs.nixos.values().any(|text| text.contains("services.k3s")),
            _ => true,
        };
        if !is_there {
            missing.push(format!("{kind} {name}"));
        }
    }

    /// What is declared in an app, a job or a host shows in its files.
    fn has_inside(&self, kind: &SmolStr, name: &str, child: &Declaration, missing: &mut Vec<String>) {
        let inner = &child.shown;
        let pod = || self.object(&APPS, name).or_else(|| self.job(name));
        let is_there = match child.kind.as_str() {
            "app.port" => {
                let ports = self.object(&["Service"], name).map(|service| service["spec"]["ports"].clone());
                let is_port = |port: &Value| port["name"] == inner.as_str();
                ports.is_some_and(|ports| ports.as_array().into_iter().flatten().any(is_port))
            }
            "app.ingress" => self.objects.iter().any(|object| object["kind"] == "Ingress"),
            "app.file" | "job.file" => pod().is_some_and(|pod| holds(pod, "mountPath", inner)),
            "app.volume" | "job.volume" | "app.init" | "job.init" | "app.sidecar" | "job.sidecar" => {
                pod().is_some_and(|pod| holds(pod, "name", inner))
            }
            "host.disk" => {
                let folder = format!("hosts/{name}/");
                let own = self.outputs.nixos.iter().filter(|(path, _)| path.starts_with(&folder));
                own.into_iter().any(|(_, text)| text.contains("disko.devices"))
            }
            _ => true,
        };
        if !is_there {
            missing.push(format!("{} {inner} of {kind} {name}", child.kind));
        }
    }

    fn object(&self, kinds: &[&str], name: &str) -> Option<&Value> {
        self.objects.iter().find(|object| {
            object["metadata"]["name"] == name && kinds.iter().any(|kind| object["kind"] == *kind)
        })
    }

    /// The job of this name; one that runs once is called after what it runs, too.
    fn job(&self, name: &str) -> Option<&Value> {
        let once = format!("{name}-");
        let is_once = |found: &&Value| {
            found["kind"] == "Job"
                && found["metadata"]["name"].as_str().is_some_and(|name| name.starts_with(&once))
        };
        self.object(&["CronJob", "Job"], name).or_else(|| self.objects.iter().find(is_once))
    }

    /// Whether a helmfile or a template names it.
    fn names(&self, name: &str) -> bool {
        let names = |line: &str| {
            let value = line.trim().trim_start_matches("- ").strip_prefix("name: ");
            value.is_some_and(|value| serde_yaml::from_str::<String>(value).is_ok_and(|value| value == name))
        };
        self.all.iter().any(|text| text.lines().any(names))
    }
}

/// Whether something in `value` has this entry.
fn holds(value: &Value, key: &str, text: &str) -> bool {
    match value {
        Value::Object(map) => {
            map.get(key).is_some_and(|found| found == text)
                || map.values().any(|inner| holds(inner, key, text))
        }
        Value::Array(items) => items.iter().any(|inner| holds(inner, key, text)),
        _ => false,
    }
}
