//! The lab as a fresh clone has it is whole: with its secrets, and with keys for everybody that open them.

use std::fs;

use emit_secrets::{Delivered, Format};
use harness::nix::NixosCheck;
use harness::outcome::Outcome;
use harness::tools;
use serde_json::Value;

use crate::lab::{Written, demonstration_key, hosts, outputs};
use crate::real::hlc_without_keys;
use crate::values::Values;

#[test]
fn the_demonstration_key_says_that_it_guards_nothing() {
    let file = demonstration_key().file();
    assert!(file.ends_with("demonstration-key-that-guards-nothing.txt"), "{}", file.display());
    let text = fs::read_to_string(file).unwrap();
    assert!(text.lines().next().unwrap().contains("GUARD NOTHING"), "{text}");
}

#[test]
fn hosts_evaluate_as_they_are_committed() {
    let Some(nixos) = NixosCheck::find() else { return };
    let written = Written::committed();
    for host in hosts(&outputs().nixos) {
        let secrets = nixos.host(&written.nixos(), host, &["sops.secrets"]);
        let secrets = secrets.unwrap_or_else(|message| panic!("{host}: {message}"));
        assert!(secrets["sops.secrets"].as_object().is_some_and(|secrets| secrets.len() >= 2), "{secrets}");
    }
}

#[test]
fn sops_decrypts_all_that_is_committed_with_the_demonstration_key() {
    let written = Written::committed();
    let values = Values::of(&written);
    assert!(outputs().secrets.len() >= 8, "{}", outputs().secrets.len());
    for file in &outputs().secrets {
        assert_eq!(decrypted(file, &written), values.tree(&file.tree), "{}", file.path);
    }
}

/// What the real sops makes of a file, with the key of the lab.
#[track_caller]
pub(crate) fn decrypted(file: &Delivered, written: &Written) -> Value {
    assert_eq!(file.format, Format::Yaml, "this test knows no other: {}", file.path);
    let mut sops = tools::command("sops");
    sops.current_dir(written.folder()).env("SOPS_AGE_KEY_FILE", written.key.file());
    sops.args(["decrypt", "--output-type", "json", &file.path]);
    serde_json::from_str(&Outcome::of(&mut sops).succeeded().stdout).expect("sops prints JSON")
}

#[test]
fn a_build_has_nothing_to_do_with_the_key_or_without() {
    let written = Written::committed();
    let hlc = |arguments: &[&str], has_key: bool| {
        let mut hlc = hlc_without_keys(written.folder());
        hlc.envs(has_key.then(|| ("SOPS_AGE_KEY_FILE", written.key.file())));
        Outcome::of(hlc.args(arguments)).succeeded()
    };
    for has_key in [true, false] {
        let checked = hlc(&["build", "--check"], has_key);
        assert!(checked.stdout.starts_with("nothing to do"), "{checked}");
    }
    hlc(&["secrets", "check"], true);
}
