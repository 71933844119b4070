//! What goes wrong on one host: it becomes what it was, it is said, and the other hosts go on.

use harness::machines::{Account, Machine};

use crate::hosts::{Declared, Lab, host_key};
use crate::hosts_between::assert_told;
use crate::world::Run;

/// A text of `environment.etc` by which the stand-in for NixOS knows how to behave.
pub(crate) fn mark(name: &str, text: &str) -> String {
    format!("nixos {{ environment.etc.\"test/{name}\".text = \"{text}\" }}")
}

/// What was said of a host: the line with its name, and those below it.
#[track_caller]
fn told(run: &Run, host: &str) -> String {
    let begin = format!("error: {host}: ");
    let mut lines = run.err.lines().skip_while(|line| !line.starts_with(&begin));
    let first = lines.next().unwrap_or_else(|| panic!("nothing is said of {host}: {run:?}"));
    let rest = lines.take_while(|line| line.starts_with("  "));
    std::iter::once(first).chain(rest).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn assert_says(run: &Run, host: &str, words: &[&str]) {
    let told = told(run, host);
    for word in words {
        assert!(told.contains(word), "'{word}' is not said of {host}:\n{told}");
    }
}

fn machine<'a>(lab: &'a Lab, name: &str) -> &'a Machine {
    lab.machines.iter().find(|machine| machine.name() == name).expect("it is one of them")
}

const ROLLED_BACK: &str = "it was rolled back, and runs what it ran before: ";

#[test]
fn what_does_not_become_the_new_system_becomes_the_old_one() {
    let names = ["fails", "refuses", "slow", "mute", "locked", "full", "brimful", "unsaved", "unset", "fine"];
    let hosts = names.map(Declared::plain);
    let Some(lab) = Lab::new(&hosts, "") else { return };
    let htop = "packages = [\"htop\"]".to_owned();
    let marks = [
        mark("fails", "4"),
        mark("refuses", "1"),
        mark("sleeps", "60"),
        mark("no-network", ""),
        mark("no-entry", ""),
    ];
    let says = [marks.as_slice(), &vec![htop; 5]].concat();
    lab.become_(&says.iter().map(String::as_str).collect::<Vec<_>>(), "");
    let old: Vec<_> = lab.machines.iter().map(Machine::current).collect();
    // New files do not fit any more, and what is there can still be read.
    let inodes = "mount -o remount,nr_inodes=$(($(df --output=iused /nix | tail -n 1) + 8)) /nix";
    machine(&lab, "full").run(inodes).succeeded();
    machine(&lab, "brimful").fill_disk();
    read_only(machine(&lab, "unsaved"), "/boot");
    machine(&lab, "unset").run("mkdir /nix/var/nix/profiles/system-2-link").succeeded();

    let applied = lab.failed(&["apply", "--yes", "--confirm", "10", "--activation", "10"]);
    assert_told(&applied, "apply");
    assert_says(&applied, "fails", &[ROLLED_BACK, "its activation failed with 4", "k3s.service"]);
    assert_says(
        &applied,
        "refuses",
        &[ROLLED_BACK, "its activation failed with 1", "pre-switch checks failed"],
    );
    assert_says(&applied, "slow", &[ROLLED_BACK, "its activation took more than 10 seconds"]);
    let nobody = "nobody could reach it within 10 seconds; from here, it cannot be reached: ";
    assert_says(&applied, "mute", &[ROLLED_BACK, nobody]);
    let nobody = "nobody could reach it within 10 seconds; from here, it lets nobody in: ";
    assert_says(&applied, "locked", &[ROLLED_BACK, nobody]);
    assert_says(&applied, "full", &["its system cannot be copied there: ", "No space left on device"]);
    assert_says(
        &applied,
        "brimful",
        &["it does not say what its system consists of: 0 MiB are free in /nix there"],
    );
    let unsaved = "it runs the new system, and does not boot it: ";
    assert_says(&applied, "unsaved", &[unsaved, "Read-only file system", "run it again"]);
    assert_says(&applied, "unset", &[unsaved, "system-2-link", "run it again"]);
    assert!(applied.err.contains("fine runs and boots what the lab says"), "{applied:?}");

    let status = lab.failed(&["status"]);
    assert!(status.out.contains("1 of 10 hosts are in step"), "{status:?}");
    assert!(status.out.contains("it was rolled back: its activation failed with 4"), "{status:?}");
    assert!(status.out.contains("it runs that, and it would boot another"), "{status:?}");
    for (machine, old) in lab.machines.iter().zip(&old) {
        let (name, new) = (machine.name(), Some(lab.system(machine.name())));
        let current = if ["unsaved", "unset", "fine"].contains(&name) { &new } else { old };
        let boots = if name == "fine" { &new } else { old };
        let found = [machine.current(), machine.profile(), machine.boot_default()];
        assert_eq!(found.each_ref(), [current, boots, boots], "{name}");
    }

    // What stood in the way is mended.
    machine(&lab, "full").run("mount -o remount,nr_inodes=0 /nix").succeeded();
    machine(&lab, "brimful").free_disk();
    machine(&lab, "unsaved").run("umount /boot").succeeded();
    machine(&lab, "unset").run("rmdir /nix/var/nix/profiles/system-2-link").succeeded();
    lab.done(&["apply", "full", "brimful", "unsaved", "unset", "--yes"]);
    lab.done(&["status", "full", "brimful", "unsaved", "unset", "fine"]);
    for name in ["full", "brimful", "unsaved", "unset"] {
        assert_eq!(machine(&lab, name).boot_default(), Some(lab.system(name)));
    }
}

/// Nothing can be written into a folder any more.
fn read_only(machine: &Machine, folder: &str) {
    machine.run(&format!("mount --bind {folder} {folder} && mount -o remount,bind,ro {folder}")).succeeded();
}

#[test]
fn who_is_not_let_in_is_told_why_and_the_other_hosts_go_on() {
    let with = |name, account| Declared { name, account, says: "" };
    let hosts = [
        with("asked", Account::SudoAsks),
        with("sudoless", Account::NoSudo),
        Declared::plain("stranger"),
        Declared::plain("unknown"),
        Declared::plain("off"),
        Declared::plain("fine"),
    ];
    let Some(mut lab) = Lab::new(&hosts, "") else { return };
    lab.machines[4].crash();
    let htop = "packages = [\"htop\"]";
    lab.write(&[htop; 6], "");
    let mut text = lab.world.text("homelab.hl");
    text = text.replace(&host_key(&lab.machines[2]), &host_key(&lab.machines[3]));
    let second =
        text.rfind(&format!(", host-key = \"{}\"", host_key(&lab.machines[3]))).expect("it is the last");
    let length = format!(", host-key = \"{}\"", host_key(&lab.machines[3])).len();
    text.replace_range(second..second + length, "");
    lab.world.write("homelab.hl", text.replace("users = [ana], host-key", "users = [ana],\n  host-key"));
    lab.build();
    lab.deployer.forget_keys();

    let applied = lab.failed(&["apply", "--yes"]);
    assert_told(&applied, "apply");
    let no_root = "whoever logs in there does not become root: ";
    assert_says(&applied, "asked", &[no_root, "a password is required", "deploy.user"]);
    assert_says(&applied, "sudoless", &[no_root, "sudo", "not found"]);
    assert_says(
        &applied,
        "stranger",
        &["it does not show that it is the host: it shows another key", "host-key"],
    );
    assert_says(&applied, "unknown", &["it does not show that it is the host: nobody said which key it has"]);
    assert_says(&applied, "off", &["it cannot be reached: ", "Connection refused", "deploy.ssh"]);
    assert!(applied.err.contains("fine runs and boots what the lab says"), "{applied:?}");
    let status = lab.failed(&["status"]);
    assert!(status.out.contains("off       unreachable"), "{status:?}");
    assert!(status.out.contains("1 of 6 hosts are in step"), "{status:?}");
}
