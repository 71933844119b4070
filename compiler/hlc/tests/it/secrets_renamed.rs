//! What is called otherwise in the lab keeps its value.

use crate::vault::{SOURCE, Vault};

/// What `list` says of a value behind its name: whether it is there, and since when.
fn listed(vault: &Vault, name: &str) -> String {
    let run = vault.run(&["secrets", "list"]);
    let line = run.out.lines().find_map(|line| line.trim_start().strip_prefix(name).map(str::to_owned));
    line.unwrap_or_else(|| panic!("{}", run.all()))
}

#[test]
fn a_secret_that_the_lab_calls_otherwise_keeps_its_values() {
    let vault = Vault::filled();
    let pin = vault.run(&["secrets", "show", "pin"]).out;
    let user = vault.run(&["secrets", "show", "db.user"]).out;
    for (old, new) in [("pin", "pin-code"), ("db", "database")] {
        let run = vault.run(&["secrets", "rename", old, new]);
        assert!(
            run.code == 0 && run.err.contains(&format!("the lab still declares '{old}")),
            "{}",
            run.all()
        );
        assert!(run.err.contains(&format!("the lab declares no '{new}")), "{}", run.all());
        assert_eq!(vault.run(&["secrets", "show", old]).code, 1);
    }
    let lab = vault.text("homelab.hl");
    let renamed = lab.replace("secret pin ", "secret pin-code ").replace("= pin", "= pin-code");
    assert_ne!(lab, renamed);
    vault.world.write("homelab.hl", &renamed);
    assert_eq!(vault.run(&["secrets", "show", "pin-code"]).out, pin);
    assert!(vault.run(&["secrets", "check"]).code < 2);
    // One key of a secret, and back.
    let run = vault.run(&["secrets", "rename", "database.user", "db.user"]);
    assert_eq!(run.code, 0, "{}", run.all());
    let run = vault.run(&["secrets", "rename", "database.password", "db.password"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert_eq!(vault.run(&["secrets", "show", "db.user"]).out, user);
    assert!(!listed(&vault, "db.user").is_empty());
}

#[test]
fn what_cannot_be_renamed_stays() {
    let vault = Vault::filled();
    let before = vault.text(SOURCE);
    for (old, new, said) in [
        ("pin", "token", "'token' has a value already"),
        ("pinn", "other", "did you mean 'pin'?"),
        ("db", "pin", "'pin.password' has a value already"),
        ("db.user", "pin.user", "'pin.user' has a value already"),
        ("db.user", "user", "is a key of a secret"),
        ("pin", "other.pin", "a key of one"),
        ("pin", "hlc_seal", "hlc_seal"),
    ] {
        let run = vault.run(&["secrets", "rename", old, new]);
        assert!(run.code == 1 && run.err.contains(said), "{old} {new}: {}", run.all());
        assert_eq!(vault.text(SOURCE), before);
    }
}
