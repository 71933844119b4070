//! `hlc plan` and `hlc apply` beside a real control plane: etcd, API server, controllers, scheduler, and nodes that kwok
//! plays.

use std::path::Path;
use std::process::Command;

use harness::charts::Charts;
use harness::control_plane::{ControlPlane, Node};
use serde_json::Value;

use crate::vault::keys;
use crate::world::{Run, World};

pub(crate) const LAB: &str = r#"lab home { domain = "home.example.net" }
recipient admin = "ADMIN"
stage apps = 10
namespace tools { stage = apps }
secret token { generate = random(32) }

app web in tools {
  image = "docker.io/library/nginx:1.29.0"
  port http = 80
  volume data { size = 1GiB, at = /data }
  env { TOKEN = token }
  resources { memory = 64MiB }
}
"#;

const EXTRA: &str = r#"
app extra in tools {
  image = "docker.io/library/nginx:1.29.0"
  port http = 80
  volume data { size = 1GiB, at = /data }
  resources { memory = 64MiB }
}
"#;

const PLAIN: &str = r#"
release plain in tools { chart = "./plain" }
"#;

/// The program with the admin's key, beside the cluster that a kubeconfig leads to.
pub(crate) fn command(world: &World, kubeconfig: &Path, arguments: &[&str]) -> Command {
    let mut command = world.command(arguments);
    command.env("SOPS_AGE_KEY_FILE", keys().admin.file()).env("KUBECONFIG", kubeconfig);
    command
}

/// The same, which says that the cluster is the lab's: nothing in these labs says so of one on the loopback.
pub(crate) fn claiming(world: &World, kubeconfig: &Path, arguments: &[&str]) -> Command {
    let mut command = command(world, kubeconfig, arguments);
    if arguments.first() == Some(&"apply") && arguments.len() > 1 {
        command.arg("--new-cluster");
    }
    command
}

/// A lab beside a cluster.
pub(crate) struct Beside {
    pub(crate) world: World,
    pub(crate) plane: ControlPlane,
}

impl Beside {
    /// A cluster with storage and a node, and a lab with values that nothing was applied of.
    pub(crate) fn new(lab: &str) -> Self {
        let world = World::with(&lab.replace("ADMIN", keys().admin.recipient()));
        let beside = Self { world, plane: ControlPlane::start(&[Node::new("one")]) };
        beside.plane.offer_volumes("local-path");
        beside.done(&["secrets", "generate"]);
        beside
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        claiming(&self.world, &self.plane.kubeconfig(), arguments)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).output().expect("the program runs"))
    }

    #[track_caller]
    pub(crate) fn done(&self, arguments: &[&str]) -> Run {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.all());
        run
    }

    /// Puts something in the place of something else in the lab.
    pub(crate) fn edit(&self, old: &str, new: &str) {
        let text = self.world.text("homelab.hl");
        assert!(text.contains(old), "{old}");
        self.world.write("homelab.hl", text.replace(old, new));
    }

    /// The value of the one secret.
    pub(crate) fn token(&self) -> String {
        self.done(&["secrets", "show", "token"]).out.trim().to_owned()
    }

    pub(crate) fn deployment(&self, name: &str) -> Value {
        self.plane.get(&["deployment", name, "--namespace", "tools"])
    }
}

#[test]
fn a_lab_is_applied_changed_and_left() {
    let beside = Beside::new(&format!("{LAB}{EXTRA}"));
    let plan = beside.run(&["plan", "--detailed-exitcode"]);
    assert_eq!(plan.code, 2, "{}", plan.all());
    assert!(plan.out.contains("+ Deployment tools/web  homelab.hl:7: app web"), "{}", plan.out);
    assert!(plan.out.contains("not tried: there is no namespace 'tools' yet"), "{}", plan.out);
    let unasked = beside.run(&["apply"]);
    assert_eq!(unasked.code, 1, "nobody is there to ask: {}", unasked.all());
    assert!(beside.deployment("web").is_null());

    let applied = beside.done(&["apply", "--yes"]);
    assert!(applied.err.contains("everything is ready"), "{}", applied.all());
    assert_eq!(beside.deployment("web")["status"]["readyReplicas"], 1);
    let secret = beside.plane.get(&["secret", "web-secrets", "--namespace", "tools"]);
    assert!(secret["data"]["TOKEN"].is_string(), "{secret}");
    let again = beside.done(&["plan", "--detailed-exitcode"]);
    assert!(!again.out.contains('+') && again.out.contains("as they are to be"), "{}", again.out);

    // A change of the lab is a change of a field, with its line.
    beside.edit(
        "nginx:1.29.0\"\n  port http = 80\n  volume data { size = 1GiB, at = /data }\n  env",
        "nginx:1.29.1\"\n  port http = 80\n  volume data { size = 1GiB, at = /data }\n  env",
    );
    let old = beside.token();
    beside.done(&["secrets", "rotate", "token"]);
    let plan = beside.done(&["plan", "--json"]);
    let json: Value = serde_json::from_str(&plan.out).expect("it is JSON");
    let steps = json["steps"].as_array().expect("steps");
    let of = |kind: &str| steps.iter().find(|step| step["key"]["kind"] == kind && step["action"] == "change");
    let deployment = of("Deployment").expect("the app changes");
    let paths: Vec<&Value> =
        deployment["changes"].as_array().into_iter().flatten().map(|change| &change["path"]).collect();
    assert!(paths.iter().any(|path| **path == "spec.template.spec.containers[web].image"), "{paths:?}");
    assert_eq!(of("Secret").expect("its secret does")["changes"][0]["after"], "(secret)");
    let shown = beside.done(&["plan"]);
    assert!(
        shown.out.contains(
            "containers[web].image: \"docker.io/library/nginx:1.29.0\" → \
             \"docker.io/library/nginx:1.29.1\"  homelab.hl:8"
        ),
        "{}",
        shown.out
    );
    let applied = beside.done(&["apply", "--yes", "--verbose"]);
    for run in [&plan, &shown, &applied] {
        for secret in [&old, &beside.token()] {
            let encoded = base64(secret);
            assert!(
                !run.all().contains(secret.as_str()) && !run.all().contains(&encoded),
                "a secret is told"
            );
        }
    }

    // What leaves the lab goes, and its data stays until somebody says so.
    beside.edit(EXTRA, "");
    let plan = beside.done(&["plan"]);
    assert!(plan.out.contains("- Deployment tools/extra"), "{}", plan.out);
    assert!(plan.out.contains("= PersistentVolumeClaim tools/extra-data"), "{}", plan.out);
    beside.done(&["apply", "--yes"]);
    assert!(beside.deployment("extra").is_null());
    let claim = || beside.plane.get(&["persistentvolumeclaim", "extra-data", "--namespace", "tools"]);
    assert!(claim().is_object());
    beside.done(&["apply", "--yes", "--delete-data"]);
    assert!(claim().is_null() || claim()["metadata"]["deletionTimestamp"].is_string());
    assert_eq!(beside.deployment("web")["status"]["readyReplicas"], 1);
}

#[test]
fn helmfile_and_apply_take_turns() {
    let Some(charts) = Charts::serve() else { return };
    let beside = Beside::new(LAB);
    beside.done(&["build"]);
    let helmfile = || {
        let k8s = beside.world.path("k8s");
        let kubeconfig = beside.plane.kubeconfig();
        charts.helmfile(&k8s).kubeconfig(&kubeconfig).age_key(&keys().admin.file()).sync().succeeded();
    };
    helmfile();
    let first = beside.done(&["apply", "--yes"]);
    assert!(first.out.contains("taken over from helm"), "{}", first.out);
    let pods = || {
        let pods = beside.plane.get(&["pods", "--namespace", "tools"]);
        let names = pods["items"].as_array().into_iter().flatten();
        names.map(|pod| pod["metadata"]["name"].to_string()).collect::<Vec<_>>()
    };
    let before = pods();
    beside.done(&["plan", "--detailed-exitcode"]);
    // A field of the lab that goes, goes: nobody holds on to it.
    beside.edit("  env { TOKEN = token }\n", "");
    beside.done(&["apply", "--yes"]);
    let env = beside.deployment("web").pointer("/spec/template/spec/containers/0/env").cloned();
    assert_eq!(env, None);
    beside.edit("  resources", "  env { TOKEN = token }\n  resources");
    beside.done(&["build"]);
    helmfile();
    // What Helm wrote is taken over again, and nothing of it changes.
    let plan = beside.done(&["plan"]);
    assert!(!plan.out.contains("~ Deployment"), "{}", plan.out);
    assert_eq!(before.len(), pods().len());
}

#[test]
fn what_does_not_get_ready_is_said_with_its_line() {
    let beside = Beside::new(LAB);
    beside.edit("  resources", "  pod { nodeSelector { nowhere = \"yes\" } }\n  resources");
    let run = beside.run(&["apply", "--yes", "--timeout", "8"]);
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(
        run.err.contains("Deployment tools/web") && run.err.contains("homelab.hl:7: app web"),
        "{}",
        run.err
    );
    assert!(run.err.contains("FailedScheduling"), "what the cluster says: {}", run.err);
    // And the next run goes on from there.
    beside.edit("  pod { nodeSelector { nowhere = \"yes\" } }\n", "");
    beside.done(&["apply", "--yes"]);
}

#[test]
fn only_a_part_is_applied_and_nothing_else_is_touched() {
    let beside = Beside::new(&format!("{LAB}{EXTRA}{PLAIN}"));
    beside.world.write("plain/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
    let applied = beside.done(&["apply", "--yes"]);
    let left =
        "not looked at: helmfiles and folders that are no charts, which helmfile deploys, in 10_apps/plain";
    assert!(applied.err.contains(left), "{}", applied.err);
    beside.edit("memory = 64MiB }\n}\n\napp extra", "memory = 96MiB }\n}\n\napp extra");
    let plan = beside.done(&["plan", "extra"]);
    assert!(!plan.out.contains("web") && !plan.out.contains("- "), "{}", plan.out);
    assert!(!plan.err.contains("not looked at"), "{}", plan.err);
    // The same as options, and one question after the other.
    let options = beside.done(&["plan", "--only", "extra", "--parallel", "1"]);
    assert_eq!(options.out, plan.out);
    let options = beside.done(&["plan", "--stage", "10_apps"]);
    assert!(options.out.contains("Deployment tools/web"), "{}", options.out);
    let plan = beside.done(&["plan", "10_apps/web"]);
    assert!(plan.out.contains("Deployment tools/web"), "{}", plan.out);
    let unknown = beside.run(&["plan", "webb"]);
    assert_eq!(unknown.code, 1);
    assert!(
        unknown.err.contains("no component or stage 'webb'") && unknown.err.contains("extra"),
        "{}",
        unknown.err
    );
}

#[test]
fn without_a_cluster_it_is_said_what_to_do() {
    let world = World::with("lab home { domain = \"home.example.net\" }\n");
    let run = world.run(&["plan"]);
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(run.err.contains("/etc/rancher/k3s/k3s.yaml") && run.err.contains("--kubeconfig"), "{}", run.err);
}

fn base64(text: &str) -> String {
    use base64::Engine;
    base64::prelude::BASE64_STANDARD.encode(text)
}
