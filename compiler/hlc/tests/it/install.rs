//! `hlc install`: machines that were started from an installer become hosts, whatever happens on the way.
//!
//! The machines are namespaces, with real sshd and real Nix; disko, `nixos-install` and the start of a machine are
//! stand-ins (see `harness::machines`).

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use harness::machines::{Account, Deployer, Machine, When};
use harness::nixpkgs::Nixpkgs;

use crate::vault::keys;
use crate::world::{Run, World};

const DISK: &str = "/dev/hlc-test-a";
const OTHER: &str = "/dev/hlc-test-b";
const KEY_FILE: &str = "nixos/hosts/one/ssh_host_ed25519_key.sops";
const HARDWARE: &str = "nixos/hosts/one/hardware-configuration.nix";

/// A lab with a host that is not there yet, and a machine for it.
struct Site {
    world: World,
    deployer: Deployer,
    machine: Machine,
    nixpkgs: Nixpkgs,
}

impl Site {
    /// `None` where systems cannot be built.
    fn new(account: Account) -> Option<Self> {
        let nixpkgs = Nixpkgs::stand_in()?;
        let deployer = Deployer::new();
        let machine = Machine::installer("one", &deployer, account);
        let columns =
            r#"NAME="sda" TYPE="disk" SIZE="500107862016" MODEL="Disk One" SERIAL="S1" MOUNTPOINT="""#;
        let part =
            r#"NAME="sda1" TYPE="part" SIZE="499000000000" FSTYPE="ntfs" LABEL="Photos" MOUNTPOINT="""#;
        machine.plug(DISK, &format!("{columns}\n{part}"));
        let site = Self { world: World::empty(), deployer, machine, nixpkgs };
        site.write("", "");
        Some(site)
    }

    /// The same, where the lab says the key and was built: all that is done before anything is done to the machine.
    fn ready(account: Account) -> Option<Self> {
        let site = Self::new(account)?;
        let key = site.key_line();
        site.write(&key, "");
        site.build();
        Some(site)
    }

    /// The line that belongs into the lab, as `install` says it.
    fn key_line(&self) -> String {
        let run = self.failed(&[]);
        let line = run.err.lines().find_map(|line| line.trim().strip_prefix("host-key = "));
        format!("host-key = {}", line.unwrap_or_else(|| panic!("{run:?}")))
    }

    fn write(&self, says: &str, rest: &str) {
        let disk = format!("disk system {{ device = {DISK} }}");
        self.write_with(&disk, says, rest);
    }

    fn write_with(&self, disks: &str, says: &str, rest: &str) {
        let (admin, key) = (keys().admin.recipient(), self.deployer.public_key().trim());
        let text = format!(
            "lab home {{ domain = \"home.example.net\" }}\nnetwork lan {{ cidr = 192.168.1.0/24, gateway = 192.168.1.1 \
             }}\nrecipient admin = \"{admin}\"\nuser ana {{ groups = [wheel], ssh-keys = [\"{key}\"] }}\nhost one {{\n  \
             network = lan\n  address = 192.168.1.10\n  users = [ana]\n  deploy.user = ana\n  deploy.ssh = \"one\"\n  \
             {says}\n  {disks}\n}}\n{rest}"
        );
        self.world.write("homelab.hl", text);
    }

    fn build(&self) {
        let run = self.hlc(&["build"]);
        assert_eq!(run.code, 0, "{run:?}");
        self.nixpkgs.lock(&self.world.path("nixos"));
    }

    fn command(&self, program: &str) -> Command {
        let mut command = self.deployer.command(program);
        command.current_dir(self.world.path("")).env("SOPS_AGE_KEY_FILE", keys().admin.file());
        command
    }

    fn hlc(&self, arguments: &[&str]) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_hlc"));
        Run::of(&command.args(arguments).stdin(Stdio::null()).output().expect("the program runs"))
    }

    fn install(&self, arguments: &[&str]) -> Run {
        self.hlc(&[&["install", "one", "--timeout", "20"], arguments].concat())
    }

    fn failed(&self, arguments: &[&str]) -> Run {
        let run = self.install(arguments);
        assert_eq!(run.code, 1, "{arguments:?}: {run:?}");
        run
    }

    fn done(&self, arguments: &[&str]) -> Run {
        let run = self.install(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
        run
    }

    /// Somebody at a terminal types a line.
    fn typed(&self, line: &str) -> Run {
        let install = format!("{} install one --timeout 20", env!("CARGO_BIN_EXE_hlc"));
        let mut script = self.command("script");
        script.args(["-qec", &install, "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut script = script.spawn().expect("there is script");
        let mut stdin = script.stdin.take().expect("a pipe");
        stdin.write_all(format!("{line}\n").as_bytes()).expect("it listens");
        let run = Run::of(&script.wait_with_output().expect("it ends"));
        drop(stdin);
        run
    }

    /// Installs where a session is lost, and again after that. Whether there are no more sessions than those before it.
    fn is_whole_without(&mut self, session: usize, when: When) -> bool {
        let told = ["install", "one", "--user", "ana", "--erase", DISK, "--timeout"];
        self.machine.cut_at(session, when);
        let run = self.hlc(&[&told[..], &["3"]].concat());
        let is_over = self.machine.sessions().len() < session;
        if !self.machine.has_network() {
            self.machine.reconnect();
        }
        if run.code != 0 {
            assert_eq!(run.code, 1, "{session} {when:?}: {run:?}");
            let says = ["goes on from there", "--at says where"];
            assert!(says.iter().any(|says| run.err.contains(says)), "{session} {when:?}: {run:?}");
            let again = self.hlc(&[&told[..], &["30"]].concat());
            assert_eq!(again.code, 0, "{session} {when:?}: {run:?}\nand then {again:?}");
        }
        self.is_there();
        assert_eq!(self.machine.erased(), [DISK], "{session} {when:?}: once: {run:?}");
        is_over
    }

    /// A machine of which nothing is installed yet in the place of the one that is there.
    fn another_machine(&mut self) {
        std::fs::remove_file(self.deployer.home().join(".ssh/config")).expect("it is there");
        self.machine = Machine::installer("one", &self.deployer, Account::Sudo);
        self.machine.plug(DISK, r#"NAME="sda" TYPE="disk" SIZE="500107862016" MOUNTPOINT="""#);
    }

    /// Whether the machine is the host, whole.
    fn is_there(&self) {
        let system = self.deployer.build_system(&self.world.path("nixos"), "one");
        for found in [self.machine.current(), self.machine.booted(), self.machine.profile()] {
            assert_eq!(found.as_ref(), Some(&system));
        }
        let public = self.machine.read("/etc/ssh/ssh_host_ed25519_key.pub").expect("it is there");
        let lab = self.world.text("homelab.hl");
        assert!(lab.contains(&public.split(' ').take(2).collect::<Vec<_>>().join(" ")), "{public}");
        let mode = self.machine.run("stat -c %a /etc/ssh/ssh_host_ed25519_key").succeeded().stdout;
        assert_eq!(mode.trim(), "600");
        let said = self.machine.run("ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key").succeeded().stdout;
        assert_eq!(said.split(' ').nth(1), public.split(' ').nth(1), "both halves are one pair");
    }

    /// What of the host's private key nobody but it may have: the middle of it.
    fn private(&self) -> String {
        let private = self.machine.read("/etc/ssh/ssh_host_ed25519_key").expect("it is there");
        private.lines().nth(2).expect("it has some lines").to_owned()
    }
}

/// Whether a file below has this text in it.
fn holds(folder: &Path, text: &str) -> Option<std::path::PathBuf> {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, kind) = (entry.path(), entry.file_type().expect("it has one"));
        if kind.is_dir() {
            if let Some(found) = holds(&path, text) {
                return Some(found);
            }
        } else if kind.is_file() {
            let bytes = std::fs::read(&path).unwrap_or_default();
            if bytes.windows(text.len()).any(|part| part == text.as_bytes()) {
                return Some(path);
            }
        }
    }
    None
}

#[test]
fn a_machine_becomes_the_host_and_its_key_is_nowhere_else() {
    let Some(site) = Site::new(Account::Root) else { return };
    let first = site.failed(&[]);
    assert!(first.err.contains("made the host key of one"), "{first:?}");
    let line = site.key_line();
    assert!(
        first.err.contains(&line) && first.err.contains("hlc build"),
        "a second run makes no other: {first:?}"
    );
    assert_eq!(site.machine.sessions(), [""; 0], "nothing was asked of the machine");
    let kept = site.world.text(KEY_FILE);
    site.write(&line, "");
    let unbuilt = site.failed(&[]);
    assert!(unbuilt.err.contains("run 'hlc build' first"), "{unbuilt:?}");
    site.build();
    assert_eq!(site.world.text(KEY_FILE), kept, "build leaves it");

    let dry = site.done(&["--dry-run"]);
    for said in
        ["erase, format and mount its disks", "/dev/hlc-test-a", "500 GB, Disk One, serial S1", "Photos"]
    {
        assert!(dry.out.contains(said), "{said}: {dry:?}");
    }
    assert!(!site.world.path(HARDWARE).exists());
    let alone = site.failed(&[]);
    assert!(alone.err.contains("nobody is there to type"), "{alone:?}");
    assert!(site.world.text(HARDWARE).contains("nvme"));
    for wrong in ["y", "yes", "One", "two"] {
        let run = site.typed(wrong);
        assert!(run.code == 1 && run.out.contains("nothing was erased"), "{wrong}: {run:?}");
    }
    assert_eq!(site.machine.erased(), [""; 0]);
    let mut said = site.typed("one");
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(site.machine.erased(), [DISK]);
    site.is_there();

    let private = site.private();
    let public = line.split(' ').nth(3).expect("a key").trim_matches('"');
    assert!(holds(&site.world.path(""), public).is_some(), "what is there is found");
    for folder in [site.deployer.home(), site.deployer.home().join("../nix"), site.world.path("")] {
        assert_eq!(holds(&folder, &private), None);
    }
    assert!(site.machine.sessions().iter().all(|session| !session.contains(&private)));
    said.out += &said.err.clone();
    assert!(!said.out.contains(&private));
    // From here on it is a host like others.
    let again = site.done(&[]);
    assert!(again.err.contains("one is installed"), "{again:?}");
    assert_eq!(site.hlc(&["status", "--layer", "hosts"]).code, 0);
    assert_eq!(site.machine.erased(), [DISK]);
}

/// Each session in its turn is lost, on a new machine: before anything came through, when a part of it had, or before
/// the answer came back. One of these in turn; with `HLC_CUTS=all` all of them, which takes three times as long.
#[test]
fn it_goes_on_wherever_a_connection_is_lost() {
    // All of the script, and some of what is given to it: a part of the key, and of a store path.
    let script = include_str!("../../../hosts/src/on_installer.sh").len();
    let ways = [When::Before, When::After, When::Input(script as u64 + 300)];
    let is_all = std::env::var("HLC_CUTS").is_ok_and(|cuts| cuts == "all");
    let Some(mut site) = Site::ready(Account::Sudo) else { return };
    for session in 1.. {
        let in_turn = &ways[session % ways.len()..][..1];
        for when in if is_all { &ways[..] } else { in_turn } {
            if site.is_whole_without(session, *when) {
                assert!(session > 10, "it has steps: {session}");
                return;
            }
            site.another_machine();
        }
    }
}

#[test]
fn a_step_that_fails_is_done_again_and_no_other() {
    let Some(site) = Site::ready(Account::Root) else { return };
    site.machine.fails("disko", true);
    let run = site.failed(&["--erase", DISK]);
    assert!(run.err.contains("erase, format and mount its disks: it ended there with 1"), "{run:?}");
    assert!(run.err.contains("the disk does not answer"), "{run:?}");
    site.machine.fails("disko", false);
    site.machine.fails("install", true);
    let run = site.failed(&["--erase", DISK]);
    assert!(run.err.contains("the boot loader cannot be installed"), "{run:?}");
    assert_eq!(site.machine.erased(), [DISK, DISK], "what was half made is made anew");
    site.machine.fails("install", false);
    let run = site.done(&[]);
    assert!(!run.err.contains("erase"), "nobody is asked again: {run:?}");
    assert_eq!(site.machine.erased(), [DISK, DISK]);
    site.is_there();
}

#[test]
fn nothing_is_erased_that_was_not_meant() {
    let Some(site) = Site::ready(Account::Root) else { return };
    for erase in [&["--erase", OTHER][..], &["--erase", DISK, "--erase", OTHER], &["--erase", "/dev/sda"]] {
        let run = site.failed(erase);
        assert!(run.err.contains("--erase must name each"), "{run:?}");
    }
    let key = site.key_line_of_lab();
    let both =
        format!("disk system {{ device = {DISK} }}\n  disk data {{ device = {OTHER}, mount = /data }}");
    site.write_with(&both, &key, "");
    site.build();
    let run = site.failed(&["--erase", DISK]);
    assert!(run.err.contains("there is no block device /dev/hlc-test-b"), "{run:?}");
    site.machine.plug(OTHER, r#"NAME="sdb" TYPE="disk" SIZE="8000000000" MOUNTPOINT="/iso""#);
    let run = site.failed(&["--erase", DISK, "--erase", OTHER]);
    assert!(run.err.contains("the installer uses /dev/hlc-test-b: it is mounted at /iso"), "{run:?}");
    site.write_with("", &key, "");
    site.build();
    let run = site.failed(&[]);
    assert!(run.err.contains("nothing is mounted at /mnt"), "{run:?}");
    assert_eq!(site.machine.erased(), [""; 0]);

    // Whoever partitions by hand mounts it there.
    site.machine.run("mkdir /machine/target && mount --bind /machine/target /mnt").succeeded();
    site.done(&[]);
    site.is_there();
}

impl Site {
    /// The line that the lab has.
    fn key_line_of_lab(&self) -> String {
        let lab = self.world.text("homelab.hl");
        lab.lines().find(|line| line.trim().starts_with("host-key")).expect("it has one").trim().to_owned()
    }
}

#[test]
fn only_an_installer_that_is_known_is_installed_on() {
    let Some(site) = Site::ready(Account::Root) else { return };
    site.deployer.forget_keys();
    let run = site.failed(&["--erase", DISK]);
    assert!(run.err.contains("nothing shows that it is the installer"), "{run:?}");
    let other = harness::ssh_key::HostKey::generate();
    let run = site.failed(&["--erase", DISK, "--installer-key", other.public()]);
    assert!(run.err.contains("nothing shows that it is the installer"), "{run:?}");
    let run = site.failed(&["--erase", DISK, "--user", "nobody"]);
    assert!(run.err.contains("nothing shows") || run.err.contains("lets nobody in"), "{run:?}");

    // A host is none, though it has all the programs.
    let host = Machine::boot("two", &site.deployer, Account::Root);
    host.plug(DISK, r#"NAME="sda" TYPE="disk" MOUNTPOINT="""#);
    let run = site.failed(&["--erase", DISK, "--at", "two"]);
    assert!(run.err.contains("not started from an installer of NixOS: it runs from a disk"), "{run:?}");
    assert_eq!(host.erased(), [""; 0]);
    assert_eq!(site.machine.erased(), [""; 0]);
    site.done(&["--erase", DISK, "--installer-key", site.machine.host_key()]);
    site.is_there();
}

#[test]
fn a_key_that_somebody_has_is_taken() {
    let Some(site) = Site::new(Account::Root) else { return };
    let (own, other) = (harness::ssh_key::HostKey::generate(), harness::ssh_key::HostKey::generate());
    let line = own.public().split(' ').take(2).collect::<Vec<_>>().join(" ");
    site.write(&format!("host-key = \"{line}\""), "");
    site.build();
    let run = site.failed(&["--erase", DISK]);
    assert!(run.err.contains("--host-key says where"), "{run:?}");
    let folder = tempfile::tempdir().expect("a folder");
    let given = |key: &str| {
        let file = folder.path().join("key");
        std::fs::write(&file, key).expect("a file");
        site.install(&["--erase", DISK, "--host-key", file.to_str().expect("text")])
    };
    assert!(given(other.private()).err.contains("of another key than the lab's"));
    assert!(given("no key").err.contains("is no private key"));
    let run = given(own.private());
    assert_eq!(run.code, 0, "{run:?}");
    assert!(!site.world.path(KEY_FILE).exists());
    site.is_there();
}
