//! `hlc secrets import`: values that somebody has already, encrypted or not.

use std::fs;

use harness::tools;
use harness::{Outcome, sops_placeholder::AgeKey};

use crate::vault::{SOURCE, Vault, keys};

/// Has the real SOPS encrypt a file for the admin.
#[track_caller]
fn encrypt(vault: &Vault, name: &str, content: impl AsRef<[u8]>) {
    vault.world.write(name, content);
    let mut sops = tools::command("sops");
    sops.current_dir(vault.world.path(".")).args([
        "encrypt",
        "--in-place",
        "--age",
        keys().admin.recipient(),
    ]);
    Outcome::of(sops.arg(name)).succeeded();
}

#[test]
fn values_come_from_files_of_sops() {
    for (name, content) in [
        ("old.yaml", "token: taken-123\ndb:\n  user: 42\nunknown: x\n"),
        ("old.json", r#"{ "token": "taken-123", "db": { "user": "42" }, "unknown": "x" }"#),
    ] {
        let vault = Vault::empty();
        encrypt(&vault, name, content);
        let run = vault.run(&["secrets", "import", name]);
        assert_eq!(run.code, 0, "{name}: {}", run.all());
        assert!(
            run.err.contains("took 'token'") && run.err.contains("left 'unknown': the lab declares no"),
            "{}",
            run.err
        );
        assert_eq!(
            (vault.show("token").as_str(), vault.show("db.user").as_str()),
            ("taken-123", "42"),
            "{name}"
        );
    }
    let vault = Vault::empty();
    encrypt(&vault, "old.env", "token=taken=123\npassword=two words\n");
    assert_eq!(vault.run(&["secrets", "import", "old.env"]).code, 0);
    assert_eq!((vault.show("token").as_str(), vault.show("password").as_str()), ("taken=123", "two words"));
}

#[test]
fn values_come_from_plain_files() {
    let vault = Vault::empty();
    for (name, content, secret, value) in [
        ("a.yaml", "token: from yaml\n", "token", "from yaml"),
        ("a.json", r#"{ "pin": "from json" }"#, "pin", "from json"),
        ("a.env", "hexed=from env\n", "hexed", "from env"),
    ] {
        vault.world.write(name, content);
        let run = vault.run(&["secrets", "import", name]);
        assert_eq!(run.code, 0, "{name}: {}", run.all());
        assert_eq!(vault.show(secret), value);
        assert_eq!(vault.text(name), content);
    }
}

#[test]
fn a_whole_file_is_one_value() {
    let vault = Vault::empty();
    let text = "first\n  second: [third\n";
    vault.world.write("plain.txt", text);
    assert_eq!(vault.run(&["secrets", "import", "plain.txt", "--as", "note"]).code, 0);
    assert_eq!(vault.show("note"), text.trim_end());
    encrypt(&vault, "secret.bin", text);
    assert_eq!(vault.run(&["secrets", "import", "secret.bin", "--as", "blob"]).code, 0);
    let bytes = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, text);
    assert_eq!(vault.show("blob"), bytes);
    // An SSH key that is there already brings its public half.
    vault.world.write("id", keys().one.private());
    assert_eq!(vault.run(&["secrets", "import", "id", "--as", "deploy"]).code, 0);
    let public = vault.run(&["eval", "deploy.public-key"]).out;
    assert_eq!(public.trim().trim_matches('"'), keys().one.public());
}

#[test]
fn what_is_there_is_replaced_only_when_asked_for() {
    let vault = Vault::filled();
    let before = vault.text(SOURCE);
    vault.world.write("a.yaml", "token: another one\n");
    let run = vault.run(&["secrets", "import", "a.yaml"]);
    assert!(
        run.code == 1 && run.err.contains("left 'token': it has a value; use --replace"),
        "{}",
        run.all()
    );
    assert_eq!(before, vault.text(SOURCE));
    assert_eq!(vault.run(&["secrets", "import", "a.yaml", "--replace"]).code, 0);
    assert_eq!(vault.show("token"), "another one");
    vault.world.write("b.txt", "a third");
    let run = vault.run(&["secrets", "import", "b.txt", "--as", "token"]);
    assert!(run.code == 1 && run.err.contains("--replace"), "{}", run.all());
    assert_eq!(vault.run(&["secrets", "import", "b.txt", "--as", "token", "--replace"]).code, 0);
    assert_eq!(vault.show("token"), "a third");
}

#[test]
fn what_cannot_be_taken_changes_nothing() {
    let vault = Vault::filled();
    let before = vault.text(SOURCE);
    encrypt(&vault, "changed.yaml", "token: x\npin: y\n");
    let text = vault.text("changed.yaml");
    vault.world.write("changed.yaml", text.replace("token:", "hexed:"));
    let other = AgeKey::generate();
    other.encrypt(&serde_json::json!({ "token": "x" }), &vault.world.path("others.yaml"));
    vault.world.write("broken.yaml", "token: \"x\n");
    vault.world.write("list.yaml", "- token\n");
    vault.world.write("nothing.yaml", "unknown: x\n");
    fs::write(vault.world.path("bytes"), [0xff, 0xfe]).expect("a file");
    for (arguments, says) in [
        (vec!["changed.yaml"], "was changed"),
        (vec!["others.yaml"], other.recipient()),
        (vec!["broken.yaml"], "line "),
        (vec!["list.yaml"], "a map"),
        (vec!["nothing.yaml"], "nothing was taken"),
        (vec!["nowhere.yaml"], "nowhere.yaml"),
        (vec!["bytes", "--as", "token"], "kind = bytes"),
        (vec!["bytes", "--as", "tokem"], "did you mean 'token'?"),
    ] {
        let run = vault.run(&[&["secrets", "import"], &arguments[..], &["--replace"]].concat());
        assert!(run.code == 1 && run.err.contains(says), "{arguments:?}: {}", run.all());
        assert_eq!(before, vault.text(SOURCE), "{arguments:?}");
    }
}

#[test]
fn nested_files_are_taken_by_name_or_by_part() {
    let content = "tools:\n  db:\n    user: nested user\n  web:\n    TOKEN: nested token\nweb_user: 'ana:$2y$x'\nlist:\n  - first\n  - {pin: '0042'}\n";
    for sops in [true, false] {
        let vault = Vault::empty();
        vault.world.write("old.yaml", content);
        if sops {
            encrypt(&vault, "old.yaml", content);
        }
        // What is called so, as other tools write names.
        let run = vault.run(&["secrets", "import", "old.yaml"]);
        assert!(run.code == 0 && run.err.contains("took 'web-user' from 'web_user'"), "{}", run.all());
        assert!(run.err.contains("left 'tools': a secret is a text"), "{}", run.all());
        let run = vault.run(&["secrets", "import", "old.yaml", "--at", "tools"]);
        assert!(run.code == 0 && run.err.contains("took 'db.user'"), "{}", run.all());
        assert_eq!(vault.show("db.user"), "nested user");
        let run = vault.run(&["secrets", "import", "old.yaml", "--at", "tools/web/TOKEN", "--as", "token"]);
        assert_eq!(run.code, 0, "{}", run.all());
        assert_eq!(vault.show("token"), "nested token");
        assert_eq!(vault.run(&["secrets", "import", "old.yaml", "--at", "list/1"]).code, 0);
        assert_eq!(vault.show("pin"), "0042");
        for (arguments, says) in [
            (["--at", "tools/nothing"].as_slice(), "nothing is called 'tools/nothing'"),
            (&["--at", "tools", "--as", "token"], "more than one value"),
            (&["--at", "tools/db"], "nothing was taken"),
        ] {
            let run = vault.run(&[&["secrets", "import", "old.yaml", "--replace"], arguments].concat());
            assert!(run.code == 1 && run.err.contains(says), "{arguments:?}: {}", run.all());
        }
    }
}

#[test]
fn names_do_nothing_to_the_terminal() {
    let vault = Vault::empty();
    vault
        .world
        .write("a.yaml", "token: abc\n\"\\e]0;title\\a\\nerror: x\": y\n\"a\": { \"\\e[2J\": { c: d } }\n");
    let run = vault.run(&["secrets", "import", "a.yaml"]);
    assert!(run.code == 0 && run.err.contains("\\u{1b}]0;title\\u{7}\\nerror: x"), "{}", run.all());
    assert!(!run.all().contains(['\u{1b}', '\u{7}']), "{:?}", run.all());
}
