//! What people get wrong with secrets: nothing is lost, and what is said helps.

use std::fs;

use harness::sops_placeholder::AgeKey;

use crate::vault::{SOURCE, Vault, keys};

#[test]
fn nobody_locks_themselves_out() {
    let vault = Vault::filled();
    let other = AgeKey::generate();
    vault.edit_lab(keys().admin.recipient(), other.recipient());
    let before = vault.text(SOURCE);
    for arguments in [&["secrets", "rekey"][..], &["secrets", "rotate", "token"], &["secrets", "set", "note"]]
    {
        let run = vault.pipe(arguments, "text");
        assert_eq!(run.code, 1, "{}", run.all());
        assert!(run.err.contains("none of the keys here could open homelab.secrets.yaml"), "{}", run.err);
        assert!(run.err.contains(&format!("admin ({})", other.recipient())), "{}", run.err);
    }
    assert_eq!(vault.text(SOURCE), before);

    let new = Vault::empty();
    new.edit_lab(keys().admin.recipient(), other.recipient());
    assert_eq!(new.run(&["secrets", "generate", "token"]).code, 1);
    assert!(!new.world.path(SOURCE).exists());
}

#[test]
fn a_lost_file_is_not_begun_anew() {
    let vault = Vault::built();
    let text = vault.text(SOURCE);
    fs::remove_file(vault.world.path(SOURCE)).expect("a file");
    for arguments in [
        &["secrets", "generate"][..],
        &["secrets", "rotate", "--all"],
        &["secrets", "rekey"],
        &["secrets", "check"],
    ] {
        let run = vault.run(arguments);
        assert_eq!(run.code, 1, "{}", run.all());
        assert!(
            run.err.contains("homelab.secrets.yaml is gone, and nixos/.secrets.json says"),
            "{}",
            run.err
        );
    }
    assert!(!vault.world.path(SOURCE).exists());
    vault.world.write(SOURCE, text);
    assert_eq!(vault.wrong(), "");
}

#[test]
fn without_a_file_there_is_nothing_to_rotate() {
    let vault = Vault::empty();
    let run = vault.run(&["secrets", "rotate", "--all"]);
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(run.err.contains("no secret has a value yet"), "{}", run.err);
    assert!(!vault.world.path(SOURCE).exists());
}

#[test]
fn whose_key_is_missing_is_said_by_name() {
    let vault = Vault::filled();
    let reader = format!("it is for admin ({})", keys().admin.recipient());
    let run = vault.keyless(&["secrets", "show", "token"]);
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(run.err.contains(&reader) && run.err.contains("there is no key here"), "{}", run.err);
    let other = AgeKey::generate();
    let run = vault.command(&["secrets", "show", "token"]).env("SOPS_AGE_KEY_FILE", other.file()).output();
    let said = String::from_utf8(run.expect("the program runs").stderr).expect("a text");
    assert!(said.contains(&reader) && said.contains("the keys here are others"), "{said}");
}

#[test]
fn damage_is_not_taken_for_a_missing_key() {
    let vault = Vault::filled();
    let text = vault.text(SOURCE);
    vault.world.write(
        SOURCE,
        text.replacen("\ntoken: ENC[AES256_GCM,data:", "\ntoken: ENC[AES256_GCM,data:AAAA", 1),
    );
    for arguments in [&["check"][..], &["build"], &["secrets", "check"]] {
        let run = vault.run(arguments);
        assert_eq!(run.code, 1, "{}", run.all());
        assert!(run.err.contains("'token': the value was changed"), "{}", run.err);
        assert!(!run.err.contains("takes a key"), "{}", run.err);
    }
}

#[test]
fn a_file_that_is_not_encrypted_can_be() {
    let vault = Vault::empty();
    vault.world.write(SOURCE, "token: x9f8a7s6d5x9f8a7s6d5\n");
    let run = vault.run(&["check", "--format", "short"]);
    assert_eq!(run.code, 1, "{}", run.all());
    let command = format!("run 'sops encrypt --in-place --age {} {SOURCE}'", keys().admin.recipient());
    assert!(run.out.contains(&command), "{}", run.out);
    let mut sops = harness::tools::command("sops");
    sops.args(["encrypt", "--in-place", "--age", keys().admin.recipient(), SOURCE]);
    harness::Outcome::of(sops.current_dir(vault.world.path("."))).succeeded();
    // SOPS wrote it, and anybody can.
    assert!(vault.wrong().contains("'hlc secrets rekey' encrypts it anew"));
    assert_eq!(vault.run(&["secrets", "rekey", "--take-over"]).code, 0);
    assert_eq!(vault.show("token"), "x9f8a7s6d5x9f8a7s6d5");
    vault.set("token", "y9f8a7s6d5y9f8a7s6d5");
}

#[test]
fn what_is_imported_is_the_file_that_is_named() {
    let vault = Vault::filled();
    vault.world.write("old.yaml", "note: imported\na:\n  b:\n    c: deep\nelse: nothing\n");
    let run = vault.run(&["secrets", "import", "old.yaml", "--replace"]);
    assert_eq!(run.code, 0, "{}", run.all());
    for said in
        ["took 'note'", "left 'a': a secret is a text", "left 'else': the lab declares", "is not encrypted"]
    {
        assert!(run.err.contains(said), "{}", run.err);
    }
    assert_eq!(vault.show("note"), "imported");
}

#[test]
fn a_host_with_another_key_is_told_from_damage() {
    let vault = Vault::built();
    vault.edit_lab(
        keys().one.public(),
        keys().two.public().split(' ').take(2).collect::<Vec<_>>().join(" ").as_str(),
    );
    let wrong = vault.wrong();
    assert!(wrong.contains("nixos/secrets/one.yaml: the file should not be for"), "{wrong}");
    assert!(!wrong.contains("was changed"), "{wrong}");
}

#[test]
fn hashes_of_passwords_are_of_the_kind_that_uses_them() {
    let yescrypt = "$y$j9T$abcdefgh$4mqd6JVlUo/.JMgenptcdPqIowfqDPoC9lSyWQhPMf1";
    let bcrypt = "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW";
    let vault = Vault::empty();
    vault.edit_lab("password = login", "password = linux");
    vault.edit_lab(
        "secret token ",
        "secret linux { kind = crypt }\nsecret web { kind = bcrypt }\nsecret token ",
    );
    let warned = |name: &str, value: &str| {
        // A tool that prints it ends the line.
        let run = vault.pipe(&["secrets", "set", name], format!("{value}\n"));
        assert_eq!(run.code, 0, "{}", run.all());
        assert_eq!(vault.show(name), value);
        let warning = run.err.lines().find_map(|line| line.strip_prefix("warning: ")).map(str::to_owned);
        let listed = vault.run(&["check", "--format", "short"]).out;
        assert_eq!(warning.is_some(), listed.contains("weak-secret"), "{listed}");
        warning.unwrap_or_default()
    };
    assert_eq!(
        warned("linux", "not a hash at all"),
        "'linux' is not the hash of a password that NixOS takes (yescrypt, scrypt, bcrypt or SHA-512)"
    );
    assert_eq!(warned("linux", bcrypt), "");
    assert_eq!(warned("linux", yescrypt), "");
    assert_eq!(
        warned("web", yescrypt),
        "'web' is no bcrypt hash but another one of a password, which is of 'kind = crypt'"
    );
    assert_eq!(warned("web", &bcrypt[..40]), "'web' is not a bcrypt hash");
    assert_eq!(warned("web", bcrypt), "");
    assert!(vault.run(&["secrets", "list"]).out.contains("linux        crypt     today"));
}
