//! People with a key of every kind that there is, who run the program each with their own key and no other.

use std::env;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use harness::Outcome;
use harness::sops_placeholder::AgeKey;
use tempfile::TempDir;

use crate::secrets_typed::on_a_terminal;
use crate::vault::{Vault, spawned};
use crate::world::Run;

/// What protects the private keys of some.
pub(crate) const PASSPHRASE: &str = "open sesame";
/// A plugin that asks for nothing.
const PLUGIN: (&str, &str) = ("age1echo1dpkxxmf9kr8", "AGE-PLUGIN-ECHO-1DPKXX2RF90U\n");

/// Somebody with a key.
pub(crate) struct Person {
    /// What labs call them.
    pub(crate) name: &'static str,
    pub(crate) public: String,
    /// Where the private half is.
    pub(crate) key: PathBuf,
    /// Whether it is behind a passphrase.
    pub(crate) is_locked: bool,
    /// Whether it shows who wrote a file, as the documentation says.
    pub(crate) shows: bool,
    /// Where programs are that it needs.
    programs: PathBuf,
}

/// All of them, and the folder with their keys.
pub(crate) struct People {
    all: Vec<Person>,
    _folder: TempDir,
}

impl People {
    /// With new keys.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let programs = folder.path().join("bin");
        fs::create_dir(&programs).expect("a folder");
        let plugin = include_str!("../../../sops/tests/it/age-plugin-echo");
        let asks = "answer[0] == \"ok\" and secret == b\"please\"";
        assert!(plugin.contains(asks));
        fs::write(programs.join("age-plugin-echo"), plugin.replace(asks, "True")).expect("a program");
        let is_program = fs::Permissions::from_mode(0o755);
        fs::set_permissions(programs.join("age-plugin-echo"), is_program).expect("a program");
        let person = |name: &'static str, public: &str, is_locked, shows| Person {
            name,
            public: public.to_owned(),
            key: folder.path().join(name),
            is_locked,
            shows,
            programs: programs.clone(),
        };
        let age = |name, key: &AgeKey, shows| {
            let person = person(name, key.recipient(), false, shows);
            fs::copy(key.file(), &person.key).expect("a file");
            person
        };
        let ssh = |name, kind: &str, passphrase: &str| {
            let key = folder.path().join(name);
            let mut keygen = Command::new("ssh-keygen");
            keygen.args(["-q", "-t", kind, "-N", passphrase, "-C", "", "-f"]).arg(&key);
            Outcome::of(&mut keygen).succeeded();
            let public = fs::read_to_string(key.with_extension("pub")).expect("a key");
            person(name, public.trim(), !passphrase.is_empty(), kind == "ed25519")
        };
        let pia = person("pia", PLUGIN.0, false, false);
        fs::write(&pia.key, PLUGIN.1).expect("a key");
        let all = vec![
            age("ana", &AgeKey::generate(), true),
            age("bob", &AgeKey::generate(), true),
            age("eva", &AgeKey::generate_post_quantum(), false),
            ssh("rui", "ed25519", ""),
            ssh("lea", "ed25519", PASSPHRASE),
            ssh("tom", "rsa", ""),
            ssh("kim", "rsa", PASSPHRASE),
            pia,
        ];
        Self { all, _folder: folder }
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[Person] {
        &self.all
    }

    /// Those who are called so.
    pub(crate) fn named<const N: usize>(&self, names: [&str; N]) -> [&Person; N] {
        names.map(|name| self.all.iter().find(|person| person.name == name).expect("a person"))
    }
}

impl Person {
    /// Where programs look for the key.
    pub(crate) fn variable(&self) -> &'static str {
        if self.public.starts_with("ssh-") { "SOPS_AGE_SSH_PRIVATE_KEY_FILE" } else { "SOPS_AGE_KEY_FILE" }
    }

    /// Runs the program, with `input` piped in. A passphrase is typed where it is asked for.
    pub(crate) fn pipes(&self, vault: &Vault, arguments: &[&str], input: &str) -> Run {
        if self.is_locked {
            vault.world.write("input", input);
            return self.types(vault, arguments, "< input", &format!("{PASSPHRASE}\n"));
        }
        piped(&mut self.command(vault, arguments), input)
    }

    /// The program with their key, to run with `arguments`, and an editor that adds a value to those that it is given.
    fn command(&self, vault: &Vault, arguments: &[&str]) -> Command {
        let mut command = vault.command(arguments);
        command.env_remove("SOPS_AGE_KEY_FILE").env(self.variable(), &self.key).env("PATH", self.path());
        command.env("EDITOR", "sh -c 'echo \"more: 0123456789\" >> \"$0\"'");
        command
    }

    /// Runs the program with somebody else's key, too.
    pub(crate) fn with(&self, other: &Self, vault: &Vault, arguments: &[&str], input: &str) -> Run {
        let key = fs::read_to_string(&other.key).expect("a key");
        piped(self.command(vault, arguments).env("SOPS_AGE_KEY", key), input)
    }

    /// Their line in a lab.
    pub(crate) fn declared(&self) -> String {
        format!("recipient {} = \"{}\"\n", self.name, self.public)
    }

    /// The same with nothing piped in.
    pub(crate) fn run(&self, vault: &Vault, arguments: &[&str]) -> Run {
        self.pipes(vault, arguments, "")
    }

    /// The same, which must work.
    #[track_caller]
    pub(crate) fn must(&self, vault: &Vault, arguments: &[&str]) -> Run {
        let run = self.run(vault, arguments);
        assert_eq!(run.code, 0, "{}, {arguments:?}: {}", self.name, run.all());
        run
    }

    /// Runs the program on a terminal, where `typed` is typed.
    pub(crate) fn types(&self, vault: &Vault, arguments: &[&str], streams: &str, typed: &str) -> Run {
        let words: Vec<String> = arguments.iter().map(|word| format!("'{word}'")).collect();
        let commands = format!(
            "SOURCE_DATE_EPOCH=1800000000 PATH='{}' {}='{}' {} {} {streams}; echo \"ended $?\"",
            self.path(),
            self.variable(),
            self.key.display(),
            env!("CARGO_BIN_EXE_hlc"),
            words.join(" "),
        );
        let said = on_a_terminal(vault, &commands, typed);
        let code = said.rsplit("ended ").next().expect("an end").trim().parse().expect("a code");
        Run { code, out: said.clone(), err: said }
    }

    fn path(&self) -> String {
        let others = env::var_os("PATH").expect("programs");
        let all = [self.programs.clone()].into_iter().chain(env::split_paths(&others));
        env::join_paths(all).expect("a path").into_string().expect("a text")
    }
}

/// A lab that is for these people and nobody else, with all values, written by the first of them and built.
#[track_caller]
pub(crate) fn lab_of(people: &[&Person]) -> Vault {
    let vault = Vault::filled();
    let admin = vault.text("homelab.hl");
    let admin = admin.lines().find(|line| line.starts_with("recipient admin")).expect("a recipient");
    let lines: String = people.iter().map(|one| one.declared()).collect();
    vault.edit_lab(admin, &format!("{lines}{admin}"));
    let mut rekey = vault.command(&["secrets", "rekey"]);
    let run = Run::of(&rekey.env("PATH", people[0].path()).output().expect("it runs"));
    assert_eq!(run.code, 0, "{}", run.all());
    vault.edit_lab(&format!("{admin}\n"), "");
    people[0].must(&vault, &["secrets", "rekey", "--take-over"]);
    people[0].must(&vault, &["build"]);
    vault
}

fn piped(command: &mut Command, input: &str) -> Run {
    let mut child = spawned(command);
    // Whoever needs nothing of it may be gone before it is written.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    Run::of(&child.wait_with_output().expect("the program ends"))
}
