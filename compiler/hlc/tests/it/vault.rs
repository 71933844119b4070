//! A lab with secrets of every kind, whose keys are here, and the real SOPS to look at what is made.

use std::fs;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use harness::sops_placeholder::AgeKey;
use harness::ssh_key::HostKey;
use harness::{Outcome, tools};
use serde_json::Value;

use crate::world::{Run, World};

/// The lab: `ADMIN`, `ONE` and `TWO` stand for public keys.
const LAB: &str = include_str!("secrets.hl");
/// The file of all values.
pub(crate) const SOURCE: &str = "homelab.secrets.yaml";
/// What `password` is at first.
pub(crate) const PASSWORD: &str = "correct horse battery staple";
/// The encrypted copies, those of the hosts first.
pub(crate) const DELIVERED: [&str; 5] = [
    "nixos/secrets/one.yaml",
    "nixos/secrets/one/blob.bin",
    "nixos/secrets/two.yaml",
    "k8s/10_last/other/secrets/other.values.secrets.yaml",
    "k8s/10_last/web/secrets/web.values.secrets.yaml",
];

/// The keys of all tests: they are public in no other way than that the tests have them.
pub(crate) struct Keys {
    pub(crate) admin: AgeKey,
    pub(crate) one: HostKey,
    pub(crate) two: HostKey,
}

/// The keys, which are made once.
pub(crate) fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys {
        admin: AgeKey::generate(),
        one: HostKey::generate(),
        two: HostKey::generate(),
    })
}

/// The lab in a folder of its own.
pub(crate) struct Vault {
    pub(crate) world: World,
}

impl Vault {
    /// Without any value.
    pub(crate) fn empty() -> Self {
        let keys = keys();
        let text = LAB.replace("ADMIN", keys.admin.recipient());
        Self {
            world: World::with(
                &text.replace("\"ONE\"", &quoted(&keys.one)).replace("\"TWO\"", &quoted(&keys.two)),
            ),
        }
    }

    /// With all values, but not built.
    pub(crate) fn filled() -> Self {
        static FILLED: OnceLock<String> = OnceLock::new();
        let values = FILLED.get_or_init(|| {
            let vault = Self::empty();
            vault.set("password", PASSWORD);
            vault.set("db.user", "keeper of the books");
            vault.set("note", "first\nsecond\n");
            vault.set("settings", "A=1\nB=two words\n");
            assert_eq!(vault.run(&["secrets", "generate"]).code, 0);
            vault.text(SOURCE)
        });
        let vault = Self::empty();
        vault.world.write(SOURCE, values);
        vault
    }

    /// With all values, and built.
    pub(crate) fn built() -> Self {
        let vault = Self::filled();
        vault.build();
        vault
    }

    /// Builds, which must work.
    #[track_caller]
    pub(crate) fn build(&self) {
        let run = self.run(&["build"]);
        assert_eq!(run.code, 0, "{}", run.all());
    }

    /// The program with the admin's key, to run with `arguments`. It is always the same day.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command(arguments);
        command.env("SOPS_AGE_KEY_FILE", keys().admin.file()).env("SOURCE_DATE_EPOCH", "1800000000");
        command
    }

    /// Runs the program without a key.
    #[track_caller]
    pub(crate) fn keyless(&self, arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        Run::of(&command.env_remove("SOPS_AGE_KEY_FILE").output().expect("the program runs"))
    }

    /// Runs the program with the admin's key.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.pipe(arguments, "")
    }

    /// The same with something on its standard input.
    #[track_caller]
    pub(crate) fn pipe(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Run {
        let mut child = spawned(&mut self.command(arguments));
        // Whoever needs nothing of it may be gone before it is written.
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_ref());
        Run::of(&child.wait_with_output().expect("the program ends"))
    }

    /// Sets a value, which must work.
    #[track_caller]
    pub(crate) fn set(&self, name: &str, value: impl AsRef<[u8]>) {
        let run = self.pipe(&["secrets", "set", name], value);
        assert_eq!(run.code, 0, "{}", run.all());
    }

    /// A value, which must be there.
    #[track_caller]
    pub(crate) fn show(&self, name: &str) -> String {
        let run = self.run(&["secrets", "show", name]);
        assert_eq!(run.code, 0, "{}", run.all());
        run.out.strip_suffix('\n').expect("a line").to_owned()
    }

    /// What `secrets check` finds wrong: its exit code is 0 exactly when that is nothing.
    #[track_caller]
    pub(crate) fn wrong(&self) -> String {
        let run = self.run(&["secrets", "check"]);
        let wrong = if run.code == 0 { run.out.clone() } else { format!("{}{}", run.out, run.err) };
        assert_eq!(run.code, i32::from(!wrong.is_empty()), "{}", run.all());
        wrong
    }

    /// Replaces text in the lab's file, where it must stand once.
    #[track_caller]
    pub(crate) fn edit_lab(&self, old: &str, new: &str) {
        self.edit("homelab.hl", old, new);
    }

    /// Replaces text in a file, where it must stand once.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.text(path);
        assert_eq!(text.matches(old).count(), 1, "{path} does not say once: {old}");
        self.world.write(path, text.replacen(old, new, 1));
    }

    /// What stands in a file.
    pub(crate) fn text(&self, path: &str) -> String {
        self.world.text(path)
    }

    /// What SOPS decrypts a file to, with this identity.
    pub(crate) fn sops(&self, path: &str, identity: &str) -> Outcome {
        let mut sops = tools::command("sops");
        sops.env("SOPS_AGE_KEY", identity).current_dir(self.world.path(".")).args(["decrypt", path]);
        if std::path::Path::new(path).extension().is_some_and(|ending| ending == "bin") {
            sops.args(["--input-type", "binary", "--output-type", "binary"]);
        } else {
            sops.args(["--output-type", "json"]);
        }
        Outcome::of(&mut sops)
    }

    /// The values of a file in YAML, as SOPS decrypts them.
    #[track_caller]
    pub(crate) fn values(&self, path: &str, identity: &str) -> Value {
        serde_json::from_str(&self.sops(path, identity).succeeded().stdout).expect("JSON")
    }
}

/// The admin's identity.
pub(crate) fn admin() -> String {
    fs::read_to_string(keys().admin.file()).expect("a key")
}

/// Starts a program whose streams are pipes.
pub(crate) fn spawned(command: &mut Command) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

fn quoted(key: &HostKey) -> String {
    format!("{:?}", key.public())
}
