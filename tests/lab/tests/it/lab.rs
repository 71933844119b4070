//! The reference lab: its text, what is built from it, and a folder with that and with placeholders for secrets.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use driver::{Outputs, Session};
use emit::Files;
use harness::sops_placeholder::AgeKey;
use model::{Data, SecretFacts};
use serde_json::{Value, json};
use sops::{Document, Format};
use tempfile::TempDir;

/// What stands for every secret.
pub(crate) const SECRET: &str = "correct horse: yes";
/// The same as a Secret has it.
pub(crate) const SECRET_ENCODED: &str = "Y29ycmVjdCBob3JzZTogeWVz";

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The keys that open the secrets of the reference lab, for everybody: of its recipient and of its hosts.
pub(crate) fn demonstration_key() -> AgeKey {
    AgeKey::kept_in(&root().join("tests/lab/demonstration-key-that-guards-nothing.txt"))
}

/// The text of the reference lab.
pub(crate) fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| fs::read_to_string(root().join("homelab.hl")).expect("the reference lab is there"))
}

/// What is built from the reference lab.
pub(crate) fn outputs() -> &'static Outputs {
    static OUTPUTS: OnceLock<Outputs> = OnceLock::new();
    OUTPUTS.get_or_init(|| build_edited(text()))
}

/// What is known of the reference lab's secrets without a key.
fn facts() -> SecretFacts {
    let name = "homelab.secrets.yaml";
    let text = fs::read(root().join(name)).expect("the reference lab has its secrets");
    secrets::facts(name, &Document::parse(&text, Format::Yaml).expect("they are encrypted"))
}

/// What is built from a lab without problems, while nothing is known of its secrets.
#[track_caller]
pub(crate) fn build(text: &str) -> Outputs {
    built(text, None)
}

/// What is built from a lab without problems that has the secrets of the reference lab.
#[track_caller]
pub(crate) fn build_edited(text: &str) -> Outputs {
    built(text, Some(facts()))
}

#[track_caller]
fn built(text: &str, facts: Option<SecretFacts>) -> Outputs {
    opened(text, facts).outputs()
}

/// The reference lab, open.
#[track_caller]
pub(crate) fn session() -> Session {
    opened(text(), Some(facts()))
}

#[track_caller]
fn opened(text: &str, facts: Option<SecretFacts>) -> Session {
    let mut session = Session::open(vec![("homelab.hl".to_owned(), text.to_owned())]);
    session.set_secret_facts(facts);
    let problems = session.problems();
    assert!(problems.is_empty(), "{problems:#?}");
    session
}

/// `text` with `new` in place of `old`, which must stand there once.
#[track_caller]
pub(crate) fn edit(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "the reference lab no longer says once: {old}");
    text.replacen(old, new, 1)
}

/// The texts in quotes that a field is set to.
pub(crate) fn quoted<'a>(text: &'a str, field: &'a str) -> impl Iterator<Item = &'a str> {
    let values = text.lines().filter_map(move |line| line.trim().strip_prefix(field)?.split_once("= "));
    values.map(|(_, value)| value.trim_matches('"'))
}

/// The number of the line that has `part`, counted from 1.
#[track_caller]
pub(crate) fn line_of(text: &str, part: &str) -> usize {
    let found = text.lines().position(|line| line.contains(part));
    found.unwrap_or_else(|| panic!("no line has: {part}")) + 1
}

/// The folder of a lab with `nixos/` and `k8s/`, all secrets filled in.
pub(crate) struct Written {
    folder: TempDir,
    /// The key that reads the secrets.
    pub(crate) key: AgeKey,
}

impl Written {
    #[track_caller]
    pub(crate) fn new(outputs: &Outputs) -> Self {
        let written = Self { folder: tempfile::tempdir().unwrap(), key: AgeKey::generate() };
        write(&outputs.nixos, &written.nixos());
        write(&outputs.k8s, &written.k8s());
        for delivered in &outputs.secrets {
            let path = parent_made(written.folder.path(), &delivered.path);
            if delivered.path.starts_with("k8s/") {
                written.key.encrypt(&with_placeholders(&delivered.tree), &path);
            } else {
                // Nobody looks into those of hosts; evaluation wants them to be there.
                fs::write(path, "x: ENC[x]\n").unwrap();
            }
        }
        written
    }

    /// The lab as a fresh clone has it, with its secrets.
    #[track_caller]
    pub(crate) fn committed() -> Self {
        let written = Self { folder: tempfile::tempdir().unwrap(), key: demonstration_key() };
        let mut paths = BTreeSet::from(["homelab.hl".to_owned(), "homelab.secrets.yaml".to_owned()]);
        for folder in ["nixos", "k8s"] {
            list(&root().join(folder), &format!("{folder}/"), &mut paths);
        }
        for path in paths {
            fs::copy(root().join(&path), parent_made(written.folder(), &path)).unwrap();
        }
        written
    }

    /// Takes away all that is of use to `hlc` alone: who does not want it any longer goes on with what is built.
    pub(crate) fn leave(&self) {
        for path in ["homelab.hl", "homelab.secrets.yaml"] {
            fs::remove_file(self.folder().join(path)).unwrap();
        }
        for folder in [self.nixos(), self.k8s()] {
            for record in [".hlc.json", ".secrets.json"] {
                fs::remove_file(folder.join(record)).unwrap();
            }
        }
    }

    /// A folder that somebody else fills.
    pub(crate) fn holding(folder: TempDir, key: AgeKey) -> Self {
        Self { folder, key }
    }

    /// The folder of the lab.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn nixos(&self) -> PathBuf {
        self.folder.path().join("nixos")
    }

    pub(crate) fn k8s(&self) -> PathBuf {
        self.folder.path().join("k8s")
    }

    /// A place for what a test writes beside.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        parent_made(self.folder.path(), &format!("scratch/{name}"))
    }
}

/// The hosts that a `nixos/` folder has.
pub(crate) fn hosts(nixos: &Files) -> Vec<&str> {
    nixos.keys().filter_map(|path| path.strip_prefix("hosts/")?.strip_suffix("/default.nix")).collect()
}

/// The directories of components in a `k8s/` folder, in the order in which they are deployed.
pub(crate) fn components(k8s: &Files) -> Vec<&str> {
    let listed = k8s["helmfile.yaml"].lines().filter_map(|line| line.trim().strip_prefix("- path: "));
    let listed: Vec<&str> = listed.filter_map(|path| path.strip_suffix("/helmfile.yaml")).collect();
    let all = k8s.keys().filter(|path| path.ends_with("/helmfile.yaml")).count();
    assert_eq!(listed.len(), all, "the helmfile of all names every component");
    listed
}

/// Whether a file under `k8s/` holds a Kubernetes object.
pub(crate) fn is_manifest(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with("manifests"))
}

/// Adds all files below a folder to those found, each after `prefix`.
pub(crate) fn list(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(&entry.path(), &format!("{path}/"), found);
        } else {
            found.insert(path);
        }
    }
}

fn write(files: &Files, folder: &Path) {
    for (path, text) in files {
        fs::write(parent_made(folder, path), text).unwrap();
    }
}

/// A path in `folder`, of which all folders are there.
pub(crate) fn parent_made(folder: &Path, path: &str) -> PathBuf {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    path
}

/// What is delivered, with a placeholder for every secret.
pub(crate) fn with_placeholders(data: &Data) -> Value {
    match data {
        Data::Null => Value::Null,
        Data::Bool(value) => json!(value),
        Data::Int(value) => json!(value),
        Data::Float(value) => json!(value.0),
        Data::Text(text) | Data::Nix(text) => json!(text),
        Data::Secret(_) => json!(SECRET),
        Data::List(items) => items.iter().map(with_placeholders).collect(),
        Data::Map(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), with_placeholders(value))).collect()
        }
    }
}
