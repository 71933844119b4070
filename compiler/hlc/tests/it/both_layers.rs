//! From machines with a bare system and an empty control plane to a lab that is in step, and on: hosts and cluster, as one.

use harness::control_plane::{ControlPlane, Node};
use serde_json::Value;

use crate::hosts::{Declared, Lab};
use crate::vault::keys;
use crate::world::Run;

/// The lab but for its hosts; `IMAGE` is what it runs.
const REST: &str = r#"
recipient admin = "ADMIN"
cluster k3s { servers = [one], agents = [two] }
stage apps = 10
namespace tools { stage = apps }
secret login { generate = random(32) }
app web in tools {
  image = "docker.io/library/nginx:IMAGE"
  port http = 80
  host = two
  env { LOGIN = login }
  resources { memory = 64MiB }
}
"#;

struct Both {
    lab: Lab,
    plane: ControlPlane,
}

impl Both {
    fn new() -> Option<Self> {
        let hosts = ["one", "two", "nas"].map(Declared::plain);
        let lab = Lab::new(&hosts, "")?;
        Some(Self { lab, plane: ControlPlane::start(&[Node::new("one"), Node::new("two")]) })
    }

    fn become_(&self, says: &[&str; 3], image: &str) {
        let rest = REST.replace("ADMIN", keys().admin.recipient()).replace("IMAGE", image);
        self.lab.write(says, &rest);
        assert_eq!(self.with_key(&["secrets", "generate"]).code, 0);
        let built = self.with_key(&["build"]);
        assert_eq!(built.code, 0, "{built:?}");
        self.lab.lock();
    }

    fn with_key(&self, arguments: &[&str]) -> Run {
        let mut command = self.lab.command(arguments);
        command.env("SOPS_AGE_KEY_FILE", keys().admin.file()).env("KUBECONFIG", self.plane.kubeconfig());
        Run::of(&command.output().expect("the program runs"))
    }

    fn ended(&self, arguments: &[&str], code: i32) -> Run {
        let run = self.with_key(arguments);
        assert_eq!(run.code, code, "{arguments:?}: {run:?}");
        run
    }

    /// Machines have no sops-nix that runs: what it would decrypt is there all the same.
    fn decrypt(&self) {
        for machine in &self.lab.machines {
            machine.run("mkdir -p /run/secrets && touch /run/secrets/k3s-token").succeeded();
        }
    }

    /// Which pods there are.
    fn pods(&self) -> Vec<String> {
        let pods = self.plane.get(&["pods", "--namespace", "tools"]);
        let uid = |pod: &Value| pod["metadata"]["uid"].as_str().unwrap_or_default().to_owned();
        pods["items"].as_array().into_iter().flatten().map(uid).collect()
    }

    fn image(&self) -> String {
        let web = self.plane.get(&["deployment", "web", "--namespace", "tools"]);
        web["spec"]["template"]["spec"]["containers"][0]["image"].as_str().expect("an image").to_owned()
    }
}

#[test]
fn hosts_and_cluster_become_what_the_lab_says_and_stay_so() {
    let Some(mut both) = Both::new() else { return };
    both.become_(&["", "", ""], "1.29.0");
    let planned = both.ended(&["plan", "--detailed-exitcode"], 2);
    for said in ["hosts: 2 to switch, 1 as they are to be", "+ unit k3s.service", "+ Deployment tools/web"] {
        assert!(planned.out.contains(said), "{said}: {planned:?}");
    }
    // k3s wants modules of the kernel, which are there after a start.
    both.ended(&["apply", "--yes", "--reboot"], 0);
    both.decrypt();
    let status = both.ended(&["status"], 0);
    assert!(status.out.contains("3 of 3 hosts are in step"), "{status:?}");
    assert!(status.out.contains("2 of 2 components are in step"), "{status:?}");

    // A change of both layers, with a host that others do not need out of reach.
    let fast = "deploy.drain = true\n  labels = { disk = \"fast\" }";
    both.become_(&["packages = [\"htop\"]", fast, "packages = [\"htop\"]"], "1.29.1");
    both.lab.machines[2].cut();
    let pods = both.pods();
    let applied = both.ended(&["apply", "--yes"], 1);
    assert!(applied.err.contains("nas: it cannot be reached"), "{applied:?}");
    for nth in [0, 1] {
        let machine = &both.lab.machines[nth];
        assert_eq!(machine.current(), Some(both.lab.system(machine.name())), "{applied:?}");
    }
    assert!(both.image().ends_with("nginx:1.29.1"), "{applied:?}");
    // Its pods were moved away, and it took up work again.
    assert!(applied.err.contains("two: its pods move away"), "{applied:?}");
    assert!(both.pods().iter().all(|pod| !pods.contains(pod)), "{applied:?}");
    let node = both.plane.get(&["node", "two"]);
    assert_eq!(node["metadata"]["labels"]["disk"], "fast");
    assert_eq!(node["spec"]["unschedulable"], Value::Null);
    assert_eq!(node["metadata"]["annotations"]["hlc.dev/cordoned"], Value::Null);
    both.lab.machines[2].reconnect();

    // What only runs on a host is left as it is while that one is not well; the rest is not.
    both.become_(&["", fast, "packages = [\"htop\"]"], "1.29.2");
    both.lab.machines[1].cut();
    let applied = both.ended(&["apply", "--yes"], 1);
    assert!(applied.err.contains("left as it is, since it needs two: 10_apps/web"), "{applied:?}");
    assert!(both.image().ends_with("nginx:1.29.1"), "{applied:?}");
    both.lab.machines[1].reconnect();

    // A server that is not well: the cluster is left, and no other node is touched.
    let more = format!("{fast}\n  packages = [\"htop\"]");
    both.become_(&["packages = [\"htop\"]", &more, "packages = [\"htop\"]"], "1.29.2");
    both.lab.machines[0].cut();
    let applied = both.ended(&["apply", "--yes"], 1);
    assert!(applied.err.contains("two: left as it is: one is a server of the cluster"), "{applied:?}");
    assert!(applied.err.contains("the cluster is left as it is"), "{applied:?}");
    both.lab.machines[0].reconnect();
    both.ended(&["apply", "--yes"], 0);
    assert!(both.image().ends_with("nginx:1.29.2"));
    both.ended(&["status"], 0);
}
