//! What delivered files are made of, and what they hold: beside the files, committed like them, without any value.
//!
//! Anybody can write anything into these files. So with a key, nothing of them is believed but what is proven
//! (`secrets::Record`). Without one nothing can be: then they say what the last build with a key left there, and a build
//! changes none of it.

use std::collections::BTreeMap;
use std::fmt::Write;

use driver::Outputs;
use emit::Files;
use emit_secrets::Delivered;
use secrets::{Fingerprint, Record};
use serde_json::Value;

use crate::texts::Texts;

/// The name of the index in each folder.
pub const INDEX: &str = ".secrets.json";

const ABOUT: &str = "What the encrypted files here are made of, as numbers that tell nothing about any value, their \
                     SHA-256, and what proves to who has a key that hlc wrote this. Commit it; do not edit it.";

/// The index of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Index {
    /// What is noted of each file, by its path in the folder.
    files: BTreeMap<String, Record>,
    /// The public halves of pairs of keys that were built with.
    public: BTreeMap<String, String>,
    /// How often the file of values had been written then.
    generation: u64,
}

impl Index {
    /// Reads an index. One that cannot be read knows nothing: files are then made anew.
    fn parse(text: &str) -> Self {
        let entry = |(path, entry): (&String, &Value)| {
            let text = |name: &str| entry.get(name).and_then(Value::as_str);
            let number = |name: &str| text(name).map(Fingerprint::noted);
            let proof = number("proof").unwrap_or_else(|| Fingerprint::noted(""));
            Some((path.clone(), Record { made_of: number("made-of")?, content: number("sha256")?, proof }))
        };
        let all = serde_json::from_str::<Value>(text).unwrap_or_default();
        let map = |name: &str| all.get(name).and_then(Value::as_object).into_iter().flatten();
        let half = |(name, half): (&String, &Value)| Some((name.clone(), half.as_str()?.to_owned()));
        Self {
            files: map("files").filter_map(entry).collect(),
            public: map("public").filter_map(half).collect(),
            generation: all.get("generation").and_then(Value::as_u64).unwrap_or_default(),
        }
    }

    /// The index as text: a line for each file.
    fn text(&self) -> String {
        let mut text = format!("{{\n  \"version\": 2,\n  \"about\": {},\n", Value::from(ABOUT));
        let _ = write!(text, "  \"generation\": {},\n  \"public\": {{", self.generation);
        let quoted = |text: &str| Value::from(text).to_string();
        let halves = self.public.iter().map(|(name, half)| format!("{}: {}", quoted(name), quoted(half)));
        lines(&mut text, halves);
        text.push_str("},\n  \"files\": {");
        let file = |(path, record): (&String, &Record)| {
            let Record { made_of, content, proof } = record;
            let path = quoted(path);
            format!(
                "{path}: {{ \"made-of\": \"{made_of}\", \"sha256\": \"{content}\", \"proof\": \"{proof}\" }}"
            )
        };
        lines(&mut text, self.files.iter().map(file));
        text.push_str("}\n}\n");
        text
    }
}

/// Each on a line of its own, in braces that are open.
fn lines(text: &mut String, all: impl Iterator<Item = String>) {
    let mut is_empty = true;
    for line in all {
        let _ = write!(text, "{}\n    {line}", if is_empty { "" } else { "," });
        is_empty = false;
    }
    if !is_empty {
        text.push_str("\n  ");
    }
}

/// The two folders that are built into.
#[derive(Clone, Copy)]
pub enum Folder {
    /// `nixos/`.
    Nixos,
    /// `k8s/`.
    K8s,
}

impl Folder {
    /// Its files among all that is built.
    pub fn of(self, outputs: &mut Outputs) -> &mut Files {
        match self {
            Self::Nixos => &mut outputs.nixos,
            Self::K8s => &mut outputs.k8s,
        }
    }
}

/// The folder of a file, and its path there.
pub fn split(file: &Delivered) -> Option<(Folder, &str)> {
    split_path(&file.path)
}

fn split_path(path: &str) -> Option<(Folder, &str)> {
    let nixos = path.strip_prefix("nixos/").map(|path| (Folder::Nixos, path));
    nixos.or_else(|| path.strip_prefix("k8s/").map(|path| (Folder::K8s, path)))
}

/// An index in each folder.
#[derive(Default)]
pub struct Indexes {
    nixos: Index,
    k8s: Index,
}

impl Indexes {
    /// Those of the two folders.
    pub fn read(texts: &dyn Texts) -> Self {
        let read = |name: &str| {
            let text = texts.text(&format!("{name}/{INDEX}"));
            text.map(|text| Index::parse(&text)).unwrap_or_default()
        };
        Self { nixos: read("nixos"), k8s: read("k8s") }
    }

    fn of(&self, folder: Folder) -> &Index {
        match folder {
            Folder::Nixos => &self.nixos,
            Folder::K8s => &self.k8s,
        }
    }

    fn of_mut(&mut self, folder: Folder) -> &mut Index {
        match folder {
            Folder::Nixos => &mut self.nixos,
            Folder::K8s => &mut self.k8s,
        }
    }

    /// What is noted of a file.
    pub fn record(&self, file: &Delivered) -> Option<&Record> {
        self.record_at(&file.path)
    }

    /// The same by its path from the lab's folder.
    pub fn record_at(&self, path: &str) -> Option<&Record> {
        let (folder, path) = split_path(path)?;
        self.of(folder).files.get(path)
    }

    /// Notes something of a file.
    pub fn note(&mut self, file: &Delivered, record: Record) {
        if let Some((folder, path)) = split(file) {
            self.of_mut(folder).files.insert(path.to_owned(), record);
        }
    }

    /// Those of `halves`, public halves of pairs of keys, that the last build with a key did not have, or had otherwise.
    pub fn unknown_halves(&self, halves: &BTreeMap<String, String>) -> Vec<String> {
        let says = |index: &Index, name: &str, half: &str| index.public.get(name).map(|known| known == half);
        let is_known = |(name, half): &(&String, &String)| {
            let says = [says(&self.nixos, name, half), says(&self.k8s, name, half)];
            says.contains(&Some(true)) && !says.contains(&Some(false))
        };
        halves.iter().filter(|one| !is_known(one)).map(|(name, _)| name.clone()).collect()
    }

    /// How often the file of values had been written when it was last built from.
    pub fn generation(&self) -> u64 {
        self.nixos.generation.max(self.k8s.generation)
    }

    /// Notes what is built with.
    pub fn note_source(&mut self, public: &BTreeMap<String, String>, generation: u64) {
        for index in [&mut self.nixos, &mut self.k8s] {
            index.public.clone_from(public);
            index.generation = generation;
        }
    }

    /// Adds both to what is built, each where it has something to say.
    pub fn add_to(&self, outputs: &mut Outputs) {
        for folder in [Folder::Nixos, Folder::K8s] {
            let (index, files) = (self.of(folder), folder.of(outputs));
            if !index.files.is_empty() || !index.public.is_empty() && !files.is_empty() {
                files.insert(INDEX.to_owned(), index.text());
            }
        }
    }
}
