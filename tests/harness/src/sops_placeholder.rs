//! Secrets files made by the real SOPS, to stand in for those that a test needs and nobody has.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::outcome::Outcome;
use crate::tools;

/// An age key for tests, good for nothing else.
pub struct AgeKey {
    file: PathBuf,
    recipient: String,
    // The folder of a key that a test made.
    _folder: Option<TempDir>,
}

impl AgeKey {
    /// A new one.
    #[track_caller]
    pub fn generate() -> Self {
        Self::generate_with(&[])
    }

    /// A new one that quantum computers do not break.
    #[track_caller]
    pub fn generate_post_quantum() -> Self {
        Self::generate_with(&["-pq"])
    }

    #[track_caller]
    fn generate_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("key.txt");
        Outcome::of(tools::command("age-keygen").args(arguments).arg("-o").arg(&file)).succeeded();
        Self { _folder: Some(folder), ..Self::kept_in(&file) }
    }

    /// The first of those in a file. SOPS tries the others as well.
    #[track_caller]
    pub fn kept_in(file: &Path) -> Self {
        let keys = Outcome::of(tools::command("age-keygen").arg("-y").arg(file)).succeeded().stdout;
        let recipient = keys.lines().next().expect("a file of keys has one").to_owned();
        Self { file: file.to_owned(), recipient, _folder: None }
    }

    /// The file for `SOPS_AGE_KEY_FILE`.
    pub fn file(&self) -> PathBuf {
        self.file.clone()
    }

    /// Whom to encrypt for.
    pub fn recipient(&self) -> &str {
        &self.recipient
    }

    /// Writes a SOPS file in YAML that has these values.
    #[track_caller]
    pub fn encrypt(&self, values: &Value, to: &Path) {
        // In a folder of its own, where there is no .sops.yaml above.
        let folder = tempfile::tempdir().expect("a temporary folder");
        let plain = folder.path().join("values.yaml");
        std::fs::write(&plain, serde_yaml::to_string(values).expect("JSON is YAML"))
            .expect("it can be written");
        let mut sops = tools::command("sops");
        sops.current_dir(folder.path()).args(["encrypt", "--age", &self.recipient]);
        let encrypted = Outcome::of(sops.arg(&plain)).succeeded().stdout;
        std::fs::write(to, encrypted).expect("the secrets file can be written");
    }

    /// What a SOPS file in YAML, for this key, has in it.
    #[track_caller]
    pub fn decrypt(&self, file: &Path) -> Value {
        let mut sops = tools::command("sops");
        sops.env("SOPS_AGE_KEY_FILE", self.file()).args(["decrypt", "--output-type", "json"]).arg(file);
        serde_json::from_str(&Outcome::of(&mut sops).succeeded().stdout).expect("sops prints JSON")
    }
}
