//! `hlc apply` of the whole reference lab is killed behind the requests that it makes, with every helm that it started, and
//! the run after it comes to the same as if nothing had happened.
//!
//! Before a request everything is as it is behind the one before it, and a request that only reads changes nothing. So
//! each request that changes something is one place to be killed at. The lab is applied stage by stage, as a run does by
//! itself, and the cluster goes back to the beginning of a stage for each of them:
//!
//! ```text
//! before ─ apply ─▶ expected
//!    └──── apply, killed behind the 1st request ─▶ apply ─▶ expected ─ back ─┐
//!    ┌───────────────────────────────────────────────────────────────────────┘
//!    └──── apply, killed behind the 2nd request ─▶ …
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use harness::control_plane::Moment;
use harness::passage::Passage;
use serde_json::{Value, json};

use crate::beside::{Beside, differences, is_record, name, state, with_addresses};
use crate::lab::session;

/// Behind which requests runs are killed where nothing else is asked for: one of so many in each stage.
const ONE_OF: usize = 12;

/// Names the stages in which runs are killed behind every request: `05_cluster-features,10_apps`, or `all`.
const CUTS: &str = "HLC_CUTS";

#[test]
fn killed_behind_any_request_the_next_run_comes_to_the_same() {
    let Some(beside) = Beside::new() else { return };
    let passage = Passage::to(&beside.cluster);
    passage.count_writes();
    let mut stages: Vec<String> =
        session().deployment().iter().map(|part| part.component.stage.folder()).collect();
    stages.dedup();
    let mut kills = 0;
    with_addresses(&beside.cluster, || {
        for name in &stages {
            let mut stage = Stage::applied(&beside, &passage, name);
            let cuts = behind(name, stage.requests);
            let problems: Vec<String> = cuts.iter().flat_map(|cut| stage.cut(*cut)).collect();
            assert!(problems.is_empty(), "{}", problems.join("\n"));
            println!("{name}: killed behind {} of {} requests", stage.kills, stage.requests);
            kills += stage.kills;
        }
    });
    assert!(kills >= stages.len(), "{kills}");
    beside.run(&["plan", "--detailed-exitcode"]).succeeded();
    beside.run(&["status"]).succeeded();
}

/// Behind how many requests runs of a stage are killed that makes so many. Behind the last one it has ended.
fn behind(stage: &str, requests: usize) -> Vec<usize> {
    let asked = std::env::var(CUTS).unwrap_or_default();
    if asked == "all" || asked.split(',').any(|one| one == stage) {
        return (1..requests).collect();
    }
    if asked.is_empty() { (ONE_OF / 2..requests).step_by(ONE_OF).collect() } else { Vec::new() }
}

/// A stage of the lab, everything before which is applied.
struct Stage<'a> {
    beside: &'a Beside,
    passage: &'a Passage,
    name: &'a str,
    /// The cluster without it.
    before: Moment,
    /// What the cluster has with it.
    expected: BTreeMap<String, Value>,
    /// How many requests that change something lead from one to the other.
    requests: usize,
    /// How many runs were killed on this way.
    kills: usize,
}

impl<'a> Stage<'a> {
    /// Applies a stage, and nothing happens to that.
    fn applied(beside: &'a Beside, passage: &'a Passage, name: &'a str) -> Self {
        let before = beside.cluster.moment();
        let end = applied_unless_killed(beside, passage, name, usize::MAX);
        assert_eq!(end, End::Done, "{name}");
        let (requests, expected) = (passage.passed(), state(&beside.objects()));
        Self { beside, passage, name, before, expected, requests, kills: 0 }
    }

    /// Goes back, applies the stage until that is killed behind so many requests, and applies it again; what is not as it
    /// should be then.
    fn cut(&mut self, requests: usize) -> Vec<String> {
        let beside = self.beside;
        beside.cluster.go_back(&mut self.before);
        beside.forget_kinds();
        let mut problems = Vec::new();
        match applied_unless_killed(beside, self.passage, self.name, requests) {
            End::Killed => self.kills += 1,
            // It renewed its Lease once less than the one that nothing happened to.
            End::Done => {}
            End::Failed(said) => problems.push(said),
        }
        let between = beside.objects();
        for arguments in [&apply(self.name)[..], &["plan", "--detailed-exitcode", "--only", self.name]] {
            let run = beside.run(arguments);
            if !run.ok {
                problems.push(format!("hlc {arguments:?}: {}{}", run.stdout, run.stderr));
            }
        }
        let after = beside.objects();
        problems.extend(differences(&self.expected, &state(&after)));
        problems.extend(lost(&between, &after));
        problems.extend(after.iter().filter(|one| is_record(one) && !is_ended(one)).map(name));
        let at = format!("{}, killed behind {requests} of {} requests", self.name, self.requests);
        problems.into_iter().map(|problem| format!("{at}: {problem}")).collect()
    }
}

/// The words that apply a stage.
fn apply(stage: &str) -> [&str; 6] {
    ["apply", "--yes", "--timeout", "600", "--only", stage]
}

/// What was there after a run was killed, and was made anew by the next one: objects, values of Secrets, and what pods are
/// started from. Hooks are made for each time that they are run.
fn lost(between: &[Value], after: &[Value]) -> Vec<String> {
    let is_hook = |object: &Value| object["metadata"]["annotations"]["helm.sh/hook"].is_string();
    let own = |objects: &[Value]| -> BTreeMap<String, Value> {
        let lasting = objects.iter().filter(|object| !is_hook(object) && !is_record(object));
        lasting.map(|object| (name(object), made(object))).collect()
    };
    let (between, mut after) = (own(between), own(after));
    after.retain(|name, _| between.contains_key(name));
    differences(&between, &after)
}

/// What is made of an object only once.
fn made(object: &Value) -> Value {
    let is_secret = object["kind"] == "Secret";
    let has_pods = object["spec"]["template"].is_object();
    json!({
        "uid": object["metadata"]["uid"],
        "data": object["data"].as_object().filter(|_| is_secret),
        "generation": object["metadata"]["generation"].as_u64().filter(|_| has_pods),
    })
}

/// Whether somebody ended a revision of a release.
fn is_ended(record: &Value) -> bool {
    let status = record["metadata"]["labels"]["status"].as_str();
    matches!(status, Some("deployed" | "superseded" | "failed"))
}

/// How a run ended.
#[derive(Debug, PartialEq)]
enum End {
    Killed,
    Done,
    /// What it said.
    Failed(String),
}

/// Applies a stage, and kills that and every helm that it started behind so many requests that changed something.
fn applied_unless_killed(beside: &Beside, passage: &Passage, stage: &str, requests: usize) -> End {
    passage.close_behind(requests);
    let mut command = beside.command(&passage.kubeconfig(), &apply(stage));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    loop {
        if let Some(status) = child.try_wait().expect("it is ours") {
            let mut said = String::new();
            child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
            return match status.success() {
                true => End::Done,
                // It was held for so long that it gave up.
                false if passage.is_closed() => End::Killed,
                false => End::Failed(said),
            };
        }
        if passage.is_closed() {
            break;
        }
        thread::sleep(Duration::from_millis(2));
    }
    let _ = child.kill();
    let _ = child.wait();
    kill_all_with(&passage.kubeconfig());
    End::Killed
}

/// Kills every process that was told of a path: helms that outlive who started them.
fn kill_all_with(path: &Path) {
    let path = path.to_string_lossy();
    for process in fs::read_dir("/proc").expect("processes").filter_map(Result::ok) {
        let words = fs::read(process.path().join("cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&words).contains(&*path) {
            let number = process.file_name().to_string_lossy().into_owned();
            let _ = Command::new("sh").args(["-c", &format!("kill -KILL {number}")]).status();
        }
    }
}
