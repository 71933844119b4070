//! What is said of secrets without a key.

use crate::vault::Vault;
use crate::world::World;

const LAB: &str = "lab home { domain = \"home.example.net\" }\n\
    recipient laptop = \"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\"\n\
    secret admin { rotate = 90d }\n\
    secret deploy { generate = ssh-key() }\n";

/// Asks for a public half.
const EVAL: [&str; 2] = ["eval", "deploy.public-key"];

fn check(world: &World) -> String {
    let mut command = world.command(&["check", "--format", "short"]);
    // The 22nd of May 2026.
    let output = command.env("SOURCE_DATE_EPOCH", "1779480983").output().expect("the program runs");
    String::from_utf8(output.stdout).expect("text")
}

fn rules(said: &str) -> Vec<&str> {
    said.lines().filter_map(|line| line.split(['[', ']']).nth(1)).collect()
}

#[test]
fn a_lab_without_values_gets_one_hint() {
    let said = check(&World::with(LAB));
    assert_eq!(rules(&said), ["secret-without-value"], "{said}");
    assert!(said.contains("there is no homelab.secrets.yaml yet"), "{said}");
}

#[test]
fn names_ages_and_emptiness_are_known_without_a_key() {
    let file = "admin: ENC[x]\ndeploy: \"\"\nold: ENC[x]\nhlc_unencrypted: { changed: { admin: 2026-01-02 } }\nsops: x\n";
    let said = check(&World::with(LAB).file("homelab.secrets.yaml", file));
    let mut found = rules(&said);
    found.sort_unstable();
    assert_eq!(found, ["secret-expired", "secret-without-value", "value-without-declaration"], "{said}");
    assert!(said.contains("140 days old"), "{said}");
}

#[test]
fn a_value_in_plain_is_an_error_and_is_not_repeated() {
    let world = World::with(LAB).file("homelab.secrets.yaml", "admin: hunter2\ndeploy: ENC[x]\nsops: x\n");
    let run = world.run(&["build"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("secret-not-encrypted") && !run.err.contains("hunter2"), "{}", run.err);
}

#[test]
fn public_keys_are_plain_values() {
    let ask = |world: &World| world.run(&["eval", "deploy.public-key"]).all();
    let without = ask(&World::with(LAB));
    assert!(
        without.contains("error[no-public-key]") && without.contains("hlc secrets generate deploy"),
        "{without}"
    );
    // With a key it is known that nobody changed it; without one, what a build with a key has used is as good.
    let vault = Vault::filled();
    let ask = |vault: &Vault| [vault.run(&EVAL), vault.keyless(&EVAL)];
    let [with, without] = ask(&vault);
    assert!(with.out.contains("\"ssh-ed25519 AAAA"), "{}", with.all());
    assert!(without.code == 1 && without.err.contains("no build with a key has used"), "{}", without.all());
    vault.build();
    let [with, without] = ask(&vault);
    assert_eq!((with.code, with.out), (without.code, without.out));
}

#[test]
fn a_file_that_cannot_be_read_is_told_without_what_is_in_it() {
    let run = World::with(LAB).file("homelab.secrets.yaml", "admin: hunter2: x\n").run(&["check"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("homelab.secrets.yaml:1 is not YAML") && !run.err.contains("hunter2"),
        "{}",
        run.err
    );
}

#[test]
fn another_lab_has_another_file() {
    let world = World::empty().file("other.hl", LAB).file("homelab.secrets.yaml", "admin: ENC[x]\nsops: x\n");
    let said = world.run(&["--file", "other.hl", "check", "--format", "short"]).out;
    assert!(said.contains("there is no other.secrets.yaml yet"), "{said}");
}
