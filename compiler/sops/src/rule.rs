//! Which values of a file are encrypted.

use regex_lite::Regex;

use crate::error::{Error, Problem};
use crate::path::Path;

/// What keys must look like for a value to be encrypted, or to be left plain. Each looks at every key on the way to
/// the value, so what holds for a map holds for what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Plain if a key ends like this.
    UnencryptedSuffix(String),
    /// Encrypted only if a key ends like this.
    EncryptedSuffix(String),
    /// Plain if a key matches this.
    UnencryptedRegex(Pattern),
    /// Encrypted only if a key matches this.
    EncryptedRegex(Pattern),
    /// Plain if a comment before the value, or before what it is in, matches this.
    UnencryptedCommentRegex(Pattern),
    /// Encrypted only if a comment before the value, or before what it is in, matches this.
    EncryptedCommentRegex(Pattern),
}

/// A regular expression, with classes (`\d`, `\w`) of ASCII as in Go.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

/// What a rule says of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coverage {
    Encrypted,
    Plain,
    /// It goes by comments, which are not read: what looks encrypted is.
    ByLook,
}

/// What SOPS takes when a file says nothing.
const DEFAULT_SUFFIX: &str = "_unencrypted";

impl Default for Rule {
    fn default() -> Self {
        Self::UnencryptedSuffix(DEFAULT_SUFFIX.to_owned())
    }
}

impl Pattern {
    /// Reads one; fails on what is no regular expression, and on classes of Unicode (`\p{…}`).
    pub fn parse(text: &str) -> Result<Self, Error> {
        Regex::new(text).map(Self).map_err(|_| Error::new(Problem::BadPattern))
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

impl Rule {
    /// The names of the rules in the metadata of files.
    pub(crate) const NAMES: [&str; 6] = [
        "unencrypted_suffix",
        "encrypted_suffix",
        "unencrypted_regex",
        "encrypted_regex",
        "unencrypted_comment_regex",
        "encrypted_comment_regex",
    ];

    /// The rule of this name with this text.
    pub(crate) fn named(name: &str, text: &str) -> Result<Option<Self>, Error> {
        Ok(Some(match name {
            "unencrypted_suffix" => Self::UnencryptedSuffix(text.to_owned()),
            "encrypted_suffix" => Self::EncryptedSuffix(text.to_owned()),
            "unencrypted_regex" => Self::UnencryptedRegex(Pattern::parse(text)?),
            "encrypted_regex" => Self::EncryptedRegex(Pattern::parse(text)?),
            "unencrypted_comment_regex" => Self::UnencryptedCommentRegex(Pattern::parse(text)?),
            "encrypted_comment_regex" => Self::EncryptedCommentRegex(Pattern::parse(text)?),
            _ => return Ok(None),
        }))
    }

    /// Its name and text in the metadata.
    pub(crate) fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::UnencryptedSuffix(suffix) => ("unencrypted_suffix", suffix),
            Self::EncryptedSuffix(suffix) => ("encrypted_suffix", suffix),
            Self::UnencryptedRegex(pattern) => ("unencrypted_regex", pattern.0.as_str()),
            Self::EncryptedRegex(pattern) => ("encrypted_regex", pattern.0.as_str()),
            Self::UnencryptedCommentRegex(pattern) => ("unencrypted_comment_regex", pattern.0.as_str()),
            Self::EncryptedCommentRegex(pattern) => ("encrypted_comment_regex", pattern.0.as_str()),
        }
    }

    /// What it says of the value at this place.
    pub(crate) fn coverage(&self, path: &Path) -> Coverage {
        let mut keys = path.keys();
        let encrypted = match self {
            Self::UnencryptedSuffix(suffix) => !keys.any(|key| key.ends_with(suffix)),
            Self::EncryptedSuffix(suffix) => keys.any(|key| key.ends_with(suffix)),
            Self::UnencryptedRegex(pattern) => !keys.any(|key| pattern.0.is_match(key)),
            Self::EncryptedRegex(pattern) => keys.any(|key| pattern.0.is_match(key)),
            Self::UnencryptedCommentRegex(_) | Self::EncryptedCommentRegex(_) => return Coverage::ByLook,
        };
        if encrypted { Coverage::Encrypted } else { Coverage::Plain }
    }
}
