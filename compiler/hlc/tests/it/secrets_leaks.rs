//! No value is anywhere that it should not be: not in what is said, not in plain files, not where other users of the
//! machine can look.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::vault::{SOURCE, Vault, keys};
use crate::world::Run;

/// What is looked for: the middle of values, so that no part of the program knows it.
const CANARY: &str = "c4n4ry-0f-th3-c0al-m1n3";

fn canary(name: &str) -> String {
    format!("{name}:{CANARY}:{name}")
}

/// Whether there is a canary in it, as it is or in Base64, wherever that begins.
fn has_canary(bytes: &[u8]) -> bool {
    let shifted = |n: usize| {
        let text = BASE64_STANDARD.encode(format!("{}{CANARY}", &"..."[..n]));
        // The first and last letters have bits of what is beside it.
        text[4..text.len() - 4].to_owned()
    };
    let mut forms = vec![
        CANARY.to_owned(),
        CANARY.to_uppercase(),
        CANARY.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat(),
    ];
    forms.extend((0..3).map(shifted));
    forms.iter().any(|form| bytes.windows(form.len()).any(|window| window == form.as_bytes()))
}

/// Files below a folder that have a canary in them.
fn found_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(found_in(&path));
        } else if has_canary(&fs::read(&path).unwrap_or_default()) {
            found.push(path);
        }
    }
    found
}

/// A lab whose every value that somebody sets has a canary, and which is built.
fn vault() -> Vault {
    let vault = Vault::empty();
    for name in ["password", "db.user", "token", "blob"] {
        vault.set(name, canary(name));
    }
    vault.set("note", format!("{}\nsecond line\n", canary("note")));
    vault.set("settings", format!("A={}\n", canary("settings")));
    assert_eq!(vault.run(&["secrets", "generate"]).code, 0);
    vault.build();
    vault
}

#[test]
fn the_canary_would_be_found() {
    for text in [canary("x"), BASE64_STANDARD.encode(canary("x")), BASE64_STANDARD.encode(canary("xy"))] {
        assert!(has_canary(text.as_bytes()), "{text}");
    }
    let vault = vault();
    assert!(has_canary(vault.show("password").as_bytes()) && has_canary(vault.show("blob").as_bytes()));
}

#[test]
fn no_command_says_a_value_and_no_plain_file_has_one() {
    let vault = vault();
    let temporary = vault.world.path("temporary");
    fs::create_dir(&temporary).expect("a folder");
    let commands: [&[&str]; 30] = [
        &["check"],
        &["check", "--format", "short"],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
        &["build", "--check"],
        &["build", "--json"],
        &["build", "--force"],
        &["build", "--out", "elsewhere"],
        &["fmt", "--check"],
        &["eval", "password"],
        &["eval", "secrets", "--json"],
        &["eval", "app.web", "--json"],
        &["eval", "app.web.env.URL"],
        &["why", "web.env.URL"],
        &["why", "password"],
        &["explain", "weak-secret"],
        &["man"],
        &["secrets", "list"],
        &["secrets", "list", "--json"],
        &["secrets", "check"],
        &["secrets", "generate"],
        &["secrets", "generate", "login"],
        &["secrets", "rekey"],
        &["secrets", "rotate", "login"],
        &["secrets", "rotate"],
        &["secrets", "set", "password"],
        &["secrets", "set", "login"],
        &["secrets", "set", "nonsense"],
        &["secrets", "show", "pasword"],
        &["secrets", "edit"],
    ];
    for command in commands {
        for with_key in [true, false] {
            let mut process = vault.command(&[command, &["--verbose"]].concat());
            process.env("TMPDIR", &temporary).env("EDITOR", "sh -c 'exit 1'").env("RUST_BACKTRACE", "full");
            if !with_key {
                process.env_remove("SOPS_AGE_KEY_FILE");
            }
            let mut child = crate::vault::spawned(&mut process);
            let input = canary("password");
            let _ = std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), input.as_bytes());
            let run = Run::of(&child.wait_with_output().expect("the program ends"));
            assert!(!has_canary(run.all().as_bytes()), "{command:?}: {}", run.all());
            assert!(!run.err.contains("panicked"), "{command:?}: {}", run.all());
        }
    }
    vault.build();
    assert_eq!(found_in(&vault.world.path(".")), Vec::<PathBuf>::new());
    let run = vault.run(&["secrets", "show", "password", "--verbose"]);
    assert!(
        run.out == format!("{}\n", canary("password")) && !has_canary(run.err.as_bytes()),
        "{}",
        run.all()
    );
}

#[test]
fn errors_about_files_repeat_nothing_of_them() {
    let vault = vault();
    let good = vault.text(SOURCE);
    for (name, content) in [
        ("broken.yaml", format!("token: \"{}\nx: [", canary("token"))),
        ("broken2.yaml", format!("{}: ? [\n- x", canary("token"))),
        ("tabs.yaml", format!("token:\n\t{}\n", canary("token"))),
        ("deep.yaml", format!("token: {{ a: {{ b: {} }} }}\n", canary("token"))),
        ("list.yaml", format!("token: [{}]\n", canary("token"))),
        ("twice.yaml", format!("token: {0}\ntoken: {0}\n", canary("token"))),
        ("anchor.yaml", format!("a: &a {}\ntoken: *a\n", canary("token"))),
        ("broken.json", format!("{{ \"token\": \"{}\" ", canary("token"))),
        ("broken.env", format!("{}\n", canary("token"))),
        ("text", canary("token")),
    ] {
        vault.world.write(name, &content);
        for arguments in
            [vec!["secrets", "import", name, "--replace"], vec!["secrets", "set", "login", "--from", name]]
        {
            let run = vault.run(&[&arguments[..], &["-v"]].concat());
            assert!(!has_canary(run.all().as_bytes()), "{arguments:?}: {}", run.all());
        }
        fs::remove_file(vault.world.path(name)).expect("a file");
        // As the file of values, too.
        vault.world.write(SOURCE, &content);
        for arguments in
            [&["check"][..], &["secrets", "check"], &["build"], &["secrets", "list"], &["secrets", "rekey"]]
        {
            let run = vault.run(&[arguments, &["-v"]].concat());
            let names = run.all().replace(&canary("token"), "");
            // What is a name in the file is one in what is said of it.
            assert!(
                !has_canary(names.as_bytes()) || name == "broken2.yaml",
                "{name} {arguments:?}: {}",
                run.all()
            );
        }
        vault.world.write(SOURCE, &good);
    }
}

#[test]
fn children_are_told_nothing() {
    let vault = vault();
    let identity = fs::read_to_string(keys().admin.file()).expect("a key");
    let identity =
        identity.lines().find(|line| line.starts_with("AGE-SECRET-KEY")).expect("a key").to_owned();
    // All that one user can see of his processes.
    let look = "for process in /proc/[0-9]*; do cat $process/cmdline $process/environ 2>/dev/null; done | tr '\\0' '\\n'";
    vault.world.write("look", format!("{look} > \"seen-by-$1\"\n"));
    vault.world.write("edit", format!("{look} > seen-by-editor\necho 'x' > /dev/null\n"));
    vault.world.write("key", format!("sh look command\ncat '{}'\n", keys().admin.file().display()));
    let commands: [&[&str]; 5] = [
        &["secrets", "edit"],
        &["secrets", "set", "password"],
        &["secrets", "show", "password"],
        &["secrets", "rotate"],
        &["build"],
    ];
    for command in commands {
        let mut process = vault.command(command);
        process.env_remove("SOPS_AGE_KEY_FILE").env("SOPS_AGE_KEY_CMD", "sh key").env("EDITOR", "sh edit");
        let mut child = crate::vault::spawned(&mut process);
        let input = canary("password");
        let _ = std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), input.as_bytes());
        let run = Run::of(&child.wait_with_output().expect("the program ends"));
        assert_eq!(run.code, 0, "{command:?}: {}", run.all());
        let seen = fs::read(vault.world.path("seen-by-command")).expect("the command was run");
        assert!(seen.len() > 1000 && !has_canary(&seen), "{command:?}");
        fs::remove_file(vault.world.path("seen-by-command")).expect("a file");
    }
    let seen = fs::read(vault.world.path("seen-by-editor")).expect("the editor was run");
    assert!(seen.len() > 1000 && !has_canary(&seen));
    // Nor does an editor get the key of all secrets.
    let mut process = vault.command(&["secrets", "edit"]);
    process.env_remove("SOPS_AGE_KEY_FILE").env("SOPS_AGE_KEY", &identity);
    vault.world.write("edit", "env > seen-by-editor\n");
    let run = Run::of(&process.env("EDITOR", "sh edit").output().expect("the program runs"));
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(!vault.text("seen-by-editor").contains(&identity));
    fs::remove_file(vault.world.path("seen-by-editor")).expect("a file");
}
