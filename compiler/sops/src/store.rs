//! Files as trees, and trees as files, one module a format. Nothing here knows what is encrypted.

mod dotenv;
mod flat;
mod ini;
mod json;
mod plaintext;
mod yaml;

use zeroize::Zeroizing;

use crate::error::{Error, Problem};
use crate::format::Format;
use crate::value::Tree;

pub(crate) use flat::{flattened, unflattened};

/// The largest file that is read. Secrets are small; what is larger is a mistake or an attack.
pub const LARGEST: usize = 16 * 1024 * 1024;

/// The prefix of metadata in a format without maps.
pub(crate) const FLAT_PREFIX: &str = "sops_";

/// What is in a file.
#[derive(Debug)]
pub(crate) struct Content {
    /// Its documents; only YAML has more than one.
    pub documents: Vec<Tree>,
    /// The lines that have a comment.
    pub comments: Vec<usize>,
}

impl Content {
    fn of(tree: Tree) -> Self {
        Self { documents: vec![tree], comments: Vec::new() }
    }
}

/// What a value that is not in quotes is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// What it means to SOPS: `0123` is the number 83.
    Meaning,
    /// The text that stands there: `0123` is `0123`.
    Texts,
    /// The same, for what somebody types into a file of values alone: what would lose a part of it is refused.
    Typed,
}

/// Reads a file. A binary file is read as the JSON that it is kept in.
pub(crate) fn read(bytes: &[u8], format: Format, reading: Reading) -> Result<Content, Error> {
    if bytes.len() > LARGEST {
        return Err(Error::new(Problem::TooLarge));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        Error::at_line(Problem::Syntax("the text is not UTF-8"), line)
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        Format::Yaml => yaml::read(text, reading),
        Format::Json | Format::Binary => json::read(text, reading).map(Content::of),
        Format::Dotenv => dotenv::read(text, reading),
        Format::Ini => ini::read(text, reading),
    }
}

/// Writes a file as SOPS does.
pub(crate) fn write(tree: &Tree, format: Format) -> Result<Zeroizing<String>, Error> {
    match format {
        Format::Yaml => yaml::write(tree),
        Format::Json | Format::Binary => json::write(tree),
        Format::Dotenv => dotenv::write(tree),
        Format::Ini => Err(Error::new(Problem::NotWritten)),
    }
}
