//! A secrets file that was read: its values, encrypted, and what it says about them.

use crate::data_key::DataKey;
use crate::error::{Error, Problem};
use crate::format::Format;
use crate::keys::{Access, unwrap};
use crate::mac::Mac;
use crate::metadata::Metadata;
use crate::path::Path;
use crate::rule::{Coverage, Rule};
use crate::sealed::{Sealed, SealedKind};
use crate::store::{self, FLAT_PREFIX, Reading, unflattened};
use crate::tree::{Map, Node};
use crate::value::{Tree, Value};

/// A value of a file.
#[derive(Debug, PartialEq)]
pub(crate) enum Stored {
    Encrypted(Sealed),
    Plain(Value),
}

/// A secrets file.
#[derive(Debug)]
pub struct Document {
    format: Format,
    pub(crate) trees: Vec<Map<Stored>>,
    metadata: Metadata,
    comments: Vec<usize>,
}

impl Document {
    /// Reads a secrets file. That it can be read says nothing about whether anybody changed it: [`Self::decrypt`] does.
    pub fn parse(bytes: &[u8], format: Format) -> Result<Self, Error> {
        let mut content = store::read(bytes, format, Reading::Meaning)?;
        let block = take_block(&mut content.documents, format)?;
        let metadata = Metadata::read(&block)?;
        let mut stored = |value, path: &Path| stored(value, path, &metadata.rule).map(Some);
        let stored = content.documents.into_iter().map(|tree| tree.try_map(&mut Path::root(), &mut stored));
        let trees = stored.collect::<Result<_, _>>()?;
        Ok(Self { format, trees, metadata, comments: content.comments })
    }

    /// How it is written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What it says about its encryption.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The lines that have a comment.
    pub fn comments(&self) -> &[usize] {
        &self.comments
    }

    /// All values in the clear, after the MAC has shown that none was added, removed, changed or moved.
    ///
    /// What SOPS does not protect is not protected here either: names of plain values, types, empty values, comments.
    /// [`Self::deviations`] finds such changes for those who know what the file should be.
    pub fn decrypt(&self, key: &DataKey) -> Result<Tree, Error> {
        let mut trees = self.decrypt_documents(key)?;
        match (trees.pop(), trees.is_empty()) {
            (Some(tree), true) => Ok(tree),
            _ => Err(Error::new(Problem::SeveralDocuments)),
        }
    }

    /// The same for a file with several documents.
    pub fn decrypt_documents(&self, key: &DataKey) -> Result<Vec<Tree>, Error> {
        self.open(key, &mut |_, _, _| ())
    }

    /// Decrypts the data key.
    pub fn unwrap_key(&self, access: &Access<'_>) -> Result<DataKey, Error> {
        unwrap(&self.metadata, access)
    }

    /// All values in the clear. Each that was encrypted is shown beside what it was encrypted to.
    pub(crate) fn open(
        &self,
        key: &DataKey,
        seen: &mut impl FnMut(&Sealed, &Path, &Value),
    ) -> Result<Vec<Tree>, Error> {
        let mut mac = Mac::new(self.metadata.mac_only_encrypted);
        let is_binary = self.format == Format::Binary;
        let mut open = |stored: &Stored, path: &Path| {
            let value = opened(stored, path, key, is_binary)?;
            if let Some(value) = &value {
                mac.update(value, matches!(stored, Stored::Encrypted(_)));
            }
            if let (Some(value), Stored::Encrypted(sealed)) = (&value, stored) {
                seen(sealed, path, value);
            }
            Ok(value)
        };
        let trees = self.trees.iter().map(|tree| tree.as_ref().try_map(&mut Path::root(), &mut open));
        let trees = trees.collect::<Result<Vec<_>, _>>()?;
        mac.compare(key, &self.metadata)?;
        Ok(trees)
    }
}

/// The metadata, taken out of the documents. Those behind the first may have it, too, and it means nothing there.
fn take_block(documents: &mut [Tree], format: Format) -> Result<Tree, Error> {
    let none = || Error::new(Problem::NotEncrypted);
    if format == Format::Dotenv {
        let first = documents.first_mut().ok_or_else(none)?;
        let (block, rest): (Vec<_>, Vec<_>) =
            std::mem::take(first).into_iter().partition(|(key, _)| key.starts_with(FLAT_PREFIX));
        first.extend(rest);
        if block.is_empty() {
            return Err(none());
        }
        return unflattened(block.into_iter().filter_map(|(key, node)| match node {
            Node::Leaf(value) => Some((key[FLAT_PREFIX.len()..].to_owned(), value)),
            _ => None,
        }));
    }
    let mut blocks = documents.iter_mut().map(|document| document.remove("sops"));
    let block = match blocks.next().flatten() {
        Some(Node::Map(block)) => block,
        Some(_) => return Err(Error::new(Problem::Metadata("the 'sops' block is no map"))),
        None => return Err(none()),
    };
    blocks.for_each(drop);
    if format == Format::Ini {
        // Ends of lines are escaped once more there.
        return unflattened(block.into_iter().filter_map(|(key, node)| match node {
            Node::Leaf(value) => Some((key, Value::str(value.as_str()?.replace("\\n", "\n")))),
            _ => None,
        }));
    }
    Ok(block)
}

/// A value as the rule of the file has it.
fn stored(value: Value, path: &Path, rule: &Rule) -> Result<Stored, Error> {
    let is_encrypted = match rule.coverage(path) {
        Coverage::Encrypted => true,
        Coverage::Plain => false,
        Coverage::ByLook => value.as_str().is_some_and(Sealed::is_meant),
    };
    if !is_encrypted || value.is_empty() {
        return Ok(Stored::Plain(value));
    }
    let sealed = match value.as_str() {
        Some(text) if Sealed::is_meant(text) => Sealed::parse(text),
        _ => Err(Problem::PlainValue),
    };
    sealed.map(Stored::Encrypted).map_err(|problem| Error::at_path(problem, path))
}

/// A value in the clear. Comments, which stand in lists like values, become nothing.
fn opened(stored: &Stored, path: &Path, key: &DataKey, is_binary: bool) -> Result<Option<Value>, Error> {
    let sealed = match stored {
        // Of a binary file only nothing is not encrypted.
        Stored::Plain(Value::Str(text)) if is_binary => {
            return Ok(Some(Value::Bytes(text.expose().clone().into_bytes().into())));
        }
        Stored::Plain(value) => return Ok(Some(value.duplicate())),
        Stored::Encrypted(sealed) => sealed,
    };
    let at_path = |problem| Error::at_path(problem, path);
    let plain = sealed.open(key, &path.additional_data()).map_err(at_path)?;
    let SealedKind::Value(kind) = sealed.kind() else { return Ok(None) };
    let value = Value::from_bytes(plain, kind, is_binary);
    value.map(Some).ok_or_else(|| at_path(Problem::WrongType))
}
