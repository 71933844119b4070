//! `hlc apply` of the reference lab is killed behind any request that changes something, with every helm that it
//! started, and the run after it comes to the same as one that nothing happened to.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use harness::passage::Passage;
use serde_json::Value;

use crate::beside::{Beside, assert_same, name, with_addresses};
use crate::lab::session;

#[test]
fn killed_behind_any_request_the_next_run_comes_to_the_same() {
    let Some(beside) = Beside::new() else { return };
    let passage = Passage::to(&beside.cluster);
    passage.count_writes();
    let result = with_addresses(&beside.cluster, || std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
    for part in session().deployment() {
        let t = Instant::now();
        let mut before = beside.cluster.moment();
        println!("{} moment {:?}", part.folder, t.elapsed());
        let folder = part.folder.trim_start_matches("k8s/").to_owned();
        let t = Instant::now();
        assert_eq!(applied_unless_killed(&beside, &passage, usize::MAX, &folder), End::Done);
        let n = passage.passed();
        println!("{} {n} uncut {:?}", part.folder, t.elapsed());
        let t = Instant::now();
        let expected = beside.state();
        println!("{} state {:?}", part.folder, t.elapsed());
        for k in std::env::var("KS").ok().map(|k| k.parse::<usize>().unwrap()).into_iter().flat_map(|step| (1..n).step_by(step)) {
            let t = Instant::now();
            beside.cluster.go_back(&mut before);
            let back = t.elapsed();
            let end = applied_unless_killed(&beside, &passage, k, &folder);
            let killed = t.elapsed();
            passage.open();
            let between = beside.state();
            let seen = t.elapsed();
            let out = beside.run(&["apply", "--yes", "--timeout", "600", "--only", &folder]);
            if !out.ok { println!("FAILED {k} {}{}", out.stdout, out.stderr); continue }
            let applied = t.elapsed();
            let plan = beside.run(&["plan", "--detailed-exitcode", "--only", &folder]);
            if !plan.ok { println!("PLAN {k} {}{}", plan.stdout, plan.stderr); }
            let planned = t.elapsed();
            let after = beside.state();
            let d: Vec<_> = expected.keys().chain(after.keys()).filter(|n| expected.get(*n) != after.get(*n)).collect();
            if !d.is_empty() { println!("DIFF {k} {d:?}"); }
            let _ = between;
            println!("  {k} {end:?} back {back:?} killed {:?} state {:?} applied {:?} plan {:?} state {:?}", killed-back, seen-killed, applied-seen, planned-applied, t.elapsed()-planned);
        }
    }
    })));
    result.unwrap();
}

/// How a run ended.
#[derive(Debug, PartialEq)]
enum End {
    Killed,
    Done,
    /// What it said.
    Failed(String),
}

/// Applies the lab, and kills that and every helm that it started behind so many requests that changed something.
fn applied_unless_killed(beside: &Beside, passage: &Passage, requests: usize, only: &str) -> End {
    passage.close_behind(requests);
    let mut command = beside.command(&passage.kubeconfig(), &["apply", "--yes", "--timeout", "600", "--only", only]);
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
