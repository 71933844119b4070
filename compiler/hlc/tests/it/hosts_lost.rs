//! `hlc apply` of a host whose connection is lost, or which is killed itself, at every step of the way.

use std::cell::RefCell;
use std::process::Stdio;

use harness::machines::When;

use crate::hosts::{Declared, Lab};
use crate::hosts_between::{Between, assert_told, share};
use crate::world::Run;

/// When the network is back.
#[derive(Clone, Copy, Debug)]
enum Back {
    /// As soon as it is gone.
    Soon,
    /// When the host waits for nobody any more.
    Late,
}

const NAMES: [&str; 3] = ["one", "two", "three"];
const SAYS: &str = "packages = [\"htop\"]";

/// The sessions of an apply, as the words of the script that each runs, or the program.
fn steps(sessions: &[String]) -> Vec<String> {
    let step = |command: &String| {
        let words = command.rsplit('\'').next().unwrap_or_default().split_whitespace();
        words.map(str::to_owned).find(|word| word != "sudo" && word != "-n").unwrap_or_default()
    };
    sessions.iter().map(step).collect()
}

#[test]
fn a_host_is_one_system_whole_whichever_connection_is_lost() {
    let hosts = NAMES.map(Declared::plain);
    let Some(mut lab) = Lab::new(&hosts, "") else { return };
    let mut all = Between::all(&mut lab, &[SAYS; 3], "");
    let applied = Run::of(&all[0].apply("60").output().expect("the program runs"));
    assert_eq!(applied.code, 0, "{applied:?}");
    let steps = steps(&all[0].machine.sessions());
    for step in ["look", "describe", "nix-store", "begin", "state", "confirm", "keep"] {
        assert!(steps.iter().any(|one| one == step), "{step}: {steps:?}");
    }

    let mut cases = Vec::new();
    for (nth, step) in steps.iter().enumerate() {
        let mut add = |when, back| cases.push((nth + 1, step.as_str(), when, back));
        add(When::Before, Back::Soon);
        add(When::After, Back::Soon);
        match step.as_str() {
            "nix-store" | "keep" => add(When::Input(900), Back::Soon),
            "begin" => {
                add(When::Input(900), Back::Soon);
                add(When::Output(7), Back::Soon);
            }
            "state" => add(When::Before, Back::Late),
            "confirm" => {
                add(When::Before, Back::Late);
                add(When::After, Back::Late);
            }
            _ => {}
        }
    }
    share(&mut all, &cases, |one, (session, step, when, back)| {
        let context = format!("session {session} ({step}), {when:?}, back {back:?}");
        lose(one, *session, *when, *back, &context);
    });
}

/// Loses the connection in one session of an apply.
fn lose(one: &mut Between<'_>, session: usize, when: When, back: Back, context: &str) {
    one.start_over();
    let cut = format!("/machine/done/session-{}", one.machine.sessions().len() + session);
    one.machine.cut_at(session, when);
    let is_late = matches!(back, Back::Late);
    let run = one.while_it_runs(one.apply(if is_late { "3" } else { "60" }), |one, is_finished| {
        one.wait(context, |machine| is_finished() || machine.read(&cut).is_some());
        if is_late {
            one.settle();
        }
        one.machine.reconnect();
    });
    one.lose_nothing();
    one.settle();
    assert_told(&run, context);
    let is_new = one.is_new();
    assert!(run.code != 0 || is_new, "{context}: {run:?}");
    one.status_says_and_apply_finishes(&format!("{context}: {run:?}"));
}

#[test]
fn a_host_comes_to_one_system_when_hlc_is_killed() {
    let hosts = [Declared::plain("one"), Declared::plain("two")];
    let Some(mut lab) = Lab::new(&hosts, "") else { return };
    let mut all = Between::all(&mut lab, &[SAYS; 2], "");
    let applied = Run::of(&all[0].apply("60").output().expect("the program runs"));
    assert_eq!(applied.code, 0, "{applied:?}");
    let sessions: Vec<usize> = (1..=all[0].machine.sessions().len()).collect();
    share(&mut all, &sessions, |one, session| {
        one.start_over();
        let count = one.machine.sessions().len() + session;
        let mut command = one.apply("4");
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let hlc = command.spawn().expect("the program runs");
        // On a busy machine, an apply may have fewer sessions: it asks less often how far the host is.
        let hlc = RefCell::new(hlc);
        let is_finished = || hlc.borrow_mut().try_wait().expect("it is ours").is_some();
        one.wait("a session", |machine| machine.sessions().len() >= count || is_finished());
        hlc.borrow_mut().kill().expect("it is ours");
        hlc.borrow_mut().wait().expect("it is ours");
        one.settle();
        one.status_says_and_apply_finishes(&format!("killed in session {session}"));
    });
}
