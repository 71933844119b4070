//! Words of apps and jobs: a real API server takes what is made of them.

use driver::Session;
use harness::control_plane::ControlPlane;
use labs::objects;
use serde_json::{Value, json};

/// A namespace that lets in what asks for no rights, and apps that are hardened.
const LAB: &str = r#"
lab home { domain = "home.example.net" }
stage apps = 10
namespace closed { stage = apps, labels { "pod-security.kubernetes.io/enforce" = "restricted" } }
app store in closed {
  image = "docker.io/library/httpd:2.4.65"
  hardened = true
  user = 1000
  group = 1000
  port http = 8080
  resources { memory = 64MiB }
  volume media { size = 1GiB, at = /data, claim-name = "old-media" }
  volume cache { temporary = true, at = /cache }
  file "/etc/store.conf" = "a = 1"
  health { path = "/", port = http, ready { failures = 10, every = 5s } }
}
app player in closed {
  image = "docker.io/library/httpd:2.4.65"
  hardened = true
  read-only-root = true
  update = recreate
  env-keys { PASSWORD = secret-key("db-app", "password"), LEVEL = config-key("settings", "level") }
  env-from { secrets = ["more"], config-maps = ["rest"] }
  volume films { of = store.media, at = /films, read-only = true }
  volume shm { memory = true, size = 64MiB, at = /dev/shm }
  volume conf { config-map = "conf", at = /conf }
  volume cert { secret = "wildcard", at = /cert }
  volume old { existing = "by-hand", at = /old }
  health { command = ["true"], alive = none }
  pod {
    initContainers = [{
      name = "first"
      image = "docker.io/library/busybox:1.37.0"
      securityContext { allowPrivilegeEscalation = false, capabilities { drop = ["ALL"] } }
    }]
  }
}
job dump in closed { image = "docker.io/library/busybox:1.37.0", hardened = true, schedule = "0 4 * * *" }
"#;

/// Each word of apps and jobs for where they run, what runs beside them, who they are and how many there are.
const WORDS: &str = r#"
lab home { domain = "home.example.net" }
network lan { cidr = 192.168.1.0/24 }
user ana {
  groups = [wheel]
  ssh-keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA ana@laptop"]
}
feature fast-disk
host attic { network = lan, address = 192.168.1.10, users = [ana], features = [fast-disk], taints = ["role=a:NoSchedule"] }
host cellar { network = lan, address = 192.168.1.11, users = [ana] }
cluster k3s { servers = [attic], agents = [cellar] }
stage apps = 10
namespace closed { stage = apps, labels { "pod-security.kubernetes.io/enforce" = "restricted" } }
app db in closed {
  image = "docker.io/library/postgres:17.6"
  hardened = true
  user = 999
  group = 999
  groups = [44]
  features = [fast-disk]
  arch = x86_64
  tolerates = ["role", "*:NoExecute"]
  numbered = true
  replicas = 3
  spread = preferred
  port sql = 5432
  port metrics = 9187
  volume data { size = 1GiB, at = /data, each = true }
  init prepare {
    image = "docker.io/library/busybox:1.37.0"
    command = ["true"]
    mount = [data]
    volumes { old { of = data, at = /old, sub-path = "v1", read-only = true }, tmp { memory = true, size = 1MiB, at = /tmp } }
    files { "/etc/prepare.conf" = "a = 1" }
  }
  sidecar exporter {
    image = "docker.io/library/httpd:2.4.65"
    ports = [metrics]
    user = 1000
    health { path = "/metrics", port = metrics, https = true, started { failures = 9 }, ready { port = sql, successes = 2 } }
  }
  health { command = ["pg_isready"], started { delay = 5s } }
}
app pinned in closed { image = "docker.io/library/httpd:2.4.65", hardened = true, host = attic }
app agent in closed {
  image = "docker.io/library/httpd:2.4.65"
  hardened = true
  everywhere = true
  daemon-set { updateStrategy { rollingUpdate { maxUnavailable = 2 } } }
  rights { read = ["pods", "pods/log", "deployments.apps"], write = ["configmaps"], verbs { "pods/exec" = ["create"] } }
  cluster-rights { read = ["nodes"] }
}
app web in closed {
  image = "docker.io/library/httpd:2.4.65"
  hardened = true
  selector { app = "old-web" }
  near = [db]
  apart = [agent]
  scale { min = 2, max = 5, cpu = 80, memory = 70 }
  resources { cpu = 100m, memory = 64MiB }
  pull-secrets = ["registry"]
  account = "by-hand"
  dns-settings { policy = nobody, servers = [192.168.1.1], search = ["home.example.net"], options { ndots = "1" } }
  host-names { nas = 192.168.1.5 }
  grace = 2min
  service-links = true
}
job dump in closed {
  image = "docker.io/library/busybox:1.37.0"
  hardened = true
  schedule = "0 4 * * *"
  timezone = "Europe/Lisbon"
  late = 10min
  keep { succeeded = 1, failed = 5 }
  remove-after = 2d
  completions = 4
  parallel = 2
  indexed = true
  near = [db]
  sidecar tunnel { image = "docker.io/library/httpd:2.4.65" }
}
"#;

/// The pods that an object would make.
fn pod(object: &Value) -> Option<Value> {
    let paths = ["/spec/template", "/spec/jobTemplate/spec/template"];
    let template = paths.iter().find_map(|path| object.pointer(path))?;
    let mut pod = template.clone();
    pod["apiVersion"] = json!("v1");
    pod["kind"] = json!("Pod");
    pod["metadata"]["name"] = object["metadata"]["name"].clone();
    pod["metadata"]["namespace"] = object["metadata"]["namespace"].clone();
    // The claims of each are made with the pod.
    for claim in object["spec"]["volumeClaimTemplates"].as_array().into_iter().flatten() {
        let name = &claim["metadata"]["name"];
        let volume = json!({ "name": name, "persistentVolumeClaim": { "claimName": name } });
        pod["spec"]["volumes"].as_array_mut()?.push(volume);
    }
    Some(pod)
}

#[test]
fn an_api_server_takes_every_word() {
    let session = Session::open(vec![("homelab.hl".to_owned(), WORDS.to_owned())]);
    let problems: Vec<String> = session.problems().into_iter().map(|problem| problem.message).collect();
    assert_eq!(problems, [""; 0]);
    let server = ControlPlane::start_api_server();
    server.kubectl(&["create", "namespace", "closed"]).succeeded();
    for account in ["default", "by-hand", "agent"] {
        server.kubectl(&["create", "serviceaccount", account, "--namespace", "closed"]).succeeded();
    }
    let label = "pod-security.kubernetes.io/enforce=restricted";
    server.kubectl(&["label", "namespace", "closed", label]).succeeded();
    let objects: Vec<Value> = objects::of(&session.outputs());
    let kinds: Vec<&str> = objects.iter().filter_map(|object| object["kind"].as_str()).collect();
    for kind in [
        "ClusterRole",
        "ClusterRoleBinding",
        "CronJob",
        "DaemonSet",
        "Deployment",
        "HorizontalPodAutoscaler",
        "Role",
        "RoleBinding",
        "ServiceAccount",
        "StatefulSet",
    ] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    let pods = objects.iter().filter_map(pod);
    // The account is there already, so that pods can have it.
    let others = objects.iter().filter(|object| object["kind"] != "ServiceAccount").cloned();
    let all: Vec<String> = pods.chain(others).map(|object| object.to_string()).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let refused: Vec<String> = server.dry_run(&all, &[]).into_iter().flatten().collect();
    assert_eq!(refused, [""; 0]);
}

#[test]
fn hardened_pods_are_let_in_where_only_restricted_ones_are() {
    let session = Session::open(vec![("homelab.hl".to_owned(), LAB.to_owned())]);
    let problems: Vec<String> = session.problems().into_iter().map(|problem| problem.message).collect();
    assert_eq!(problems, [""; 0]);
    let server = ControlPlane::start_api_server();
    server.kubectl(&["create", "namespace", "closed"]).succeeded();
    // Nothing works for this server that would make it.
    server.kubectl(&["create", "serviceaccount", "default", "--namespace", "closed"]).succeeded();
    let label = "pod-security.kubernetes.io/enforce=restricted";
    server.kubectl(&["label", "namespace", "closed", label]).succeeded();
    let objects = objects::of(&session.outputs());
    let pods: Vec<Value> = objects.iter().filter_map(pod).collect();
    assert_eq!(pods.len(), 3);
    let texts = |all: &[Value]| all.iter().map(Value::to_string).collect::<Vec<_>>();
    let refused = |all: &[Value]| {
        let all = texts(all);
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        server.dry_run(&all, &[]).into_iter().flatten().collect::<Vec<String>>()
    };
    assert_eq!(refused(&pods), [""; 0]);
    assert_eq!(refused(&objects), [""; 0]);
    // The server does look: without the word, none is let in.
    let soft =
        LAB.replace("hardened = true", "").replace("[\"ALL\"]", "[]").replace("restricted", "baseline");
    let session = Session::open(vec![("homelab.hl".to_owned(), soft)]);
    let pods: Vec<Value> = objects::of(&session.outputs()).iter().filter_map(pod).collect();
    assert_eq!((pods.len(), refused(&pods).len()), (3, 3));
}
