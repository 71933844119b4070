//! Plans of hosts that are saved, and hosts that become something else before they are done.

use std::path::{Path, PathBuf};
use std::thread;

use harness::machines::Machine;

use crate::hosts::{Declared, Lab};
use crate::hosts_between::{Between, assert_told};
use crate::hosts_faults::mark;
use crate::world::Run;

/// Who is switched first, and who then.
const CLUSTER: &str = "cluster k3s { servers = [one], agents = [two] }\n";

#[test]
fn a_saved_plan_is_done_as_it_was_shown_or_not_at_all() {
    let Some(lab) = Lab::new(&["one", "two"].map(Declared::plain), "") else { return };
    lab.become_(&["packages = [\"htop\"]", ""], "");
    lab.done(&["plan", "--out", "plan.json"]);
    let before = lab.machines[0].current();
    lab.become_(&["packages = [\"git\"]", ""], "");
    let refused = lab.failed(&["apply", "--plan", "plan.json"]);
    assert!(refused.err.contains("nothing was done: the plan is not what would be done now"), "{refused:?}");
    assert!(refused.err.contains("host one"), "{refused:?}");
    assert_eq!(lab.machines[0].current(), before);
    lab.become_(&["packages = [\"htop\"]", ""], "");
    lab.done(&["apply", "--plan", "plan.json"]);
    assert_eq!(lab.machines[0].current(), Some(lab.system("one")));
    let again = lab.failed(&["apply", "--plan", "plan.json"]);
    assert!(again.err.contains("host one"), "it has been done: {again:?}");
}

/// What somebody else does to a host: `switch` to a system that is there, or have it `boot` that.
fn by_hand(machine: &Machine, verb: &str, system: &Path) {
    let system = system.display();
    machine
        .run(&format!(
            "set -e
            nix-env --profile /nix/var/nix/profiles/system --set {system}
            {system}/bin/switch-to-configuration {verb}"
        ))
        .succeeded();
}

/// What a host runs, its profile, and what it boots.
fn found(machine: &Machine) -> [Option<PathBuf>; 3] {
    [machine.current(), machine.profile(), machine.boot_default()]
}

#[test]
fn a_host_that_somebody_else_made_another_is_left_as_it_is() {
    let Some(mut lab) = Lab::new(&["one", "two"].map(Declared::plain), CLUSTER) else { return };
    let other = lab.system("two");
    lab.become_(&["", "packages = [\"git\"]"], CLUSTER);
    lab.done(&["apply", "--yes", "--layer", "hosts"]);
    let mut all = Between::all(&mut lab, &[&mark("sleeps", "4"), "packages = [\"htop\"]"], CLUSTER);
    let [one, two] = &mut all[..] else { panic!("there are two") };
    let lab = one.lab;
    let old = two.old.clone();
    let meanwhile = [
        ("switch", "error: two: it was switched to another system meanwhile", [&other; 3]),
        ("boot", "error: two: it was told meanwhile to boot another system", [&old, &other, &other]),
    ];
    let plan = ["plan", "--layer", "hosts", "--out", "plan.json"];
    for (verb, told, left) in meanwhile {
        lab.done(&plan);
        // Before it is looked at: nothing is done to anybody.
        by_hand(&two.machine, verb, &other);
        let refused = lab.failed(&["apply", "--plan", "plan.json"]);
        assert_told(&refused, verb);
        assert!(
            refused.err.contains("nothing was done: the plan is not what would be done now"),
            "{refused:?}"
        );
        assert!(refused.err.contains("host two") && !refused.err.contains("host one"), "{refused:?}");
        assert_eq!(found(&two.machine), left.map(|system| Some(system.clone())), "{refused:?}");
        assert!(!one.is_new(), "{refused:?}");
        by_hand(&two.machine, "switch", &old);

        // Afterwards, and before its turn: it alone is left as it is.
        let run = thread::scope(|scope| {
            let run = scope.spawn(|| lab.run(&["apply", "--plan", "plan.json"]));
            one.wait_for_phase("activating");
            by_hand(&two.machine, verb, &other);
            run.join().expect("the program runs")
        });
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.err.contains(told) && run.err.contains("plan it again"), "{run:?}");
        assert_eq!(found(&two.machine), left.map(|system| Some(system.clone())), "{run:?}");
        assert!(one.is_new(), "{run:?}");
        by_hand(&two.machine, "switch", &old);
        one.start_over();
    }
    // What was planned is what they become.
    lab.done(&plan);
    lab.done(&["apply", "--plan", "plan.json"]);
    assert!(one.is_new() && two.is_new());
}

#[test]
fn what_is_told_meanwhile_to_boot_is_not_taken_back() {
    let Some(mut lab) = Lab::new(&[Declared::plain("one")], "") else { return };
    let other = lab.system("one");
    lab.become_(&["packages = [\"git\"]"], "");
    lab.done(&["apply", "--yes"]);
    let mut all = Between::all(&mut lab, &[&mark("sleeps", "2")], "");
    let one = &mut all[0];
    let run: Run = one.while_it_runs(one.apply("60"), |one, _| {
        one.wait_for_phase("activating");
        by_hand(&one.machine, "boot", &other);
    });
    assert_eq!(run.code, 1, "{run:?}");
    let told =
        "it runs the new system, and does not boot it: somebody told the host meanwhile to boot another one";
    assert!(run.err.contains(told), "{run:?}");
    assert_eq!(found(&one.machine), [&one.new, &other, &other].map(|system| Some(system.clone())));
    let again = Run::of(&one.apply("60").output().expect("the program runs"));
    assert_eq!(again.code, 0, "{again:?}");
    assert!(one.is_new(), "{again:?}");
}

#[test]
fn a_saved_plan_is_also_how_hosts_are_reached_and_in_which_order() {
    let Some(lab) = Lab::new(&["one", "two"].map(Declared::plain), "") else { return };
    let htop = "packages = [\"htop\"]";
    lab.become_(&[htop, htop], "");
    lab.done(&["plan", "--out", "plan.json"]);
    let before: Vec<_> = lab.machines.iter().map(found).collect();
    for says in ["packages = [\"htop\"], deploy.drain = true", "packages = [\"htop\"], deploy.port = 22"] {
        lab.become_(&[says, htop], "");
        let refused = lab.failed(&["apply", "--plan", "plan.json"]);
        assert!(refused.err.contains("host one") && !refused.err.contains("host two"), "{refused:?}");
    }
    assert_eq!(lab.machines.iter().map(found).collect::<Vec<_>>(), before);
    let both = lab.run(&["apply", "--plan", "plan.json", "--layer", "hosts"]);
    assert!(both.code != 0 && both.err.contains("cannot be used with"), "{both:?}");
    lab.become_(&[htop, htop], "");
    lab.done(&["apply", "--plan", "plan.json"]);
}
