//! Machines as hlc sees them: each has an sshd with its own host key, its own `/nix`, `/run`, `/etc`, `/var`, `/boot`,
//! processes, host name and boot id. They are Linux namespaces on this machine, with no systemd.
//!
//! ```text
//! Deployer ──ssh──> Machine "homelab-0"      power.sh     namespaces and disk, as long as the Machine lives
//!   own HOME        127.x.y.z, own port        start.sh   the file system of one boot
//!   own /nix                                     init.sh  the first process: sshd, nix-daemon, whatever is asked
//! ```
//!
//! Nothing of the real machine is changed: its `/usr` is there to be read, all else is in a temporary folder, mounted in
//! namespaces that end with the test.

mod deployer;
mod files;
mod installer;

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::outcome::Outcome;
use crate::scratch::Scratch;
use crate::ssh_key::HostKey;
use crate::tools;
use crate::watched::Watched;

pub use deployer::Deployer;

/// How the deployer logs in to a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// As root.
    Root,
    /// As `ana` in group `wheel`, who becomes root without being asked for a password.
    Sudo,
    /// As `ana`, of whom sudo wants a password.
    SudoAsks,
    /// As `ana`, on a machine without sudo.
    NoSudo,
}

impl Account {
    /// The user's name.
    pub fn user(self) -> &'static str {
        if self == Self::Root { "root" } else { "ana" }
    }
}

/// Where in an ssh session the connection is lost.
#[derive(Debug, Clone, Copy)]
pub enum When {
    /// The command is not run at all.
    Before,
    /// The command has been sent so many bytes on its standard input. It then sees the end of it.
    Input(u64),
    /// The command has printed so many bytes on its standard output, which is then a broken pipe.
    Output(u64),
    /// The command has run to its end, but its exit status does not arrive.
    After,
}

/// How large a machine's disks are: that of `/nix`, which holds nothing else, and that of `/boot`.
const DISK: &str = "64m";
/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running machine.
pub struct Machine {
    // First, so that all processes are gone before their files are.
    supply: Watched,
    folder: Scratch,
    name: String,
    host_key: HostKey,
    address: IpAddr,
    port: u16,
}

impl Machine {
    /// Starts a machine with an empty store, to which the deployer may log in by `ssh NAME`.
    #[track_caller]
    pub fn boot(name: &str, deployer: &Deployer, account: Account) -> Self {
        Self::start(name, deployer, account, false)
    }

    #[track_caller]
    fn start(name: &str, deployer: &Deployer, account: Account, is_installer: bool) -> Self {
        require_namespaces();
        let folder = Scratch::new("hlc-machine-");
        let host_key = HostKey::generate();
        let address = own_address();
        let port = free_port(address);
        files::write(&files::Setup {
            root: &folder.path().join("root"),
            name,
            account,
            is_installer,
            host_key: &host_key,
            authorized_key: deployer.public_key(),
            address,
            port,
        });
        deployer.know(name, account, &host_key, address, port);

        let mut supply = Command::new("unshare");
        supply.args(["--mount", "--pid", "--fork", "--kill-child", "bash"]);
        supply.arg(folder.path().join("root/machine/power.sh"));
        supply.arg(folder.path()).args([name, DISK]).env("PATH", search_path());
        let supply = Watched::start(&supply, &folder.path().join("log"));
        let mut machine = Self { supply, folder, name: name.to_owned(), host_key, address, port };
        machine.wait_until_on();
        machine
    }

    /// Its name, which is also what ssh knows it by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line for `host-key`: `ssh-ed25519 AAAA…`, with a comment.
    pub fn host_key(&self) -> &str {
        self.host_key.public()
    }

    /// The private half of its host key, which its secrets are encrypted to.
    pub fn keys(&self) -> &HostKey {
        &self.host_key
    }

    /// Its loopback address, which no other machine has.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// The port of its sshd, the same as long as the machine lives.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Installs a system that was built by the deployer, as from a USB stick: it is the first profile, is running, and
    /// will be booted.
    #[track_caller]
    pub fn install(&self, deployer: &Deployer, system: &Path) {
        let closure = self.folder.path().join("root/machine/closure");
        let script = r#"nix-store --export $(nix-store --query --requisites "$0") >"$1""#;
        let mut export = deployer.command("sh");
        Outcome::of(export.args(["-c", script]).arg(system).arg(&closure)).succeeded();
        let system = system.display();
        self.run(&format!(
            "set -e
            nix-store --import </machine/closure >/dev/null
            rm /machine/closure
            nix-env --profile /nix/var/nix/profiles/system --set {system}
            ln -sfn {system} /run/booted-system
            {system}/bin/switch-to-configuration switch"
        ))
        .succeeded();
    }

    /// The running system.
    pub fn current(&self) -> Option<PathBuf> {
        self.link("/run/current-system")
    }

    /// The system that was booted.
    pub fn booted(&self) -> Option<PathBuf> {
        self.link("/run/booted-system")
    }

    /// The system that the profile names.
    pub fn profile(&self) -> Option<PathBuf> {
        self.link("/nix/var/nix/profiles/system")
    }

    /// The system that will be booted.
    pub fn boot_default(&self) -> Option<PathBuf> {
        self.link("/boot/default")
    }

    /// The id of this boot.
    pub fn boot_id(&self) -> String {
        self.read("/proc/sys/kernel/random/boot_id").expect("every machine has one").trim().to_owned()
    }

    /// The network is gone: sshd and its sessions are killed, all other processes go on.
    #[track_caller]
    pub fn cut(&mut self) {
        self.ask("cut");
    }

    /// The network is back, on the same port.
    #[track_caller]
    pub fn reconnect(&mut self) {
        self.ask("connect");
    }

    /// Whether sshd listens.
    pub fn has_network(&self) -> bool {
        std::net::TcpStream::connect((self.address, self.port)).is_ok()
    }

    /// Loses the connection in the `session`-th ssh session from now on, the next being the first. It stays lost until
    /// [`Self::reconnect`].
    #[track_caller]
    pub fn cut_at(&self, session: usize, when: When) {
        let number = self.sessions().len() + session;
        let (when, amount) = match when {
            When::Before => ("before", 0),
            When::Input(bytes) => ("input", bytes),
            When::Output(bytes) => ("output", bytes),
            When::After => ("after", 0),
        };
        self.set("cut", &format!("{number} {when} {amount}\n"));
    }

    /// The commands of all ssh sessions so far, in the order in which they came.
    pub fn sessions(&self) -> Vec<String> {
        let folder = self.own_folder().join("sessions");
        let command = |number| std::fs::read_to_string(folder.join(format!("{number}/command")));
        let count = std::fs::read_dir(&folder).expect("a machine counts sessions").count();
        (1..=count).map(|number| command(number).unwrap_or_default()).collect()
    }

    /// Power cut: every process is killed.
    #[track_caller]
    pub fn crash(&mut self) {
        self.write_line("control", "crash now");
        self.wait_until_off();
    }

    /// Waits for a power cut that a system brings about itself.
    #[track_caller]
    pub fn wait_until_off(&mut self) {
        self.wait("it does not go off", |machine| machine.state() == "off");
    }

    /// Boots the boot default: with a new boot id, an empty `/run`, sshd on the same port.
    #[track_caller]
    pub fn power_on(&mut self) {
        self.set("state", "booting");
        self.write_line("power", "on");
        self.wait_until_on();
    }

    /// Waits until a machine that reboots by itself is up again; `boot_id` is that from before.
    #[track_caller]
    pub fn wait_for_boot_after(&mut self, boot_id: &str) {
        self.wait("it does not reboot", |machine| {
            let id = std::fs::read_to_string(machine.own_folder().join("boot-id"));
            machine.state() == "on" && id.is_ok_and(|id| id.trim() != boot_id)
        });
    }

    /// Nothing more fits into `/nix`.
    #[track_caller]
    pub fn fill_disk(&self) {
        let full = self.run("dd if=/dev/zero of=/nix/full bs=64k").failed();
        assert!(full.stderr.contains("No space left"), "{full}");
        self.run("dd if=/dev/zero of=/nix/full bs=1 oflag=append conv=notrunc").failed();
    }

    /// Takes back [`Self::fill_disk`].
    #[track_caller]
    pub fn free_disk(&self) {
        self.run("rm /nix/full").succeeded();
    }

    /// What `systemctl VERB` prints, `failed` being the verb of `systemctl --failed`. All verbs succeed and print nothing
    /// but what is said here.
    pub fn systemctl_says(&self, verb: &str, text: &str) {
        self.set(&format!("systemctl/{verb}"), text);
    }

    /// Runs shell text as root inside, without ssh.
    #[track_caller]
    pub fn run(&self, script: &str) -> Outcome {
        let pid = std::fs::read_to_string(self.own_folder().join("pid")).expect("the machine is on");
        let mut command = Command::new("nsenter");
        command.args(["--target", pid.trim(), "--mount", "--uts", "--pid", "--root", "--wd"]);
        command.args(["/usr/bin/env", "-i", "HOME=/root"]).arg(format!("PATH={}", files::PATH));
        command.args(["/bin/bash", "-c", script]);
        Outcome::of(&mut command)
    }

    /// A file's text, if it is there.
    #[track_caller]
    pub fn read(&self, path: &str) -> Option<String> {
        let outcome = self.run(&format!("[ ! -e '{path}' ] || {{ echo yes; cat '{path}'; }}")).succeeded();
        outcome.stdout.strip_prefix("yes\n").map(str::to_owned)
    }

    /// Brings a folder of the computer that the test runs on, which everybody can read there under the same path.
    #[track_caller]
    pub fn bring(&self, folder: &Path) {
        let above = folder.parent().expect("it is not the root");
        let within =
            |path: &Path| self.folder.path().join("root").join(path.strip_prefix("/").expect("absolute"));
        Outcome::of(Command::new("mkdir").arg("-p").arg(within(above))).succeeded();
        Outcome::of(Command::new("cp").arg("-r").arg(folder).arg(within(above))).succeeded();
        for path in folder.ancestors().filter(|path| path.parent().is_some()) {
            Outcome::of(Command::new("chmod").arg("a+rx").arg(within(path))).succeeded();
        }
    }

    /// Writes a file, and the folders above it.
    #[track_caller]
    pub fn write(&self, path: &str, text: &str) {
        self.set("written", text);
        self.run(&format!("mkdir -p \"$(dirname '{path}')\" && cp /machine/written '{path}'")).succeeded();
    }

    fn link(&self, path: &str) -> Option<PathBuf> {
        let found = self.run(&format!("[ ! -L {path} ] || readlink -f {path}")).succeeded().stdout;
        Some(found.trim()).filter(|found| !found.is_empty()).map(PathBuf::from)
    }

    /// What the machine and the test tell each other by.
    fn own_folder(&self) -> PathBuf {
        self.folder.path().join("root/machine")
    }

    fn set(&self, file: &str, text: &str) {
        std::fs::write(self.own_folder().join(file), text).expect("a temporary folder can be written");
    }

    fn state(&self) -> String {
        std::fs::read_to_string(self.own_folder().join("state")).unwrap_or_default().trim().to_owned()
    }

    #[track_caller]
    fn wait_until_on(&mut self) {
        self.wait("it does not boot", |machine| machine.state() == "on");
    }

    /// Has the first process do something, and waits until it is done.
    #[track_caller]
    fn ask(&mut self, verb: &str) {
        static REQUESTS: AtomicU32 = AtomicU32::new(0);
        let token = format!("request-{}", REQUESTS.fetch_add(1, Ordering::Relaxed));
        self.write_line("control", &format!("{verb} {token}"));
        let done = self.own_folder().join("done").join(token);
        self.wait(&format!("'{verb}' is not done"), |_| done.exists());
    }

    /// Says a line to who reads a pipe; if nobody does, this waits for nobody.
    fn write_line(&self, pipe: &str, line: &str) {
        use std::io::Write;
        let pipe = std::fs::OpenOptions::new().read(true).write(true).open(self.own_folder().join(pipe));
        pipe.and_then(|mut pipe| writeln!(pipe, "{line}")).expect("a machine can be spoken to");
    }

    #[track_caller]
    fn wait(&mut self, complaint: &str, is_done: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !is_done(self) {
            let has_ended = self.supply.ended().is_some() || self.state().starts_with("failed");
            let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(
                !has_ended && start.elapsed() < PATIENCE,
                "machine {} is {}: {complaint}; its log:\n{log}",
                self.name,
                self.state()
            );
            thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Says what is missing where there can be no machines.
#[track_caller]
fn require_namespaces() {
    let unshare = ["--mount", "--uts", "--pid", "--fork", "--mount-proc", "true"];
    let outcome = Outcome::of(Command::new("unshare").args(unshare));
    assert!(
        outcome.ok,
        "machines are Linux namespaces, which are refused here: run the tests as root, in a container with \
         CAP_SYS_ADMIN.\n{outcome}"
    );
}

/// An address of the loopback network, by which no other program can be meant: a port that is let go for a while is not
/// taken by another.
fn own_address() -> IpAddr {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    let number = (std::process::id() << 8).wrapping_add(COUNT.fetch_add(1, Ordering::Relaxed));
    let [_, a, b, c] = number.to_be_bytes();
    IpAddr::V4(Ipv4Addr::new(127, 64 | (a & 63), b, c))
}

fn free_port(address: IpAddr) -> u16 {
    let listener = TcpListener::bind((address, 0)).expect("a port is free");
    listener.local_addr().expect("it is bound").port()
}

/// Where the programs are that make namespaces, and those of the tests.
fn search_path() -> std::ffi::OsString {
    let mut path = tools::search_path();
    path.push(":/usr/sbin:/sbin");
    path
}
