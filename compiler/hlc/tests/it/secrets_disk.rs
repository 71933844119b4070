//! Disks that are full, files that are not what they should be, two runs at once, and runs that are killed.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::vault::{DELIVERED, SOURCE, Vault, spawned};
use crate::world::Run;

/// A command that writes the file of values.
const WRITES: [&[&str]; 3] =
    [&["secrets", "rotate", "pin"], &["secrets", "rotate"], &["secrets", "rotate", "--all"]];

fn mode(vault: &Vault, path: &str) -> u32 {
    fs::metadata(vault.world.path(path)).expect("a file").permissions().mode() & 0o777
}

/// Runs the program below a shell that has limited itself before.
fn limited(vault: &Vault, limit: &str, arguments: &str) -> Run {
    let command = vault.command(&[]);
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("{limit}; exec \"$0\" {arguments}")).arg(command.get_program());
    shell.current_dir(vault.world.path("."));
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    Run::of(&shell.output().expect("the program runs"))
}

#[test]
fn encrypted_files_are_for_everybody_to_read() {
    let vault = Vault::filled();
    let run = limited(&vault, "umask 022", "build");
    assert_eq!(run.code, 0, "{}", run.all());
    assert_eq!(limited(&vault, "umask 022", "secrets rotate").code, 0);
    for path in DELIVERED.iter().chain([&SOURCE]) {
        assert_eq!(mode(&vault, path), 0o644, "{path}");
    }
}

#[test]
fn links_are_not_written_through() {
    let vault = Vault::built();
    let text = vault.text(SOURCE);
    fs::rename(vault.world.path(SOURCE), vault.world.path("elsewhere")).expect("a file");
    symlink("elsewhere", vault.world.path(SOURCE)).expect("a link");
    for command in WRITES {
        let run = vault.run(command);
        assert!(run.code == 1 && run.err.contains(SOURCE) && run.err.contains("link"), "{}", run.all());
    }
    assert_eq!(text, vault.text("elsewhere"));
    fs::remove_file(vault.world.path(SOURCE)).expect("a link");
    fs::rename(vault.world.path("elsewhere"), vault.world.path(SOURCE)).expect("a file");

    // A copy, and the folder that it is in.
    let victim = vault.world.path("victim");
    fs::write(&victim, "of somebody else").expect("a file");
    vault.set("db.user", "somebody");
    fs::remove_file(vault.world.path(DELIVERED[4])).expect("a file");
    symlink(&victim, vault.world.path(DELIVERED[4])).expect("a link");
    let run = vault.run(&["build"]);
    assert!(run.code == 1 && run.err.contains(DELIVERED[4]), "{}", run.all());
    assert_eq!(vault.text("victim"), "of somebody else");
    let folder = vault.world.path("nixos/secrets");
    fs::rename(&folder, vault.world.path("moved")).expect("a folder");
    symlink(vault.world.path("moved"), &folder).expect("a link");
    let run = vault.run(&["build"]);
    assert!(run.code == 1 && run.err.contains("nixos/secrets"), "{}", run.all());
}

#[test]
fn a_full_disk_changes_nothing() {
    let vault = Vault::built();
    let before = vault.world.tree(".");
    // No byte can be written into a file, as on a full disk.
    for command in ["secrets rotate", "secrets rotate --all", "secrets rotate pin"] {
        let run = limited(&vault, "trap '' XFSZ; ulimit -f 0", command);
        assert!(run.code == 1 && run.err.contains(SOURCE), "{command}: {}", run.all());
        assert!(before == vault.world.tree("."), "{command}");
    }
    vault.set("token", "something else that is long enough");
    let before = vault.world.tree(".");
    let run = limited(&vault, "trap '' XFSZ; ulimit -f 0", "build");
    assert!(run.code == 1 && run.err.contains("\nerror: cannot write"), "{}", run.all());
    assert!(before == vault.world.tree("."), "build");
    vault.build();
    assert_eq!(vault.wrong(), "");
}

#[test]
fn folders_and_files_that_cannot_be_written() {
    let vault = Vault::built();
    let before = vault.text(SOURCE);
    let root = vault.world.path(".");
    fs::set_permissions(&root, fs::Permissions::from_mode(0o555)).expect("permissions");
    let run = vault.run(&["secrets", "rotate"]);
    fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).expect("permissions");
    // Root may write everywhere.
    assert!(
        run.code == 0 || run.err.contains("permission denied") && before == vault.text(SOURCE),
        "{}",
        run.all()
    );
    // Where there is a folder, nobody may write a file.
    let vault = Vault::built();
    fs::remove_file(vault.world.path(SOURCE)).expect("a file");
    fs::create_dir(vault.world.path(SOURCE)).expect("a folder");
    for command in WRITES {
        let run = vault.run(command);
        assert!(run.code == 1 && run.err.contains(SOURCE), "{}", run.all());
    }
    let vault = Vault::built();
    fs::remove_file(vault.world.path(DELIVERED[4])).expect("a file");
    vault.world.write(&format!("{}/in the way", DELIVERED[4]), "");
    let run = vault.run(&["build"]);
    assert!(run.code == 1 && run.err.contains(DELIVERED[4]), "{}", run.all());
}

#[test]
fn a_file_that_may_only_be_read_is_replaced_and_not_damaged() {
    let vault = Vault::built();
    fs::set_permissions(vault.world.path(SOURCE), fs::Permissions::from_mode(0o444)).expect("permissions");
    let run = vault.run(&["secrets", "rotate"]);
    // The folder decides who may replace it; a new file is there whole.
    assert_eq!(run.code, 0, "{}", run.all());
    vault.build();
    assert_eq!(vault.wrong(), "");
}

#[test]
fn runs_at_once_lose_nothing() {
    let vault = Vault::filled();
    let names = ["password", "token", "pin", "hexed", "id", "note"];
    thread::scope(|scope| {
        for name in names {
            let vault = &vault;
            scope.spawn(move || vault.set(name, format!("set at once: {name}")));
        }
    });
    for name in names {
        assert_eq!(vault.show(name), format!("set at once: {name}"));
    }
    thread::scope(|scope| {
        let builds: Vec<_> = (0..3).map(|_| scope.spawn(|| vault.run(&["build"]))).collect();
        for build in builds {
            let run = build.join().expect("it ends");
            assert_eq!(run.code, 0, "{}", run.all());
        }
    });
    vault.build();
    assert_eq!(vault.wrong(), "");
}

#[test]
fn who_is_killed_loses_nothing() {
    let vault = Vault::built();
    let note = vault.show("note");
    for round in 0..15 {
        let value = format!("value number {round}");
        let before = vault.show("db.user");
        let (command, input): (&[&str], &str) = match round % 3 {
            0 => (&["secrets", "set", "db.user"], &value),
            1 => (&["secrets", "rotate", "pin"], ""),
            _ => (&["secrets", "rotate"], ""),
        };
        let mut child = spawned(&mut vault.command(command));
        std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), input.as_bytes())
            .expect("a value");
        // At any time: before it has read anything, while it writes, and after it.
        thread::sleep(Duration::from_millis(6 * round));
        let _ = child.kill();
        child.wait().expect("it ends");
        let now = vault.show("db.user");
        assert!(now == before || now == value, "{now}");
        assert_eq!(vault.show("note"), note);
    }
    // Nothing is in the way of the next one, and what was left is gone.
    assert_eq!(vault.run(&["secrets", "rotate"]).code, 0);
    vault.build();
    assert_eq!(vault.wrong(), "");
    let left = fs::read_dir(vault.world.path(".")).expect("a folder").flatten();
    let left: Vec<String> = left.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(!left.iter().any(|name| name.contains("tmp")), "{left:?}");
}
