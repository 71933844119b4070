//! Somebody reads the repository, or once could open it, and has no key that counts now.

use std::collections::BTreeSet;
use std::process::Command;

use harness::Outcome;
use harness::sops_placeholder::AgeKey;

use super::{all_of, identity, sops, two};
use crate::vault::{DELIVERED, PASSWORD, SOURCE, Vault, admin};
use crate::world::Run;

/// All values of a lab, as the owner sees them, and whether each is long enough to be found by itself.
fn values(vault: &Vault) -> Vec<String> {
    let names = [
        "password", "login", "web-user", "pin", "token", "hexed", "based", "id", "blob", "deploy", "machine",
    ];
    let all =
        names.into_iter().chain(["note", "settings", "db.user", "db.password"]).map(|name| vault.show(name));
    all.map(|value| value.lines().max_by_key(|line| line.len()).expect("a line").to_owned()).collect()
}

/// All numbers and texts between quotes, and what stands in `ENC[…]`: what could be compared with what somebody guesses.
fn words(text: &str) -> BTreeSet<&str> {
    let is_end = |char: char| char.is_whitespace() || matches!(char, '"' | ',' | '[' | ']' | ':' | '{' | '}');
    text.split(is_end).filter(|word| word.len() > 20).collect()
}

#[test]
fn who_only_reads_the_repository_sees_no_value() {
    let vault = Vault::built();
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(vault.world.path("."))
            .env("HOME", vault.world.path("home"))
            .env("GIT_CONFIG_NOSYSTEM", "1");
        Outcome::of(git.args(["-c", "user.name=a", "-c", "user.email=a@example.net"]).args(arguments))
            .succeeded()
            .stdout
    };
    // Two commits, so that there is a history to read.
    git(&["init", "--quiet"]);
    for commit in ["one", "two"] {
        git(&["add", "--force", "homelab.hl", "nixos", "k8s", SOURCE]);
        git(&["commit", "--quiet", "-m", commit]);
        vault.set("note", format!("{commit} more line that nobody reads\n"));
        assert_eq!(vault.run(&["secrets", "rotate", "token"]).code, 0);
        vault.build();
    }
    let history = git(&["cat-file", "--batch-all-objects", "--batch", "--buffer"]);
    for value in values(&vault).iter().filter(|value| value.len() > 7) {
        assert!(!history.contains(value.as_str()), "a value is in the history");
    }
    // Neither with a key of one's own nor with none does SOPS open anything.
    let eve = AgeKey::generate();
    for path in DELIVERED.into_iter().chain([SOURCE]) {
        let tried = sops(&vault, &eve.file(), &["decrypt", path]);
        assert!(!tried.ok && !tried.stdout.contains(PASSWORD), "{path}");
    }
    for command in [
        &["secrets", "show", "token"][..],
        &["secrets", "check"],
        &["secrets", "edit"],
        &["secrets", "rekey"],
    ] {
        let mut command = vault.command(command);
        let run = Run::of(&command.env("SOPS_AGE_KEY_FILE", eve.file()).output().expect("runs"));
        assert!(run.code == 1 && run.err.contains("the keys here are others"), "{}", run.all());
    }
}

#[test]
fn what_everybody_sees_cannot_be_compared_with_what_somebody_guesses() {
    // Two labs with the same values, the same keys and the same day: no number that is written down is the same, as it
    // would be if it were made of values.
    let labs = [Vault::filled(), Vault::filled()];
    let text = labs[0].values(SOURCE, &admin());
    let all: Vec<(String, String)> = text
        .as_object()
        .expect("a map")
        .iter()
        .filter(|(name, value)| !name.starts_with("hlc_") && value.is_string())
        .map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned()))
        .collect();
    let other = Vault::empty();
    for (name, value) in &all {
        if name != "blob" {
            other.set(name, value);
        }
    }
    other.set("db.user", "keeper of the books");
    assert_eq!(other.run(&["secrets", "generate"]).code, 0);
    for lab in [&labs[0], &other] {
        lab.build();
    }
    let shown = |lab: &Vault| {
        let records = ["nixos/.secrets.json", "k8s/.secrets.json"].map(|path| lab.text(path)).concat();
        let copies: String = DELIVERED.map(|path| lab.text(path)).concat();
        let pods: String = all_of(lab, "k8s").lines().filter(|line| line.contains("checksum/")).collect();
        let is_sealed = |line: &&str| line.contains("ENC[") || line.contains("mac:");
        let enc = |text: &str| text.lines().filter(is_sealed).collect::<Vec<_>>().join("\n");
        format!("{records}\n{pods}\n{}\n{}", enc(&copies), enc(&lab.text(SOURCE)))
    };
    let (one, two) = (shown(&labs[0]), shown(&other));
    // What both say in words is the same, and so are public halves, which are no secret.
    let halves = labs[0].text(SOURCE);
    let same: Vec<&str> = words(&one)
        .intersection(&words(&two))
        .copied()
        .filter(|word| {
            !halves.contains(&format!(" {word}")) && !word.contains('/') && !word.contains(".yaml")
        })
        .collect();
    assert_eq!(same, [""; 0]);
}

#[test]
fn who_was_taken_out_cannot_put_back_what_they_could_read() {
    let (vault, second, line) = two();
    // What she could read, changed with hlc itself, in a clone of that day.
    let clone = Vault::empty();
    clone.world.write("homelab.hl", vault.text("homelab.hl"));
    clone.world.write(SOURCE, vault.text(SOURCE));
    let mut command = clone.command(&["secrets", "rotate", "token"]);
    assert!(command.env("SOPS_AGE_KEY_FILE", second.file()).output().expect("runs").status.success());
    let hers = clone.text(SOURCE);
    vault.edit_lab(&line, "");
    assert_eq!(vault.run(&["secrets", "rekey"]).code, 0);
    vault.build();
    let good = vault.text(SOURCE);
    for planted in [hers.clone(), without(&hers, second.recipient())] {
        vault.world.write(SOURCE, &planted);
        let run = |arguments: &[&str]| vault.run(arguments);
        super::assert_refused(&vault, run, second.recipient(), "never");
        let wrong = vault.wrong();
        assert!(wrong.contains(second.recipient()), "{wrong}");
        // As a branch, too: what she wrote is not merged.
        for (name, text) in [("base", &good), ("ours", &good), ("theirs", &planted)] {
            vault.world.write(name, text);
        }
        let run = vault.run(&["secrets", "merge", "base", "ours", "theirs"]);
        assert!(run.code == 1 && run.err.contains(second.recipient()), "{}", run.all());
        assert_eq!(vault.text("ours"), good);
    }
    vault.world.write(SOURCE, &good);
    assert_eq!(vault.wrong(), "");
    // She reads nothing of what came since, in no file.
    for path in DELIVERED.into_iter().chain([SOURCE]) {
        assert!(!vault.sops(path, &identity(&second)).ok, "{path}");
    }
}

/// A file without the entry of one reader, as somebody leaves it who hopes not to be seen.
fn without(text: &str, reader: &str) -> String {
    let entries = super::entries(text);
    let entry = entries.iter().find(|entry| entry.contains(reader)).expect("an entry");
    text.replacen(entry.as_str(), "", 1)
}
