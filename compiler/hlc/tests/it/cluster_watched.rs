//! `hlc apply` as a person sees it who sits at a terminal, answers, and stops it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use harness::control_plane::ControlPlane;
use harness::passage::{Fault, Passage};
use harness::tools;
use serde_json::{Value, json};

use crate::cluster::command;
use crate::world::{Run, World};

const LAB: &str = r#"lab home { domain = "home.example.net" }
stage apps = 10
namespace tools { stage = apps }
app web in tools {
  image = "docker.io/library/nginx:1.29.0"
  port http = 80
  resources { memory = 64MiB }
  pod { nodeSelector { nowhere = "yes" } }
}
"#;

const TERMINAL: &str = include_str!("terminal.py");

/// Runs the program at a terminal; each of `steps` is what is waited for, and what is typed then.
fn at_a_terminal(world: &World, kubeconfig: &Path, steps: &Value, arguments: &[&str]) -> Run {
    let program = command(world, kubeconfig, arguments);
    let mut python = Command::new(tools::installed("python/bin/python"));
    python.args(["-c", TERMINAL, &steps.to_string()]).arg(program.get_program()).args(program.get_args());
    python.current_dir(world.path("")).env("TERM", "xterm");
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => python.env(name, value),
            None => python.env_remove(name),
        };
    }
    Run::of(&python.output().expect("Python runs"))
}

#[test]
fn what_is_waited_for_is_drawn_and_a_first_ctrl_c_stops_it_in_order() {
    // The Deployment wants a node that there is not.
    let plane = ControlPlane::start_api_server();
    let passage = Passage::to(&plane);
    passage.disturb(Fault::Late(Duration::from_secs(2)), |line| {
        line.starts_with("PATCH") && line.contains("/deployments/web?") && !line.contains("dryRun")
    });
    let world = World::with(LAB);
    let steps = json!([
        ["is it the lab's? [y/N]", "y\n"],
        ["is this wanted? [y/N]", "y\n"],
        ["3 s  Deployment tools/web: its controller", "\u{3}"],
    ]);
    let run = at_a_terminal(&world, &passage.kubeconfig(), &steps, &["apply"]);
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(run.out.contains("made Deployment tools/web"), "{}", run.out);
    assert!(run.out.contains("Deployment tools/web: it is being applied"), "{}", run.out);
    // What was drawn is taken away before the last word, which says how to go on.
    let (_, last) = run.out.rsplit_once("\u{1b}[J").expect("lines are drawn anew");
    assert!(
        !last.contains("Deployment") && last.contains("the next 'hlc apply' goes on from there"),
        "{last}"
    );
    let lease = plane.get(&["lease", "hlc-home", "--namespace", "kube-system"]);
    assert!(lease["spec"].is_object() && lease["spec"]["holderIdentity"].is_null(), "{lease}");
}
