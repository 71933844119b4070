//! Trees in the clear as text and back: what people see in an editor, and what they import.

use zeroize::Zeroizing;

use crate::error::{Error, Problem};
use crate::format::Format;
use crate::store::{self, Reading};
use crate::value::{Secret, Tree, Value};

impl Tree {
    /// Reads a file that is not encrypted. What YAML could mean in more than one way is refused.
    pub fn from_text(bytes: &[u8], format: Format) -> Result<Self, Error> {
        Self::read(bytes, format, Reading::Meaning)
    }

    /// The same, where all values are texts: `0123`, `1.10`, `yes` and `2024-01-01` stay what they are. What means
    /// nothing to the format is nothing.
    pub fn of_texts(bytes: &[u8], format: Format) -> Result<Self, Error> {
        Self::read(bytes, format, Reading::Texts)
    }

    /// What somebody typed into a file in YAML that holds nothing but texts. Each is kept as it stands there; where
    /// YAML would leave a part of it out, it is refused, as in quotes it is clear.
    pub fn typed(text: &str) -> Result<Self, Error> {
        // Some editors leave the end of the last line out, which would be lost for a value of several lines.
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let text = Zeroizing::new([text, end].concat());
        Self::read(text.as_bytes(), Format::Yaml, Reading::Typed)
    }

    fn read(bytes: &[u8], format: Format, reading: Reading) -> Result<Self, Error> {
        if format == Format::Binary {
            return Ok(Self::binary(bytes.to_vec()));
        }
        let mut documents = store::read(bytes, format, reading)?.documents;
        match (documents.pop(), documents.is_empty()) {
            (Some(tree), true) => Ok(tree),
            _ => Err(Error::new(Problem::SeveralDocuments)),
        }
    }

    /// Writes a file that is not encrypted, as SOPS does when it decrypts.
    pub fn to_text(&self, format: Format) -> Result<Secret<Vec<u8>>, Error> {
        if let (Format::Binary, Some(node)) = (format, self.get("data")) {
            return match node {
                crate::Node::Leaf(value @ (Value::Bytes(_) | Value::Str(_))) => {
                    Ok(value.with_bytes(|bytes| Zeroizing::new(bytes.to_vec())).into())
                }
                _ => Err(Error::new(Problem::UnusableValue("a binary file holds bytes named 'data'"))),
            };
        }
        let text = store::write(self, format)?;
        Ok(Zeroizing::new(text.as_bytes().to_vec()).into())
    }
}
