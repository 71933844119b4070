//! Labels and taints of hosts, on the nodes of a real control plane.

use harness::control_plane::{ControlPlane, Node};
use serde_json::{Value, json};

use crate::cluster::claiming;
use crate::vault::keys;
use crate::world::{Run, World};

const LAB: &str = r#"lab home { domain = "home.example.net" }
recipient admin = "ADMIN"
network lan { cidr = 192.168.1.0/24, gateway = 192.168.1.1 }
host one { network = lan, address = 192.168.1.10, SAYS }
cluster k3s { servers = [one] }
stage apps = 10
namespace tools { stage = apps }
app web in tools { image = "docker.io/library/nginx:1.29.0", port http = 80, resources { memory = 64MiB } }
"#;

struct Beside {
    world: World,
    plane: ControlPlane,
}

impl Beside {
    fn says(&self, says: &str) {
        let lab = LAB.replace("ADMIN", keys().admin.recipient()).replace("SAYS", says);
        self.world.write("homelab.hl", lab);
    }

    fn done(&self, arguments: &[&str]) -> Run {
        let mut command = claiming(&self.world, &self.plane.kubeconfig(), arguments);
        let run = Run::of(&command.args(["--layer", "cluster"]).output().expect("the program runs"));
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
        run
    }

    fn node(&self) -> Value {
        self.plane.get(&["node", "one"])
    }
}

#[test]
fn labels_and_taints_that_leave_the_lab_leave_the_node() {
    let beside = Beside { world: World::empty(), plane: ControlPlane::start(&[Node::new("one")]) };
    beside.says(
        r#"labels = { "example.net/disk" = "fast" }, taints = ["example.net/slow=true:PreferNoSchedule"]"#,
    );
    let generate = claiming(&beside.world, &beside.plane.kubeconfig(), &["secrets", "generate"]).output();
    assert!(generate.expect("the program runs").status.success());
    let planned = beside.done(&["plan"]);
    assert!(planned.out.contains("~ node one  homelab.hl:4: host one"), "{planned:?}");
    assert!(planned.out.contains("metadata.labels[example.net/disk]: + \"fast\""), "{planned:?}");
    beside.done(&["apply", "--yes"]);
    let node = beside.node();
    assert_eq!(node["metadata"]["labels"]["example.net/disk"], "fast");
    assert_eq!(
        node["spec"]["taints"],
        json!([{"key": "example.net/slow", "value": "true", "effect": "PreferNoSchedule"}])
    );
    let again = beside.done(&["plan"]);
    assert!(!again.out.contains("node one"), "{again:?}");

    beside.says("");
    let planned = beside.done(&["plan"]);
    assert!(planned.out.contains("metadata.labels[example.net/disk]: - \"fast\""), "{planned:?}");
    beside.done(&["apply", "--yes"]);
    let node = beside.node();
    assert_eq!(node["metadata"]["labels"]["example.net/disk"], Value::Null);
    assert_eq!(node["spec"]["taints"], Value::Null);
    assert_eq!(node["metadata"]["labels"]["kubernetes.io/hostname"], "one", "others' labels stay");
}
