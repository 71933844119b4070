//! What delivered files are made of, and what they hold: beside the files, committed like them, without any value.

use std::collections::BTreeMap;
use std::fmt::Write;

use secrets::Fingerprint;
use serde_json::Value;

/// The name of the index in each folder.
pub(super) const INDEX: &str = ".secrets.json";

const ABOUT: &str = "What the encrypted files here are made of, as numbers that tell nothing about any value, and \
                     their SHA-256. Commit it; do not edit it.";

/// By path in the folder: what a file is made of, and what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Index(BTreeMap<String, (String, String)>);

impl Index {
    /// Reads an index. One that cannot be read knows nothing: files are then compared with a key.
    pub(super) fn parse(text: &str) -> Self {
        let entry = |(path, entry): (&String, &Value)| {
            let text = |name: &str| entry.get(name)?.as_str().map(str::to_owned);
            Some((path.clone(), (text("made-of")?, text("sha256")?)))
        };
        let all = serde_json::from_str::<Value>(text).ok();
        let files = all.as_ref().and_then(|all| all.get("files")?.as_object());
        Self(files.into_iter().flatten().filter_map(entry).collect())
    }

    /// Whether a file is made of this, and holds this.
    pub(super) fn says(&self, path: &str, made_of: &Fingerprint, content: &Fingerprint) -> bool {
        self.0.get(path).is_some_and(|(made, held)| made == made_of.as_str() && held == content.as_str())
    }

    /// Takes over what another index says of a file.
    pub(super) fn keep(&mut self, path: &str, from: &Self) {
        self.0.extend(from.0.get(path).map(|entry| (path.to_owned(), entry.clone())));
    }

    /// Notes what a file is made of and holds.
    pub(super) fn note(&mut self, path: &str, made_of: &Fingerprint, content: &Fingerprint) {
        self.0.insert(path.to_owned(), (made_of.as_str().to_owned(), content.as_str().to_owned()));
    }

    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The index as text: a line for each file.
    pub(super) fn text(&self) -> String {
        let mut text =
            format!("{{\n  \"version\": 1,\n  \"about\": {},\n  \"files\": {{", Value::from(ABOUT));
        for (nth, (path, (made_of, content))) in self.0.iter().enumerate() {
            let comma = if nth == 0 { "" } else { "," };
            let path = Value::from(path.as_str());
            let _ = write!(
                text,
                "{comma}\n    {path}: {{ \"made-of\": \"{made_of}\", \"sha256\": \"{content}\" }}"
            );
        }
        text.push_str("\n  }\n}\n");
        text
    }
}
