//! A folder with a key and a secrets file, for the real SOPS to work in.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use harness::{Outcome, sops_placeholder, tools};
use sops::keys::{Access, Identities, Recipient};
use sops::{DataKey, Document, Error, Format, Settings, Timestamp};
use tempfile::TempDir;

/// A key of age.
pub(crate) struct AgeKey {
    pub(crate) identity: String,
    pub(crate) recipient: Recipient,
}

impl AgeKey {
    /// A new one of age's own making.
    pub(crate) fn generate() -> Self {
        Self::from(&sops_placeholder::AgeKey::generate())
    }

    /// A new one for quantum computers.
    pub(crate) fn generate_post_quantum() -> Self {
        Self::from(&sops_placeholder::AgeKey::generate_post_quantum())
    }

    fn from(key: &sops_placeholder::AgeKey) -> Self {
        let identity = fs::read_to_string(key.file()).unwrap();
        Self { identity, recipient: key.recipient().parse().unwrap() }
    }

    /// As identities of the crate.
    pub(crate) fn identities(&self) -> Identities {
        let mut identities = Identities::new();
        identities.add(self.identity.as_bytes(), "keys.txt").unwrap();
        identities
    }

    /// The data key of a file.
    pub(crate) fn unwrap(&self, document: &Document) -> Result<DataKey, Error> {
        document.unwrap_key(&Access::new(&self.identities()))
    }
}

/// A point in time.
pub(crate) fn time(seconds: u64) -> Timestamp {
    Timestamp::from_unix(1_700_000_000 + seconds)
}

/// A file for these keys, at some time.
pub(crate) fn settings<const N: usize>(keys: [&AgeKey; N]) -> Settings<'static> {
    Settings::new(keys.map(|key| key.recipient.clone()), time(0))
}

/// A folder of which SOPS sees nothing else.
pub(crate) struct Sandbox {
    folder: TempDir,
    pub(crate) key: AgeKey,
    name: &'static str,
}

impl Sandbox {
    /// One with a key, for a file of this name.
    pub(crate) fn new(name: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = AgeKey::generate();
        fs::write(folder.path().join("keys.txt"), &key.identity).unwrap();
        Self { folder, key, name }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, content: impl AsRef<[u8]>) {
        fs::write(self.path(self.name), content).unwrap();
    }

    pub(crate) fn read(&self) -> Vec<u8> {
        fs::read(self.path(self.name)).unwrap()
    }

    /// The file, read by the crate.
    pub(crate) fn document(&self) -> Document {
        let bytes = self.read();
        Document::parse(&bytes, Format::of(self.name))
            .unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&bytes)))
    }

    /// SOPS with these arguments and the file as the last.
    pub(crate) fn sops(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(self.command().args(arguments).arg(self.path(self.name)))
    }

    /// The same, for what is found on this path.
    pub(crate) fn sops_with_path(&self, path: &OsStr, arguments: &[&str]) -> Outcome {
        let mut sops = self.command();
        Outcome::of(sops.env("PATH", path).args(arguments).arg(self.path(self.name)))
    }

    /// SOPS, ready for arguments.
    pub(crate) fn command(&self) -> Command {
        let folder = self.folder.path();
        let mut sops = tools::command("sops");
        sops.current_dir(folder).env("HOME", folder).env("SOPS_AGE_KEY_FILE", self.path("keys.txt"));
        sops.env_remove("XDG_CONFIG_HOME");
        sops
    }
}
