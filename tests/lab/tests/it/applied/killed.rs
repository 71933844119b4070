//! `hlc apply` of the whole reference lab is killed behind each request that it makes, with every helm that it started, and
//! what comes of it is the same as if nothing had happened.
//!
//! Before a request everything is as it is behind the one before it, and a request that only reads changes nothing. So
//! each request that changes something is one place to be killed at. The lab is applied stage by stage, as a run does by
//! itself, and the cluster goes back to the beginning of a stage with what is applied to it again:
//!
//! ```text
//! before ─ apply ─▶ expected
//!    ├──── killed behind the 1st ─ killed behind the 2nd ─ … ─ killed behind the last ─ apply ─▶ expected
//!    └──── killed behind the 18th ─ apply ─▶ expected, and so on with some others
//! ```
//!
//! On the first way each run goes on where the one before was killed, until it has made a request that none was killed
//! behind yet; whatever one of them leaves behind or does once more is there at the end of all. On the second way a run
//! is killed once, and the next one has all to do.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use harness::control_plane::Moment;
use serde_json::{Value, json};

use crate::beside::{Beside, differences, is_record, name, state, with_addresses};
use crate::lab::session;

/// Behind which requests runs are killed that are the only ones: one of so many in each stage, if nothing else is asked for.
const ONE_OF: usize = 36;

/// So many runs for each request that an undisturbed one makes: some are only made by those who go on.
const PATIENCE: usize = 3;

/// The stage that takes as long as all others: its test and theirs run at the same time.
const LONGEST: &str = "05_cluster-features";

/// Names the stages in which runs are killed behind every request: `05_cluster-features,10_apps`, or `all`.
const CUTS: &str = "HLC_CUTS";

#[test]
fn killed_behind_any_request_of_most_stages_the_next_run_comes_to_the_same() {
    let Some(beside) = Beside::new() else { return };
    killed_in(&beside, |stage| stage != LONGEST);
    beside.run(&["plan", "--detailed-exitcode"]).succeeded();
    beside.run(&["status"]).succeeded();
}

#[test]
fn killed_behind_any_request_of_the_longest_stage_the_next_run_comes_to_the_same() {
    let Some(beside) = Beside::new() else { return };
    killed_in(&beside, |stage| stage == LONGEST);
}

/// Applies the lab to the last of some stages, in which runs are killed.
fn killed_in(beside: &Beside, is_meant: impl Fn(&str) -> bool) {
    beside.passage.count_writes();
    let mut stages: Vec<String> =
        session().deployment().iter().map(|part| part.component.stage.folder()).collect();
    stages.dedup();
    let last = stages.iter().rposition(|stage| is_meant(stage)).expect("there is such a stage");
    with_addresses(beside, || {
        for name in &stages[..=last] {
            let mut stage = Stage::applied(beside, name);
            if is_meant(name) {
                stage.is_killed();
            }
        }
    });
}

/// Behind how many requests runs of a stage are killed that makes so many. Behind the last one it has ended.
fn behind(stage: &str, requests: usize) -> Vec<usize> {
    let asked = std::env::var(CUTS).unwrap_or_default();
    if asked == "all" || asked.split(',').any(|one| one == stage) {
        return (1..requests).collect();
    }
    let first = ONE_OF.min(requests) / 2;
    if asked.is_empty() { (first..requests).step_by(ONE_OF).collect() } else { Vec::new() }
}

/// A stage of the lab, everything before which is applied.
struct Stage<'a> {
    beside: &'a Beside,
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
    fn applied(beside: &'a Beside, name: &'a str) -> Self {
        let before = beside.cluster.moment();
        beside.passage.open();
        let end = applied_unless_killed(beside, name);
        assert_eq!(end, End::Done, "{name}");
        let (requests, expected) = (beside.passage.passed(), state(&beside.objects()));
        Self { beside, name, before, expected, requests, kills: 0 }
    }

    /// Has it applied by runs that are killed, and expects what there was without that.
    fn is_killed(&mut self) {
        let mut problems = self.cut_in_turns();
        let in_turns = std::mem::take(&mut self.kills);
        let cuts = behind(self.name, self.requests);
        problems.extend(cuts.iter().flat_map(|cut| self.cut(*cut)));
        assert!(problems.is_empty(), "{}", problems.join("\n"));
        let (name, requests, alone) = (self.name, self.requests, self.kills);
        println!("{name}: {requests} requests, killed behind {in_turns} in turns, {alone} alone");
        // A slow run renews its Lease often, which counts, and is killed behind one such request only.
        assert!(in_turns * 4 >= requests * 3, "{name}: {in_turns} of {requests}");
        assert!(cuts.is_empty() || alone > 0, "{name}: no run was killed alone");
    }

    /// Goes back, and has the stage applied by runs that are killed behind one request after the other; what is not as it
    /// should be then.
    fn cut_in_turns(&mut self) -> Vec<String> {
        self.go_back();
        let beside = self.beside;
        let mut problems = Vec::new();
        let mut between = beside.objects();
        loop {
            beside.passage.close_behind_another();
            let end = applied_unless_killed(beside, self.name);
            let now = beside.objects();
            problems.extend(lost(&between, &now));
            between = now;
            match end {
                End::Killed => self.kills += 1,
                End::Done => break,
                End::Failed(said) => problems.push(said),
            }
            assert!(self.kills <= self.requests * PATIENCE, "{}: no run comes to its end", self.name);
            if !problems.is_empty() {
                break;
            }
        }
        problems.extend(self.ended(&between));
        let at = format!("{}, killed {} times, of {} requests", self.name, self.kills, self.requests);
        problems.into_iter().map(|problem| format!("{at}: {problem}")).collect()
    }

    /// Goes back, applies the stage until that is killed behind so many requests, and applies it again; what is not as it
    /// should be then.
    fn cut(&mut self, requests: usize) -> Vec<String> {
        self.go_back();
        let beside = self.beside;
        beside.passage.close_behind(requests);
        let mut problems = Vec::new();
        match applied_unless_killed(beside, self.name) {
            End::Killed => self.kills += 1,
            // It renewed its Lease once less than the one that nothing happened to.
            End::Done => {}
            End::Failed(said) => problems.push(said),
        }
        problems.extend(self.ended(&beside.objects()));
        let at = format!("{}, killed behind {requests} of {} requests", self.name, self.requests);
        problems.into_iter().map(|problem| format!("{at}: {problem}")).collect()
    }

    fn go_back(&mut self) {
        self.beside.cluster.go_back(&mut self.before);
        self.beside.forget_kinds();
    }

    /// Applies the stage, where there was this before; what is not as it should be then.
    fn ended(&self, between: &[Value]) -> Vec<String> {
        let mut problems = Vec::new();
        for arguments in [&apply(self.name)[..], &["plan", "--detailed-exitcode", "--only", self.name]] {
            let run = self.beside.run(arguments);
            if !run.ok {
                problems.push(format!("hlc {arguments:?}: {}{}", run.stdout, run.stderr));
            }
        }
        let after = self.beside.objects();
        problems.extend(differences(&self.expected, &state(&after)));
        problems.extend(lost(between, &after));
        problems.extend(after.iter().filter(|one| is_record(one) && !is_ended(one)).map(name));
        problems
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

/// Applies a stage, and kills that and every helm that it started where the way to the cluster closes.
fn applied_unless_killed(beside: &Beside, stage: &str) -> End {
    let passage = &beside.passage;
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
