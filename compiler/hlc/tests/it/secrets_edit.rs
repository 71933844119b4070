//! `hlc secrets edit`: an editor sees the values, and nothing of them stays behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use crate::vault::{PASSWORD, SOURCE, Vault, admin, spawned};
use crate::world::Run;

/// `secrets edit` with a script of the shell as the editor, which has the file as `$1`.
pub(crate) fn edit(vault: &Vault, script: &str) -> Command {
    let path = vault.world.path("editor");
    fs::write(&path, script).expect("a script");
    let mut command = vault.command(&["secrets", "edit"]);
    command.env("EDITOR", format!("sh '{}'", path.display()));
    command
}

#[track_caller]
pub(crate) fn edited(vault: &Vault, script: &str) -> Run {
    let child = spawned(&mut edit(vault, &format!("{NOTE}{script}")));
    let run = Run::of(&child.wait_with_output().expect("the program ends"));
    let hidden = hidden(vault);
    assert!(!hidden.exists(), "{} is left: {}", hidden.display(), run.all());
    run
}

/// The beginning of a script that notes where the file is.
const NOTE: &str = "dirname \"$1\" > folder; ";

/// The folder that an editor's file is in, or was.
pub(crate) fn hidden(vault: &Vault) -> PathBuf {
    PathBuf::from(vault.text("folder").trim_end())
}

#[test]
fn values_are_changed_added_and_removed() {
    let vault = Vault::filled();
    let before = vault.text(SOURCE);
    let run = edited(
        &vault,
        "sed -i 's/^pin: .*/pin: \"8375610394857261\"/; /^id:/d; s/  user: .*/  user: another keeper of books/' \"$1\"",
    );
    assert_eq!(run.code, 0, "{}", run.all());
    assert_eq!(
        (vault.show("pin").as_str(), vault.show("db.user").as_str()),
        ("8375610394857261", "another keeper of books")
    );
    assert_eq!(vault.run(&["secrets", "show", "id"]).code, 1);
    assert_eq!(vault.show("password"), PASSWORD);
    // What was not edited keeps its bytes.
    let line = |text: &str| text.lines().find(|line| line.starts_with("token: ")).map(str::to_owned);
    assert_eq!(line(&before), line(&vault.text(SOURCE)));
    assert_eq!(vault.run(&["secrets", "generate"]).code, 0);
    vault.build();
    assert_eq!(vault.wrong(), "");
}

#[test]
fn a_public_half_follows_its_private_one() {
    let vault = Vault::filled();
    let public = vault.run(&["eval", "deploy.public-key"]).out;
    let run = edited(&vault, "sed -i 's/^pin: .*/pin: \"8375610394857261\"/' \"$1\"");
    assert_eq!(run.code, 0, "{}", run.all());
    assert_eq!(vault.run(&["eval", "deploy.public-key"]).out, public);
    let machine = Vault::filled().show("machine");
    let other = Vault::empty();
    assert_eq!(other.run(&["secrets", "generate", "machine"]).code, 0);
    let new = other.show("machine");
    assert_ne!(machine, new);
    let run = edited(&vault, &format!("sed -i 's/^machine: .*/machine: {new}/' \"$1\""));
    assert_eq!(run.code, 0, "{}", run.all());
    let public = other.text(SOURCE).lines().find(|line| line.contains("machine: age1")).map(str::to_owned);
    assert!(vault.text(SOURCE).contains(&public.expect("a public half")), "{}", vault.text(SOURCE));
}

#[test]
fn nothing_is_changed_where_nothing_was_edited() {
    let vault = Vault::filled();
    let before = vault.text(SOURCE);
    let run = edited(&vault, "exit 0");
    assert!(run.code == 0 && run.err.contains("nothing was changed"), "{}", run.all());
    for (script, says) in [
        ("echo 'x: y' >> \"$1\"; exit 3", "the editor ended with"),
        ("echo 'x: [' >> \"$1\"", "cannot be read"),
        ("echo 'token: twice' >> \"$1\"", "twice"),
        ("echo 'hlc_delivery: x' >> \"$1\"", "hlc_delivery"),
        ("echo 'x.y: z' >> \"$1\"", "x.y"),
        ("rm \"$1\"", "cannot read what was edited"),
        ("kill -9 $$", "the editor ended with"),
        ("printf 'a: \\377' > \"$1\"", "cannot read what was edited"),
    ] {
        let run = edited(&vault, script);
        assert_eq!(run.code, 1, "{script}: {}", run.all());
        assert!(run.err.contains(says), "{script}: {}", run.err);
        assert_eq!(before, vault.text(SOURCE), "{script}");
    }
    let mut command = vault.command(&["secrets", "edit"]);
    for editor in ["/nowhere/editor", "it's", ""] {
        let run = Run::of(&command.env("EDITOR", editor).env("PATH", "").output().expect("the program runs"));
        assert!(run.code == 1 && run.err.contains("editor"), "{}", run.all());
    }
    assert_eq!(before, vault.text(SOURCE));
}

#[test]
fn only_the_user_can_look() {
    let vault = Vault::filled();
    let script = "stat -c '%a %U' \"$1\" \"$(dirname \"$1\")\" > seen; ls -A \"$(dirname \"$1\")\" >> seen";
    for umask in ["000", "077", "277"] {
        let command = edit(&vault, script);
        let editor = vault.world.path("editor");
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("umask {umask}; exec \"$0\" secrets edit")).arg(command.get_program());
        shell.current_dir(vault.world.path("."));
        shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.env("EDITOR", format!("sh '{}'", editor.display())).env_remove("XDG_RUNTIME_DIR");
        let run = Run::of(&shell.output().expect("the program runs"));
        assert_eq!(run.code, 0, "{umask}: {}", run.all());
        let seen = vault.text("seen");
        let modes: Vec<&str> =
            seen.lines().take(2).map(|line| line.split(' ').next().expect("a mode")).collect();
        assert_eq!(modes, ["600", "700"], "{umask}: {seen}");
        assert_eq!(seen.lines().nth(2), Some(SOURCE));
        fs::remove_file(vault.world.path("seen")).expect("a file");
    }
}

/// Edits where a shell has mounted something before, which nobody else sees.
fn edited_where(vault: &Vault, mounts: &str, runtime: &str) -> Run {
    let command = edit(vault, "dirname \"$1\" > folder; sed -i 's/  user: .*/  user: edited/' \"$1\"");
    let mut shell = Command::new("unshare");
    shell.args(["--map-root-user", "--mount", "sh", "-ec"]);
    shell.arg(format!("{mounts}; exec \"$0\" secrets edit")).arg(command.get_program());
    shell.current_dir(vault.world.path("."));
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.env("XDG_RUNTIME_DIR", vault.world.path(runtime));
    Run::of(&shell.output().expect("unshare is there"))
}

#[test]
fn no_value_is_written_to_a_disk() {
    let vault = Vault::filled();
    let before = vault.text(SOURCE);
    fs::create_dir(vault.world.path("runtime")).expect("a folder");
    // No memory is anywhere.
    let disk = "mount --rbind /usr /dev/shm; mount --rbind /usr runtime";
    let run = edited_where(&vault, disk, "runtime");
    let says = ["no folder in memory", "'hlc secrets set NAME'", "name it with XDG_RUNTIME_DIR"];
    assert!(run.code == 1 && says.iter().all(|says| run.err.contains(says)), "{}", run.all());
    assert!(before == vault.text(SOURCE) && !vault.world.path("folder").exists());
    // It is where somebody else could put another file in its place.
    let open = "mount --rbind /usr /dev/shm; mount -t tmpfs -o mode=0777 none runtime";
    let run = edited_where(&vault, open, "runtime");
    assert!(run.code == 1 && run.err.contains(says[0]), "{}", run.all());
    // What the message says helps.
    let own = "mount --rbind /usr /dev/shm; mount -t tmpfs -o mode=0700 none runtime";
    let run = edited_where(&vault, own, "runtime");
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(hidden(&vault).starts_with(vault.world.path("runtime")), "{}", hidden(&vault).display());
    assert_eq!(vault.show("db.user"), "edited");
}

/// `secrets edit` whose editor is open, and waits.
pub(crate) struct Waiting {
    child: Child,
    go: PathBuf,
}

impl Waiting {
    /// Starts it. When it is told to go on, the editor does what `script` says.
    #[track_caller]
    pub(crate) fn open(vault: &Vault, script: &str) -> Self {
        // The folder may be gone before it looks again: then nobody tells it to go on any more.
        let waits = "touch started; while ! [ -e go ]; do [ -e started ] || exit 1; sleep 0.05; done";
        let child = spawned(&mut edit(vault, &format!("{NOTE}{waits}; {script}")));
        wait_for(&vault.world.path("started"));
        Self { child, go: vault.world.path("go") }
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Lets the editor go on, and waits until all is done.
    pub(crate) fn go_on(self) -> Run {
        fs::write(self.go, "").expect("a file");
        Run::of(&self.child.wait_with_output().expect("the program ends"))
    }

    /// Ends the program without a chance to clean up. The editor still waits, for this file.
    pub(crate) fn kill(mut self) -> PathBuf {
        self.child.kill().expect("the program is killed");
        self.child.wait().expect("it ends");
        self.go
    }
}

/// Waits until a file is there.
#[track_caller]
pub(crate) fn wait_for(path: &Path) {
    let end = Instant::now() + Duration::from_mins(1);
    while !path.exists() {
        assert!(Instant::now() < end, "{} does not come", path.display());
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_signal_ends_it_and_leaves_nothing() {
    let vault = Vault::filled();
    let before = vault.text(SOURCE);
    for signal in ["INT", "TERM", "HUP", "QUIT", "ALRM", "USR1", "USR2", "ABRT", "XCPU", "RTMIN+3"] {
        // What editors leave beside the file goes, too.
        let script = "dirname \"$1\" > folder; mkdir \"$1.d\"; cp \"$1\" \"$1.d/swap\"; echo x: y >> \"$1\"; touch started; exec sleep 60";
        let child = spawned(&mut edit(&vault, script));
        wait_for(&vault.world.path("started"));
        let hidden = hidden(&vault);
        assert!(hidden.exists());
        let kill = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
        assert!(kill.expect("kill runs").success());
        let run = Run::of(&child.wait_with_output().expect("the program ends"));
        assert!(run.code == 1 && run.err.contains("interrupted"), "{signal}: {}", run.all());
        assert!(!hidden.exists(), "{signal}: {} is left", hidden.display());
        assert_eq!(before, vault.text(SOURCE), "{signal}");
        fs::remove_file(vault.world.path("started")).expect("a file");
    }
}

#[test]
fn who_edits_keeps_others_out() {
    let vault = Vault::filled();
    let editor = Waiting::open(&vault, "sed -i 's/  user: .*/  user: edited/' \"$1\"");
    let run = vault.pipe(&["secrets", "set", "db.user"], "set");
    assert!(run.code == 1 && run.err.contains("another"), "{}", run.all());
    let run = editor.go_on();
    assert_eq!(run.code, 0, "{}", run.all());
    assert_eq!(vault.values(SOURCE, &admin())["db"]["user"], "edited");
}
