//! `hlc secrets rekey`: readers come and go.

use std::fs;

use harness::sops_placeholder::AgeKey;
use harness::ssh_key::HostKey;

use crate::secrets_typed::on_a_terminal;
use crate::vault::{DELIVERED, SOURCE, Vault, admin, keys};

/// Everything that is not said about age.
fn but_age(text: &str) -> Vec<&str> {
    let mut is_age = false;
    let mut rest = Vec::new();
    for line in text.lines() {
        // The block ends where a line is less indented than what is in it.
        is_age = line == "    age:" || is_age && line.starts_with("        ");
        if !is_age {
            rest.push(line);
        }
    }
    rest
}

/// The texts that values are encrypted to.
fn sealed(text: &str) -> Vec<&str> {
    text.match_indices("ENC[").map(|(at, _)| text[at..].split(']').next().expect("an end")).collect()
}

fn identity(key: &AgeKey) -> String {
    fs::read_to_string(key.file()).expect("a key")
}

/// Declares `second` beside the admin.
fn declare(vault: &Vault, second: &AgeKey) -> String {
    let line = format!("recipient second = \"{}\"\n", second.recipient());
    vault.edit_lab("network lan {", &format!("{line}network lan {{"));
    line
}

#[test]
fn who_is_added_reads_and_nothing_else_changes() {
    let vault = Vault::built();
    let second = AgeKey::generate();
    declare(&vault, &second);
    let before = vault.text(SOURCE);
    assert!(vault.wrong().contains(&format!("should be for '{}', too", second.recipient())));
    let run = vault.run(&["secrets", "rekey"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(run.err.contains(&format!("({}) can read the secrets now", second.recipient())), "{}", run.err);
    let after = vault.text(SOURCE);
    assert_ne!(before, after);
    // What belongs together is noted anew, and that is in the MAC.
    let is_noted = |line: &&str| ["hlc_seal:", "    mac:"].iter().any(|own| line.starts_with(own));
    let noted = |text: &str| but_age(text).iter().map(is_noted).collect::<Vec<_>>();
    assert_eq!(noted(&before), noted(&after));
    let values =
        |text: &str| but_age(text).into_iter().filter(|line| !is_noted(line)).map(str::to_owned).collect();
    let (old, new): (Vec<String>, Vec<String>) = (values(&before), values(&after));
    assert_eq!(old, new);
    assert!(vault.sops(SOURCE, &identity(&second)).ok && vault.sops(SOURCE, &admin()).ok);

    let copies = DELIVERED.map(|path| vault.text(path));
    vault.build();
    for (path, before) in DELIVERED.iter().zip(&copies) {
        let after = vault.text(path);
        let is_for_admins = path.starts_with("k8s/");
        assert_eq!(*before != after, is_for_admins, "{path}");
        // A copy for others has another data key: whom it is for is a part of what that is made of.
        let is_new = sealed(before).iter().all(|value| !after.contains(value));
        assert_eq!(is_new, is_for_admins, "{path}");
        assert_eq!(vault.sops(path, &identity(&second)).ok, is_for_admins, "{path}");
    }
    assert_eq!(vault.wrong(), "");
    let run = vault.run(&["secrets", "rekey"]);
    // Whoever asks for it gets every copy of the data key anew.
    assert!(run.code == 0 && run.err.contains("the data key is encrypted anew for"), "{}", run.all());
    assert_eq!(vault.wrong(), "");
}

#[test]
fn who_is_removed_is_locked_out_and_has_seen_what_there_was() {
    let vault = Vault::filled();
    let second = AgeKey::generate();
    let line = declare(&vault, &second);
    assert_eq!(vault.run(&["secrets", "rekey"]).code, 0);
    vault.build();
    let (source, copies) = (vault.text(SOURCE), DELIVERED.map(|path| vault.text(path)));
    vault.edit_lab(&line, "");

    // Until then, nothing is used of what they can still read.
    let refused = vault.run(&["build"]);
    assert!(refused.code == 1 && refused.err.contains("hlc secrets rekey"), "{}", refused.all());
    assert!(vault.wrong().contains(&format!("should not be for '{}'", second.recipient())));

    let run = vault.run(&["secrets", "rekey"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(
        run.err.contains(&format!("{} cannot read the secrets any more", second.recipient())),
        "{}",
        run.err
    );
    assert!(run.err.contains("what was readable still is") && run.err.contains("'token'"), "{}", run.err);
    let after = vault.text(SOURCE);
    let is_new = |before: &str, after: &str| sealed(before).iter().all(|value| !after.contains(value));
    assert!(is_new(&source, &after) && !after.contains(second.recipient()));
    assert!(!vault.sops(SOURCE, &identity(&second)).ok && vault.sops(SOURCE, &admin()).ok);
    vault.build();
    for (path, before) in DELIVERED.iter().zip(&copies) {
        // Also those of hosts: whoever read the file of all values could derive their keys.
        assert!(is_new(before, &vault.text(path)), "{path}");
        assert!(!vault.sops(path, &identity(&second)).ok, "{path}");
    }
    assert_eq!(vault.wrong(), "");
}

#[test]
fn setting_a_value_locks_them_out_as_well() {
    let vault = Vault::filled();
    let second = AgeKey::generate();
    let line = declare(&vault, &second);
    assert_eq!(vault.run(&["secrets", "rekey"]).code, 0);
    let before = vault.text(SOURCE);
    vault.edit_lab(&line, "");
    let run = vault.pipe(&["secrets", "set", "db.user"], "somebody");
    assert!(run.err.contains("cannot read the secrets any more"), "{}", run.all());
    assert!(sealed(&before).iter().all(|value| !vault.text(SOURCE).contains(value)));
    assert!(!vault.sops(SOURCE, &identity(&second)).ok);
}

#[test]
fn a_host_that_was_set_up_anew_gets_a_file_of_its_own() {
    let vault = Vault::built();
    let before = DELIVERED.map(|path| vault.text(path));
    let new = HostKey::generate();
    vault.edit_lab(keys().two.public(), new.public());
    vault.build();
    let after = vault.text(DELIVERED[2]);
    assert!(sealed(&before[2]).iter().all(|value| !after.contains(value)));
    assert!(!vault.sops(DELIVERED[2], &keys().two.age_identity()).ok);
    assert!(vault.sops(DELIVERED[2], &new.age_identity()).ok);
    for nth in [0, 1, 3, 4] {
        assert_eq!(before[nth], vault.text(DELIVERED[nth]));
    }
}

#[test]
fn only_who_has_a_key_rekeys() {
    let vault = Vault::filled();
    let second = AgeKey::generate();
    declare(&vault, &second);
    let before = vault.text(SOURCE);
    let mut command = vault.world.command(&["secrets", "rekey"]);
    let output = command.env("SOPS_AGE_KEY_FILE", second.file()).output().expect("the program runs");
    let run = crate::world::Run::of(&output);
    assert_eq!(run.code, 1);
    assert!(run.err.contains(keys().admin.recipient()), "{}", run.err);
    assert_eq!(before, vault.text(SOURCE));
    let run = Vault::empty().run(&["secrets", "rekey"]);
    assert!(run.code == 1 && run.err.contains("no secret has a value yet"), "{}", run.all());
}

#[test]
fn who_takes_over_a_file_of_somebody_else_is_asked() {
    let vault = Vault::built();
    let key = keys().admin.file();
    let mut sops = harness::tools::command("sops");
    sops.env("SOPS_AGE_KEY_FILE", &key).current_dir(vault.world.path(".")).args([
        "rotate",
        "--in-place",
        SOURCE,
    ]);
    harness::Outcome::of(&mut sops).succeeded();
    let rotated = vault.text(SOURCE);
    let hlc = format!("SOPS_AGE_KEY_FILE='{}' {} secrets", key.display(), env!("CARGO_BIN_EXE_hlc"));
    let half =
        rotated.lines().find_map(|line| line.strip_prefix("        deploy: ssh-ed25519 ")).expect("a half");
    for command in ["rekey", "rotate token"] {
        for (answer, is_taken) in [("no", false), ("", false), ("yes", true)] {
            vault.world.write(SOURCE, &rotated);
            let said = on_a_terminal(&vault, &format!("{hlc} {command}"), &format!("{answer}\n"));
            assert!(said.contains("take over its 16 values"), "{said}");
            assert!(said.contains(&format!("deploy: ssh-ed25519 {half}\r\n")), "{said}");
            assert_eq!(vault.text(SOURCE) != rotated, is_taken, "{command}, {answer}: {said}");
            assert_ne!(said.contains("nothing was changed: take"), is_taken, "{said}");
        }
    }
    // Nothing of it is asked where the file is as hlc left it.
    let said = on_a_terminal(&vault, &format!("{hlc} rekey"), "");
    assert!(said.contains("encrypted anew for") && !said.contains("take over"), "{said}");
}

#[test]
fn a_host_whose_key_is_taken_out_of_the_lab_keeps_what_it_has() {
    let vault = Vault::built();
    let copies = [DELIVERED[0], DELIVERED[1]];
    let before = copies.map(|path| vault.text(path));
    let declared = format!("host-key = {:?}, ", keys().one.public());
    vault.edit_lab(&declared, "");
    for command in [&["check"][..], &["build"], &["build", "--force"], &["build", "--check"]] {
        let run = vault.run(command);
        assert!(run.code != 0 && run.all().contains("host-key-gone"), "{command:?}: {}", run.all());
        assert!(run.all().contains("would take away its secrets"), "{}", run.all());
        assert_eq!(copies.map(|path| vault.text(path)), before, "{command:?}");
    }
    assert!(vault.keyless(&["check"]).all().contains("host-key-gone"));
    // Also where nothing says any more who wrote them.
    let noted = vault.text("nixos/.secrets.json");
    fs::remove_file(vault.world.path("nixos/.secrets.json")).expect("a file");
    assert_eq!(vault.run(&["build"]).code, 1);
    assert_eq!(copies.map(|path| vault.text(path)), before);
    vault.world.write("nixos/.secrets.json", noted);
    // Values are changed all the same.
    vault.set("pin", "8375610394857261");
    // What the message says: the key, or a word that it is meant.
    vault.edit_lab("host one : node { ", &format!("host one : node {{ {declared}"));
    vault.build();
    assert_eq!(vault.wrong(), "");
    vault.edit_lab(&declared, "");
    fs::remove_file(vault.world.path(copies[0])).expect("a file");
    assert_eq!(vault.run(&["build"]).code, 1, "a file is left");
    fs::remove_dir_all(vault.world.path("nixos/secrets/one")).expect("a folder");
    let run = vault.run(&["build"]);
    assert!(run.code == 0 && run.err.contains("reader-without-key"), "{}", run.all());
    // A host that has another key by then gets its copies again.
    let new = HostKey::generate();
    vault.edit_lab("host one : node { ", &format!("host one : node {{ host-key = {:?}, ", new.public()));
    vault.build();
    assert!(vault.sops(copies[0], &new.age_identity()).ok);
    assert_eq!(vault.wrong(), "");
}

#[test]
fn a_host_that_needs_nothing_any_more_needs_no_key() {
    let vault = Vault::built();
    vault
        .edit_lab(&format!(", host-key = {:?}, secrets = [deploy, blob, password]", keys().one.public()), "");
    vault.edit_lab("users = [ana], ", "");
    vault.edit_lab("cluster k3s { servers = [one], agents = [two] }", "cluster k3s { servers = [two] }");
    let run = vault.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(!vault.world.path(DELIVERED[0]).exists());
}

#[test]
fn who_is_locked_out_of_copies_is_said_with_what_they_have_seen() {
    let vault = Vault::filled();
    let deployer = AgeKey::generate();
    let declared = format!(", deployers = [\"{}\"] }}", deployer.recipient());
    vault.edit_lab("agents = [two] }", &format!("agents = [two]{declared}"));
    vault.build();
    vault.edit_lab(&declared, " }");
    vault.edit_lab(keys().two.public(), HostKey::generate().public());
    let run = vault.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.all());
    let said = |who: &str| run.err.lines().find(|line| line.contains(who) && line.contains("has seen"));
    let seen = said(deployer.recipient()).expect("a line");
    assert!(seen.contains("'token'") && seen.contains("'db.password'") && !seen.contains("'blob'"), "{seen}");
    assert_eq!(run.err.matches("has seen").count(), 2, "{}", run.err);
    assert_eq!(vault.run(&["build"]).err.matches("has seen").count(), 0);
}
