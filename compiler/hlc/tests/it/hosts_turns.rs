//! Hosts of a cluster, which take turns, and two who switch the same host.

use std::thread;

use harness::machines::Machine;

use crate::hosts::{Declared, Lab};
use crate::hosts_between::{Between, assert_told};
use crate::hosts_faults::mark;
use crate::world::Run;

#[test]
fn a_server_that_fails_leaves_the_other_nodes_alone_and_a_host_of_no_cluster_stops_nothing() {
    let hosts = ["alone", "first", "second", "agent"].map(Declared::plain);
    let cluster = "cluster k3s { servers = [first, second], agents = [agent] }\n";
    let Some(lab) = Lab::new(&hosts, cluster) else { return };
    let (fails, htop) = (mark("fails", "4"), "packages = [\"htop\"]");
    lab.become_(&[&fails, &fails, htop, htop], cluster);
    let old: Vec<_> = lab.machines.iter().map(Machine::current).collect();
    let begun = |one: &Machine| one.sessions().iter().any(|command| command.contains(" begin "));

    let run = lab.failed(&["apply", "--yes", "--layer", "hosts"]);
    assert_told(&run, "apply");
    for name in ["alone", "first"] {
        assert!(run.err.contains(&format!("error: {name}: it was rolled back, ")), "{run:?}");
    }
    for name in ["second", "agent"] {
        let left = format!("error: {name}: left as it is: first is a server of the cluster, and is not well");
        assert!(run.err.contains(&left), "{run:?}");
    }
    for (nth, one) in lab.machines.iter().enumerate() {
        assert_eq!(one.current(), old[nth], "{}: {run:?}", one.name());
        assert_eq!(begun(one), nth < 2, "{}: {run:?}", one.name());
    }

    // Without that, servers go one after the other, and agents after them.
    lab.become_(&[&fails, htop, htop, htop], cluster);
    let run = lab.failed(&["apply", "--yes", "--layer", "hosts"]);
    assert!(run.err.contains("error: alone: it was rolled back, "), "{run:?}");
    let said = |text: &str| run.err.find(text).unwrap_or_else(|| panic!("'{text}' is not said: {run:?}"));
    assert!(said("first: it was reached again") < said("second: its system is activated"), "{run:?}");
    assert!(said("second: it was reached again") < said("agent: its system is activated"), "{run:?}");
    for one in &lab.machines[1..] {
        assert_eq!(one.boot_default(), Some(lab.system(one.name())), "{run:?}");
    }
}

#[test]
fn two_who_switch_the_same_host_do_not_mix() {
    let Some(mut lab) = Lab::new(&[Declared::plain("one")], "") else { return };
    let mut all = Between::all(&mut lab, &[&mark("sleeps", "1")], "");
    let one = &mut all[0];
    let runs: Vec<Run> = thread::scope(|scope| {
        let one = &*one;
        let run = || scope.spawn(|| Run::of(&one.apply("60").output().expect("the program runs")));
        let both = [run(), run()];
        both.into_iter().map(|run| run.join().expect("the program runs")).collect()
    });
    assert!(runs.iter().any(|run| run.code == 0), "{runs:?}");
    for run in runs.iter().filter(|run| run.code != 0) {
        assert_told(run, "the second");
        let is_told =
            ["by somebody else", "somebody else is switching it", "switched to another system meanwhile"];
        assert!(is_told.iter().any(|text| run.err.contains(text)), "{run:?}");
    }
    assert!(one.is_new(), "{runs:?}");

    // Somebody who does it by hand holds NixOS's own lock.
    one.start_over();
    let nixos = "/run/nixos/switch-to-configuration.lock";
    let hold = format!("mkdir -p /run/nixos; setsid flock {nixos} sleep 600 </dev/null >/dev/null 2>&1 &");
    one.machine.run(&hold).succeeded();
    one.wait("the lock", |machine| !machine.run(&format!("flock --nonblock {nixos} true")).ok);
    let refused = Run::of(&one.apply("60").output().expect("the program runs"));
    assert_told(&refused, "by hand");
    assert!(refused.err.contains("somebody else is switching it"), "{refused:?}");
    assert!(!one.is_new(), "{refused:?}");
    one.machine.run("pkill -f '^[s]leep 600'").succeeded();
    one.wait("the lock", |machine| machine.run(&format!("flock --nonblock {nixos} true")).ok);

    // Whoever watches over an activation is killed, as by the kernel where memory is short.
    let run = one.while_it_runs(one.apply("60"), |one, _| {
        one.wait_for_phase("activating");
        one.machine.run("pkill -KILL -f '[o]n_host.sh .* watch '").succeeded();
    });
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("the process that watched over its activation is gone"), "{run:?}");
    let status = one.lab.failed(&["status"]);
    assert!(status.out.contains("its last activation came to no end"), "{status:?}");
    let finished = Run::of(&one.apply("60").output().expect("the program runs"));
    assert_eq!(finished.code, 0, "{finished:?}");
    assert!(one.is_new(), "{finished:?}");
    one.lab.done(&["status"]);
}
