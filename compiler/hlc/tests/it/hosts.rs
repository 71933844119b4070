//! `hlc plan`, `apply` and `status` of hosts: real sshd, real Nix, real closures, on machines in namespaces.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use harness::machines::{Account, Deployer, Machine};
use harness::nixpkgs::Nixpkgs;

use crate::world::{Run, World};

/// A lab, the machines that it is about, and the one that it is deployed from.
pub(crate) struct Lab {
    pub(crate) world: World,
    pub(crate) deployer: Deployer,
    pub(crate) machines: Vec<Machine>,
    pub(crate) nixpkgs: Nixpkgs,
}

/// What of a host stands in the lab.
pub(crate) struct Declared<'a> {
    /// What it is called.
    pub(crate) name: &'a str,
    /// How hlc logs in.
    pub(crate) account: Account,
    /// What else its declaration says.
    pub(crate) says: &'a str,
}

impl<'a> Declared<'a> {
    /// A host that says no more than it must.
    pub(crate) fn plain(name: &'a str) -> Self {
        Self { name, account: Account::Sudo, says: "" }
    }
}

impl Lab {
    /// Machines that run what a lab of theirs says, which is built; `None` where systems cannot be built.
    pub(crate) fn new(hosts: &[Declared<'_>], rest: &str) -> Option<Self> {
        let nixpkgs = Nixpkgs::stand_in()?;
        let deployer = Deployer::new();
        let boot = |host: &Declared<'_>| Machine::boot(host.name, &deployer, host.account);
        let machines: Vec<Machine> = hosts.iter().map(boot).collect();
        let lab = Self { world: World::empty(), deployer, machines, nixpkgs };
        let says: Vec<&str> = hosts.iter().map(|host| host.says).collect();
        lab.write(&says, rest);
        lab.build();
        for machine in &lab.machines {
            let system = lab.deployer.build_system(&lab.world.path("nixos"), machine.name());
            machine.install(&lab.deployer, &system);
        }
        Some(lab)
    }

    /// Writes the lab: what each host says, and what else there is.
    pub(crate) fn write(&self, says: &[&str], rest: &str) {
        let mut text = "lab home { domain = \"home.example.net\" }\n\
                        network lan { cidr = 192.168.1.0/24, gateway = 192.168.1.1 }\n"
            .to_owned();
        let key = self.deployer.public_key().trim();
        let _ = writeln!(text, "user ana {{ groups = [wheel], ssh-keys = [\"{key}\"] }}");
        for (nth, (machine, says)) in self.machines.iter().zip(says).enumerate() {
            let (name, key) = (machine.name(), host_key(machine));
            let _ = writeln!(
                text,
                "host {name} {{ network = lan, address = 192.168.1.{}, users = [ana], host-key = \"{key}\",\n  \
                 deploy.user = ana, deploy.ssh = \"{name}\"\n  {says}\n}}",
                nth + 10
            );
        }
        self.world.write("homelab.hl", text + rest);
    }

    /// Builds the lab.
    pub(crate) fn build(&self) {
        let built = self.world.run(&["build", "--force"]);
        assert_eq!(built.code, 0, "{built:?}");
        self.lock();
    }

    /// Says where what its flake needs is found.
    pub(crate) fn lock(&self) {
        self.nixpkgs.lock(&self.world.path("nixos"));
    }

    /// Writes the lab anew and builds it.
    pub(crate) fn become_(&self, says: &[&str], rest: &str) {
        self.write(says, rest);
        self.build();
    }

    /// The program, where the deployer's keys and store are.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.deployer.command(env!("CARGO_BIN_EXE_hlc"));
        command.args(arguments).current_dir(self.world.path(""));
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).output().expect("the program runs"))
    }

    pub(crate) fn done(&self, arguments: &[&str]) -> Run {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
        run
    }

    pub(crate) fn failed(&self, arguments: &[&str]) -> Run {
        let run = self.run(arguments);
        assert_eq!(run.code, 1, "{arguments:?}: {run:?}");
        run
    }

    /// What the lab makes of a host.
    pub(crate) fn system(&self, name: &str) -> PathBuf {
        self.deployer.build_system(&self.world.path("nixos"), name)
    }
}

/// The public half of a machine's key, without what it is called.
pub(crate) fn host_key(machine: &Machine) -> String {
    machine.host_key().split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_host_becomes_what_the_lab_says() {
    let Some(lab) = Lab::new(&[Declared::plain("one"), Declared::plain("two")], "") else { return };
    let planned = lab.done(&["plan", "--detailed-exitcode"]);
    assert!(planned.out.contains("hosts: 2 as they are to be"), "{planned:?}");
    lab.done(&["status"]);

    lab.become_(&["packages = [\"htop\"]", ""], "");
    let (before, expected) = (lab.machines[0].current(), lab.system("one"));
    let planned = lab.run(&["plan", "--detailed-exitcode"]);
    assert_eq!(planned.code, 2, "{planned:?}");
    assert!(planned.out.contains("~ host one  homelab.hl:4: host one"), "{planned:?}");
    assert!(planned.out.contains("+ htop 1.0"), "{planned:?}");
    assert_eq!(lab.machines[0].current(), before, "a plan changes nothing");
    let status = lab.failed(&["status"]);
    assert!(status.out.contains("it runs another system"), "{status:?}");

    let other = lab.machines[1].sessions().len();
    let applied = lab.done(&["apply", "one", "--yes"]);
    assert!(applied.err.contains("one runs and boots what the lab says"), "{applied:?}");
    assert_eq!(lab.machines[1].sessions().len(), other, "who is not meant is not asked");
    for system in [lab.machines[0].current(), lab.machines[0].profile(), lab.machines[0].boot_default()] {
        assert_eq!(system.as_ref(), Some(&expected));
    }
    let status = lab.done(&["status"]);
    assert!(status.out.contains("2 of 2 hosts are in step"), "{status:?}");
    let again = lab.done(&["apply", "--yes"]);
    assert!(again.out.contains("hosts: 2 as they are to be"), "{again:?}");

    // Once it is known what it was built from, it is known what of the lab differs.
    lab.become_(&["packages = [\"htop\"]\n  nixos { environment.etc.motd.text = \"hello\" }", ""], "");
    let planned = lab.done(&["plan", "one"]);
    assert!(
        planned.out.contains("+ option environment.etc.motd.text  homelab.hl:7: host one"),
        "{planned:?}"
    );
}

#[test]
fn at_a_terminal_it_asks_and_shows_for_how_long_a_host_is_at_something() {
    let Some(lab) = Lab::new(&[Declared::plain("one")], "") else { return };
    lab.become_(&["packages = [\"htop\"]\n  nixos { environment.etc.\"test/sleeps\".text = \"2\" }"], "");
    let at_a_terminal = |answer: &str| {
        let apply = format!("{} apply one", env!("CARGO_BIN_EXE_hlc"));
        let mut script = lab.deployer.command("script");
        script.args(["-qec", &apply, "/dev/null"]).env("TERM", "xterm").current_dir(lab.world.path(""));
        let mut script =
            script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("there is script");
        let mut stdin = script.stdin.take().expect("a pipe");
        stdin.write_all(format!("{answer}\n").as_bytes()).expect("it listens");
        let run = Run::of(&script.wait_with_output().expect("it ends"));
        drop(stdin);
        run
    };
    let before = lab.machines[0].current();
    let off = at_a_terminal("n");
    assert_eq!((off.code, lab.machines[0].current()), (0, before), "{off:?}");
    let run = at_a_terminal("y");
    assert_eq!((run.code, lab.machines[0].current()), (0, Some(lab.system("one"))), "{run:?}");
    for drawn in ["   0 s  one: its system is activated", "   1 s  one: its system is activated"] {
        assert!(run.out.contains(drawn), "{drawn}: {run:?}");
    }
    // What was drawn is taken away again.
    let last = run.out.rsplit("\u{1b}[J").next().unwrap_or_default();
    assert!(!last.contains(" s  one:") && last.contains("one runs and boots what the lab says"), "{run:?}");
}
