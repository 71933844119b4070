//! Values that belong together: private keys and public halves, passwords and hashes. Another program changes one alone.

use harness::sops_placeholder::AgeKey;
use harness::ssh_key::HostKey;
use harness::{Outcome, tools};

use crate::secrets_edit::edited;
use crate::vault::{SOURCE, Vault, keys};

/// Gives a value to a secret with the real SOPS, as its documentation says.
#[track_caller]
fn sops_set(vault: &Vault, name: &str, value: &str) {
    let mut sops = tools::command("sops");
    sops.env("SOPS_AGE_KEY_FILE", keys().admin.file()).current_dir(vault.world.path("."));
    let value = serde_json::to_string(value).expect("JSON");
    Outcome::of(sops.args(["set", SOURCE, &format!("[{name:?}]"), &value])).succeeded();
}

/// The public half that the file says a value has.
fn half(vault: &Vault, name: &str) -> Option<String> {
    let text = vault.text(SOURCE);
    let (_, halves) = text.split_once("    public:\n")?;
    let line = halves.lines().find_map(|line| line.trim().strip_prefix(&format!("{name}: ")));
    line.map(|half| half.trim_matches('"').to_owned())
}

/// A new private key and its public half for each generator that makes pairs, made by the tool whose format it is.
fn pairs() -> [(&'static str, String, String); 2] {
    let (ssh, age) = (HostKey::generate(), AgeKey::generate());
    let age_key = std::fs::read_to_string(age.file()).expect("a key");
    let age_key =
        age_key.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).expect("a line").to_owned();
    [
        ("deploy", ssh.private().to_owned(), ssh.public().to_owned()),
        ("machine", age_key, age.recipient().to_owned()),
    ]
}

#[test]
fn a_private_key_that_sops_changed_is_noticed_and_its_public_half_mended() {
    for (name, private, public) in pairs() {
        let vault = Vault::built();
        let old = half(&vault, name).expect("a public half");
        sops_set(&vault, name, &private);
        assert_eq!(half(&vault, name), Some(old.clone()), "SOPS knows nothing of it");
        let changed = vault.text(SOURCE);
        let built = vault.world.tree("nixos");
        let run = vault.run(&["check"]);
        assert!(run.code == 1 && run.all().contains("other-public-half"), "{}", run.all());
        assert!(vault.wrong().contains(&format!("the public half of '{name}'")), "{}", vault.wrong());
        let eval = format!("{name}.public-key");
        for command in [&["build"][..], &["build", "--force"], &["build", "--check"], &["eval", &eval]] {
            let run = vault.run(command);
            assert!(run.code != 0 && !run.out.contains(&old), "{command:?}: {}", run.all());
            assert!(run.err.contains(&format!("'{name}'")) && run.err.contains("rekey"), "{}", run.err);
        }
        assert_eq!(vault.world.tree("nixos"), built, "nothing is written");
        // Whatever writes the file mends it.
        for command in [
            &["secrets", "rekey"][..],
            &["secrets", "generate"],
            &["secrets", "rotate", "pin"],
            &["secrets", "remove", "note"],
        ] {
            vault.world.write(SOURCE, &changed);
            let run = vault.run(command);
            assert!(
                run.code == 0 && run.err.contains(&format!("'{name}' has another public half")),
                "{}",
                run.err
            );
            assert_eq!(half(&vault, name).as_deref(), Some(public.as_str()), "{command:?}");
            assert_eq!(vault.show(name).trim_end(), private.trim_end());
        }
        vault.world.write(SOURCE, &changed);
        let run = edited(&vault, "sed -i 's/^pin: .*/pin: \"8375610394857261\"/' \"$1\"");
        assert_eq!((run.code, half(&vault, name)), (0, Some(public)), "{}", run.all());
        vault.build();
        assert_eq!(vault.wrong(), "");
    }
}

#[test]
fn what_is_no_private_key_has_no_public_half() {
    for (name, _, _) in pairs() {
        let vault = Vault::built();
        sops_set(&vault, name, "no key of any kind");
        assert!(vault.run(&["check"]).all().contains("other-public-half"));
        assert_eq!(vault.run(&["build"]).code, 1);
        assert_eq!(vault.run(&["secrets", "rekey"]).code, 0);
        assert_eq!(half(&vault, name), None);
        // Now it is said that there is none, where one is used.
        let run = vault.run(&["eval", &format!("{name}.public-key")]);
        assert!(run.code != 0 && run.all().contains("is not known yet"), "{}", run.all());
        assert!(vault.run(&["check"]).all().contains("is not a private key"));
    }
}

#[test]
fn hashes_follow_the_password_that_they_are_of() {
    let vault = Vault::built();
    sops_set(&vault, "password", "another battery staple");
    let wrong = vault.wrong();
    for hash in ["login", "web-user"] {
        assert!(
            wrong.contains(&format!("'{hash}' is not made of the 'password' that is there now")),
            "{wrong}"
        );
    }
    let run = vault.run(&["secrets", "rotate", "login", "web-user"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert_eq!(vault.show("password"), "another battery staple");
    assert!(!vault.wrong().contains("is not made of"), "{}", vault.wrong());
    // What hlc itself changes takes them along, whichever way.
    let changes: [&dyn Fn() -> crate::world::Run; 3] = [
        &|| vault.pipe(&["secrets", "set", "password"], "a third battery staple"),
        &|| edited(&vault, "sed -i 's/^password: .*/password: a fourth battery staple/' \"$1\""),
        &|| {
            vault.world.write("from.yaml", "password: a fifth battery staple\n");
            vault.run(&["secrets", "import", "from.yaml", "--replace"])
        },
    ];
    for change in changes {
        let before = vault.show("login");
        let run = change();
        assert_eq!(run.code, 0, "{}", run.all());
        for hash in ["login", "web-user"] {
            assert!(run.err.contains(&format!("'{hash}' is made anew")), "{}", run.err);
        }
        assert_ne!(vault.show("login"), before);
        assert!(!vault.wrong().contains("is not made of"), "{}", vault.wrong());
    }
    // One that is given together with the password stays what was given.
    let given = vault.show("login");
    vault.world.write("both.yaml", format!("login: {given}\npassword: a sixth battery staple\n"));
    let run = vault.run(&["secrets", "import", "both.yaml", "--replace"]);
    assert!(run.code == 0 && !run.err.contains("'login' is made anew"), "{}", run.all());
    assert_eq!(vault.show("login"), given);
    assert!(vault.wrong().contains("'login' is not made of"), "{}", vault.wrong());
    vault.build();
}
