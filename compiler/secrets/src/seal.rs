//! The seal of the file of values: what belongs together, in one entry that is encrypted like a value.
//!
//! SOPS' MAC goes over values alone. Whom the file is for, which copies of the data key it has, and what the plain part
//! says, stands there for everybody to change; and who may read the file may change the former with SOPS itself, which
//! knows nothing of the keys that copies are delivered under. So all of it is noted here, where only those who can read
//! the values write, and compared when the file is opened.
//!
//! ```text
//! hlc 1
//! generation 7                  how often hlc has written the file
//! key 3f…                       the data key, as a number
//! delivery 9a…                  what keys of delivered files are derived from, as a number
//! plain 51…                     the plain part, as a number
//! reader 07… age1…              each copy of the data key, as a number, and whom it is for
//! before c2…                    what proved records of delivered files, before keys changed
//! by age1…                      who wrote it
//! origin 88… age1…              what shows that to each reader
//! ```

use std::fmt::Write;

use sops::{DataKey, Entry};

use crate::Error;
use crate::fingerprint::Hash;

/// Older records than of so many changes of keys are taken for somebody else's.
const MOST_BEFORE: usize = 8;

/// What belongs together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seal {
    /// How often hlc has written the file.
    pub(crate) generation: u64,
    /// The data key.
    pub(crate) key: String,
    /// What keys of delivered files are derived from.
    pub(crate) delivery: String,
    /// What the plain part comes to; empty where there is none.
    pub(crate) plain: String,
    /// Each copy of the data key and whom it is for, in their order.
    pub(crate) readers: Vec<(String, String)>,
    /// What proved records of delivered files before, the latest last.
    pub(crate) before: Vec<String>,
    /// Who wrote it, where that can be shown.
    pub(crate) by: Option<String>,
    /// What shows that, and to whom.
    pub(crate) origins: Vec<(String, String)>,
}

/// Why the file is to be encrypted anew before anything is made of it. Nobody without a key can bring these about
/// unnoticed, but for a copy of the data key that does not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loose {
    /// It has no seal: another program wrote it, or an older hlc.
    NoSeal,
    /// It has another data key than hlc gave it, as after `sops rotate`.
    OtherKey,
    /// What keys of delivered files are derived from is gone, or is another.
    OtherDelivery,
    /// Somebody was let in by another program.
    LetIn(String),
    /// Somebody was taken out by another program, and still knows what keys of delivered files are derived from.
    TakenOut(String),
    /// A copy of the data key is not the one that hlc made: whom it is for may not be able to open it.
    OtherEntry(String),
}

impl Seal {
    /// As it is kept.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("hlc 1\ngeneration {}\n", self.generation);
        for (word, number) in [("key", &self.key), ("delivery", &self.delivery), ("plain", &self.plain)] {
            let _ = writeln!(text, "{word} {number}");
        }
        for (recipient, number) in &self.readers {
            let _ = writeln!(text, "reader {number} {recipient}");
        }
        for number in &self.before {
            let _ = writeln!(text, "before {number}");
        }
        if let Some(by) = &self.by {
            let _ = writeln!(text, "by {by}");
        }
        for (recipient, number) in &self.origins {
            let _ = writeln!(text, "origin {number} {recipient}");
        }
        text
    }

    /// Reads what is kept.
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        let other = || Error::Plain("its seal is that of another version of hlc");
        let mut seal = Self::default();
        let lines = text.strip_prefix("hlc 1\n").ok_or_else(other)?;
        for line in lines.lines() {
            let (word, rest) = line.split_once(' ').ok_or_else(other)?;
            let pair = || rest.split_once(' ').map(|(number, name)| (name.to_owned(), number.to_owned()));
            match word {
                "generation" => seal.generation = rest.parse().map_err(|_| other())?,
                "key" => rest.clone_into(&mut seal.key),
                "delivery" => rest.clone_into(&mut seal.delivery),
                "plain" => rest.clone_into(&mut seal.plain),
                "reader" => seal.readers.push(pair().ok_or_else(other)?),
                "before" => seal.before.push(rest.to_owned()),
                "by" => seal.by = Some(rest.to_owned()),
                "origin" => seal.origins.push(pair().ok_or_else(other)?),
                _ => return Err(other()),
            }
        }
        Ok(seal)
    }

    /// Notes the copies of the data key.
    pub(crate) fn bind(&mut self, key: &DataKey, entries: &[Entry]) {
        self.key = number_of_key(key);
        self.readers =
            entries.iter().map(|entry| (entry.recipient.clone(), number_of_entry(entry))).collect();
    }

    /// Notes what proved records until now.
    pub(crate) fn note_before(&mut self, proof: String) {
        self.before.push(proof);
        let spare = self.before.len().saturating_sub(MOST_BEFORE);
        self.before.drain(..spare);
    }

    /// Where a file with this data key, these copies of it, and this to derive keys from is not the one that was sealed.
    pub(crate) fn loose(&self, key: &DataKey, entries: &[Entry], delivery: Option<&str>) -> Vec<Loose> {
        let mut found = Vec::new();
        if self.key != number_of_key(key) {
            found.push(Loose::OtherKey);
        }
        if delivery.map(number_of_delivery).as_ref() != Some(&self.delivery) {
            found.push(Loose::OtherDelivery);
        }
        let is_sealed = |name: &str| self.readers.iter().any(|(reader, _)| reader == name);
        let is_there = |name: &str| entries.iter().any(|entry| entry.recipient == name);
        let others = entries.iter().filter(|entry| !is_sealed(&entry.recipient));
        found.extend(others.map(|entry| Loose::LetIn(entry.recipient.clone())));
        let gone = self.readers.iter().filter(|(reader, _)| !is_there(reader));
        found.extend(gone.map(|(reader, _)| Loose::TakenOut(reader.clone())));
        // Under another data key, all copies are others; and two for one are not what was sealed, either.
        if found.is_empty() {
            let now: Vec<_> = entries.iter().map(|one| (&one.recipient, number_of_entry(one))).collect();
            let is_sealed = |(name, number): &(&String, String)| {
                self.readers.iter().any(|(reader, sealed)| reader == *name && sealed == number)
            };
            let is_twice = |name: &String| now.iter().filter(|(other, _)| *other == name).count() > 1;
            let others = now.iter().filter(|one| !is_sealed(one) || is_twice(one.0));
            found.extend(others.map(|(name, _)| Loose::OtherEntry((*name).clone())));
            found.dedup();
        }
        found
    }
}

/// A data key as a number, which is kept under that key itself.
fn number_of_key(key: &DataKey) -> String {
    crate::generate::hex(&key.number()).to_string()
}

/// A copy of a data key as a number: anybody can see both.
fn number_of_entry(entry: &Entry) -> String {
    let mut hash = Hash::new("hlc entry 1");
    hash.text(&entry.recipient);
    hash.text(&entry.enc);
    hash.finish()
}

/// What keys of delivered files are derived from, as a number.
pub(crate) fn number_of_delivery(delivery: &str) -> String {
    let mut hash = Hash::new("hlc delivery 1");
    hash.text(delivery);
    hash.finish()
}

impl std::fmt::Display for Loose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoSeal => f.write_str("nothing in it says what hlc made, as files of an earlier version"),
            Self::OtherKey => f.write_str("it has another data key than hlc gave it, as after 'sops rotate'"),
            Self::OtherDelivery => f.write_str("'hlc_delivery' is missing, or is not the one that hlc made"),
            Self::LetIn(reader) => {
                write!(f, "'{}' was let in by another program", reader.escape_debug())
            }
            Self::TakenOut(reader) => write!(
                f,
                "'{}' was taken out by another program, and still knows what keys of copies are made of",
                reader.escape_debug()
            ),
            Self::OtherEntry(reader) => write!(
                f,
                "the copy of the data key for '{}' is not the one that hlc made: it may open nothing",
                reader.escape_debug()
            ),
        }
    }
}
