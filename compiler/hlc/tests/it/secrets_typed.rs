//! What somebody types is what is kept, and nothing that somebody wrote is lost.

use std::fs;

use harness::{Outcome, tools};

use crate::secrets_edit::{Waiting, edit, edited, hidden, wait_for};
use crate::vault::{PASSWORD, SOURCE, Vault, admin, spawned};
use crate::world::Run;

/// Texts that look like something else.
const LOOKS: [&str; 16] = [
    "0123",
    "1.10",
    "1_000",
    "0x1F",
    "+351912345678",
    "12345678901234567890123",
    "2024-01-02",
    "yes",
    "no",
    "True",
    "12:30:45",
    "1e3",
    ".inf",
    "-0",
    "a#b",
    "<<",
];

/// A line of the shell that types a value into the editor.
fn typing(name: &str, text: &str) -> String {
    format!("printf '%s\\n' '{name}: {text}' >> \"$1\"")
}

#[test]
fn values_that_look_like_something_else_are_kept() {
    let vault = Vault::empty();
    // All at once, for each run starts a process.
    let names = ["token", "pin", "hexed", "based", "password", "note"];
    for (nth, texts) in LOOKS.chunks(names.len()).enumerate() {
        let lines: Vec<String> =
            texts.iter().zip(names).map(|(text, name)| format!("printf '%s\\n' '{name}: {text}'")).collect();
        let run = edited(&vault, &format!("{{ {}; }} > \"$1\"", lines.join("; ")));
        assert_eq!(run.code, 0, "{nth}: {}", run.all());
        for (text, name) in texts.iter().zip(names) {
            assert_eq!(vault.show(name), *text);
        }
        let lines = |sign: &str, end: &str| {
            let lines = texts.iter().zip(names).map(|(text, name)| [name, sign, text, end].concat());
            lines.collect::<Vec<_>>().concat()
        };
        for (file, content) in [("a.yaml", lines(": ", "\n")), ("a.env", lines("=", "\r\n"))] {
            let other = Vault::empty();
            other.world.write(file, content);
            let run = other.run(&["secrets", "import", file]);
            assert_eq!(run.code, 0, "{file}: {}", run.all());
            for (text, name) in texts.iter().zip(names) {
                assert_eq!(other.show(name), *text, "{file}");
            }
        }
    }
    vault.world.write(
        "a.json",
        r#"{ "pin": 1.10, "token": 123456789012345678901234567890, "hexed": true, "based": null }"#,
    );
    let run = vault.run(&["secrets", "import", "a.json", "--replace"]);
    assert!(run.code == 0 && run.err.contains("left 'based': it has no value"), "{}", run.all());
    assert_eq!(vault.show("pin"), "1.10");
    assert_eq!(vault.show("token"), "123456789012345678901234567890");
    assert_eq!(vault.show("hexed"), "true");
    for text in ["1.10", " two words ", "ends\n", "\"quoted\"", "#b"] {
        vault.set("pin", format!("{text}\n"));
        assert_eq!(vault.show("pin"), text.strip_suffix('\n').unwrap_or(text));
    }
}

#[test]
fn what_yaml_would_leave_out_is_refused() {
    let vault = Vault::filled();
    let before = vault.text(SOURCE);
    for text in ["null", "~", "abc #def", "#abc", "[abc]", "{a, b}", "|", "abc: def", "abc\n  def"] {
        let run = edited(&vault, &format!("sed -i '/^pin:/d' \"$1\"; {}", typing("pin", text)));
        assert!(run.code == 1 && run.err.contains("in quotes"), "{text}: {}", run.all());
        assert_eq!(before, vault.text(SOURCE), "{text}");
    }
}

#[test]
fn numbers_of_sops_are_warned_of() {
    let vault = Vault::empty();
    vault.world.write("old.yaml", "pin: 0123\ntoken: abc\nhexed: 2024-01-02\n");
    let mut sops = tools::command("sops");
    let recipient = crate::vault::keys().admin.recipient();
    sops.current_dir(vault.world.path(".")).args(["encrypt", "--in-place", "--age", recipient, "old.yaml"]);
    Outcome::of(&mut sops).succeeded();
    let run = vault.run(&["secrets", "import", "old.yaml"]);
    assert!(run.code == 0 && run.err.contains("'pin' was a number"), "{}", run.all());
    assert!(!run.err.contains("'token' was a number"), "{}", run.all());
    assert!(run.err.contains("left 'hexed': SOPS keeps it as a point in time"), "{}", run.all());
}

#[test]
fn an_emptied_file_deletes_nothing_unasked() {
    let vault = Vault::filled();
    let before = vault.text(SOURCE);
    for script in [
        "> \"$1\"",
        "echo > \"$1\"",
        "echo '# all gone' > \"$1\"",
        "echo '{}' > \"$1\"",
        "head -c 300 \"$1\" > cut; cat cut > \"$1\"",
        "head -n 1 \"$1\" > cut; cat cut > \"$1\"",
        "sed -i 's/: .*/:/; s/^ .*//' \"$1\"",
    ] {
        let run = edited(&vault, script);
        assert!(run.code == 1 && run.err.contains("--allow-empty"), "{script}: {}", run.all());
        assert_eq!(before, vault.text(SOURCE), "{script}");
    }
    let mut command = edit(&vault, "> \"$1\"");
    let run = Run::of(&command.arg("--allow-empty").output().expect("the program runs"));
    assert!(run.code == 0 && run.err.contains("'pin' has no value any more"), "{}", run.all());
    assert_eq!(vault.run(&["secrets", "show", "pin"]).code, 1);
}

/// Edits, while SOPS sets a value.
fn edited_while_sops_sets(vault: &Vault, name: &str) -> Run {
    let editor = Waiting::open(vault, "sed -i 's/  user: .*/  user: edited/; s/^pin: .*/pin: 0042/' \"$1\"");
    let mut sops = tools::command("sops");
    sops.env("SOPS_AGE_KEY", admin()).current_dir(vault.world.path("."));
    Outcome::of(sops.args(["set", SOURCE, name, "\"by sops\""])).succeeded();
    editor.go_on()
}

#[test]
fn a_change_by_somebody_else_is_not_lost() {
    let vault = Vault::filled();
    let run = edited_while_sops_sets(&vault, r#"["token"]"#);
    assert!(run.code == 0 && run.err.contains("both changes are kept"), "{}", run.all());
    assert_eq!((vault.show("token").as_str(), vault.show("db.user").as_str()), ("by sops", "edited"));
    assert_eq!(vault.show("password"), PASSWORD);
    let vault = Vault::filled();
    let run = edited_while_sops_sets(&vault, r#"["db"]["user"]"#);
    assert!(run.code == 1 && run.err.contains("'db.user'; theirs is kept"), "{}", run.all());
    // All else that was typed is kept.
    assert_eq!((vault.show("db.user").as_str(), vault.show("pin").as_str()), ("by sops", "0042"));
    assert!(run.err.contains("'pin' is set") && !run.err.contains("'db.user' is set"), "{}", run.err);
}

#[test]
fn what_is_no_file_is_neither_followed_nor_waited_for() {
    let vault = Vault::filled();
    let before = vault.text(SOURCE);
    vault.world.write("elsewhere", "not to be overwritten");
    let elsewhere = vault.world.path("elsewhere");
    for (script, says) in [
        ("rm \"$1\"; mkfifo \"$1\"", "not a file"),
        ("rm \"$1\"; mkdir \"$1\"", "cannot read what was edited"),
        ("rm \"$1\"; ln -s ELSE \"$1\"", "cannot read what was edited"),
        (
            "ln -s ELSE \"$1.link\"; ln ELSE \"$1.hard\" || true; mkfifo \"$1.pipe\"; ln -s / \"$1.d\"; exit 1",
            "ended with",
        ),
    ] {
        let run = edited(&vault, &script.replace("ELSE", &format!("'{}'", elsewhere.display())));
        assert!(run.code == 1 && run.err.contains(says), "{script}: {}", run.all());
        assert_eq!(vault.text("elsewhere"), "not to be overwritten", "{script}");
        assert_eq!(before, vault.text(SOURCE), "{script}");
    }
}

#[test]
fn what_a_killed_run_left_is_removed_by_the_next() {
    let vault = Vault::filled();
    let editor = Waiting::open(&vault, "true");
    let left = hidden(&vault);
    // Another run leaves alone what belongs to one that lives.
    let other = Vault::filled();
    assert_eq!(edited(&other, "exit 0").code, 0);
    assert!(left.join(SOURCE).exists());
    let go = editor.kill();
    assert!(left.join(SOURCE).exists());
    assert_eq!(edited(&other, "exit 0").code, 0);
    assert!(!left.exists());
    fs::write(go, "").expect("a file");
}

#[test]
fn no_core_is_dumped() {
    let vault = Vault::filled();
    let script = "ulimit -c > limit; ulimit -Hc >> limit; true";
    assert_eq!(edited(&vault, script).code, 0);
    assert!(vault.text("limit").starts_with("0\n0\n"), "{}", vault.text("limit"));
}

#[test]
fn who_is_no_root_cannot_look_into_its_memory() {
    let vault = Vault::filled();
    // What may be read of a process is what its memory could be read by. The editor is a child of the program's.
    let script = "if cat /proc/$PPID/environ > /dev/null 2>&1; then echo yes; else echo no; fi > seen";
    let mut command = edit(&vault, script);
    let seen = |program: &mut std::process::Command| {
        assert!(program.status().expect("it runs").success());
        vault.text("seen")
    };
    assert_eq!(seen(&mut ordinary(&mut command)), "no\n");
    // The same, where a shell is in the program's place.
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "sh editor; true"]).current_dir(vault.world.path("."));
    assert_eq!(seen(&mut ordinary(&mut shell)), "yes\n");
}

/// The same program, for which root may do no more here than anybody else.
fn ordinary(program: &mut std::process::Command) -> std::process::Command {
    use std::os::unix::fs::MetadataExt;
    let is_root = fs::metadata("/proc/self").expect("a process").uid() == 0;
    let mut ordinary = std::process::Command::new(if is_root { "setpriv" } else { "env" });
    if is_root {
        ordinary.args(["--bounding-set=-all", "--inh-caps=-all"]);
    }
    ordinary.arg(program.get_program()).args(program.get_args());
    ordinary.current_dir(program.get_current_dir().expect("a folder"));
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => ordinary.env(name, value),
            None => ordinary.env_remove(name),
        };
    }
    ordinary
}

#[test]
fn what_is_no_file_of_values_is_said() {
    let vault = Vault::filled();
    let path = vault.world.path(SOURCE);
    fs::remove_file(&path).expect("a file");
    let mut mkfifo = std::process::Command::new("mkfifo");
    assert!(mkfifo.arg(&path).status().expect("it runs").success());
    let all_say = |says: &str| {
        for command in [
            ["check"].as_slice(),
            &["build"],
            &["secrets", "list"],
            &["secrets", "edit"],
            &["secrets", "check"],
        ] {
            let run = vault.run(command);
            assert!(run.code != 0 && run.err.contains(says), "{command:?}: {}", run.all());
        }
    };
    all_say(&format!("{SOURCE}: it is a pipe"));
    fs::remove_file(&path).expect("a pipe");
    fs::create_dir(&path).expect("a folder");
    all_say(&format!("{SOURCE}: it is a directory\n"));
    // What nests without end is refused at once.
    fs::remove_dir(&path).expect("a folder");
    vault.world.write(SOURCE, format!("z: {}", "[".repeat(100_000)));
    all_say("too many brackets");
}

#[test]
fn who_may_read_the_file_stays_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let vault = Vault::filled();
    for mode in [0o600, 0o640, 0o644] {
        fs::set_permissions(vault.world.path(SOURCE), fs::Permissions::from_mode(mode)).expect("a mode");
        vault.set("token", format!("a new value {mode}"));
        let now = fs::metadata(vault.world.path(SOURCE)).expect("a file").permissions().mode();
        assert_eq!(now & 0o777, mode);
    }
}

#[test]
fn who_waits_for_an_editor_says_so() {
    let vault = Vault::filled();
    let editor = Waiting::open(&vault, "true");
    for command in [["build"].as_slice(), &["secrets", "rotate"]] {
        let run = vault.run(command);
        let says = format!("waiting for 'hlc secrets edit' (process {})", editor.id());
        assert!(run.code == 1 && run.err.contains(&says), "{command:?}: {}", run.all());
    }
    assert_eq!(editor.go_on().code, 0);
}

/// What a shell on a terminal prints, to which this is typed.
pub(crate) fn on_a_terminal(vault: &Vault, commands: &str, typed: &str) -> String {
    use std::io::Write;
    let mut script = std::process::Command::new("script");
    script.args(["--quiet", "--return", "--echo", "always", "--command", commands, "/dev/null"]);
    script
        .current_dir(vault.world.path("."))
        .env("HOME", vault.world.path("home"))
        .env_remove("SOPS_AGE_KEY_FILE");
    let mut child = spawned(&mut script);
    let mut input = child.stdin.take().expect("a pipe");
    // A prompt has to be there before Ctrl-C: it ends whatever runs.
    if typed.starts_with('\u{3}') {
        wait_for(&vault.world.path("asks"));
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
    input.write_all(typed.as_bytes()).expect("it is read");
    drop(input);
    String::from_utf8_lossy(&child.wait_with_output().expect("it ends").stdout).into_owned()
}

#[test]
fn the_terminal_shows_again_what_is_typed_after_an_interrupt() {
    let vault = Vault::empty();
    let hlc = env!("CARGO_BIN_EXE_hlc");
    for typed in ["\u{3}", "a value\n"] {
        // `trap` keeps the shell alive, which gets the interrupt, too.
        let commands = format!("trap : INT; touch asks; {hlc} secrets set password; echo; stty -a");
        let said = on_a_terminal(&vault, &commands, typed);
        assert!(said.contains("value of password"), "{said}");
        assert!(said.contains(" echo ") && !said.contains("-echo "), "{said}");
    }
}

#[test]
fn the_passphrase_of_a_key_is_asked_for_once() {
    let vault = Vault::built();
    let ssh = vault.world.path("home/.ssh");
    fs::create_dir_all(&ssh).expect("a folder");
    let mut keygen = std::process::Command::new("ssh-keygen");
    keygen.args(["-q", "-t", "ed25519", "-N", "open sesame", "-f"]).arg(ssh.join("id_ed25519"));
    assert!(keygen.status().expect("ssh-keygen is there").success());
    let public = fs::read_to_string(ssh.join("id_ed25519.pub")).expect("a public half");
    let public: Vec<&str> = public.split_whitespace().take(2).collect();
    vault.edit_lab("recipient admin", &format!("recipient ana = \"{}\"\nrecipient admin", public.join(" ")));
    assert_eq!(vault.run(&["secrets", "rekey"]).code, 0);
    vault.build();
    let hlc = env!("CARGO_BIN_EXE_hlc");
    let said = on_a_terminal(&vault, &format!("{hlc} secrets check"), "open sesame\n");
    assert_eq!(said.matches("passphrase of").count(), 1, "{said}");
    assert!(said.contains("all secrets are as they should be"), "{said}");
    assert!(!said.contains("who wrote"), "{said}");
    // A key that a command prints is used as SOPS does.
    let mut keygen = std::process::Command::new("ssh-keygen");
    keygen.args(["-q", "-p", "-P", "open sesame", "-N", "", "-f"]).arg(ssh.join("id_ed25519"));
    assert!(keygen.status().expect("ssh-keygen is there").success());
    fs::rename(ssh.join("id_ed25519"), vault.world.path("elsewhere")).expect("a file");
    let mut command = vault.command(&["secrets", "show", "password"]);
    command.env_remove("SOPS_AGE_KEY_FILE").env("SOPS_AGE_SSH_PRIVATE_KEY_CMD", "cat elsewhere");
    let run = Run::of(&command.output().expect("the program runs"));
    assert!(run.code == 0 && run.out.contains(PASSWORD), "{}", run.all());
}
