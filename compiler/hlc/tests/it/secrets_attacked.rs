//! Somebody writes to the repository who has no key, one key, or a key that was taken out: with the real age and SOPS.

mod kinds;
mod no_key;
mod one_key;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use harness::sops_placeholder::AgeKey;
use harness::{Outcome, tools};
use secrets::Fingerprint;
use serde_json::Value;

use crate::vault::{DELIVERED, SOURCE, Vault, admin, keys};
use crate::world::Run;

/// The copies of a data key that a file in YAML has.
fn entries(text: &str) -> Vec<String> {
    let Some(from) = text.find("    age:\n") else { return Vec::new() };
    let block = &text[from + 9..text.find("    lastmodified").expect("a time")];
    let parts = block.split("        - enc: |\n").skip(1);
    parts.map(|part| format!("        - enc: |\n{part}")).collect()
}

/// What is between the lines of armor of an entry.
fn armor(entry: &str) -> &str {
    let to = entry.find("          recipient:").expect("a recipient");
    &entry["        - enc: |\n".len()..to]
}

/// A text encrypted with age for somebody, as it stands in a file of SOPS.
fn encrypted_for(recipient: &str, text: &str) -> String {
    let mut age = tools::command("age");
    age.args(["--encrypt", "--armor", "--recipient", recipient]);
    age.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = age.spawn().expect("age starts");
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("age reads");
    let output = child.wait_with_output().expect("age ends");
    let armor = String::from_utf8(output.stdout).expect("armor");
    armor.lines().flat_map(|line| ["            ", line, "\n"]).collect()
}

/// Runs the real SOPS on a file, with the key of somebody.
fn sops(vault: &Vault, key: &Path, arguments: &[&str]) -> Outcome {
    let mut sops = tools::command("sops");
    sops.env("SOPS_AGE_KEY_FILE", key).current_dir(vault.world.path(".")).args(arguments);
    Outcome::of(&mut sops)
}

fn identity(key: &AgeKey) -> String {
    fs::read_to_string(key.file()).expect("a key")
}

/// Writes a file, and notes in all records beside it that hlc wrote it so: whoever writes to a repository can.
fn planted(vault: &Vault, path: &str, text: &str) {
    vault.world.write(path, text);
    let folder = path.split('/').next().expect("a folder");
    let inside = &path[folder.len() + 1..];
    note(vault, &format!("{folder}/.secrets.json"), text, |files, number| {
        files[inside]["sha256"] = number.into();
    });
    note(vault, &format!("{folder}/.hlc.json"), text, |files, number| files[inside] = number.into());
    let index = vault.text(&format!("{folder}/.secrets.json"));
    note(vault, &format!("{folder}/.hlc.json"), &index, |files, number| {
        files[".secrets.json"] = number.into();
    });
}

fn note(vault: &Vault, record: &str, text: &str, change: impl FnOnce(&mut Value, String)) {
    let mut all: Value = serde_json::from_str(&vault.text(record)).expect("JSON");
    change(&mut all["files"], Fingerprint::of_content(text.as_bytes()).to_string());
    vault.world.write(record, serde_json::to_string_pretty(&all).expect("JSON"));
}

/// What all of the files below a folder say.
fn all_of(vault: &Vault, folder: &str) -> String {
    vault.world.tree(folder).into_iter().map(|(_, text)| text).collect()
}

/// Commands that use what the file of values says.
const USES: [&[&str]; 8] = [
    &["check"],
    &["build"],
    &["build", "--force"],
    &["eval", "deploy.public-key"],
    &["why", "ana.ssh-keys"],
    &["secrets", "list"],
    &["secrets", "show", "token"],
    &["secrets", "generate"],
];

/// None of them does anything but to say this.
#[track_caller]
fn assert_refused(vault: &Vault, run: impl Fn(&[&str]) -> Run, says: &str, never: &str) {
    let before = (all_of(vault, "nixos"), all_of(vault, "k8s"), vault.text(SOURCE));
    for command in USES {
        let run = run(command);
        assert!(run.code != 0 && run.err.contains(says), "{command:?}: {}", run.all());
        assert!(!run.out.contains(never), "{command:?}: {}", run.all());
    }
    assert!(
        before == (all_of(vault, "nixos"), all_of(vault, "k8s"), vault.text(SOURCE)),
        "something was written"
    );
}

#[test]
fn a_planted_data_key_opens_nothing() {
    let vault = Vault::built();
    let eve = AgeKey::generate();
    let hosts = keys().one.age_identity();
    for (path, reader) in [(DELIVERED[4], admin()), (DELIVERED[0], hosts)] {
        // All that a file has, under a data key that Eve has a copy of, which she takes along.
        let values = vault.sops(path, &reader).succeeded().stdout;
        vault.world.write("plain.json", values);
        let recipient =
            entries(&vault.text(path))[0].split("recipient: ").nth(1).expect("one").trim().to_owned();
        let both = format!("--age={recipient},{}", eve.recipient());
        let made =
            sops(&vault, &eve.file(), &["encrypt", &both, "--output-type", "yaml", "plain.json"]).succeeded();
        let copies = entries(&made.stdout);
        let hers = copies.iter().find(|entry| entry.contains(eve.recipient())).expect("an entry");
        let planted_file = made.stdout.replace(hers, "");
        let opens = |text: &str| {
            let first = &entries(text)[0];
            vault.world.write("found.yaml", text.replacen(first, &format!("{first}{hers}"), 1));
            vault.sops("found.yaml", &identity(&eve)).ok
        };
        planted(&vault, path, &planted_file);
        assert!(opens(&vault.text(path)), "the attack works on what she planted");
        for command in
            [&["build"][..], &["build", "--force"], &["secrets", "rotate", "--all"], &["build", "--force"]]
        {
            let run = vault.run(command);
            assert_eq!(run.code, 0, "{}", run.all());
            assert!(command[0] != "build" || !opens(&vault.text(path)), "after {command:?} Eve reads {path}");
        }
        assert_eq!(vault.wrong(), "");
        // Where records were not changed, nothing is overwritten that somebody may have edited.
        vault.world.write(path, &planted_file);
        let run = vault.run(&["build"]);
        assert!(run.code == 1 && run.err.contains("by hand"), "{}", run.all());
        assert!(run.err.contains(&format!("nothing shows that it was hlc that wrote {path}")), "{}", run.err);
        assert_eq!(vault.run(&["build", "--force"]).code, 0);
        assert!(!opens(&vault.text(path)));
        assert_eq!(vault.wrong(), "");
    }
}

/// A key of SSH of Eve's.
const HERS: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA eve";

/// The file of values with her public half in the place of the lab's.
fn with_her_half(text: &str) -> String {
    let line = text.lines().find(|line| line.starts_with("        deploy: ssh-ed25519")).expect("a half");
    text.replace(line, &format!("        deploy: {HERS}"))
}

#[test]
fn a_file_that_ones_own_key_does_not_open_is_no_file_for_somebody_else() {
    let vault = Vault::built();
    let eve = AgeKey::generate();
    let good = vault.text(SOURCE);
    let own = &entries(&good)[0];
    let hers = own.replace(armor(own), &encrypted_for(eve.recipient(), &"k".repeat(32)));
    let run = |arguments: &[&str]| vault.run(arguments);
    // The copy of the data key is for her, under the owner's name.
    vault.world.write(SOURCE, with_her_half(&good).replace(own, &hers));
    assert_refused(&vault, run, "its key is here, and does not open", HERS);
    // It is garbage.
    vault.world.write(SOURCE, with_her_half(&good).replace(armor(own), "            garbage\n"));
    assert_refused(&vault, run, "is damaged", HERS);
    // It says that it is for her.
    vault.world.write(
        SOURCE,
        with_her_half(&good).replace(own, &hers.replace(keys().admin.recipient(), eve.recipient())),
    );
    assert_refused(&vault, run, "who is a recipient of the lab, and whose key is here, but for", HERS);
    // The file verifies, but for her half.
    vault.world.write(SOURCE, with_her_half(&good));
    assert_refused(&vault, run, "were added, removed, changed", HERS);
    vault.world.write(SOURCE, &good);
    vault.build();
}

#[test]
fn without_a_key_no_public_half_is_new() {
    let vault = Vault::built();
    let good = vault.text(SOURCE);
    vault.world.write(SOURCE, with_her_half(&good));
    let before = all_of(&vault, "nixos");
    for command in
        [&["build"][..], &["build", "--force"], &["eval", "deploy.public-key"], &["build", "--check"]]
    {
        let run = vault.keyless(command);
        assert!(
            run.code == 1 && run.err.contains("public halves that no build with a key has used"),
            "{}",
            run.all()
        );
        assert!(!run.out.contains(HERS));
    }
    assert_eq!(before, all_of(&vault, "nixos"));
    // With another key than those that it is for, neither.
    let mut command = vault.command(&["build"]);
    command.env("SOPS_AGE_KEY_FILE", AgeKey::generate().file());
    assert_eq!(Run::of(&command.output().expect("runs")).code, 1);
    vault.world.write(SOURCE, &good);
    assert_eq!(vault.keyless(&["build"]).code, 0);
}

#[test]
fn a_whole_file_of_values_for_public_keys_is_forged() {
    let vault = Vault::built();
    let good = vault.text(SOURCE);
    // Eve has a lab of her own, of which the owner is a recipient, too; she takes herself out of what came of it.
    let eve = AgeKey::generate();
    let hers = Vault::filled();
    fs::remove_file(hers.world.path(SOURCE)).expect("a file");
    let line = format!("recipient eve = \"{}\"\nnetwork lan {{", eve.recipient());
    hers.edit_lab("network lan {", &line);
    for name in ["password", "db.user", "note", "settings"] {
        let mut command = hers.command(&["secrets", "set", name]);
        command.env("SOPS_AGE_KEY_FILE", eve.file());
        let mut child = crate::vault::spawned(&mut command);
        child.stdin.take().expect("a pipe").write_all(b"her own value").expect("it is read");
        assert_eq!(Run::of(&child.wait_with_output().expect("it ends")).code, 0);
    }
    let mut command = hers.command(&["secrets", "generate"]);
    let run = Run::of(&command.env("SOPS_AGE_KEY_FILE", eve.file()).output().expect("runs"));
    assert_eq!(run.code, 0, "{}", run.all());
    let forged = hers.text(SOURCE);
    let half = forged.lines().find(|line| line.starts_with("        deploy: ssh")).expect("a half").trim();
    let own = entries(&forged).into_iter().find(|entry| entry.contains(eve.recipient())).expect("hers");
    let run = |arguments: &[&str]| vault.run(arguments);
    vault.world.write(SOURCE, forged.replace(&own, ""));
    assert_refused(&vault, run, "no recipient of the lab", half);
    // The simpler way: with SOPS alone.
    vault.world.write("plain.yaml", "token: her own value, which is long\npassword: hers\n");
    let age = format!("--age={}", keys().admin.recipient());
    let made = sops(&vault, &eve.file(), &["encrypt", &age, "plain.yaml"]).succeeded();
    vault.world.write(SOURCE, made.stdout);
    for command in USES {
        let run = vault.run(command);
        assert!(run.code != 0 && !run.all().contains("her own value"), "{command:?}: {}", run.all());
    }
    vault.world.write(SOURCE, good);
    assert_eq!(vault.wrong(), "");
}

/// A lab with two recipients, and the second one's key.
fn two() -> (Vault, AgeKey, String) {
    let vault = Vault::filled();
    let second = AgeKey::generate();
    let line = format!("recipient second = \"{}\"\n", second.recipient());
    vault.edit_lab("network lan {", &format!("{line}network lan {{"));
    assert_eq!(vault.run(&["secrets", "rekey"]).code, 0);
    vault.build();
    (vault, second, line)
}

#[test]
fn whoever_is_taken_out_with_sops_knows_nothing_of_what_comes() {
    let (vault, second, line) = two();
    let before = vault.values(SOURCE, &admin());
    let copies = DELIVERED.map(|path| vault.text(path));
    let rotate = ["rotate", "--in-place", "--rm-age", second.recipient(), SOURCE];
    sops(&vault, &keys().admin.file(), &rotate).succeeded();
    vault.edit_lab(&line, "");
    // What the key of copies is made of is still the one that he knows: nothing is made of it.
    assert_eq!(vault.values(SOURCE, &admin())["hlc_delivery"], before["hlc_delivery"]);
    let run = |arguments: &[&str]| vault.run(arguments);
    assert_refused(&vault, run, "still knows what keys of copies are made of", "never");
    assert!(vault.wrong().contains("hlc secrets rekey"));
    let run = vault.run(&["secrets", "rekey"]);
    assert!(run.code == 0 && run.err.contains("cannot read the secrets any more"), "{}", run.all());
    assert_ne!(vault.values(SOURCE, &admin())["hlc_delivery"], before["hlc_delivery"]);
    // Copies that are not made anew yet are out of date, and nobody is accused.
    let wrong = vault.wrong();
    assert!(
        wrong.contains("it was made before the keys changed") && !wrong.contains("changed by"),
        "{wrong}"
    );
    let run = vault.run(&["build"]);
    assert!(run.code == 0 && !run.err.contains("nothing shows"), "{}", run.all());
    for (path, before) in DELIVERED.iter().zip(&copies) {
        let sealed =
            before.match_indices("ENC[").map(|(at, _)| before[at..].split(']').next().expect("an end"));
        let after = vault.text(path);
        assert!(sealed.into_iter().all(|value| !after.contains(value)), "{path}");
        assert!(!vault.sops(path, &identity(&second)).ok);
    }
    assert_eq!(vault.wrong(), "");
}

#[test]
fn a_copy_of_the_data_key_that_opens_nothing_is_found_and_made_anew() {
    let (vault, second, _) = two();
    let eve = AgeKey::generate();
    let garbage = encrypted_for(eve.recipient(), &"k".repeat(32));
    let check_as = |key: &Path| {
        let key = key.to_str().expect("a path");
        vault.run(&["secrets", "check", "--as", key])
    };
    assert_eq!(check_as(&second.file()).code, 0, "{}", check_as(&second.file()).all());
    // In the file of values: the key in the drawer opens nothing when it is needed.
    let good = vault.text(SOURCE);
    let entry =
        entries(&good).into_iter().find(|entry| entry.contains(second.recipient())).expect("an entry");
    vault.world.write(SOURCE, good.replace(armor(&entry), &garbage));
    assert!(!vault.sops(SOURCE, &identity(&second)).ok);
    let wrong = vault.wrong();
    assert!(wrong.contains(second.recipient()) && wrong.contains("is not the one that hlc made"), "{wrong}");
    let run = check_as(&second.file());
    assert!(run.code == 1 && run.out.contains(&format!("{SOURCE}: does not open")), "{}", run.all());
    assert_refused(&vault, |arguments| vault.run(arguments), "is not the one that hlc made", "never");
    assert_eq!(vault.run(&["secrets", "rekey"]).code, 0);
    assert!(vault.sops(SOURCE, &identity(&second)).ok);
    vault.build();
    // In a copy: the host opens nothing, and nobody else could have noticed.
    let host = keys().one.age_identity();
    for (path, reader) in [(DELIVERED[0], &host), (DELIVERED[4], &identity(&second))] {
        let good = vault.text(path);
        let dead: String =
            entries(&good).iter().fold(good.clone(), |text, one| text.replace(armor(one), &garbage));
        planted(&vault, path, &dead);
        assert!(!vault.sops(path, reader).ok);
        let wrong = vault.wrong();
        assert!(wrong.contains(path) && wrong.contains("copies of the data key"), "{wrong}");
        let run = vault.run(&["build"]);
        assert!(run.code == 0 && run.err.contains(path), "{}", run.all());
        assert!(vault.sops(path, reader).ok);
        assert_eq!(vault.wrong(), "");
    }
    // A private key that nothing is for is no drill.
    assert_eq!(check_as(&eve.file()).code, 1);
}

#[test]
fn what_says_the_same_in_other_letters_is_written_anew() {
    let vault = Vault::built();
    for path in [DELIVERED[4], DELIVERED[0]] {
        let good = vault.text(path);
        let mac = good.lines().find(|line| line.starts_with("    mac: ")).expect("a MAC");
        let name =
            good.lines().find(|line| line.contains(": ENC[")).expect("a value").trim().split(':').next();
        let name = name.expect("a name");
        let changes = [
            good.replacen(&format!("{name}: ENC"), &format!("\"{name}\": ENC"), 1),
            good.replace(mac, &format!("    mac: \"\\x45NC{}\"", &mac["    mac: ENC".len()..])),
            good.replace('\n', "\r\n"),
            format!("\u{feff}{good}"),
            good.replace("version: 3.13.3", "version: 3.9.0"),
            format!("---\n{good}"),
        ];
        for changed in changes {
            assert_ne!(changed, good);
            planted(&vault, path, &changed);
            assert!(vault.wrong().contains("it is not written as hlc writes it"), "{changed}");
            let run = vault.run(&["build"]);
            assert!(run.code == 0 && run.err.contains(path), "{}", run.all());
            let after = vault.text(path);
            let but_copies =
                |text: &str| entries(text).iter().fold(text.to_owned(), |text, one| text.replace(one, ""));
            assert_eq!(but_copies(&after), but_copies(&good));
            assert_eq!(vault.wrong(), "");
        }
    }
}

#[test]
fn ones_own_entry_twice_is_mended_by_rekey() {
    let vault = Vault::built();
    let good = vault.text(SOURCE);
    let own = &entries(&good)[0];
    vault.world.write(SOURCE, good.replace(own, &format!("{own}{own}")));
    assert_eq!(vault.run(&["build"]).code, 1);
    assert_eq!(vault.run(&["secrets", "rekey"]).code, 0);
    assert_eq!(entries(&vault.text(SOURCE)).len(), 1);
    vault.build();
    assert_eq!(vault.wrong(), "");
}

#[test]
fn with_no_recipient_left_nothing_is_removed() {
    let vault = Vault::built();
    let before = (all_of(&vault, "nixos"), all_of(&vault, "k8s"));
    vault.edit_lab(&format!("recipient admin = \"{}\"", keys().admin.recipient()), "");
    for command in [&["build"][..], &["build", "--force"]] {
        let run = vault.run(command);
        assert!(run.code == 1 && run.err.contains("the lab has no recipient"), "{}", run.all());
    }
    assert!(before == (all_of(&vault, "nixos"), all_of(&vault, "k8s")));
}

#[test]
fn a_whole_repository_put_back_is_noticed_where_a_newer_one_was_seen() {
    let vault = Vault::built();
    let files: Vec<(std::path::PathBuf, String)> =
        ["nixos", "k8s"].iter().flat_map(|one| vault.world.tree(one)).collect();
    let old = vault.text(SOURCE);
    vault.set("token", "something newer that is long enough");
    vault.build();
    for (path, text) in files {
        fs::write(path, text).expect("a file");
    }
    vault.world.write(SOURCE, old);
    for command in [&["build"][..], &["check"], &["secrets", "check"]] {
        let run = vault.run(command);
        assert!(run.err.contains("is older than one that was used before"), "{command:?}: {}", run.all());
    }
    // Another machine has not seen it.
    fs::remove_dir_all(vault.world.path("home/.local")).expect("what was seen");
    assert!(!vault.run(&["secrets", "check"]).err.contains("older"));
}

#[test]
fn a_file_of_values_that_is_gone_takes_nothing_along() {
    let vault = Vault::built();
    // Its public halves are used nowhere, so that the lab has no error without it.
    vault.edit_lab(", ssh-keys = [deploy.public-key]", "");
    fs::remove_file(vault.world.path(SOURCE)).expect("a file");
    let before = all_of(&vault, "k8s");
    let run = vault.run(&["build"]);
    assert!(run.code == 1 && run.err.contains("is gone"), "{}", run.all());
    assert_eq!(before, all_of(&vault, "k8s"));
}

#[test]
fn a_branch_of_somebody_without_a_key_is_not_merged() {
    let vault = Vault::built();
    let good = vault.text(SOURCE);
    vault.world.write("plain.yaml", "token: her own value, which is long\n");
    let age = format!("--age={}", keys().admin.recipient());
    let made = sops(&vault, &AgeKey::generate().file(), &["encrypt", &age, "plain.yaml"]).succeeded();
    vault.world.write("theirs.yaml", made.stdout);
    vault.world.write("base.yaml", &good);
    let merge = ["secrets", "merge", "base.yaml", SOURCE, "theirs.yaml"];
    let run = vault.run(&merge);
    assert!(
        run.code == 1 && run.err.contains("theirs.yaml: nothing in it says what hlc made"),
        "{}",
        run.all()
    );
    assert_eq!(vault.text(SOURCE), good);
    // What the lab wrote is merged.
    vault.world.write("theirs.yaml", &good);
    assert_eq!(vault.run(&merge).code, 0);
}
