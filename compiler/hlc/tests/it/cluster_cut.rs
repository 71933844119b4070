//! `hlc apply` is killed behind every request that it makes, and the run after it comes to the same as if nothing had
//! happened.

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use harness::control_plane::ControlPlane;
use harness::passage::Passage;
use serde_json::Value;

use crate::cluster::command;
use crate::vault::keys;
use crate::world::{Run, World};

/// What both labs have.
const LAB: &str = r#"lab home { domain = "home.example.net" }
recipient admin = "ADMIN"
stage apps = 10
namespace tools { stage = apps }
namespace more { stage = apps }
secret token { generate = random(32) }
manifest kept in tools { apiVersion = "v1", kind = "Secret", stringData { token = token } }
manifest changed in tools { apiVersion = "v1", kind = "ConfigMap", data { text = "TEXT" } }
"#;

/// What only the first has, and what only the second.
const FIRST: &str = r#"manifest gone in tools { apiVersion = "v1", kind = "ConfigMap", data { text = "gone" } }
manifest nowhere in tools { apiVersion = "v1", kind = "Service", spec { ports = [{ port = 80 }] } }
"#;
const SECOND: &str = r#"manifest new in more { apiVersion = "v1", kind = "ConfigMap", data { text = "new" } }
"#;

struct Beside {
    world: World,
    plane: ControlPlane,
    passage: Passage,
}

impl Beside {
    fn new() -> Self {
        let plane = ControlPlane::start_api_server();
        let passage = Passage::to(&plane);
        let beside = Self { world: World::with(&text(FIRST, "1")), plane, passage };
        assert_eq!(beside.run(&["secrets", "generate"]).code, 0);
        beside
    }

    fn command(&self, arguments: &[&str]) -> Command {
        command(&self.world, &self.passage.kubeconfig(), arguments)
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).output().expect("the program runs"))
    }

    /// Applies a lab, which must work; how many requests that took.
    #[track_caller]
    fn apply(&self, rest: &str, changed: &str) -> usize {
        self.world.write("homelab.hl", text(rest, changed));
        self.passage.open();
        let run = self.run(&["apply", "--yes", "--new-cluster", "--delete-data"]);
        assert_eq!(run.code, 0, "{}", run.all());
        self.passage.passed()
    }

    /// Begins to apply a lab, and kills that as soon as so many requests were done.
    fn cut(&self, rest: &str, changed: &str, requests: usize) {
        self.world.write("homelab.hl", text(rest, changed));
        self.passage.close_behind(requests);
        let mut command = self.command(&["apply", "--yes", "--new-cluster", "--delete-data"]);
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
        while !self.passage.is_closed() && child.try_wait().expect("it is ours").is_none() {
            thread::sleep(Duration::from_millis(2));
        }
        let _ = child.kill();
        let _ = child.wait();
        self.passage.open();
    }

    /// All that the lab has in the cluster: what it is, and no more.
    fn state(&self) -> Vec<String> {
        let kinds = "configmaps,secrets,services,namespaces";
        let all = self.plane.get(&[kinds, "--all-namespaces"]);
        let ours = |object: &&Value| {
            let part = &object["metadata"]["labels"]["applyset.kubernetes.io/part-of"];
            part.is_string() || object["metadata"]["name"] == "hlc-home"
        };
        let going = |object: &&Value| object["metadata"]["deletionTimestamp"].is_null();
        let items = all["items"].as_array().into_iter().flatten().filter(ours).filter(going);
        let text = |object: &Value| {
            let metadata = &object["metadata"];
            format!(
                "{} {}/{} {} {}",
                object["kind"],
                metadata["namespace"],
                metadata["name"],
                object["data"],
                metadata["annotations"]
            )
        };
        items.map(text).collect()
    }
}

fn text(rest: &str, changed: &str) -> String {
    format!("{LAB}{rest}").replace("ADMIN", keys().admin.recipient()).replace("TEXT", changed)
}

#[test]
fn killed_behind_any_request_the_next_run_comes_to_the_same() {
    let beside = Beside::new();
    beside.apply(FIRST, "1");
    let first = beside.state();
    let requests = beside.apply(SECOND, "2");
    let second = beside.state();
    assert_ne!(first, second);
    assert!(requests > 20, "{requests}");
    // Both ways: what is made one way is deleted the other.
    for (nth, (rest, changed, state)) in
        [(FIRST, "1", &first), (SECOND, "2", &second)].into_iter().cycle().take(2 * requests).enumerate()
    {
        let cut = nth / 2 + 1;
        beside.cut(rest, changed, cut);
        beside.apply(rest, changed);
        assert_eq!(&beside.state(), state, "after {cut} of some {requests} requests");
        assert_eq!(beside.run(&["plan", "--detailed-exitcode"]).code, 0, "nothing is left to do");
    }
}
