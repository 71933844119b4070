//! Those whom a file is encrypted for.

use std::fmt;
use std::str::FromStr;

use super::plugins::Plugins;
use super::{hybrid, ssh};
use crate::error::{Error, Problem};

/// Somebody who will be able to read a file. Comes from whoever decides that, never from a file.
#[derive(Clone)]
pub struct Recipient {
    text: String,
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    X25519(age::x25519::Recipient),
    Hybrid(Box<hybrid::Recipient>),
    Tag(Box<age::tag::Recipient>),
    HybridTag(Box<age::tagpq::Recipient>),
    Ssh(Box<age::ssh::Recipient>),
    /// The name of the plugin.
    Plugin(String),
}

impl FromStr for Recipient {
    type Err = Error;

    /// Reads `age1…`, `age1pq1…`, `age1NAME1…` of a plugin, `ssh-ed25519 …` or `ssh-rsa …`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let kind = Kind::read(text).map_err(|problem| Error::new(Problem::BadRecipient(problem)))?;
        Ok(Self { text: text.to_owned(), kind })
    }
}

impl Kind {
    fn read(text: &str) -> Result<Self, &'static str> {
        let damaged = "the recipient is damaged: its check sum is wrong";
        if text.starts_with("ssh-") {
            return ssh::recipient(text).map(|recipient| Self::Ssh(Box::new(recipient)));
        }
        let Some(rest) = text.strip_prefix("age1") else { return Err("it is no recipient") };
        if rest.starts_with("pq1") {
            return text.parse().map(|recipient| Self::Hybrid(Box::new(recipient))).map_err(|()| damaged);
        }
        if rest.starts_with("tag1") {
            return text.parse().map(|recipient| Self::Tag(Box::new(recipient))).map_err(|_| damaged);
        }
        if rest.starts_with("tagpq1") {
            return text.parse().map(|recipient| Self::HybridTag(Box::new(recipient))).map_err(|_| damaged);
        }
        if rest.contains('1') {
            let plugin = text.parse::<age::plugin::Recipient>().map_err(|_| damaged)?;
            return Ok(Self::Plugin(plugin.plugin().to_owned()));
        }
        text.parse().map(Self::X25519).map_err(|_| damaged)
    }
}

impl Recipient {
    /// Its text, with the comment that an SSH key may have.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a text, as a file has it, names the same key.
    pub fn is(&self, text: &str) -> bool {
        key_of(&self.text) == key_of(text)
    }

    /// Whether its secrets stay secret when there are quantum computers; nothing for a plugin, which knows itself.
    pub fn is_post_quantum(&self) -> Option<bool> {
        match self.kind {
            Kind::Hybrid(_) | Kind::HybridTag(_) => Some(true),
            Kind::X25519(_) | Kind::Tag(_) | Kind::Ssh(_) => Some(false),
            Kind::Plugin(_) => None,
        }
    }

    /// The plugin that it needs.
    pub fn plugin(&self) -> Option<&str> {
        match &self.kind {
            Kind::Plugin(name) => Some(name),
            _ => None,
        }
    }

    /// What age encrypts with.
    pub(super) fn to_age(&self, plugins: &dyn Plugins) -> Result<Box<dyn age::Recipient>, Error> {
        Ok(match &self.kind {
            Kind::X25519(recipient) => Box::new(recipient.clone()),
            Kind::Hybrid(recipient) => recipient.clone(),
            Kind::Tag(recipient) => recipient.clone(),
            Kind::HybridTag(recipient) => recipient.clone(),
            Kind::Ssh(recipient) => recipient.clone(),
            Kind::Plugin(name) => {
                let found = plugins.recipient(name, &self.text);
                found.map_err(|said| Error::new(Problem::Plugin(name.clone(), said)))?
            }
        })
    }
}

/// A recipient without the comment of an SSH key.
pub(crate) fn key_of(text: &str) -> &str {
    let text = text.trim();
    match text.match_indices([' ', '\t']).nth(1) {
        Some((at, _)) if text.starts_with("ssh-") => &text[..at],
        _ => text,
    }
}

impl PartialEq for Recipient {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.text)
    }
}

impl Eq for Recipient {}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recipient").field(&self.text).finish()
    }
}
