//! `hlc secrets generate` and `rotate`: what is made is what the real tools take for it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use harness::{Outcome, tools};

use crate::vault::{PASSWORD, SOURCE, Vault, admin};

/// Whether the C library's `crypt` takes the password for the one that was hashed.
#[track_caller]
fn is_hash_of(hash: &str, password: &str) -> bool {
    let mut perl = Command::new("perl");
    let compare = "print crypt($ARGV[1], $ARGV[0]) eq $ARGV[0] ? 'same' : 'other'";
    Outcome::of(perl.args(["-e", compare, hash, password])).succeeded().stdout == "same"
}

/// The public half of an SSH key, as OpenSSH computes it.
#[track_caller]
fn public_ssh(vault: &Vault, private: &str) -> String {
    let path = vault.world.path("ssh-key");
    fs::write(&path, format!("{private}\n")).expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("permissions");
    let public = Outcome::of(Command::new("ssh-keygen").args(["-y", "-f"]).arg(&path)).succeeded().stdout;
    public.trim().to_owned()
}

#[test]
fn values_are_what_they_should_be() {
    let vault = Vault::filled();
    let all = |text: &str, length: usize, allowed: &str| {
        text.len() == length && text.chars().all(|char| allowed.contains(char))
    };
    let show = |name: &str| vault.show(name);
    assert!(all(&show("pin"), 40, "0123456789"));
    assert!(show("token").len() == 32 && show("token").chars().all(|char| char.is_ascii_alphanumeric()));
    assert!(all(&show("hexed"), 32, "0123456789abcdef"));
    assert_eq!(BASE64_STANDARD.decode(show("based")).expect("Base64").len(), 33);
    assert_eq!(BASE64_STANDARD.decode(show("blob")).expect("Base64").len(), 64);
    let id = show("id");
    let groups: Vec<&str> = id.split('-').collect();
    assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{id}");
    assert!(groups[2].starts_with('4') && "89ab".contains(&groups[3][..1]), "{id}");
    assert!(id.chars().all(|char| "0123456789abcdef-".contains(char)), "{id}");
}

#[test]
fn keys_are_keys_of_the_real_tools() {
    let vault = Vault::filled();
    let public = public_ssh(&vault, &vault.show("deploy"));
    assert!(public.starts_with("ssh-ed25519 ") && public.ends_with(" argo at home"), "{public}");
    let eval = vault.run(&["eval", "deploy.public-key"]);
    assert_eq!(eval.out.trim().trim_matches('"'), public);
    vault.build();
    let user = vault.world.tree("nixos").into_iter().find(|(_, text)| text.contains("authorizedKeys"));
    assert!(user.expect("a user has keys").1.contains(&public));

    fs::write(vault.world.path("machine"), vault.show("machine")).expect("a file");
    let mut keygen = tools::command("age-keygen");
    let public = Outcome::of(keygen.arg("-y").arg(vault.world.path("machine"))).succeeded().stdout;
    assert!(vault.text(SOURCE).contains(&format!("machine: {}", public.trim())), "{public}");
}

#[test]
fn hashes_are_of_their_password() {
    let vault = Vault::filled();
    let (login, line) = (vault.show("login"), vault.show("web-user"));
    assert!(login.starts_with("$2b$08$") && is_hash_of(&login, PASSWORD), "{login}");
    assert!(!is_hash_of(&login, "another"));
    let hash = line.strip_prefix("ana:").expect("a user");
    assert!(hash.starts_with("$2y$08$") && is_hash_of(hash, PASSWORD), "{line}");
}

#[test]
fn what_is_there_stays() {
    let vault = Vault::filled();
    let before = vault.text(SOURCE);
    let run = vault.run(&["secrets", "generate"]);
    assert!(run.code == 0 && run.err.starts_with("nothing was made"), "{}", run.all());
    assert_eq!(vault.run(&["secrets", "generate", "token"]).code, 0);
    assert_eq!(before, vault.text(SOURCE));
}

#[test]
fn what_needs_a_value_waits_for_it() {
    let vault = Vault::empty();
    let run = vault.run(&["secrets", "generate"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("made 'token'\n"), "{}", run.err);
    for waiting in ["login", "web-user"] {
        let says =
            format!("error: '{waiting}' is made of 'password', which 'hlc secrets set password' sets\n");
        assert!(run.err.contains(&says), "{}", run.err);
    }
    let run = vault.run(&["secrets", "generate", "login"]);
    assert!(run.code == 1 && run.err.contains("secret 'password' has no value"), "{}", run.all());
    let run = vault.run(&["secrets", "generate", "password"]);
    assert!(run.code == 1 && run.err.contains("does not say how to make 'password'"), "{}", run.all());
    vault.set("password", PASSWORD);
    let run = vault.run(&["secrets", "generate"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(is_hash_of(&vault.show("login"), PASSWORD));
}

#[test]
fn rotation_makes_new_values_and_what_is_made_of_them() {
    let vault = Vault::filled();
    vault.edit_lab("secret password { }", "secret password { generate = random(20) }");
    let names = ["password", "login", "web-user", "token", "deploy"];
    let before = names.map(|name| vault.show(name));
    let run = vault.run(&["secrets", "rotate", "password", "deploy"]);
    assert_eq!(run.code, 0, "{}", run.all());
    let after = names.map(|name| vault.show(name));
    for (nth, name) in names.iter().enumerate() {
        assert_eq!(before[nth] == after[nth], *name == "token", "{name}");
        assert_eq!(run.err.contains(&format!("'{name}' has a new value")), *name != "token", "{}", run.err);
    }
    assert!(is_hash_of(&after[1], &after[0]) && !is_hash_of(&after[1], PASSWORD));
    let public = public_ssh(&vault, &after[4]);
    assert!(vault.text(SOURCE).contains(&format!("deploy: {public}")), "{public}");
    vault.build();
    assert_eq!(vault.wrong(), "");
}

#[test]
fn rotation_of_the_key_alone_keeps_values() {
    let vault = Vault::built();
    let (before, values) = (vault.text(SOURCE), vault.values(SOURCE, &admin()));
    assert_eq!(vault.run(&["secrets", "rotate"]).code, 0);
    let (after, mut rotated) = (vault.text(SOURCE), vault.values(SOURCE, &admin()));
    assert!(sealed(&before).iter().all(|value| !after.contains(value)));
    // What keys of delivered files are derived from is new, too.
    assert_ne!(values["hlc_delivery"], rotated["hlc_delivery"]);
    for own in ["hlc_delivery", "hlc_seal"] {
        rotated[own] = values[own].clone();
    }
    assert_eq!(values, rotated);
    vault.build();
    assert_eq!(vault.wrong(), "");
}

#[test]
fn all_can_be_rotated_at_once() {
    let vault = Vault::filled();
    let (note, token) = (vault.show("note"), vault.show("token"));
    assert_eq!(vault.run(&["secrets", "rotate", "--all"]).code, 0);
    assert_eq!(vault.show("note"), note);
    assert_ne!(vault.show("token"), token);
    assert!(is_hash_of(&vault.show("login"), PASSWORD));
}

/// The encrypted values of a file.
fn sealed(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.split_once(": ENC[")).map(|(_, value)| value).collect()
}
