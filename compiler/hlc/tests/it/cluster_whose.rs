//! `hlc apply` to a cluster that may not be the lab's.

use harness::control_plane::{ControlPlane, Node};

use crate::cluster::command;
use crate::world::{Run, World};

const LAB: &str = r#"lab home { domain = "home.example.net" }
stage apps = 10
namespace tools { stage = apps }
manifest note in tools { apiVersion = "v1", kind = "ConfigMap", data { text = "1" } }
"#;

/// A cluster of its own hosts.
const HOSTS: &str = r"
network lan { cidr = 192.168.1.0/24, gateway = 192.168.1.1 }
host attic { network = lan, address = 192.168.1.5 }
cluster main { servers = [attic] }
";

fn run(world: &World, plane: &ControlPlane, arguments: &[&str]) -> Run {
    Run::of(&command(world, &plane.kubeconfig(), arguments).output().expect("the program runs"))
}

#[track_caller]
fn done(world: &World, plane: &ControlPlane, arguments: &[&str]) -> Run {
    let run = run(world, plane, arguments);
    assert_eq!(run.code, 0, "{arguments:?}: {}", run.all());
    run
}

#[test]
fn a_cluster_that_nothing_says_is_the_labs_is_left_alone() {
    let plane = ControlPlane::start(&[Node::new("somebodys")]);
    let world = World::with(LAB);
    let said = |run: &Run| {
        let parts = [
            "nothing says that the cluster at https://127.0.0.1",
            "(context 'tests')",
            "'somebodys'",
            "--new-cluster",
        ];
        assert!(parts.iter().all(|part| run.err.contains(part)), "{}", run.err);
    };
    said(&done(&world, &plane, &["plan"]));
    let refused = run(&world, &plane, &["apply", "--yes"]);
    assert_eq!(refused.code, 1, "{}", refused.all());
    said(&refused);
    assert!(plane.get(&["namespace", "tools"]).is_null());
    // Said once, it is known from then on.
    done(&world, &plane, &["apply", "--yes", "--new-cluster"]);
    let plan = done(&world, &plane, &["plan", "--detailed-exitcode"]);
    assert!(!plan.err.contains("nothing says"), "{}", plan.err);
    done(&world, &plane, &["apply", "--yes"]);

    // Another lab that is called the same, and one that is not.
    let same = World::with(&LAB.replace("home.example.net", "work.example"));
    let refused = run(&same, &plane, &["apply", "--yes"]);
    assert_eq!(refused.code, 1, "{}", refused.all());
    assert!(refused.err.contains("called 'home', too, of the domain home.example.net"), "{}", refused.err);
    let other = World::with(&LAB.replace("lab home", "lab work"));
    let plan = run(&other, &plane, &["plan"]);
    assert!(plan.err.contains("it has what was applied of 'home'"), "{}", plan.err);
}

#[test]
fn a_cluster_of_the_labs_hosts_is_the_labs() {
    let plane = ControlPlane::start(&[Node::new("attic")]);
    let world = World::with(&format!("{LAB}{HOSTS}"));
    done(&world, &plane, &["apply", "--yes", "10_apps"]);
    assert_eq!(plane.get(&["configmap", "note", "--namespace", "tools"])["data"]["text"], "1");
}
