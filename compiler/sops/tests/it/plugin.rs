//! Plugins of age: programs that the crate starts only when it is handed the way to.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use harness::{Outcome, tools};
use sops::keys::plugins::{Callbacks, NoCallbacks, Programs};
use sops::keys::{Access, Identities, SecretString};
use sops::{Document, Format, Settings, encrypt};

use crate::plain::{Plain, map, text};
use crate::sandbox::{Sandbox, time};

/// A plugin that writes keys down backwards, and wants to be asked politely.
const PROGRAM: &str = include_str!("age-plugin-echo");
const RECIPIENT: &str = "age1echo1dpkxxmf9kr8";
const IDENTITY: &str = "AGE-PLUGIN-ECHO-1DPKXX2RF90U";

/// Somebody who knows the word.
#[derive(Clone)]
struct Polite;

impl Callbacks for Polite {
    fn display_message(&self, _: &str) {}

    fn confirm(&self, _: &str, _: &str, _: Option<&str>) -> Option<bool> {
        None
    }

    fn request_public_string(&self, _: &str) -> Option<String> {
        None
    }

    fn request_passphrase(&self, description: &str) -> Option<SecretString> {
        (description == "the word").then(|| "please".to_owned().into())
    }
}

fn identities() -> Identities {
    let mut identities = Identities::new();
    identities.add(IDENTITY.as_bytes(), "keys.txt").unwrap();
    identities
}

fn tree() -> Plain {
    map([("a", text("one"))])
}

/// Runs the test of this name once more, in a process of its own that finds the plugin on its `PATH`. Returns whether
/// this is that process.
fn with_plugin(test: &str) -> bool {
    if env::var_os("WITH_AGE_PLUGIN").is_some() {
        return true;
    }
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("age-plugin-echo");
    fs::write(&program, PROGRAM).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let others = tools::search_path();
    let path =
        env::join_paths([folder.path().to_owned()].into_iter().chain(env::split_paths(&others))).unwrap();
    let mut again = Command::new(env::current_exe().unwrap());
    again.args(["--exact", test, "--nocapture"]).env("PATH", path).env("WITH_AGE_PLUGIN", "1");
    Outcome::of(&mut again).succeeded();
    false
}

#[test]
fn plugins_encrypt_and_decrypt() {
    if !with_plugin("plugin::plugins_encrypt_and_decrypt") {
        return;
    }
    let sandbox = Sandbox::new("a.yaml");
    let programs = Programs::new(Polite);
    let recipients = [sandbox.key.recipient.clone(), RECIPIENT.parse().unwrap()];
    let settings = Settings::new(recipients, time(0)).plugins(&programs);
    let file = encrypt(&tree().tree(), Format::Yaml, &settings).unwrap();

    let document = Document::parse(file.as_bytes(), Format::Yaml).unwrap();
    let identities = identities();
    let key = document.unwrap_key(&Access::new(&identities).plugins(&programs)).unwrap();
    assert!(key.is_same(&sandbox.key.unwrap(&document).unwrap()));
    assert_eq!(key.opened()[0].says, RECIPIENT);
    assert_eq!(key.mislabelled(), None);

    // SOPS finds the plugin in the same place, and nobody says the word to it.
    sandbox.write(&file);
    fs::write(sandbox.path("keys.txt"), IDENTITY).unwrap();
    sandbox.sops_with_path(&env::var_os("PATH").unwrap(), &["decrypt"]).failed();
    let impolite = Programs::new(NoCallbacks);
    let error = document.unwrap_key(&Access::new(&identities).plugins(&impolite)).unwrap_err();
    assert!(error.to_string().starts_with("none of the identities can decrypt it"), "{error}");
}

#[test]
fn plugins_are_started_only_when_handed_in() {
    let with_plugins = Settings::new([RECIPIENT.parse().unwrap()], time(0));
    let error = encrypt(&tree().tree(), Format::Yaml, &with_plugins).unwrap_err();
    assert_eq!(error.to_string(), "age-plugin-echo: plugins are not used here");

    let sandbox = Sandbox::new("a.yaml");
    let file = encrypt(&tree().tree(), Format::Yaml, &crate::sandbox::settings([&sandbox.key])).unwrap();
    let document = Document::parse(file.as_bytes(), Format::Yaml).unwrap();
    let error = document.unwrap_key(&Access::new(&identities())).unwrap_err();
    assert_eq!(error.to_string(), "age-plugin-echo: plugins are not used here");
}

#[test]
fn a_plugin_that_is_not_there_is_named() {
    let programs = Programs::new(NoCallbacks);
    let recipient = "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t".parse();
    let settings = Settings::new([recipient.unwrap()], time(0)).plugins(&programs);
    let error = encrypt(&tree().tree(), Format::Yaml, &settings).unwrap_err();
    assert_eq!(error.to_string(), "age-plugin-yubikey: there is no such program on the PATH");
}

/// A name with a path in it would start a program that is no plugin.
#[test]
fn names_of_plugins_are_no_paths() {
    let error = "age1a/b1dpkxxhpmt3q".parse::<sops::keys::Recipient>().unwrap_err();
    assert_eq!(error.to_string(), "the recipient is damaged: its check sum is wrong");
    let mut identities = Identities::new();
    assert!(identities.add(b"AGE-PLUGIN-A/B-1DPKXXRLPKFT", "keys.txt").is_err());
}
