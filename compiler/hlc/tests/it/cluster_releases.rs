//! Releases of charts, by the real helm and beside a real control plane.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use harness::charts::Charts;
use harness::control_plane::{ControlPlane, Node};
use harness::tools;
use serde_json::Value;

use crate::cluster::claiming;
use crate::vault::keys;
use crate::world::{Run, World};

const LAB: &str = r#"lab home { domain = "home.example.net" }
recipient admin = "ADMIN"
stage apps = 10
namespace tools { stage = apps }
secret token { generate = random(32) }

release web in tools {
  chart = chart("web", repo = "REPO", version = "1.0.0")
  values {
    replicas = 1
    image = "docker.io/library/nginx:1.29.0"
    auth { password = token }
    url = "http://user:${token}@db"
  }
}
"#;

const OTHER: &str = r#"
release other in tools {
  chart = "./charts/other"
  values { text = "one" }
}
manifest beside in tools { apiVersion = "v1", kind = "ConfigMap", data { a = "b" } }
"#;

/// A chart with what charts have: an app, a Secret of a value, a value in the open that has a secret in it, something
/// that is made up when it is rendered, a hook, and a definition of a kind.
fn write_chart(folder: &Path, version: &str) {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    };
    write("Chart.yaml", &format!("apiVersion: v2\nname: web\nversion: {version}\n"));
    write("values.yaml", "replicas: 2\nimage: none\nmode: 0644\n");
    write(
        "templates/deployment.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n  labels: {chart: \
         \"{{ .Chart.Version }}\", app.kubernetes.io/managed-by: Helm}\nspec:\n  replicas: {{ .Values.replicas }}\n  \
         selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      \
         containers:\n      - name: web\n        image: {{ .Values.image | quote }}\n        env:\n        - {name: URL, \
         value: {{ .Values.url | quote }}}\n        ports:\n        - {containerPort: 53, protocol: TCP, name: a}\n        \
         - {containerPort: 53, protocol: UDP, name: b}\n      volumes:\n      - name: c\n        configMap: {name: \
         {{ .Release.Name }}-made-up, defaultMode: {{ .Values.mode }}}\n",
    );
    write(
        "templates/secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: {{ .Release.Name }}}\ndata:\n  password: \
         {{ .Values.auth.password | b64enc }}\n",
    );
    write(
        "templates/made-up.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}-made-up}\ndata: {word: \
         {{ randAlphaNum 12 | quote }}}\n---\n# nothing\n",
    );
    write(
        "templates/hook.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hook, annotations: {helm.sh/hook: post-install}}\n",
    );
    write(
        "crds/things.yaml",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: \
         things.example.net}\nspec:\n  group: example.net\n  names: {kind: Thing, plural: things}\n  scope: \
         Namespaced\n  versions:\n  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: \
         object}}}\n",
    );
}

fn write_other(folder: &Path, text: &str) {
    fs::create_dir_all(folder.join("templates")).expect("a new folder");
    fs::write(folder.join("Chart.yaml"), "apiVersion: v2\nname: other\nversion: 0.1.0\n")
        .expect("a new file");
    let template = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: other}}\ndata: {{text: \"{{{{ .Values.text }}}} {text}\"}}\n"
    );
    fs::write(folder.join("templates/a.yaml"), template).expect("a new file");
}

/// A lab with charts beside a cluster.
pub(crate) struct Beside {
    pub(crate) world: World,
    pub(crate) plane: ControlPlane,
    pub(crate) charts: Charts,
}

impl Beside {
    pub(crate) fn new(rest: &str) -> Self {
        let charts = Charts::serve_none();
        let world = World::empty();
        for version in ["1.0.0", "1.1.0"] {
            let folder = world.path(&format!("source-{version}/web"));
            write_chart(&folder, version);
            charts.pack(&folder);
        }
        let lab = format!("{LAB}{rest}").replace("ADMIN", keys().admin.recipient());
        world.write("homelab.hl", lab.replace("REPO", &charts.url()));
        write_other(&world.path("charts/other"), "first");
        let plane = ControlPlane::start(&[Node::new("one")]);
        let beside = Self { world, plane, charts };
        beside.done(&["secrets", "generate"]);
        beside
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = claiming(&self.world, &self.plane.kubeconfig(), arguments);
        command.env("PATH", tools::search_path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).output().expect("the program runs"))
    }

    #[track_caller]
    pub(crate) fn done(&self, arguments: &[&str]) -> Run {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.all());
        self.tells_no_secret(&run);
        run
    }

    /// Nothing that is printed has a secret in it.
    #[track_caller]
    fn tells_no_secret(&self, run: &Run) {
        let shown = self.run(&["secrets", "show", "token"]);
        let token = shown.out.trim();
        assert!(token.is_empty() || shown.code != 0 || !run.all().contains(token) || run.out.trim() == token);
    }

    pub(crate) fn edit(&self, old: &str, new: &str) {
        let text = self.world.text("homelab.hl");
        assert!(text.contains(old), "{old}");
        self.world.write("homelab.hl", text.replace(old, new));
    }

    pub(crate) fn get(&self, kind: &str, name: &str) -> Value {
        self.plane.get(&[kind, name, "--namespace", "tools"])
    }

    pub(crate) fn helm(&self, arguments: &[&str]) -> String {
        let mut helm = tools::command("helm");
        helm.args(arguments).env("KUBECONFIG", self.plane.kubeconfig());
        String::from_utf8(helm.output().expect("helm runs").stdout).expect("text")
    }
}

#[test]
fn a_release_is_installed_upgraded_repaired_and_taken_away() {
    let beside = Beside::new(OTHER);
    let plan = beside.done(&["plan"]);
    for line in [
        "+ release tools/web  homelab.hl:7: release web",
        "chart web 1.0.0",
        "+ CustomResourceDefinition things.example.net",
        "2 to install",
    ] {
        assert!(plan.out.contains(line), "{line}: {}", plan.out);
    }
    let applied = beside.done(&["apply", "--yes"]);
    assert!(applied.err.contains("installed release tools/web"), "{}", applied.err);
    assert_eq!(beside.get("deployment", "web")["status"]["readyReplicas"], 1);
    assert!(beside.get("configmap", "hook").is_object(), "helm runs hooks");
    let password = beside.get("secret", "web")["data"]["password"].clone();
    assert!(password.is_string());

    // What nobody changed is not touched, though the chart would make up another word.
    let again = beside.done(&["plan", "--detailed-exitcode"]);
    assert!(!again.out.contains("release"), "{}", again.out);
    beside.done(&["apply", "--yes"]);
    assert!(beside.helm(&["list", "--all-namespaces"]).contains("\t1       \t"), "nothing is upgraded");

    // A value and a version.
    beside.edit("replicas = 1", "replicas = 2");
    beside.edit("\"1.0.0\"", "\"1.1.0\"");
    let plan = beside.done(&["plan"]);
    for line in ["chart web 1.0.0 → web 1.1.0", "values replicas: 1 → 2", "spec.replicas: 1 → 2"] {
        assert!(plan.out.contains(line), "{line}: {}", plan.out);
    }
    beside.done(&["apply", "--yes"]);
    assert_eq!(beside.get("deployment", "web")["status"]["readyReplicas"], 2);
    beside.done(&["plan", "--detailed-exitcode"]);

    // Somebody changed something by hand: Helm sets it back.
    beside.plane.kubectl(&["--namespace", "tools", "scale", "deployment/web", "--replicas", "3"]).succeeded();
    let plan = beside.run(&["plan", "--detailed-exitcode"]);
    assert_eq!(plan.code, 2, "{}", plan.all());
    assert!(plan.out.contains("spec.replicas: 3 → 2"), "{}", plan.out);
    beside.done(&["apply", "--yes"]);
    assert_eq!(beside.get("deployment", "web")["spec"]["replicas"], 2);

    // Another secret: neither the old nor the new one is told, wherever the chart has it.
    let old = beside.done(&["secrets", "show", "token"]).out.trim().to_owned();
    beside.done(&["secrets", "rotate", "token"]);
    let plan = beside.done(&["plan"]);
    assert!(plan.out.contains("values auth.password: (another secret)"), "{}", plan.out);
    assert!(!plan.all().contains(&old), "the old secret is told");
    let json = beside.done(&["plan", "--json"]);
    assert!(!json.all().contains(&old), "the old secret is told");
    beside.done(&["apply", "--yes", "--verbose"]);
    assert_ne!(beside.get("secret", "web")["data"]["password"], password);

    // A chart of one's own changes without another version.
    write_other(&beside.world.path("charts/other"), "second");
    let plan = beside.done(&["plan"]);
    assert!(plan.out.contains("data.text: \"one first\" → \"one second\""), "{}", plan.out);
    beside.done(&["apply", "other", "--yes"]);
    assert_eq!(beside.get("configmap", "other")["data"]["text"], "one second");

    // What leaves the lab is uninstalled.
    beside
        .edit("release other in tools {\n  chart = \"./charts/other\"\n  values { text = \"one\" }\n}\n", "");
    let plan = beside.done(&["plan"]);
    assert!(plan.out.contains("what left the lab\n  - release tools/other"), "{}", plan.out);
    assert!(plan.out.contains("- ConfigMap tools/other"), "{}", plan.out);
    beside.done(&["apply", "--yes"]);
    assert!(beside.get("configmap", "other").is_null());
    assert!(!beside.helm(&["list", "--all-namespaces"]).contains("other"));
    beside.done(&["plan", "--detailed-exitcode"]);
}

#[test]
fn what_helm_cannot_do_is_said_with_its_reason() {
    let beside = Beside::new("");
    // A chart that is not there.
    beside.edit("\"1.0.0\"", "\"7.0.0\"");
    let run = beside.run(&["plan"]);
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(run.err.contains("release tools/web: the chart web 7.0.0 of http"), "{}", run.err);
    beside.edit("\"7.0.0\"", "\"1.0.0\"");
    // No helm.
    let mut command = beside.command(&["plan"]);
    let run = Run::of(&command.env("PATH", "/nowhere").output().expect("the program runs"));
    assert!(run.err.contains("there is no 'helm' on the PATH"), "{}", run.err);
    // What a chart cannot render.
    beside.edit("    auth { password = token }\n", "");
    let run = beside.run(&["plan"]);
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(run.err.contains("release tools/web: ") && run.err.contains("secret.yaml"), "{}", run.err);
    beside.edit("    url =", "    auth { password = token }\n    url =");
    // What the cluster does not take.
    beside.edit("image = \"docker.io/library/nginx:1.29.0\"", "image = \"\"");
    let run = beside.run(&["apply", "--yes", "--timeout", "10"]);
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(run.err.contains("release tools/web: "), "{}", run.err);
    beside.edit("image = \"\"", "image = \"nginx:1.29.0\"");
    beside.done(&["apply", "--yes"]);
}

#[test]
fn a_helm_that_was_killed_does_not_block_the_release() {
    let beside = Beside::new("");
    beside.edit("  values {", "  timeout = 3s\n  values {");
    beside.done(&["apply", "--yes"]);
    // As helm leaves it that is killed while it upgrades: a revision that is pending for ever.
    let record = beside.plane.get(&["secret", "sh.helm.release.v1.web.v1", "--namespace", "tools"]);
    let pending = pending(&record);
    let mut apply = beside.plane.kubectl_command();
    let mut child = apply.args(["apply", "-f", "-"]).stdin(Stdio::piped()).spawn().expect("kubectl runs");
    serde_json::to_writer(child.stdin.take().expect("a pipe"), &pending).expect("it is written");
    assert!(child.wait().expect("it is ours").success());
    let plan = beside.done(&["plan"]);
    assert!(plan.out.contains("its last revision is 'pending-upgrade'"), "{}", plan.out);
    let applied = beside.done(&["apply", "--yes"]);
    assert!(applied.err.contains("upgraded release tools/web"), "{}", applied.err);
    beside.done(&["plan", "--detailed-exitcode"]);
}

/// The record of revision 1 as that of a revision 2 that somebody is at.
fn pending(record: &Value) -> Value {
    let packed = record["data"]["release"].as_str().expect("a record");
    // What is packed says the status; so it is unpacked and packed again, by the tools that everybody has.
    let script = "base64 -d | base64 -d | gunzip | sed 's/\"status\":\"deployed\"/\"status\":\"pending-upgrade\"/; \
                  s/\"version\":1,\"namespace\"/\"version\":2,\"namespace\"/' | gzip | base64 -w0 | base64 -w0";
    let mut shell = Command::new("sh");
    let mut child =
        shell.args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("sh");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), packed.as_bytes()).expect("it reads");
    let packed = child.wait_with_output().expect("it ends").stdout;
    serde_json::json!({
        "apiVersion": "v1", "kind": "Secret", "type": "helm.sh/release.v1",
        "metadata": {
            "name": "sh.helm.release.v1.web.v2", "namespace": "tools",
            "labels": {"owner": "helm", "name": "web", "status": "pending-upgrade", "version": "2"},
        },
        "data": {"release": String::from_utf8(packed).expect("Base64")},
    })
}
