//! Somebody without a key writes to repositories whose readers have keys of other kinds than age's own.

use std::fs;

use harness::sops_placeholder::AgeKey;
use secrets::Source;
use sops::keys::{Access, Identities, Recipient};
use sops::{Document, Format, Node, Outcome, Settings, Timestamp, Value};

use super::{HERS, USES, all_of, armor, encrypted_for, entries, identity, sops};
use crate::people::{People, Person, lab_of};
use crate::vault::{SOURCE, Vault};

/// What she would have others deploy.
const VALUE: &str = "a value of hers, which is long";
/// Values that she makes up.
const NAMES: [&str; 9] = ["password", "login", "web-user", "pin", "token", "hexed", "based", "id", "machine"];
/// Commands that change the file of values, beside those that use it.
const CHANGES: [&[&str]; 9] = [
    &["secrets", "check"],
    &["secrets", "set", "note"],
    &["secrets", "remove", "note"],
    &["secrets", "edit"],
    &["secrets", "import", "plain.yaml", "--replace"],
    &["secrets", "rekey"],
    &["secrets", "rotate"],
    &["secrets", "rotate", "token"],
    &["secrets", "merge", "good", "good", SOURCE],
];
/// What is said of what she made, in one way or another.
const REFUSALS: [&str; 7] = [
    "nothing shows that a recipient of the lab wrote it",
    "who is no recipient of the lab",
    "of public keys alone",
    "does not open",
    "and the keys here are others",
    "a name or a value below 'hlc_unencrypted' was changed",
    "whose key is here, but for",
];

/// Her key, and what she can do with it.
struct Eve {
    key: AgeKey,
    identities: Identities,
}

impl Eve {
    fn new() -> Self {
        let (key, mut identities) = (AgeKey::generate(), Identities::new());
        identities.add(identity(&key).as_bytes(), "hers").expect("a key");
        Self { key, identities }
    }

    /// A file of values for these, written with her key or with none.
    fn writes(&self, readers: &[&str], has_key: bool) -> String {
        let none = Identities::new();
        let access = Access::new(if has_key { &self.identities } else { &none });
        let mut source = Source::new();
        let today = domain::Date::parse("2027-01-15").expect("a day");
        let texts = NAMES.into_iter().map(|name| (name, VALUE, None));
        for (name, text, half) in texts.chain([("blob", "aGVycw==", None), ("deploy", VALUE, Some(HERS))]) {
            let secret = model::SecretRef::whole(name);
            let (text, half) = (text.to_owned().into(), half.map(str::to_owned));
            source.set(&secret, text, half, today).expect("it is kept");
        }
        match source.update(&settings(readers), &access).expect("it is encrypted") {
            Outcome::New(new) => new.text,
            Outcome::Untouched => panic!("it is new"),
        }
    }

    /// Such a file, in the seal of which `by` wrote it, and of which she takes herself out.
    fn says(&self, readers: &[&str], by: Option<&str>) -> String {
        let own = self.key.recipient();
        let all: Vec<&str> = readers.iter().copied().chain([own]).collect();
        let text = self.writes(&all, true);
        let document = Document::parse(text.as_bytes(), Format::Yaml).expect("a file of SOPS");
        let key = document.unwrap_key(&Access::new(&self.identities)).expect("it opens");
        let mut tree = document.decrypt(&key).expect("it is whole");
        let Some(Node::Leaf(Value::Str(seal))) = tree.remove("hlc_seal") else { panic!("a seal") };
        let is_hers = |line: &&str| line.starts_with("reader ") && line.ends_with(own);
        let lines = seal.expose().lines().filter(|line| !is_hers(line));
        let seal: String = lines
            .filter(|line| by.is_some() || !line.starts_with("by ") && !line.starts_with("origin "))
            .map(|line| match (line.strip_prefix("by "), by) {
                (Some(_), Some(by)) => format!("by {by}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        tree.insert("hlc_seal", Value::str(seal)).expect("it is gone");
        match document.update(&key, &tree, &settings(&all)).expect("it is encrypted") {
            Outcome::New(new) => without(&new.text, own),
            Outcome::Untouched => panic!("it is another seal"),
        }
    }
}

fn settings(readers: &[&str]) -> Settings<'static> {
    let recipients = readers.iter().map(|one| one.parse::<Recipient>().expect("a recipient"));
    Settings::new(recipients, Timestamp::from_unix(1_800_000_000)).rule(sops::Rule::default())
}

/// A file without the entry of one reader.
fn without(text: &str, reader: &str) -> String {
    text.replacen(&entry(text, reader), "", 1)
}

fn entry(text: &str, reader: &str) -> String {
    entries(text).into_iter().find(|entry| entry.contains(reader)).expect("an entry")
}

/// All that she can make of the public keys of those who read a lab's file, and of that file, to be taken by `victim`.
fn forgeries(vault: &Vault, people: &[&Person], victim: &Person) -> Vec<(String, String)> {
    let eve = Eve::new();
    let own = eve.key.recipient();
    // A plugin is not hers to start; she leaves its reader out.
    let readers: Vec<&str> =
        people.iter().map(|one| one.public.as_str()).filter(|one| !one.starts_with("age1echo1")).collect();
    let mut made = vec![
        ("hlc alone".to_owned(), eve.writes(&readers, false)),
        ("hlc, for the victim alone".to_owned(), eve.writes(&[&victim.public], false)),
        ("nobody signs".to_owned(), eve.says(&readers, None)),
        ("her own lab".to_owned(), {
            let all: Vec<&str> = readers.iter().copied().chain([own]).collect();
            without(&eve.writes(&all, true), own)
        }),
    ];
    let signers = readers.iter().copied().chain([own]);
    made.extend(signers.map(|by| (format!("signed by {by}"), eve.says(&readers, Some(by)))));
    let values = NAMES.join(&format!(": {VALUE}\n"));
    let half = format!("hlc_unencrypted:\n    public:\n        deploy: {HERS}\n");
    vault
        .world
        .write("plain-hers.yaml", format!("{values}: {VALUE}\nblob: aGVycw==\ndeploy: {VALUE}\n{half}"));
    let age = format!("--age={}", readers.join(","));
    let by_sops = sops(vault, &eve.key.file(), &["encrypt", &age, "plain-hers.yaml"]).succeeded();
    made.push(("SOPS alone".to_owned(), by_sops.stdout));
    let good = vault.text(SOURCE);
    let entry = entry(&good, &victim.public);
    let hers = encrypted_for(own, &"k".repeat(32));
    let swapped = entry.replace(armor(&entry), &hers);
    made.push(("her copy, in the victim's name".to_owned(), good.replace(&entry, &swapped)));
    made.push((
        "her copy, in her name".to_owned(),
        good.replace(&entry, &swapped.replace(&victim.public, own)),
    ));
    made
}

/// Nothing that she made does anything with the key of somebody who could be shown who wrote it.
fn assert_takes_nothing(vault: &Vault, people: &[&Person], victim: &Person) {
    let good = vault.text(SOURCE);
    let before = (all_of(vault, "nixos"), all_of(vault, "k8s"));
    // Without a passphrase, many of them do not look at the file at all.
    let uses = USES
        .into_iter()
        .filter(|command| !victim.is_locked || command[0] == "secrets" && command[1] != "list");
    let commands: Vec<&[&str]> = uses.chain(CHANGES).collect();
    for (way, forged) in forgeries(vault, people, victim) {
        for command in &commands {
            vault.world.write(SOURCE, &forged);
            vault.world.write("good", &good);
            let run = victim.pipes(vault, command, "what is set\n");
            let what = format!("{}, {way}, {command:?}", victim.name);
            assert!(run.code != 0, "{what}: {}", run.all());
            // What is wrong with the lab as long as the file has no value comes first.
            let is_said = REFUSALS.iter().any(|says| run.all().contains(says)) || command[0] == "check";
            assert!(is_said, "{what}: {}", run.all());
            // On a terminal, what would be taken over is shown.
            let is_named = victim.is_locked && ["rekey", "rotate"].contains(&command[1]);
            let is_taken = run.out.contains(HERS) && !is_named || run.out.contains(VALUE);
            assert!(!is_taken, "{what}: {}", run.all());
            let after = (all_of(vault, "nixos"), all_of(vault, "k8s"));
            assert!(vault.text(SOURCE) == forged && vault.text("good") == good && before == after, "{what}");
        }
    }
    vault.world.write(SOURCE, good);
    assert_eq!(victim.must(vault, &["secrets", "check"]).code, 0);
    fs::remove_file(vault.world.path("good")).expect("a file");
}

/// A lab for these people: nobody of those takes anything who could be shown who wrote it.
fn attack<const N: usize>(names: [&str; N]) {
    let people = People::new();
    let people = people.named(names);
    let vault = lab_of(&people);
    vault.world.write("plain.yaml", "settings: C=2\n");
    for victim in people.iter().filter(|one| one.shows) {
        assert_takes_nothing(&vault, &people, victim);
    }
    // Her file is a good one: whose key cannot be shown anything takes it, as is said.
    for one in people.iter().filter(|one| !one.shows && !one.public.starts_with("age1echo1")) {
        vault.world.write(SOURCE, Eve::new().writes(&[&one.public], false));
        assert_eq!(one.must(&vault, &["secrets", "show", "token"]).out, format!("{VALUE}\n"));
    }
}

#[test]
fn readers_with_keys_of_ssh_take_nothing_that_is_forged() {
    attack(["rui"]);
}

#[test]
fn readers_with_keys_behind_a_passphrase_take_nothing_that_is_forged() {
    attack(["lea"]);
}

#[test]
fn who_reads_along_with_a_key_of_rsa_weakens_nobody() {
    attack(["rui", "tom"]);
    attack(["lea", "tom"]);
}

#[test]
fn who_reads_along_with_a_key_for_quantum_computers_weakens_nobody() {
    attack(["ana", "eva"]);
}

#[test]
fn who_reads_along_with_a_key_in_a_plugin_weakens_nobody() {
    attack(["ana", "pia"]);
}

#[test]
fn a_file_for_the_key_that_nothing_can_be_shown_to_does_not_pass_by_the_other_one() {
    let people = People::new();
    let [ana, tom] = people.named(["ana", "tom"]);
    let vault = lab_of(&[ana, tom]);
    let good = vault.text(SOURCE);
    vault.world.write(SOURCE, Eve::new().writes(&[&tom.public], false));
    assert_eq!(tom.must(&vault, &["secrets", "show", "token"]).out, format!("{VALUE}\n"));
    // Somebody has both keys.
    for command in USES {
        let run = tom.with(ana, &vault, command, "");
        assert!(run.code != 0 && run.err.contains(REFUSALS[0]), "{command:?}: {}", run.all());
        assert!(!run.out.contains(HERS) && !run.out.contains(VALUE), "{command:?}: {}", run.all());
    }
    vault.world.write(SOURCE, good);
    assert_eq!(tom.with(ana, &vault, &["secrets", "check"], "").code, 0);
}
