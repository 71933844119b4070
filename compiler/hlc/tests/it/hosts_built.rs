//! Where systems of hosts are built, and from what.

use crate::hosts::{Declared, Lab};

#[test]
fn systems_are_built_where_the_lab_says() {
    let hosts = ["one", "two"].map(Declared::plain);
    let Some(lab) = Lab::new(&hosts, "") else { return };
    for machine in &lab.machines {
        machine.run("chown ana /home/ana").succeeded();
        lab.nixpkgs.show_to(machine);
    }
    let says = [
        "deploy.build = there\n  packages = [\"htop\"]",
        "deploy.build = builder, deploy.builder = one\n  packages = [\"git\"]",
    ];
    lab.become_(&says, "");
    // Both are built on the first: it alone has been told what they are made of.
    let applied = lab.done(&["apply", "--yes"]);
    for machine in &lab.machines {
        assert_eq!(machine.current(), Some(lab.system(machine.name())), "{applied:?}");
    }
    let built = |nth: usize, what: &str| lab.machines[nth].run(&format!("ls -d {what}")).code;
    assert_eq!(built(0, "/home/ana/.cache/hlc/build/one/system"), Some(0), "{applied:?}");
    assert_eq!(built(0, "/home/ana/.cache/hlc/build/two/system"), Some(0), "{applied:?}");
    assert_ne!(built(1, "/home/ana/.cache/hlc/build"), Some(0), "{applied:?}");
    lab.done(&["status"]);

    lab.become_(&["deploy.build = there\n  nixos { services.openssh.ports = \"none\" }", ""], "");
    let planned = lab.failed(&["plan"]);
    assert!(planned.out.contains("! host one"), "{planned:?}");
    assert!(planned.out.contains("its system cannot be built: on one:"), "{planned:?}");
    assert!(planned.out.contains("hosts: 1 to switch, 1 not to be planned"), "{planned:?}");
}

#[test]
fn hosts_are_built_from_what_the_lab_was_built_to() {
    let Some(lab) = Lab::new(&[Declared::plain("one")], "") else { return };
    lab.write(&["packages = [\"htop\"]"], "");
    let planned = lab.failed(&["plan"]);
    assert!(planned.err.contains("run 'hlc build' first"), "{planned:?}");
    let none = lab.failed(&["plan", "three", "--layer", "hosts"]);
    assert!(none.err.contains("there is no host 'three'; there are one"), "{none:?}");
}
