//! Those who can decrypt: private keys of age and SSH, and handles of plugins.

use std::fmt;

use zeroize::Zeroizing;

use super::agreement::Half;
use super::locked::Locked;
use super::{hybrid, ssh};
use crate::error::{Error, Problem};

/// Larger files of identities are not read, as in age.
const LARGEST: usize = 16 * 1024 * 1024;

/// Private keys, from as many places as there are.
#[derive(Default)]
pub struct Identities {
    pub(super) all: Vec<Identity>,
    skipped: Vec<Skipped>,
}

/// A line in a file of identities that could not be used. What stands on it is told nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The file, as it was called when it was read.
    pub source: String,
    /// The line, counted from 1.
    pub line: usize,
    /// Why.
    pub why: &'static str,
}

pub(super) enum Identity {
    /// Ready for use, and whom it belongs to.
    Ready {
        identity: Box<dyn age::Identity + Send + Sync>,
        recipient: String,
        /// What it agrees with others by, where it is of a kind that can.
        half: Option<Half>,
    },
    /// To be asked for by name.
    Plugin { name: String, text: Zeroizing<String> },
    /// Behind a passphrase.
    Locked(Locked),
}

impl Identities {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what is in a file: identities of age, one or more on a line; or an SSH private key; or identities of age
    /// encrypted with a passphrase, which is asked for when nothing else helps.
    ///
    /// `source` is what the file is called when a passphrase is asked for. Lines of unknown kinds are
    /// [skipped](Self::skipped); it is an error if nothing is left.
    pub fn add(&mut self, bytes: &[u8], source: &str) -> Result<(), Error> {
        if bytes.len() > LARGEST {
            return Err(Error::new(Problem::TooLarge));
        }
        let mut found = Vec::new();
        if Locked::is_file(bytes) {
            found.push(Identity::Locked(Locked::file(bytes, source)));
        } else {
            let text = std::str::from_utf8(bytes);
            let text =
                text.map_err(|_| Error::new(Problem::BadIdentity("the file of identities is not UTF-8")))?;
            let text = text.trim_start_matches('\u{feff}');
            if text.trim_start().starts_with("-----BEGIN ") {
                ssh_key(text, source, &mut found)?;
            } else {
                self.skipped.extend(lines(text, source, &mut found));
            }
        }
        if found.is_empty() {
            return Err(Error::new(Problem::NoIdentities));
        }
        self.all.append(&mut found);
        Ok(())
    }

    /// The lines that could not be used.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whom those belong to that agree with others as they are, without a passphrase.
    pub fn agreeing(&self) -> impl Iterator<Item = &str> {
        self.all.iter().filter_map(|identity| match identity {
            Identity::Ready { recipient, half: Some(_), .. } => Some(recipient.as_str()),
            _ => None,
        })
    }

    /// Whom the identities belong to, as far as that can be known without passphrases and plugins. An SSH key of type
    /// Ed25519 that is not encrypted is listed as itself and as the `age1…` that it is converted to.
    pub fn recipients(&self) -> impl Iterator<Item = &str> {
        self.all
            .iter()
            .flat_map(|identity| match identity {
                Identity::Ready { recipient, .. } => std::slice::from_ref(recipient),
                Identity::Locked(locked) => locked.recipients(),
                Identity::Plugin { .. } => &[],
            })
            .map(String::as_str)
    }
}

/// The identities in lines of text. Returns the lines that are none.
pub(super) fn lines(text: &str, source: &str, found: &mut Vec<Identity>) -> Vec<Skipped> {
    let mut skipped = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for word in line.split_whitespace().take_while(|word| !word.starts_with('#')) {
            match identity(word) {
                Ok(identity) => found.push(identity),
                Err(why) => skipped.push(Skipped { source: source.to_owned(), line: at + 1, why }),
            }
        }
    }
    skipped
}

fn identity(word: &str) -> Result<Identity, &'static str> {
    let damaged = "the identity is damaged: its check sum is wrong";
    if word.starts_with("AGE-SECRET-KEY-1") {
        return Identity::x25519(word).ok_or(damaged);
    }
    if word.starts_with("AGE-SECRET-KEY-PQ-1") {
        let identity: hybrid::Identity = word.parse().map_err(|()| damaged)?;
        let recipient = identity.to_public().to_string();
        return Ok(Identity::Ready { identity: Box::new(identity), recipient, half: None });
    }
    if word.starts_with("AGE-PLUGIN-") {
        let plugin: age::plugin::Identity = word.parse().map_err(|_| damaged)?;
        let name = plugin.plugin().to_owned();
        return Ok(Identity::Plugin { name, text: Zeroizing::new(word.to_owned()) });
    }
    Err("it is no identity that is known here")
}

/// The identities that an SSH private key is.
pub(super) fn ssh_key(text: &str, source: &str, found: &mut Vec<Identity>) -> Result<(), Error> {
    match ssh::identity(text)? {
        identity @ age::ssh::Identity::Unencrypted(_) => {
            let converted = ssh::converted(text);
            found.push(Identity::ssh(identity, converted.as_ref().and_then(|text| Half::of_age(text))));
            found.extend(converted.and_then(|text| Identity::x25519(&text)));
        }
        age::ssh::Identity::Encrypted(key) => found.push(Identity::Locked(Locked::ssh(key, text, source))),
        age::ssh::Identity::Unsupported(_) => {
            return Err(Error::new(Problem::BadIdentity("SSH keys of this kind cannot be used")));
        }
    }
    Ok(())
}

impl Identity {
    fn x25519(text: &str) -> Option<Self> {
        let identity: age::x25519::Identity = text.parse().ok()?;
        let recipient = identity.to_public().to_string();
        Some(Self::Ready { identity: Box::new(identity), recipient, half: Half::of_age(text) })
    }

    /// An SSH key that is not encrypted any more, and what it agrees with others by, where that is known.
    pub(super) fn ssh(identity: age::ssh::Identity, half: Option<Half>) -> Self {
        let recipient = ssh::public(&identity).unwrap_or_default();
        Self::Ready { identity: Box::new(identity), recipient, half }
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let recipients: Vec<&str> = self.recipients().collect();
        f.debug_struct("Identities").field("of", &recipients).finish_non_exhaustive()
    }
}
