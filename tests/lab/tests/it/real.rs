//! The reference lab with real secrets: the program itself sets values and builds, for keys that the test has.

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use driver::Outputs;
use harness::outcome::Outcome;
use harness::sops_placeholder::AgeKey;
use harness::ssh_key::HostKey;
use serde_json::Value;

use crate::lab::{Written, build, demonstration_key, edit, quoted, text};
use crate::values::Values;

/// The lab, its keys, and what each secret is.
pub(crate) struct Real {
    pub(crate) written: Written,
    /// The keys of `homelab-0` and `homelab-1`.
    pub(crate) hosts: [HostKey; 2],
    /// What was built, without values.
    pub(crate) outputs: Outputs,
    pub(crate) values: Values,
}

/// The lab, which is built once.
pub(crate) fn real() -> &'static Real {
    static REAL: OnceLock<Real> = OnceLock::new();
    REAL.get_or_init(Real::new)
}

impl Real {
    fn new() -> Self {
        let (key, hosts) = (AgeKey::generate(), [HostKey::generate(), HostKey::generate()]);
        let text = with_keys(&key, &hosts);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("homelab.hl"), &text).unwrap();
        let written = Written::holding(folder, key);
        // What waits for nothing, then what nobody can make, then what is made of that.
        hlc(&written, &["secrets", "generate"], "");
        let listed: Value = serde_json::from_str(&hlc(&written, &["secrets", "list", "--json"], "")).unwrap();
        for secret in listed["secrets"].as_array().unwrap() {
            let (name, kind) = (secret["secret"].as_str().unwrap(), secret["kind"].as_str().unwrap());
            if secret["value"] == false {
                hlc(&written, &["secrets", "set", name], &value(name, kind));
            }
        }
        hlc(&written, &["secrets", "generate"], "");
        hlc(&written, &["build"], "");
        hlc(&written, &["secrets", "check"], "");
        let values = Values::of(&written);
        Self { written, hosts, outputs: build(&text), values }
    }

    /// The identities of the admin and of both hosts, each with the recipient that files are for.
    pub(crate) fn identities(&self) -> [(String, String); 3] {
        let admin = fs::read_to_string(self.written.key.file()).unwrap();
        let of = |identity: String| (recipient(&identity), identity);
        [of(admin), of(self.hosts[0].age_identity()), of(self.hosts[1].age_identity())]
    }
}

/// The lab with these keys in place of those that everybody has, and with bytes on a host.
fn with_keys(admin: &AgeKey, hosts: &[HostKey; 2]) -> String {
    let mut lab = edit(text(), "= [backup-password,", "= [keytab, backup-password,");
    lab = edit(&lab, demonstration_key().recipient(), admin.recipient());
    let demonstrated: Vec<String> = quoted(&lab, "host-key").map(str::to_owned).collect();
    for (key, host) in demonstrated.iter().zip(hosts) {
        lab = edit(&lab, key, host.public());
    }
    lab + "\nsecret keytab { generate = bytes(300) }\n"
}

/// A value that is one for a secret of this kind.
fn value(name: &str, kind: &str) -> String {
    match kind {
        "file" => format!("first line of {name}\n  second: \"line\"\n"),
        "dotenv" => format!("NAME={name}\nOTHER=two words\n"),
        "bcrypt" => "$2b$10$9Jf3mrSLAIfZoX8p9GyWyOPyfHJMbIqXjxfv5mzBzEBsHO9TzCJ4u".to_owned(),
        _ => format!("{name}: quite $ecret, 'and' \"quoted\" # äöü"),
    }
}

/// Whom age encrypts to for an identity.
fn recipient(identity: &str) -> String {
    let mut keygen = harness::tools::command("age-keygen");
    let mut child = keygen.arg("-y").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(identity.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
}

/// Runs the program in the lab's folder with the admin's key. It must work.
#[track_caller]
fn hlc(written: &Written, arguments: &[&str], input: &str) -> String {
    let mut hlc = hlc_without_keys(written.folder());
    hlc.args(arguments).env("SOPS_AGE_KEY_FILE", written.key.file());
    hlc.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = hlc.spawn().expect("hlc starts");
    // It may need nothing of it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "hlc {arguments:?}: {said}{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stdout).unwrap()
}

/// The program in a lab's folder, where it finds no key of whoever runs the tests.
pub(crate) fn hlc_without_keys(folder: &Path) -> Command {
    let mut hlc = Command::new(program());
    hlc.current_dir(folder).env("HOME", folder.join("home")).env_remove("XDG_CONFIG_HOME");
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SOPS_")) {
        hlc.env_remove(name);
    }
    hlc
}

/// The program of this workspace, as it is now: where `HLC_PROGRAMS` says that it has been built already, that one.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM
        .get_or_init(|| env::var_os("HLC_PROGRAMS").map_or_else(built, |built| Path::new(&built).join("hlc")))
}

/// The program, which Cargo builds now.
fn built() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--locked", "--package", "hlc", "--message-format=json"]);
    let built = Outcome::of(cargo.current_dir(env!("CARGO_MANIFEST_DIR"))).succeeded().stdout;
    let executable = |line: &str| {
        let message: Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message["executable"].as_str()?))
    };
    built.lines().find_map(executable).expect("cargo says what it built")
}
