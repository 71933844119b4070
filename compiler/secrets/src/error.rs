//! Why something could not be done with secrets. No error has a value in it.

use std::fmt;

use model::SecretRef;
use sops::{Deviation, Problem};

/// Why something could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A file could not be read, decrypted or encrypted.
    Sops(sops::Error),
    /// A file is not what it says it is.
    Deviation(sops::Deviation),
    /// A secret has no value.
    NoValue(SecretRef),
    /// What is kept under this name is not a text.
    NotText(SecretRef),
    /// Nothing can be kept under this name.
    UnusableName(SecretRef, &'static str),
    /// A value could not be made.
    Generate(SecretRef, &'static str),
    /// The plain part of the file is not as hlc writes it.
    Plain(&'static str),
}

impl Error {
    /// Whether a key or a passphrase is missing, and not something wrong.
    pub fn is_lack_of_key(&self) -> bool {
        let Self::Sops(error) = self else { return false };
        matches!(
            error.problem(),
            Problem::NoIdentity(_)
                | Problem::TooFewGroups(..)
                | Problem::NoPassphrase
                | Problem::WrongPassphrase
                | Problem::Plugin(..)
        )
    }

    /// What to do about it, where that can be said.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Sops(error) => error.help(),
            Self::Deviation(Deviation::Type(..)) => Some("values are texts: give it in quotes to 'sops set'"),
            Self::Deviation(Deviation::Comment(_)) => Some("remove it with 'sops edit'"),
            Self::Plain(_) => Some(
                "take the file from before the change; dates and public halves are for 'hlc secrets' to change",
            ),
            _ => None,
        }
    }

    /// Whom a file is for that none of the keys at hand can decrypt; nothing where something else is wrong.
    pub fn lacks_key_of(&self) -> Option<&[String]> {
        match self {
            Self::Sops(error) => match error.problem() {
                Problem::NoIdentity(recipients) => Some(recipients),
                _ => None,
            },
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sops(error) => error.fmt(f),
            Self::Deviation(deviation) => deviation.fmt(f),
            Self::NoValue(secret) => write!(f, "secret '{secret}' has no value"),
            Self::NotText(secret) => {
                write!(
                    f,
                    "what is kept as '{secret}' should be a text, and is a list, a map, a time or bytes"
                )
            }
            Self::UnusableName(secret, why) => write!(f, "no value can be kept as '{secret}': {why}"),
            Self::Generate(secret, why) => write!(f, "no value can be made for '{secret}': {why}"),
            Self::Plain(what) => write!(f, "the plain part of the file is damaged: {what}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<sops::Error> for Error {
    fn from(error: sops::Error) -> Self {
        Self::Sops(error)
    }
}
