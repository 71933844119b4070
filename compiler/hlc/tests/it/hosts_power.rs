//! Hosts that lose power on the way to another system, and hosts that have to be started again to run it.

use harness::machines::When;

use crate::hosts::{Declared, Lab};
use crate::hosts_between::{Between, assert_told};
use crate::hosts_faults::mark;
use crate::world::Run;

/// Loses power, and comes back.
fn start(one: &mut Between<'_>) {
    one.machine.crash();
    one.machine.power_on();
}

/// What is found first where programs are looked for, until the machine is started again.
fn instead_of_nix_env(script: &str) -> String {
    let file = "/run/wrappers/bin/nix-env";
    format!("printf '#!/bin/sh\\n%s\\n' '{script}' >{file} && chmod +x {file}")
}

/// What is said where that happened.
const STARTED: &str = "it was started again meanwhile, ";

#[test]
fn a_host_that_loses_power_boots_one_system_whole() {
    let hosts = ["activating", "activated", "saving"].map(Declared::plain);
    let Some(mut lab) = Lab::new(&hosts, "") else { return };
    let marks = [mark("sleeps", "3"), mark("no-network", ""), "packages = [\"htop\"]".to_owned()];
    let all = Between::all(&mut lab, &marks.each_ref().map(String::as_str), "");
    let [mut activating, mut activated, mut saving] = <[_; 3]>::try_from(all).ok().expect("three");

    let run = activating.while_it_runs(activating.apply("60"), |one, _| {
        one.wait_for_phase("activating");
        start(one);
    });
    boots_the_old(&activating, &run);
    activating.status_says_and_apply_finishes("power lost while it activated");

    // It cannot be reached, so that it stays so for as long as it waits.
    let run = activated.while_it_runs(activated.apply("600"), |one, _| {
        one.wait_for_phase("activated");
        start(one);
    });
    boots_the_old(&activated, &run);

    // It is asked to set the profile, and does not come to it.
    saving.machine.run(&instead_of_nix_env("sleep 600")).succeeded();
    let run = saving.while_it_runs(saving.apply("60"), |one, _| {
        one.wait_for_phase("saving");
        start(one);
    });
    boots_the_old(&saving, &run);

    // The profile is set, and the boot loader is not.
    saving.machine.run(&instead_of_nix_env("/machine/base/nix-env \"$@\" && sleep 600")).succeeded();
    let run = saving.while_it_runs(saving.apply("60"), |one, _| {
        one.wait("the profile", |machine| machine.profile().as_deref() == Some(&one.new));
        start(one);
    });
    assert!(run.err.contains(STARTED), "{run:?}");
    assert_eq!(saving.machine.current().as_deref(), Some(&*saving.old), "{run:?}");
    let finished = Run::of(&saving.apply("60").output().expect("the program runs"));
    assert_eq!(finished.code, 0, "{finished:?}");
    assert!(saving.is_new());
}

fn boots_the_old(one: &Between<'_>, run: &Run) {
    let name = one.machine.name();
    assert_eq!(run.code, 1, "{name}: {run:?}");
    assert_told(run, name);
    assert!(run.err.contains(STARTED) && run.err.contains("and runs what it ran before"), "{run:?}");
    assert!(!one.is_new(), "{name}: {run:?}");
}

#[test]
fn a_host_is_started_again_for_a_kernel_where_that_is_asked_for() {
    let hosts = ["asked", "lost"].map(Declared::plain);
    let Some(mut lab) = Lab::new(&hosts, "") else { return };
    let kernel = mark("kernel", "6.12.2");
    let all = Between::all(&mut lab, &[&kernel, &kernel], "");
    let [mut asked, mut lost] = <[_; 2]>::try_from(all).ok().expect("two");
    let boot = asked.machine.boot_id();
    let why = "it has to be started again for another kernel, initrd, kernel-modules; --reboot does that";
    let planned = asked.lab.done(&["plan", "asked"]);
    assert!(planned.out.contains(why), "{planned:?}");

    let applied = asked.lab.done(&["apply", "--yes"]);
    assert!(applied.err.contains("'hlc apply --reboot asked' does it"), "{applied:?}");
    assert_eq!(asked.machine.boot_id(), boot, "nobody asked for that");
    assert!(asked.is_new(), "{applied:?}");
    let status = asked.lab.failed(&["status", "asked"]);
    assert!(status.out.contains("it has to be started again for another kernel"), "{status:?}");

    let started = asked.lab.done(&["apply", "asked", "--yes", "--reboot"]);
    assert!(started.err.contains("asked: it is started again"), "{started:?}");
    asked.machine.wait_for_boot_after(&boot);
    assert_eq!(asked.machine.booted().as_deref(), Some(&*asked.new));
    asked.lab.done(&["status", "asked"]);

    // Where that it was told so is not heard, or it did not hear it, it is told again.
    for (session, when) in [(3, When::Before), (3, When::After)] {
        lost.start_over();
        lost.lab.done(&["apply", "lost", "--yes"]);
        let boot = lost.machine.boot_id();
        let cut = format!("/machine/done/session-{}", lost.machine.sessions().len() + session);
        lost.machine.cut_at(session, when);
        let mut command = lost.apply("60");
        command.arg("--reboot");
        let run = lost.while_it_runs(command, |one, is_finished| {
            one.wait("the cut", |machine| {
                is_finished() || machine.boot_id() != boot || machine.read(&cut).is_some()
            });
            one.machine.reconnect();
        });
        assert_eq!(run.code, 0, "{when:?}: {run:?}");
        lost.machine.wait_for_boot_after(&boot);
        assert_eq!(lost.machine.booted().as_deref(), Some(&*lost.new), "{when:?}");
    }
}
