//! What all commands have in common.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::world::World;

#[test]
fn completions_are_scripts() {
    let world = World::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = world.run(&["completions", shell]);
        assert!(run.code == 0 && run.out.contains("explain"), "{shell}");
    }
    let mut bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().expect("bash");
    let script = world.run(&["completions", "bash"]).out;
    bash.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("written");
    assert!(bash.wait().expect("an end").success());
}

#[test]
fn manual_pages() {
    let world = World::empty();
    let page = world.run(&["man"]).out;
    assert!(page.contains(".TH hlc 1") && page.contains("explain"), "{page}");
    assert!(world.run(&["man", "build"]).out.contains("hlc\\-build"));
    let page = world.run(&["man", "secrets", "set"]).out;
    assert!(page.contains(".TH hlc-secrets-set 1") && page.contains(env!("CARGO_PKG_VERSION")), "{page}");
    for (names, wrong) in [
        (["man", "biuld"].as_slice(), "error: hlc has no command 'biuld'; did you mean 'build'?\n"),
        (&["man", "secrets", "sett"], "error: hlc secrets has no command 'sett'; did you mean 'set'?\n"),
    ] {
        let run = world.run(names);
        assert_eq!((run.code, run.err.as_str()), (1, wrong));
    }
}

#[test]
fn usage() {
    let world = World::empty();
    assert_eq!(world.run(&[]).code, 2);
    assert_eq!(world.run(&["chekc"]).code, 2);
    assert_eq!(world.run(&["check", "-v", "-q"]).code, 2);
    assert_eq!(world.run(&["--version"]).out, format!("hlc {}\n", env!("CARGO_PKG_VERSION")));
    let help = world.run(&["--help"]);
    assert!(help.code == 0 && !help.out.contains('\x1b'));
}

#[test]
fn nobody_reading_is_no_failure() {
    let world = World::good();
    let mut child = world
        .command(&["eval", "lab"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let world = World::good();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let output = world.command(&["eval", "lab"]).stdout(full).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&output.stderr).starts_with("error: cannot write to stdout"),
        "{output:?}"
    );
}
