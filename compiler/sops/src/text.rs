//! Trees in the clear as text and back: what people see in an editor, and what they import.

use zeroize::Zeroizing;

use crate::error::{Error, Problem};
use crate::format::Format;
use crate::store;
use crate::value::{Secret, Tree, Value};

impl Tree {
    /// Reads a file that is not encrypted. What YAML could mean in more than one way is refused.
    pub fn from_text(bytes: &[u8], format: Format) -> Result<Self, Error> {
        if format == Format::Binary {
            return Ok(Self::binary(bytes.to_vec()));
        }
        let mut documents = store::read(bytes, format)?.documents;
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
