//! The record of what hlc wrote in a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use serde::Deserialize;

use crate::hash::Hash;
use crate::{Disk, Kind, OutputError, paths};

/// The name of the record in each output folder. It is committed like the files it lists.
pub const RECORD: &str = ".hlc.json";

const VERSION: u64 = 1;
const ABOUT: &str = "Which files here are made by hlc, and their SHA-256. Commit it; do not edit it.";

/// The files hlc wrote and the contents they may have: one, or more while a build is, or was, under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record(pub(crate) BTreeMap<String, BTreeSet<Hash>>);

#[derive(Deserialize)]
struct Version {
    version: u64,
}

#[derive(Deserialize)]
struct Form {
    files: BTreeMap<String, OneOrMore>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Record {
    /// Reads the record of `folder`, with its text; a folder without one has an empty record.
    pub(crate) fn load<D: Disk>(disk: &D, folder: &Path) -> Result<(Self, Option<Vec<u8>>), OutputError> {
        let path = folder.join(RECORD);
        let bad = |reason: String| OutputError::BadRecord { path: path.clone(), reason };
        match disk.kind(&path).map_err(OutputError::disk("read", &path))? {
            None => return Ok((Self::default(), None)),
            Some(Kind::File) => {}
            Some(kind) => return Err(bad(format!("it is {kind}, not a file"))),
        }
        let text = disk.read(&path).map_err(OutputError::disk("read", &path))?;
        let version: Version = serde_json::from_slice(&text).map_err(|error| bad(error.to_string()))?;
        if version.version > VERSION {
            return Err(OutputError::NewerRecord { path, version: version.version });
        }
        let record = Self::parse(&text).map_err(bad)?;
        Ok((record, Some(text)))
    }

    fn parse(text: &[u8]) -> Result<Self, String> {
        let form: Form = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        let read = |(path, hashes): (String, OneOrMore)| {
            if let Some(reason) = paths::fault(&path) {
                return Err(format!("it lists {path:?}, which {reason}"));
            }
            let hashes = match hashes {
                OneOrMore::One(hash) => vec![hash],
                OneOrMore::More(hashes) => hashes,
            };
            let parse = |hash: &String| Hash::parse(hash).ok_or_else(|| format!("{hash:?} is no SHA-256"));
            Ok((path, hashes.iter().map(parse).collect::<Result<_, _>>()?))
        };
        form.files.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// The record as text: a line for each file, so that differences are as small as what changed.
    pub(crate) fn text(&self) -> String {
        let mut text =
            format!("{{\n  \"version\": {VERSION},\n  \"about\": {},\n  \"files\": {{", quoted(ABOUT));
        for (nth, (path, hashes)) in self.0.iter().enumerate() {
            let comma = if nth == 0 { "" } else { "," };
            let _ = write!(text, "{comma}\n    {}: ", quoted(path));
            let (open, close) = if hashes.len() == 1 { ("", "") } else { ("[", "]") };
            text.push_str(open);
            for (nth, hash) in hashes.iter().enumerate() {
                let comma = if nth == 0 { "" } else { ", " };
                let _ = write!(text, "{comma}\"{hash}\"");
            }
            text.push_str(close);
        }
        text.push_str(if self.0.is_empty() { "}\n}\n" } else { "\n  }\n}\n" });
        text
    }

    /// Whether all that `other` has is here too.
    pub(crate) fn knows_all_of(&self, other: &Self) -> bool {
        other.0.iter().all(|(path, hashes)| self.0.get(path).is_some_and(|own| hashes.is_subset(own)))
    }

    /// Whether `content` is one that hlc wrote to `path`.
    pub(crate) fn knows(&self, path: &str, content: Hash) -> bool {
        self.0.get(path).is_some_and(|hashes| hashes.contains(&content))
    }
}

/// Shown as JSON has it.
fn quoted(text: &str) -> serde_json::Value {
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_a_line_for_each_file_and_reads_what_it_wrote() {
        let hash = |text: &str| Hash::of(text.as_bytes());
        let record = Record(BTreeMap::from([
            ("b \"x\"".to_owned(), BTreeSet::from([hash("1")])),
            ("a".to_owned(), BTreeSet::from([hash("1"), hash("2")])),
        ]));
        let text = record.text();
        assert_eq!(text.lines().count(), 8);
        assert_eq!(Record::parse(text.as_bytes()), Ok(record));
        assert_eq!(Record::parse(Record::default().text().as_bytes()), Ok(Record::default()));
    }

    #[test]
    fn refuses_paths_out_of_the_folder() {
        let text = format!("{{\"version\": 1, \"files\": {{\"../x\": \"{}\"}}}}", Hash::of(b""));
        assert!(Record::parse(text.as_bytes()).is_err());
    }
}
