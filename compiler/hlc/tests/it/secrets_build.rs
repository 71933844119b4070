//! `hlc build` with secrets: who reads what, what stays as it is, and what works without a key.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::SystemTime;

use harness::sops_placeholder::AgeKey;

use crate::vault::{DELIVERED, SOURCE, Vault, admin, keys};

/// The lines of a file by what stands before the colon: the first of each.
fn lines(text: &str) -> BTreeMap<&str, &str> {
    let mut lines = BTreeMap::new();
    for line in text.lines() {
        if let Some((key, rest)) = line.split_once(": ").or_else(|| line.split_once(':')) {
            lines.entry(key.trim().trim_matches('"')).or_insert(rest);
        }
    }
    lines
}

/// The lines of which the values differ.
fn changed<'a>(before: &'a str, after: &'a str) -> BTreeSet<&'a str> {
    let (before, after) = (lines(before), lines(after));
    before.keys().chain(after.keys()).filter(|key| before.get(*key) != after.get(*key)).copied().collect()
}

/// Each delivered file's text.
fn delivered(vault: &Vault) -> [String; 5] {
    DELIVERED.map(|path| vault.text(path))
}

/// Contents and times of all files.
fn state(vault: &Vault) -> Vec<(String, String, SystemTime)> {
    let state = |(path, text): (std::path::PathBuf, String)| {
        let modified = fs::metadata(&path).and_then(|about| about.modified()).expect("a time");
        (path.display().to_string(), text, modified)
    };
    vault.world.tree(".").into_iter().map(state).collect()
}

#[test]
fn each_reader_reads_what_is_theirs_and_nothing_else() {
    let vault = Vault::built();
    let keys = keys();
    let identities = [keys.one.age_identity(), keys.two.age_identity(), admin()];
    for (nth, path) in DELIVERED.iter().enumerate() {
        let reader = [0, 0, 1, 2, 2][nth];
        for (who, identity) in identities.iter().enumerate() {
            let outcome = vault.sops(path, identity);
            assert_eq!(outcome.ok, who == reader, "{path} by {who}: {outcome}");
        }
    }
    // All values, only the admin.
    assert!(!vault.sops(SOURCE, &identities[0]).ok && !vault.sops(SOURCE, &identities[1]).ok);

    let one = vault.values(DELIVERED[0], &identities[0]);
    let names: Vec<&String> = one.as_object().expect("a map").keys().collect();
    assert_eq!(names, ["deploy", "k3s-token", "login", "password"]);
    for name in ["k3s-token", "login", "password"] {
        assert_eq!(one[name], *vault.show(name), "{name}");
    }
    let two = vault.values(DELIVERED[2], &identities[1]);
    assert_eq!(two, serde_json::json!({ "k3s-token": one["k3s-token"], "login": one["login"] }));
    let web = vault.values(DELIVERED[4], &identities[2]);
    let web = &web["secrets"]["web-secrets"];
    assert_eq!(web["URL"], *format!("redis://keeper of the books:{}@cache:6379", vault.show("db.password")));
    assert_eq!((&web["note"], &web["TOKEN"]), (&"first\nsecond\n".into(), &(*vault.show("token")).into()));
}

#[test]
fn bytes_are_delivered_as_they_are() {
    let vault = Vault::built();
    let bytes: Vec<u8> = (0..64).map(|n| b'!' + n).collect();
    vault.set("blob", &bytes);
    vault.build();
    let outcome = vault.sops(DELIVERED[1], &keys().one.age_identity()).succeeded();
    assert_eq!(outcome.stdout.as_bytes(), bytes);
}

#[test]
fn twice_is_once() {
    let vault = Vault::built();
    let before = state(&vault);
    vault.build();
    assert!(before == state(&vault), "a second build changed something");
    // Where nothing is known of what the files are made of, all that is encrypted for readers is encrypted anew, and what
    // is encrypted under the keys that hlc makes stays.
    for index in ["nixos/.secrets.json", "k8s/.secrets.json"] {
        fs::remove_file(vault.world.path(index)).expect("an index");
    }
    let files = delivered(&vault);
    vault.build();
    let sealed = |text: &str| text.lines().filter(|line| line.contains("ENC[")).map(str::to_owned).collect();
    let all: [[Vec<String>; 5]; 2] =
        [&files, &delivered(&vault)].map(|files| files.each_ref().map(|text| sealed(text)));
    assert_eq!(all[0], all[1]);
    assert!(files.iter().zip(delivered(&vault)).all(|(before, after)| *before != after));
    assert_eq!(vault.wrong(), "");
}

#[test]
fn encrypting_anew_is_never_the_same() {
    let vault = Vault::built();
    let before = delivered(&vault);
    for path in DELIVERED {
        fs::remove_file(vault.world.path(path)).expect("a file");
    }
    vault.build();
    for (before, after) in before.iter().zip(delivered(&vault)) {
        let sealed = |text: &str| -> BTreeSet<String> {
            text.match_indices(",iv:").map(|(at, _)| text[at + 4..at + 48].to_owned()).collect()
        };
        let (before, after) = (sealed(before), sealed(&after));
        assert!(!before.is_empty() && before.is_disjoint(&after));
    }
}

#[test]
fn one_value_changes_one_leaf() {
    let vault = Vault::built();
    let (source, before) = (vault.text(SOURCE), delivered(&vault));
    vault.set("db.user", "somebody else altogether");
    let after = vault.text(SOURCE);
    let leaf_only = BTreeSet::from(["user", "hlc_seal", "lastmodified", "mac"]);
    assert!(changed(&source, &after).is_subset(&leaf_only), "{:?}", changed(&source, &after));
    vault.build();
    let now = delivered(&vault);
    assert_eq!(before[..4], now[..4]);
    let expected = BTreeSet::from(["URL", "lastmodified", "mac"]);
    let found = changed(&before[4], &now[4]);
    assert!(found.is_subset(&expected) && found.contains("URL") && found.contains("mac"), "{found:?}");

    // A value that both hosts have: their files have no reader whose key is here.
    let run = vault.run(&["secrets", "rotate", "k3s-token"]);
    assert_eq!(run.code, 0, "{}", run.all());
    let rotated = vault.text(SOURCE);
    assert!(changed(&after, &rotated).contains("token"), "everything is encrypted anew");
    vault.build();
    assert_eq!(vault.wrong(), "");
}

#[test]
fn one_value_of_a_host_changes_one_leaf() {
    let vault = Vault::built();
    let before = delivered(&vault);
    vault.set("k3s-token", "a token that somebody else made, long enough");
    vault.build();
    let now = delivered(&vault);
    for nth in [0, 2] {
        let found = changed(&before[nth], &now[nth]);
        let expected = BTreeSet::from(["k3s-token", "lastmodified", "mac"]);
        assert!(found.is_subset(&expected) && found.contains("k3s-token"), "{found:?}");
    }
    assert_eq!((&before[1], &before[3..]), (&now[1], &now[3..]));
    let values = vault.values(DELIVERED[2], &keys().two.age_identity());
    assert_eq!(values["k3s-token"], "a token that somebody else made, long enough");
    // The same value again is no change.
    vault.set("k3s-token", "a token that somebody else made, long enough");
    vault.build();
    assert_eq!(now, delivered(&vault));
}

#[test]
fn no_initialization_vector_is_used_twice() {
    let vault = Vault::built();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for round in 0..4 {
        vault.set("password", format!("password number {round}"));
        vault.set("db.user", format!("user {round}"));
        vault.build();
        for path in DELIVERED.iter().chain([&SOURCE]) {
            let text = vault.text(path);
            for (at, _) in text.match_indices("ENC[") {
                let sealed = text[at..].split(']').next().expect("an end");
                let vector = sealed.split(",iv:").nth(1).expect("a vector").split(',').next().expect("one");
                let known = seen.entry(vector.to_owned()).or_insert_with(|| sealed.to_owned());
                assert_eq!(known, sealed, "{path}: one vector, two values");
            }
        }
    }
    assert!(seen.len() > 40);
}

#[test]
fn without_a_key_what_is_up_to_date_stays() {
    let vault = Vault::built();
    let before = state(&vault);
    let run = vault.keyless(&["build"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(run.out.starts_with("nothing to do"), "{}", run.out);
    assert!(before == state(&vault), "a build without a key changed something");
    // What has nothing to do with secrets can be changed.
    vault.edit_lab("domain = \"home.example.net\"", "domain = \"other.example.net\"");
    let files = delivered(&vault);
    assert_eq!(vault.keyless(&["build"]).code, 0);
    assert_eq!(files, delivered(&vault));
    assert_eq!(vault.wrong(), "");
}

#[test]
fn without_a_key_nothing_is_written_where_one_is_needed() {
    let vault = Vault::built();
    vault.set("db.user", "somebody else altogether");
    vault.set("k3s-token", "a token that somebody else made, long enough");
    vault.edit_lab("domain = \"home.example.net\"", "domain = \"other.example.net\"");
    let before = state(&vault);
    for other in [None, Some(AgeKey::generate())] {
        let mut command = vault.world.command(&["build"]);
        if let Some(other) = &other {
            command.env("SOPS_AGE_KEY_FILE", other.file());
        }
        let run = crate::world::Run::of(&command.output().expect("the program runs"));
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{}", run.all());
        for says in [
            "nothing was written",
            "k8s/10_last/web/secrets/web.values.secrets.yaml: 'db.password', 'db.user'",
            "nixos/secrets/two.yaml: 'k3s-token', 'login'",
            keys().admin.recipient(),
        ] {
            assert!(run.err.contains(says), "{says}: {}", run.err);
        }
        assert!(run.err.contains("SOPS_AGE_KEY_FILE"), "{}", run.err);
        assert!(before == state(&vault), "something was written");
    }
    vault.build();
    assert_eq!(vault.wrong(), "");
}

#[test]
fn check_needs_no_key_either() {
    let vault = Vault::built();
    assert_eq!(vault.keyless(&["build", "--check"]).code, 0);
    assert_eq!(vault.keyless(&["check"]).code, 0);
    vault.set("db.user", "somebody else altogether");
    let before = state(&vault);
    assert_eq!(vault.run(&["build", "--check"]).code, 1);
    assert_eq!(vault.keyless(&["build", "--check"]).code, 1);
    assert!(before == state(&vault), "--check wrote something");
}

#[test]
fn secrets_without_a_value_stop_nothing_else() {
    let vault = Vault::filled();
    vault.edit_lab("secret pin {", "secret extra { }\nsecret pin {");
    vault.edit_lab("PIN = pin,", "PIN = pin, EXTRA = extra,");
    let run = vault.run(&["build"]);
    assert!(run.code == 0 && run.err.contains("secret-without-value"), "{}", run.all());
    assert!(vault.world.path(DELIVERED[0]).exists() && !vault.world.path(DELIVERED[4]).exists());
    assert!(vault.wrong().contains("'extra' has no value"));
    vault.set("extra", "a value that is long enough");
    vault.build();
    assert_eq!(vault.wrong(), "");
}
