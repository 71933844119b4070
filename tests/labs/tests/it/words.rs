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

/// The pods that an object would make.
fn pod(object: &Value) -> Option<Value> {
    let paths = ["/spec/template", "/spec/jobTemplate/spec/template"];
    let template = paths.iter().find_map(|path| object.pointer(path))?;
    let mut pod = template.clone();
    pod["apiVersion"] = json!("v1");
    pod["kind"] = json!("Pod");
    pod["metadata"]["name"] = object["metadata"]["name"].clone();
    pod["metadata"]["namespace"] = object["metadata"]["namespace"].clone();
    Some(pod)
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
