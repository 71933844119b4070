use harness::machines::{Account, Deployer, Machine, When};

#[test]
fn machines_answer_by_name() {
    let deployer = Deployer::new();
    let first = Machine::boot("homelab-0", &deployer, Account::Root);
    let second = Machine::boot("homelab-1", &deployer, Account::Sudo);

    assert_eq!(deployer.ssh("homelab-0", "hostname; id -un").succeeded().stdout, "homelab-0\nroot\n");
    assert_eq!(deployer.ssh("homelab-1", "hostname; id -un").succeeded().stdout, "homelab-1\nana\n");
    assert_eq!(deployer.ssh("homelab-1", "sudo -n id -un").succeeded().stdout, "root\n");
    assert_ne!(first.boot_id(), second.boot_id());
    assert_eq!(first.sessions(), ["hostname; id -un"]);
    deployer.know_also(&first, "192.168.1.10");
    assert_eq!(deployer.ssh("192.168.1.10", "hostname").succeeded().stdout, "homelab-0\n");

    // The machine that these run on is another.
    assert_ne!(std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap().trim(), "homelab-0");
    first.write("/etc/mark", "first\n");
    first.write("/nix/mark", "first\n");
    assert_eq!(second.read("/etc/mark"), None);
    assert_eq!(second.read("/nix/mark"), None);
    assert!(!std::path::Path::new("/nix/mark").exists());
}

#[test]
fn a_machine_with_another_key_is_refused() {
    let deployer = Deployer::new();
    let machine = Machine::boot("homelab-0", &deployer, Account::Root);
    let other = harness::ssh_key::HostKey::generate();
    deployer.trust(machine.address(), machine.port(), other.public());
    let refused = deployer.ssh("homelab-0", "true").failed();
    assert!(refused.stderr.contains("HOST IDENTIFICATION HAS CHANGED"), "{refused}");
    deployer.forget_keys();
    let refused = deployer.ssh("homelab-0", "true").failed();
    assert!(refused.stderr.contains("Host key verification failed"), "{refused}");
    deployer.trust(machine.address(), machine.port(), machine.host_key());
    deployer.ssh("homelab-0", "true").succeeded();
}

#[test]
fn who_may_become_root() {
    let deployer = Deployer::new();
    let _asks = Machine::boot("asks", &deployer, Account::SudoAsks);
    let _without = Machine::boot("without", &deployer, Account::NoSudo);
    let asked = deployer.ssh("asks", "sudo -n true").failed();
    assert!(asked.stderr.contains("a password is required"), "{asked}");
    let absent = deployer.ssh("without", "sudo -n true").failed();
    assert_eq!(absent.code, Some(127), "{absent}");
}

#[test]
fn what_runs_goes_on_without_network() {
    let deployer = Deployer::new();
    let mut machine = Machine::boot("homelab-0", &deployer, Account::Root);
    let port = machine.port();
    let start = "setsid sh -c 'until [ -e /tmp/go ]; do sleep 0.01; done; touch /tmp/went' </dev/null >/dev/null 2>&1 &";
    deployer.ssh("homelab-0", start).succeeded();
    machine.cut();
    assert!(!machine.has_network());
    let refused = deployer.ssh("homelab-0", "true").failed();
    assert_eq!(refused.code, Some(255), "{refused}");
    machine.run("touch /tmp/go; until [ -e /tmp/went ]; do sleep 0.01; done").succeeded();
    machine.reconnect();
    assert_eq!(machine.port(), port);
    deployer.ssh("homelab-0", "test -e /tmp/went").succeeded();
}

#[test]
fn services_outlive_the_session_that_starts_them() {
    let deployer = Deployer::new();
    let mut machine = Machine::boot("homelab-0", &deployer, Account::Sudo);
    let service = "until [ -e /tmp/go ]; do sleep 0.01; done; touch /tmp/went";
    let start = format!("sudo -n systemd-run --unit=waits --collect sh -c '{service}'");
    deployer.ssh("homelab-0", &start).succeeded();
    let again = deployer.ssh("homelab-0", &start).failed();
    assert!(again.stderr.contains("Unit waits.service was already loaded"), "{again}");
    machine.cut();
    machine.run("touch /tmp/go; while [ -e /run/units/waits ]; do sleep 0.01; done").succeeded();
    assert!(machine.read("/tmp/went").is_some());
}

#[test]
fn nothing_outlives_a_machine() {
    let deployer = Deployer::new();
    let mut machine = Machine::boot("homelab-0", &deployer, Account::Root);
    let mark = format!("{}.{}", machine.address(), machine.port());
    machine
        .run(&format!("setsid sh -c 'while :; do sleep 1; done' {mark} </dev/null >/dev/null 2>&1 &"))
        .succeeded();
    let runs = || {
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let lines =
            processes.filter_map(|process| std::fs::read_to_string(process.path().join("cmdline")).ok());
        lines.filter(|line| line.contains(&mark)).count()
    };
    // Who starts it is called so, too, and is gone a moment later.
    while runs() != 1 {
        std::thread::yield_now();
    }
    machine.cut();
    assert_eq!(runs(), 1);
    drop(machine);
    // The kernel ends processes of a namespace one after the other.
    while runs() > 0 {
        std::thread::yield_now();
    }
}

#[test]
fn connections_are_lost_where_the_test_says() {
    let deployer = Deployer::new();
    let mut machine = Machine::boot("homelab-0", &deployer, Account::Sudo);

    machine.cut_at(2, When::Before);
    deployer.ssh("homelab-0", "touch /tmp/first").succeeded();
    assert_eq!(deployer.ssh("homelab-0", "touch /tmp/second").code, Some(255));
    assert_eq!(machine.run("ls /tmp").stdout, "first\n");

    machine.reconnect();
    machine.cut_at(1, When::After);
    let lost = deployer.ssh("homelab-0", "touch /tmp/third; echo done");
    assert_eq!(lost.code, Some(255), "{lost}");
    assert_eq!(machine.run("ls /tmp").stdout, "first\nthird\n");

    machine.reconnect();
    machine.cut_at(1, When::Output(4));
    let lost = deployer.ssh("homelab-0", "while echo y; do :; done");
    assert_eq!(lost.code, Some(255), "{lost}");
    machine.reconnect();
    deployer.ssh("homelab-0", "true").succeeded();
    assert_eq!(machine.sessions().len(), 5);
}

#[test]
fn power_cuts_and_reboots() {
    let deployer = Deployer::new();
    let mut machine = Machine::boot("homelab-0", &deployer, Account::Sudo);
    machine.write("/run/mark", "");
    machine.write("/var/mark", "");
    machine.write("/nix/mark", "");
    let before = machine.boot_id();
    machine.crash();
    assert_eq!(deployer.ssh("homelab-0", "true").code, Some(255));
    machine.power_on();
    assert_ne!(machine.boot_id(), before);
    assert_eq!(machine.read("/run/mark"), None);
    assert_eq!(machine.read("/var/mark").as_deref(), Some(""));
    assert_eq!(machine.read("/nix/mark").as_deref(), Some(""));

    let before = machine.boot_id();
    deployer.ssh("homelab-0", "sudo -n systemctl reboot");
    machine.wait_for_boot_after(&before);
    deployer.ssh("homelab-0", "true").succeeded();
}

#[test]
fn disks_are_full_for_a_while() {
    let deployer = Deployer::new();
    let machine = Machine::boot("homelab-0", &deployer, Account::Root);
    machine.fill_disk();
    let full = deployer.ssh("homelab-0", "echo more >/nix/more").failed();
    assert!(full.stderr.contains("No space left on device"), "{full}");
    machine.free_disk();
    deployer.ssh("homelab-0", "echo more >/nix/more").succeeded();
}
