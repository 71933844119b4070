//! A new value reaches what uses it, and what must not simply get another value keeps its own.

use std::collections::BTreeMap;

use crate::vault::Vault;

/// The annotations of pods for their secrets.
fn annotations(vault: &Vault) -> BTreeMap<String, String> {
    let files = vault.world.tree("k8s").into_iter();
    let found = files.filter_map(|(path, text)| {
        let line = text.lines().find(|line| line.contains("checksum/secrets: "))?;
        Some((path.file_name()?.to_string_lossy().into_owned(), line.trim().to_owned()))
    });
    found.collect()
}

#[test]
fn pods_of_charts_restart_that_say_what_they_use() {
    let vault = Vault::filled();
    vault.edit_lab(
        "app web in",
        "release wiki in tools {
          chart = chart(\"wiki\", repo = \"https://charts.example.net\", version = \"1.2.3\")
          values { database = db, podAnnotations.\"checksum/secrets\" = fingerprint(db) }
        }
        app web in",
    );
    let built = || {
        vault.build();
        annotations(&vault)["wiki.values.yaml"].clone()
    };
    let first = built();
    vault.set("token", "another value for a token");
    assert_eq!(built(), first, "it uses no token");
    vault.set("db.user", "somebody else");
    let second = built();
    assert_ne!(second, first);
    assert!(!second.contains("none"), "{second}");
    vault.set("db.user", "somebody else");
    assert_eq!(built(), second, "the value is the same");
    assert_eq!(vault.run(&["secrets", "rotate", "db.password"]).code, 0);
    assert_ne!(built(), second);
    // Whoever has no key builds the same.
    let run = vault.keyless(&["build", "--check"]);
    assert_eq!(run.code, 0, "{}", run.all());
}

#[test]
fn pods_restart_when_a_value_that_they_use_changes() {
    let vault = Vault::built();
    let before = annotations(&vault);
    let names: Vec<&str> = before.keys().map(String::as_str).collect();
    assert_eq!(names, ["deployment-other.yaml", "deployment-web.yaml"]);
    // One uses it.
    vault.set("token", "another value for a token");
    vault.build();
    let after = annotations(&vault);
    assert_eq!(before["deployment-other.yaml"], after["deployment-other.yaml"]);
    assert_ne!(before["deployment-web.yaml"], after["deployment-web.yaml"]);
    // None does, and whoever has no key sees that nothing is to be done.
    vault.set("note", "another\nnote\n");
    vault.set("token", "another value for a token");
    vault.build();
    assert_eq!(annotations(&vault)["deployment-other.yaml"], after["deployment-other.yaml"]);
    let run = vault.keyless(&["build", "--check"]);
    assert_eq!(run.code, 0, "{}", run.all());
    // It is made of what is encrypted, which is another for the same value elsewhere.
    let other = Vault::built();
    assert_eq!(annotations(&other), before);
    other.set("pin", "1234");
    other.build();
    let short = Vault::built();
    short.set("pin", "1234");
    short.build();
    assert_ne!(annotations(&other)["deployment-web.yaml"], annotations(&short)["deployment-web.yaml"]);
}

#[test]
fn nodes_restart_k3s_when_its_token_changes() {
    let vault = Vault::built();
    let cluster: Vec<String> = vault
        .world
        .tree("nixos")
        .into_iter()
        .map(|(_, text)| text)
        .filter(|text| text.contains("tokenFile"))
        .collect();
    let [cluster] = cluster.as_slice() else { panic!("one file says what all nodes have") };
    assert!(cluster.contains("sops.secrets.k3s-token.restartUnits = [ \"k3s.service\" ];"), "{cluster}");
}

#[test]
fn what_must_not_simply_be_rotated_is_left() {
    let vault = Vault::filled();
    vault.edit_lab(
        "secret token { generate = random(32) }",
        "secret token { generate = random(32), rotation = never }",
    );
    vault.edit_lab(
        "secret hexed { generate = hex(16) }",
        "secret hexed { generate = hex(16), rotation = by-hand, rotation-steps = \"tell the cache\" }",
    );
    vault.edit_lab("secret login { kind = bcrypt, ", "secret login { kind = bcrypt, rotation = by-hand, ");
    let kept = ["token", "hexed", "login", "k3s-token", "password"];
    let before: Vec<String> = kept.iter().map(|name| vault.show(name)).collect();
    let (pin, key) = (vault.show("pin"), vault.show("db.password"));
    let run = vault.run(&["secrets", "rotate", "--all"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert_eq!(before, kept.iter().map(|name| vault.show(name)).collect::<Vec<_>>());
    assert!(vault.show("pin") != pin && vault.show("db.password") != key);
    for said in [
        "'token' keeps its value: it is never rotated: what is stored is encrypted with it",
        "'hexed' keeps its value: rotate it by hand, with 'hlc secrets rotate hexed': tell the cache",
        "'k3s-token' keeps its value: rotate it by hand, with 'hlc secrets rotate k3s-token': k3s encrypts",
    ] {
        assert!(run.err.contains(said), "{said}: {}", run.err);
    }
    let run = vault.run(&["secrets", "rotate", "hexed"]);
    assert!(run.code == 0 && run.err.contains("that is not all: tell the cache"), "{}", run.all());
    assert_ne!(vault.show("hexed"), before[1]);
    let run = vault.run(&["secrets", "rotate", "pin", "token"]);
    assert!(run.code == 1 && run.err.contains("'token' is never rotated"), "{}", run.all());
    assert_eq!(vault.show("token"), before[0]);
    // What has no value yet is made all the same.
    assert_eq!(vault.run(&["secrets", "remove", "token"]).code, 0);
    assert_eq!(vault.run(&["secrets", "generate"]).code, 0);
    assert_ne!(vault.show("token"), before[0]);
    assert_eq!(vault.run(&["build"]).code, 0);
}
