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

/// Reads a file. A binary file is read as the JSON that it is kept in.
pub(crate) fn read(bytes: &[u8], format: Format) -> Result<Content, Error> {
    if bytes.len() > LARGEST {
        return Err(Error::new(Problem::TooLarge));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        Error::at_line(Problem::Syntax("the text is not UTF-8"), line)
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        Format::Yaml => yaml::read(text),
        Format::Json | Format::Binary => json::read(text).map(Content::of),
        Format::Dotenv => dotenv::read(text),
        Format::Ini => ini::read(text),
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
