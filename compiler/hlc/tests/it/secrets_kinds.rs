//! Every kind of key that may be a recipient: what `secrets check` and `--as` say of it is so.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use harness::Outcome;
use harness::sops_placeholder::AgeKey;
use secrets::Source;
use sops::keys::{Access, Identities, Recipient};
use sops::{Settings, Timestamp};

use crate::secrets_typed::on_a_terminal;
use crate::vault::{DELIVERED, SOURCE, Vault, keys};
use crate::world::Run;

/// What protects the private keys of some kinds.
const PASSPHRASE: &str = "open sesame";

/// A key of some kind, its private half in the folder of a vault.
struct Kind {
    name: &'static str,
    public: String,
    /// Whether the private half is behind a passphrase.
    is_locked: bool,
    /// Whether it shows who wrote a file, as the documentation says.
    shows: bool,
}

impl Kind {
    fn path(&self, vault: &Vault) -> PathBuf {
        vault.world.path(self.name)
    }

    /// Runs the program with this key alone.
    fn run(&self, vault: &Vault, arguments: &[&str]) -> Run {
        let mut command = vault.command(arguments);
        command.env_remove("SOPS_AGE_KEY_FILE");
        let of = if self.public.starts_with("ssh-") {
            "SOPS_AGE_SSH_PRIVATE_KEY_FILE"
        } else {
            "SOPS_AGE_KEY_FILE"
        };
        Run::of(&command.env(of, self.path(vault)).output().expect("the program runs"))
    }
}

/// One key of each kind.
fn kinds(vault: &Vault) -> Vec<Kind> {
    let ssh = |name: &'static str, kind: &str, passphrase: &str| {
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-q", "-t", kind, "-N", passphrase, "-C", "", "-f"]).arg(vault.world.path(name));
        Outcome::of(&mut keygen).succeeded();
        let public = vault.text(&format!("{name}.pub")).trim().to_owned();
        let is_locked = !passphrase.is_empty();
        Kind { name, public, is_locked, shows: kind == "ed25519" && !is_locked }
    };
    let age = |name: &'static str, key: &AgeKey, shows| {
        fs::copy(key.file(), vault.world.path(name)).expect("a file");
        Kind { name, public: key.recipient().to_owned(), is_locked: false, shows }
    };
    vec![
        age("age", &AgeKey::generate(), true),
        age("quantum", &AgeKey::generate_post_quantum(), false),
        ssh("ed25519", "ed25519", ""),
        ssh("ed25519-locked", "ed25519", PASSPHRASE),
        ssh("rsa", "rsa", ""),
        ssh("rsa-locked", "rsa", PASSPHRASE),
    ]
}

/// A lab with a recipient more, built.
fn with(kind: &Kind, vault: &Vault) {
    let line = format!("recipient other = \"{}\"\nrecipient admin", kind.public);
    vault.edit_lab("recipient admin", &line);
    assert_eq!(vault.run(&["secrets", "rekey"]).code, 0, "{}", kind.name);
    vault.build();
}

/// What it opens: all but the hosts' own.
fn assert_opens_all(said: &str, name: &str) {
    for path in [SOURCE, DELIVERED[3], DELIVERED[4]] {
        assert!(said.contains(&format!("{path}: opens")), "{name}: {said}");
    }
    assert!(!said.contains("nixos/") && !said.contains("does not open"), "{name}: {said}");
}

#[test]
fn each_kind_of_key_opens_what_is_said_and_shows_what_is_said() {
    let hlc = env!("CARGO_BIN_EXE_hlc");
    let folder = Vault::filled();
    for kind in kinds(&folder) {
        let (vault, name) = (Vault::filled(), kind.name);
        fs::copy(kind.path(&folder), kind.path(&vault)).expect("a file");
        with(&kind, &vault);
        // The drill.
        let path = kind.path(&vault);
        let drill = ["secrets", "check", "--as", path.to_str().expect("a path")];
        let run = vault.keyless(&drill);
        if kind.is_locked {
            // A passphrase is asked for, once, and where nobody can be asked that is said.
            assert!(
                run.code == 1 && run.out.contains("does not open") && run.out.contains("a passphrase"),
                "{}",
                run.all()
            );
            let on = |typed: &str| on_a_terminal(&vault, &format!("{hlc} {}", drill.join(" ")), typed);
            let said = on("open sesame\n");
            assert_opens_all(&said, name);
            assert_eq!(said.matches("passphrase of").count(), 1, "{said}");
            let said = on("open barley\n");
            assert!(said.contains("does not open") && !said.contains(": opens"), "{said}");
        } else {
            assert_eq!(run.code, 0, "{name}: {}", run.all());
            assert_opens_all(&run.out, name);
        }
        // Who wrote the file: told to both where both keys show it.
        let unknown = format!("nothing shows who wrote {SOURCE}");
        assert!(!vault.run(&["secrets", "check"]).err.contains(&unknown), "{name}: the admin wrote it");
        if !kind.is_locked {
            let run = kind.run(&vault, &["secrets", "check"]);
            assert_eq!((run.code, run.err.contains(&unknown)), (0, !kind.shows), "{name}: {}", run.all());
            assert_eq!(kind.run(&vault, &["secrets", "rotate", "token"]).code, 0, "{name}");
            let run = vault.run(&["secrets", "check"]);
            assert_eq!(run.err.contains(&unknown), !kind.shows, "{name}: {}", run.all());
        }
        // What somebody made of public keys alone is refused where all keys show who wrote, or passes with a word.
        vault.world.write(SOURCE, forged(&[keys().admin.recipient(), &kind.public]));
        let run = vault.run(&["secrets", "check"]);
        let is_refused = run.err.contains("of public keys alone");
        assert_eq!(is_refused, kind.public.starts_with("age1") && kind.shows, "{name}: {}", run.all());
        assert!(is_refused || run.err.contains(&unknown), "{name}: {}", run.all());
    }
}

/// A file of values that somebody made who has no key of these.
fn forged(recipients: &[&str]) -> String {
    let recipients = recipients.iter().map(|one| one.parse::<Recipient>().expect("a recipient"));
    let settings = Settings::new(recipients, Timestamp::from_unix(1_800_000_000));
    let mut source = Source::new();
    let today = domain::Date::parse("2027-01-15").expect("a day");
    let token = model::SecretRef::whole("token");
    source.set(&token, "a value of hers, which is long".to_owned().into(), None, today).expect("it is kept");
    match source.update(&settings, &Access::new(&Identities::new())).expect("it is encrypted") {
        sops::Outcome::New(new) => new.text,
        sops::Outcome::Untouched => String::new(),
    }
}

#[test]
fn a_key_of_nobody_and_one_that_cannot_be_asked_are_told_apart() {
    let vault = Vault::built();
    let tried = |name: &str, text: &str| {
        vault.world.write(name, text);
        vault.keyless(&["secrets", "check", "--as", name])
    };
    let stranger = fs::read_to_string(AgeKey::generate().file()).expect("a key");
    let run = tried("stranger.txt", &stranger);
    assert!(
        run.code == 1 && run.err.contains("it is the key of no recipient, host or deployer"),
        "{}",
        run.all()
    );
    // A plugin that is not installed could be anybody's key.
    let run = tried("plugin.txt", "AGE-PLUGIN-ECHO-1DPKXX2RF90U\n");
    assert!(run.code == 1 && run.out.contains("age-plugin-echo"), "{}", run.all());
    assert!(!run.out.contains(": opens"), "{}", run.all());
    for (name, text) in
        [("empty.txt", ""), ("public.txt", keys().admin.recipient()), ("odd.txt", "AGE-SECRET-KEY-1")]
    {
        let run = tried(name, text);
        assert!(run.code == 1 && run.err.contains("is no private key"), "{name}: {}", run.all());
    }
    // The key of a host opens that host's files and no other one.
    vault.world.write("host", keys().one.private());
    let run = vault.keyless(&["secrets", "check", "--as", "host"]);
    assert_eq!((run.code, run.out.lines().count()), (0, 2), "{}", run.all());
    assert!(run.out.contains(&format!("{}: opens", DELIVERED[0])), "{}", run.out);
}
