//! Stable re-encryption: what did not change keeps its bytes.
//!
//! | what changed | what changes in the file |
//! |---|---|
//! | nothing | nothing, whoever formatted it |
//! | values | these values, `lastmodified` and `mac` |
//! | recipients were added | their copies of the data key |
//! | recipients were removed, or the rule changed | everything, under a new data key |

use crate::data_key::DataKey;
use crate::document::Document;
use crate::encrypt::{Stash, check, encrypt, render, seal};
use crate::error::Error;
use crate::keys::{Recipient, wrap};
use crate::metadata::{Entry, Metadata};
use crate::path::Path;
use crate::settings::Settings;
use crate::value::Tree;

/// What became of a file.
#[derive(Debug)]
pub enum Outcome {
    /// It says already what it should. Its bytes need not be touched.
    Untouched,
    /// It is to be written anew.
    New(Rewritten),
}

/// A file that is to be written.
#[derive(Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// The text of the file.
    pub text: String,
    /// The values that are others than before, or that were added or removed.
    pub changed: Vec<Path>,
    /// Whether it has a new data key.
    pub has_new_key: bool,
    /// Who can read it from now on.
    pub added: Vec<String>,
    /// Who cannot read it any more. They can still read what it was before, so its values should be changed, too.
    pub removed: Vec<String>,
}

/// How a file differs from what it should be.
struct Changes {
    values: Vec<Path>,
    added: Vec<String>,
    removed: Vec<String>,
}

impl Document {
    /// Makes the file one for this tree and these recipients, with as few changes as are safe. Fails if it was tampered
    /// with, and does not encrypt over that.
    pub fn update(&self, key: &DataKey, tree: &Tree, settings: &Settings<'_>) -> Result<Outcome, Error> {
        check(tree, self.format(), settings)?;
        let mut stash = Stash::default();
        let old = self.open(key, &mut |sealed, path, value| stash.keep(sealed, path, value))?;
        let values = old.first().map(|old| old.differences(tree)).unwrap_or_default();
        let has_same_values = values.is_empty() && old.len() == 1;
        let changes = self.changes(values, settings.recipients()?);
        let needs_new_key = !changes.removed.is_empty()
            || self.metadata().rule != settings.rule
            || self.metadata().mac_only_encrypted
            || self.metadata().threshold.is_some()
            || key.mislabelled().is_some();
        if needs_new_key {
            return encrypt(tree, self.format(), settings).map(|text| Outcome::New(changes.made(text, true)));
        }
        if has_same_values && changes.added.is_empty() {
            return Ok(Outcome::Untouched);
        }
        let mut metadata = self.metadata().clone();
        metadata.groups[0].age = self.entries(key, settings)?;
        let text = if has_same_values {
            render(&self.trees[0], &metadata, self.format())?
        } else {
            let (sealed, mac) = seal(tree, key, settings, &mut stash)?;
            metadata.mac = Some(mac.seal(key, &settings.time)?);
            metadata.last_modified = settings.time.clone();
            render(&sealed, &metadata, self.format())?
        };
        Ok(Outcome::New(changes.made(text, false)))
    }

    /// The file with this tree and these copies of the data key, in the one form in which hlc writes files. What is
    /// encrypted already and stays keeps its bytes, if all of the file verifies under `key`; else this fails.
    pub fn rewritten(
        &self,
        key: &DataKey,
        tree: &Tree,
        entries: Vec<Entry>,
        settings: &Settings<'_>,
    ) -> Result<String, Error> {
        check(tree, self.format(), settings)?;
        let mut stash = Stash::default();
        let old = self.open(key, &mut |sealed, path, value| stash.keep(sealed, path, value))?;
        let is_same = old.len() == 1 && old[0] == *tree && !self.metadata().mac_only_encrypted;
        let (sealed, mac) = seal(tree, key, settings, &mut stash)?;
        let (time, mac) = match &self.metadata().mac {
            Some(mac) if is_same => (self.metadata().last_modified.clone(), mac.clone()),
            _ => (settings.time.clone(), mac.seal(key, &settings.time)?),
        };
        render(&sealed, &Metadata::new(entries, settings.rule.clone(), time, mac), self.format())
    }

    /// Makes the file one for these recipients, with the values that it has.
    pub fn rekey(&self, key: &DataKey, settings: &Settings<'_>) -> Result<Outcome, Error> {
        self.update(key, &self.decrypt(key)?, settings)
    }

    /// Encrypts everything anew, with another data key.
    pub fn rotate(&self, key: &DataKey, settings: &Settings<'_>) -> Result<Rewritten, Error> {
        let tree = self.decrypt(key)?;
        let changes = self.changes(Vec::new(), settings.recipients()?);
        encrypt(&tree, self.format(), settings).map(|text| changes.made(text, true))
    }

    fn changes(&self, values: Vec<Path>, recipients: &[Recipient]) -> Changes {
        let says = |text: &str| recipients.iter().any(|recipient| recipient.is(text));
        let is_named = |recipient: &&Recipient| self.metadata().recipients().any(|text| recipient.is(text));
        Changes {
            values,
            added: recipients.iter().filter(|one| !is_named(one)).map(ToString::to_string).collect(),
            removed: self.metadata().recipients().filter(|text| !says(text)).map(str::to_owned).collect(),
        }
    }

    /// The copies of the data key: those that are there, and new ones for recipients who have none.
    pub fn entries(&self, key: &DataKey, settings: &Settings<'_>) -> Result<Vec<Entry>, Error> {
        let entry = |recipient: &Recipient| {
            let old = self.metadata().groups.iter().flat_map(|group| &group.age);
            match old.into_iter().find(|entry| recipient.is(&entry.recipient)) {
                Some(entry) => Ok(entry.clone()),
                None => wrap(key, recipient, settings.plugins),
            }
        };
        settings.recipients()?.iter().map(entry).collect()
    }
}

impl Changes {
    fn made(self, text: String, has_new_key: bool) -> Rewritten {
        Rewritten { text, changed: self.values, has_new_key, added: self.added, removed: self.removed }
    }
}
