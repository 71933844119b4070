//! `hlc secrets set`, `show` and `list`: values go in, come out, and are listed without being shown.

use std::process::{Command, Stdio};
use std::{fs, io::Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::vault::{PASSWORD, SOURCE, Vault, admin, keys};
use crate::world::Run;

#[test]
fn what_is_piped_in_is_kept() {
    let vault = Vault::empty();
    for (name, given, kept) in [
        // The end of the line is of the program that printed it.
        ("password", "two words\r\n", "two words"),
        ("password", " spaces stay: äöü 🔑 ", " spaces stay: äöü 🔑 "),
        // A file is kept as it is.
        ("note", "first\nsecond\n", "first\nsecond\n"),
        ("db.user", "yes", "yes"),
        ("pin", "0123", "0123"),
    ] {
        vault.set(name, given);
        assert_eq!(vault.show(name), kept.trim_end_matches('\n'), "{name}");
        let values = vault.values(SOURCE, &admin());
        let value = name.split('.').fold(&values, |values, key| &values[key]);
        assert_eq!(value, kept, "{name}");
    }
}

#[test]
fn a_file_can_be_the_value() {
    let vault = Vault::empty();
    let bytes: Vec<u8> = (0..=255).collect();
    fs::write(vault.world.path("bytes"), &bytes).expect("a file");
    assert_eq!(vault.run(&["secrets", "set", "blob", "--from", "bytes"]).code, 0);
    assert_eq!(vault.show("blob"), BASE64_STANDARD.encode(&bytes));
    let run = vault.run(&["secrets", "set", "token", "--from", "bytes"]);
    assert_eq!((run.code, run.err.contains("kind = bytes")), (1, true), "{}", run.all());
    let run = vault.run(&["secrets", "set", "token", "--from", "nowhere"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("nowhere: "), "{}", run.err);
}

#[test]
fn what_is_typed_is_not_shown() {
    let vault = Vault::empty();
    let typed = |text: &str| {
        let hlc = format!("{} secrets set password", env!("CARGO_BIN_EXE_hlc"));
        // A terminal that `script` makes. It passes on what is typed once the program asks.
        let mut script = Command::new("script");
        script.args(["--quiet", "--return", "--echo", "never", "--command", &hlc, "/dev/null"]);
        script.current_dir(vault.world.path(".")).env("SOPS_AGE_KEY_FILE", keys().admin.file());
        script.env("HOME", vault.world.path("home")).stdin(Stdio::piped());
        script.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = script.spawn().expect("script of util-linux is there");
        child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it is read");
        Run::of(&child.wait_with_output().expect("it ends"))
    };
    let run = typed("typed secret 1\ntyped secret 1\n");
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(run.out.contains("value of password") && !run.out.contains("typed secret"), "{}", run.out);
    assert_eq!(vault.show("password"), "typed secret 1");
    let run = typed("typed secret 2\ntyped secret 3\n");
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(run.out.contains("the second time") && !run.out.contains("typed secret"), "{}", run.out);
    assert_eq!(vault.show("password"), "typed secret 1");
}

#[test]
fn what_cannot_be_a_value_is_refused() {
    let vault = Vault::filled();
    let before = vault.text(SOURCE);
    for (name, input, says) in [
        ("password", "", "the value is empty"),
        ("password", "\n", "the value is empty"),
        ("pasword", "x", "did you mean 'password'?"),
        ("db", "x", "name one: 'db.password', 'db.user'"),
        ("db.host", "x", "no secret is called 'db.host'"),
    ] {
        let run = vault.pipe(&["secrets", "set", name], input);
        assert_eq!(run.code, 1, "{name}: {}", run.all());
        assert!(run.err.contains(says), "{name}: {}", run.err);
    }
    assert_eq!(before, vault.text(SOURCE));
    // A weak one is taken, with a word about it.
    let run = vault.pipe(&["secrets", "set", "login"], "not a hash\n");
    assert!(run.code == 0 && run.err.contains("warning: 'login' "), "{}", run.all());
}

#[test]
fn nobody_could_read_it() {
    let vault = Vault::empty();
    let recipient = format!("recipient admin = \"{}\"", keys().admin.recipient());
    vault.edit_lab(&recipient, "");
    let run = vault.pipe(&["secrets", "set", "password"], "x");
    assert_eq!(run.code, 1);
    assert!(run.err.contains("declare a recipient"), "{}", run.err);
    assert!(!vault.world.path(SOURCE).exists());
}

#[test]
fn a_list_shows_no_value_and_needs_no_key() {
    let vault = Vault::filled();
    let without_key = vault.keyless(&["secrets", "list"]);
    assert_eq!(without_key.code, 0, "{}", without_key.all());
    assert_eq!(without_key.out, vault.run(&["secrets", "list"]).out);
    let line = |name: &str| {
        let found = without_key.out.lines().find(|line| line.split(' ').next() == Some(name));
        found.unwrap_or_else(|| panic!("{name}: {}", without_key.out)).split_whitespace().collect::<Vec<_>>()
    };
    let web = "k8s/10_last/web/secrets/web.values.secrets.yaml";
    assert_eq!(line("password"), ["password", "text", "today", &format!("{web},"), "nixos/secrets/one.yaml"]);
    assert_eq!(line("blob"), ["blob", "bytes", "today", "nixos/secrets/one/blob.bin"]);
    assert_eq!(line("db.user"), ["db.user", "text", "today", web]);
    assert!(
        without_key.out.contains(&format!("admin ({})", keys().admin.recipient())),
        "{}",
        without_key.out
    );

    let run = Vault::empty().run(&["secrets", "list", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!((&json["version"], &json["secrets"][0]["value"]), (&1.into(), &false.into()), "{json}");
    let run = vault.run(&["secrets", "list", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let password = json["secrets"].as_array().expect("a list").iter().find(|one| one["secret"] == "password");
    let password = password.expect("it is there");
    assert_eq!((&password["value"], &password["age_days"]), (&true.into(), &0.into()));
    assert!(!run.out.contains(PASSWORD));
}

#[test]
fn days_are_counted() {
    let vault = Vault::filled();
    let list = vault.command(&["secrets", "list"]).env("SOURCE_DATE_EPOCH", "4000000000").output();
    let list = Run::of(&list.expect("the program runs"));
    let password = list.out.lines().find(|line| line.starts_with("password ")).expect("a line");
    assert!(password.contains(" days "), "{password}");
}
