//! What can go wrong: what, where, and what to do about it. No error has a value, a key or a line of a file in it.

use std::fmt;

use crate::path::Path;
use crate::shown::Shown;

/// Why something could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    problem: Problem,
    place: Option<Place>,
}

/// Where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A place in the tree of the file.
    Path(Path),
    /// A line of the file, counted from 1.
    Line(usize),
    /// An entry of the file's list of recipients, by what it says whom it is for.
    Entry(String),
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The file is larger than [`crate::LARGEST`].
    TooLarge,
    /// Nodes are nested deeper than [`crate::DEEPEST`].
    TooDeep,
    /// The text is not of its format.
    Syntax(&'static str),
    /// The text uses something of its format that secrets files have no use for.
    Unsupported(&'static str),
    /// A map has two entries of one name.
    DuplicateKey,
    /// The root is no map.
    NoMap,
    /// The file has several documents, where one is expected.
    SeveralDocuments,
    /// The file has no metadata.
    NotEncrypted,
    /// A part of the metadata is not what it must be.
    Metadata(&'static str),
    /// The metadata has more than one rule of what is encrypted.
    SeveralRules,
    /// The pattern of a rule is no regular expression, or one of another dialect.
    BadPattern,
    /// A point in time is not in RFC 3339.
    BadTimestamp,
    /// The metadata names nobody who could decrypt the file.
    NoRecipients,

    /// A value should be encrypted and is not.
    PlainValue,
    /// An encrypted value is not written as one.
    MalformedValue,
    /// An encrypted value has a type that does not exist, or that SOPS breaks at.
    UnknownType,
    /// An encrypted value is not of the type that it says.
    WrongType,
    /// A comment stands where a value is expected.
    CommentAsValue,
    /// An encrypted value cannot be decrypted.
    AlteredValue,
    /// The file has no MAC.
    NoMac,
    /// The MAC of the file is not that of its values.
    WrongMac,

    /// None of the identities can decrypt the file, which is for these recipients.
    NoIdentity(Vec<String>),
    /// Too few of the file's groups of keys could be decrypted: so many, of so many that are needed.
    TooFewGroups(usize, usize),
    /// An entry of the list of recipients says that it is for an identity that is here, and is not.
    OthersEntry,
    /// An entry of the list of recipients holds no data key.
    BadEntry(&'static str),
    /// A data key does not have 32 bytes.
    DataKeyLength,
    /// No text of a recipient.
    BadRecipient(&'static str),
    /// No identity is in the text.
    NoIdentities,
    /// An identity cannot be used.
    BadIdentity(&'static str),
    /// A passphrase is needed and was not given.
    NoPassphrase,
    /// A passphrase is wrong.
    WrongPassphrase,
    /// An age plugin could not be used: its name, and what it said.
    Plugin(String, String),

    /// A key cannot be written.
    UnusableKey(&'static str),
    /// A value cannot be written.
    UnusableValue(&'static str),
    /// The rule would leave a value of the tree plain.
    WouldStayPlain,
    /// The format cannot be written.
    NotWritten,
    /// The operating system gave no random bytes.
    NoRandomness,
}

impl Error {
    pub(crate) fn new(problem: Problem) -> Self {
        Self { problem, place: None }
    }

    pub(crate) fn at_path(problem: Problem, path: &Path) -> Self {
        Self { problem, place: Some(Place::Path(path.clone())) }
    }

    pub(crate) fn at_line(problem: Problem, line: usize) -> Self {
        Self { problem, place: Some(Place::Line(line)) }
    }

    pub(crate) fn at_entry(problem: Problem, says: &str) -> Self {
        Self { problem, place: Some(Place::Entry(says.to_owned())) }
    }

    /// What is wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Where.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// What to do about it, where that can be said.
    pub fn help(&self) -> Option<&'static str> {
        self.problem.help()
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            None => write!(f, "{}", self.problem),
            Some(Place::Path(path)) if path.len() == 0 => write!(f, "{}", self.problem),
            Some(Place::Path(path)) => write!(f, "'{path}': {}", self.problem),
            Some(Place::Line(line)) => write!(f, "line {line}: {}", self.problem),
            Some(Place::Entry(says)) => write!(f, "recipient '{}': {}", Shown(says), self.problem),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the file is too large for a secrets file",
            Self::TooDeep => "the values are nested too deep",
            Self::Syntax(what) | Self::Unsupported(what) | Self::Metadata(what) | Self::BadEntry(what) => {
                what
            }
            Self::DuplicateKey => "the key stands there twice",
            Self::NoMap => "a secrets file is a map of names to values",
            Self::SeveralDocuments => "the file has several documents",
            Self::NotEncrypted => "the file is not encrypted: it has no 'sops' block",
            Self::SeveralRules => "the 'sops' block has more than one rule of what is encrypted",
            Self::BadPattern => "the pattern is no regular expression that is known here",
            Self::BadTimestamp => "the time is not written as in '2026-05-22T20:16:23Z'",
            Self::NoRecipients => "the file is encrypted for nobody",
            Self::PlainValue => "the value should be encrypted and is not",
            Self::MalformedValue => "the encrypted value is damaged",
            Self::UnknownType => "the encrypted value is of a type that does not exist",
            Self::WrongType => "the value is not of the type that the file says",
            Self::CommentAsValue => "a comment stands where a value should be",
            Self::AlteredValue => "the value was changed, or was encrypted for another place or file",
            Self::NoMac => "the file has no MAC, so nothing says that it is complete",
            Self::WrongMac => "values were added, removed, changed or put in another order by hand",
            Self::NoIdentity(recipients) => return no_identity(f, recipients),
            Self::TooFewGroups(opened, needed) => {
                return write!(f, "the keys of {needed} groups are needed, and {opened} could be decrypted");
            }
            Self::OthersEntry => {
                "its key is here, and does not open the copy of the data key that bears its name"
            }
            Self::DataKeyLength => "the data key does not have 32 bytes",
            Self::BadRecipient(what) | Self::BadIdentity(what) => what,
            Self::NoIdentities => "there is no identity in it",
            Self::NoPassphrase => "the identity is protected by a passphrase, and none was given",
            Self::WrongPassphrase => "the passphrase is wrong",
            Self::Plugin(name, said) => return write!(f, "age-plugin-{name}: {}", Shown(said)),
            Self::UnusableKey(what) | Self::UnusableValue(what) => what,
            Self::WouldStayPlain => "the rule of the file would leave the value readable",
            Self::NotWritten => "files of this format are read, not written",
            Self::NoRandomness => "the operating system gives no random bytes",
        })
    }
}

fn no_identity(f: &mut fmt::Formatter<'_>, recipients: &[String]) -> fmt::Result {
    f.write_str("none of the identities can decrypt it; it is for ")?;
    for (at, recipient) in recipients.iter().enumerate() {
        let separator = if at == 0 { "" } else { ", " };
        write!(f, "{separator}{}", Shown(recipient))?;
    }
    Ok(())
}

impl Problem {
    fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::DuplicateKey => "remove one of the two",
            Self::NotEncrypted => "encrypt it with 'sops encrypt --in-place'",
            Self::Unsupported(_) => "let SOPS write the file anew with 'sops rotate --in-place'",
            Self::SeveralRules => {
                "keep one of the lines of the 'sops' block that end in '_suffix' or '_regex'"
            }
            Self::PlainValue | Self::AlteredValue | Self::MalformedValue | Self::WrongMac | Self::NoMac => {
                "take the file from before the change, and change values with 'sops edit' only"
            }
            Self::NoIdentity(_) => {
                "ask one of them to add you as a recipient, or give the identity of one of them"
            }
            Self::OthersEntry => {
                "somebody replaced it: take the file from before the change, or let another recipient run 'hlc secrets rekey'"
            }
            Self::BadRecipient(_) => "a recipient begins with 'age1', 'ssh-ed25519' or 'ssh-rsa'",
            Self::NoIdentities => "an identity begins with 'AGE-SECRET-KEY-1', or is an SSH private key",
            Self::NoRecipients => "name at least one recipient",
            Self::NotWritten => "use YAML, JSON, dotenv or binary files",
            Self::WouldStayPlain => "name the key differently",
            _ => return None,
        })
    }
}
