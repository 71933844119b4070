//! The reference lab with real secrets: the program itself sets values and builds, for keys that the test has.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use driver::Outputs;
use harness::outcome::Outcome;
use harness::sops_placeholder::AgeKey;
use harness::ssh_key::HostKey;
use model::{Data, SecretPart, SecretRef, SecretText};
use serde_json::{Value, json};

use crate::lab::{Written, build, edit, text};

/// The lab, its keys, and what each secret is.
pub(crate) struct Real {
    pub(crate) written: Written,
    /// The keys of `homelab-0` and `homelab-1`.
    pub(crate) hosts: [HostKey; 2],
    /// What was built, without values.
    pub(crate) outputs: Outputs,
    /// The file of all values, as SOPS decrypts it.
    values: Value,
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
        let values = written.key.decrypt(&written.folder().join("homelab.secrets.yaml"));
        Self { written, hosts, outputs: build(&text), values }
    }

    /// The identities of the admin and of both hosts, each with the recipient that files are for.
    pub(crate) fn identities(&self) -> [(String, String); 3] {
        let admin = fs::read_to_string(self.written.key.file()).unwrap();
        let of = |identity: String| (recipient(&identity), identity);
        [of(admin), of(self.hosts[0].age_identity()), of(self.hosts[1].age_identity())]
    }

    /// The value of a secret.
    #[track_caller]
    fn value(&self, secret: &SecretRef) -> &str {
        let value = &self.values[&secret.name];
        let value = secret.key.as_ref().map_or(value, |key| &value[key]);
        value.as_str().unwrap_or_else(|| panic!("{secret} has no value"))
    }

    /// A text with its values in it.
    pub(crate) fn resolved(&self, text: &SecretText) -> String {
        let part = |part: &SecretPart| match part {
            SecretPart::Plain(plain) => plain.clone(),
            SecretPart::Secret(secret) | SecretPart::Bytes(secret) => self.value(secret).to_owned(),
        };
        text.parts.iter().map(part).collect()
    }

    /// What a delivered file should hold.
    pub(crate) fn tree(&self, data: &Data) -> Value {
        match data {
            Data::Null => Value::Null,
            Data::Bool(value) => json!(value),
            Data::Int(value) => json!(value),
            Data::Float(value) => json!(value.0),
            Data::Text(text) | Data::Nix(text) => json!(text),
            Data::Secret(text) => json!(self.resolved(text)),
            Data::List(items) => items.iter().map(|item| self.tree(item)).collect(),
            Data::Map(entries) => {
                entries.iter().map(|(key, entry)| (key.clone(), self.tree(entry))).collect()
            }
        }
    }
}

/// The lab with these keys in place of those of nobody, and with bytes on a host.
fn with_keys(admin: &AgeKey, hosts: &[HostKey; 2]) -> String {
    let recipient = "age1pngdpamgq8m2ldcx26cmm0qy7h9fxhlr3ztu0u7vh65guzendq3se2xpwu";
    let keys = [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICxMOLnr7gj6iCV4FL47CabWRkHUiwqHzD0z1wBUDDS0",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKlKaW+Zw1WgwybcWz43VpkoKflO1NHDmdXulySaqtHL",
    ];
    let mut lab = edit(text(), "= [backup-password,", "= [keytab, backup-password,");
    lab = edit(&lab, recipient, admin.recipient());
    for (key, host) in keys.iter().zip(hosts) {
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
    let mut hlc = Command::new(program());
    hlc.current_dir(written.folder()).args(arguments).env("SOPS_AGE_KEY_FILE", written.key.file());
    hlc.env("HOME", written.folder().join("home")).env_remove("XDG_CONFIG_HOME");
    hlc.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = hlc.spawn().expect("hlc starts");
    // It may need nothing of it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "hlc {arguments:?}: {said}{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stdout).unwrap()
}

/// The program of this workspace, as it is now.
fn program() -> &'static str {
    static PROGRAM: OnceLock<String> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--locked", "--package", "hlc", "--message-format=json"]);
        let built = Outcome::of(cargo.current_dir(env!("CARGO_MANIFEST_DIR"))).succeeded().stdout;
        let executable = |line: &str| {
            let message: Value = serde_json::from_str(line).ok()?;
            Some(message["executable"].as_str()?.to_owned())
        };
        built.lines().find_map(executable).expect("cargo says what it built")
    })
}
