//! Trees into secrets files.

use std::collections::{BTreeMap, VecDeque};

use sha2::{Digest, Sha256};

use crate::data_key::DataKey;
use crate::document::Stored;
use crate::error::{Error, Problem};
use crate::format::Format;
use crate::keys::{Access, unwrap_entries, wrap};
use crate::mac::Mac;
use crate::metadata::{Entry, Metadata};
use crate::path::Path;
use crate::rule::{Coverage, Rule};
use crate::sealed::Sealed;
use crate::settings::Settings;
use crate::store::{self, FLAT_PREFIX, flattened};
use crate::tree::{Map, Node};
use crate::value::{Tree, Value};

/// Longer keys are written in a way by SOPS that not every reader knows.
const LONGEST_KEY: usize = 128;

/// Encrypts a tree as a new file: with a data key and IVs that were never used before, so that no two files that come
/// out of this are equal.
pub fn encrypt(tree: &Tree, format: Format, settings: &Settings<'_>) -> Result<String, Error> {
    encrypt_with(&DataKey::generate()?, tree, format, settings)
}

/// The same under a data key that is kept elsewhere. It must be the key of this file and of no other, and nobody may
/// have it who is not to read the file.
pub fn encrypt_with(
    key: &DataKey,
    tree: &Tree,
    format: Format,
    settings: &Settings<'_>,
) -> Result<String, Error> {
    encrypt_for(key, tree, wrapped(key, settings)?, format, settings)
}

/// The same with copies of the data key that are there already: those that [`wrapped`] made.
pub fn encrypt_for(
    key: &DataKey,
    tree: &Tree,
    entries: Vec<Entry>,
    format: Format,
    settings: &Settings<'_>,
) -> Result<String, Error> {
    check(tree, format, settings)?;
    let (sealed, mac) = seal(tree, key, settings, &mut Stash::default())?;
    let mac = mac.seal(key, &settings.time)?;
    render(&sealed, &Metadata::new(entries, settings.rule.clone(), settings.time.clone(), mac), format)
}

/// The data key, encrypted for each of those whom a file is for, in their order.
pub fn wrapped(key: &DataKey, settings: &Settings<'_>) -> Result<Vec<Entry>, Error> {
    settings.recipients()?.iter().map(|recipient| wrap(key, recipient, settings.plugins)).collect()
}

/// The data key that these are copies of, as whoever has `access` decrypts it.
pub fn unwrapped(entries: &[Entry], access: &Access<'_>) -> Result<DataKey, Error> {
    unwrap_entries(entries, access)
}

/// Encrypted values that are kept, each for the next value that equals it, at the same place.
///
/// It is safe to keep an IV for what it was made for, and for nothing else: the same IV with the same key must never
/// meet another text.
#[derive(Default)]
pub(crate) struct Stash {
    kept: BTreeMap<[u8; 32], VecDeque<Sealed>>,
}

impl Stash {
    pub(crate) fn keep(&mut self, sealed: &Sealed, path: &Path, value: &Value) {
        if sealed.has_usual_iv() {
            self.kept.entry(Self::slot(path, value)).or_default().push_back(sealed.clone());
        }
    }

    fn take(&mut self, path: &Path, value: &Value) -> Option<Sealed> {
        self.kept.get_mut(&Self::slot(path, value))?.pop_front()
    }

    /// The place, the type and the text, each with its length before it.
    fn slot(path: &Path, value: &Value) -> [u8; 32] {
        let (place, kind) = (path.additional_data(), value.kind().name());
        let mut hash = Sha256::new();
        value.with_bytes(|bytes| {
            for part in [place.as_bytes(), kind.as_bytes(), bytes] {
                hash.update(part.len().to_be_bytes());
                hash.update(part);
            }
        });
        hash.finalize().into()
    }
}

/// Encrypts the values of a tree, and makes the MAC over them.
pub(crate) fn seal(
    tree: &Tree,
    key: &DataKey,
    settings: &Settings<'_>,
    stash: &mut Stash,
) -> Result<(Map<Stored>, Mac), Error> {
    let mut mac = Mac::new(false);
    let sealed = tree.as_ref().try_map(&mut Path::root(), &mut |value, path| {
        let is_encrypted = !value.is_empty() && settings.rule.coverage(path) == Coverage::Encrypted;
        mac.update(value, is_encrypted);
        if !is_encrypted {
            return Ok(Some(Stored::Plain(value.duplicate())));
        }
        if let Some(kept) = stash.take(path, value) {
            return Ok(Some(Stored::Encrypted(kept)));
        }
        let bound_to = path.additional_data();
        let sealed = value.with_bytes(|bytes| Sealed::seal(key, &bound_to, value.kind(), bytes))?;
        Ok(Some(Stored::Encrypted(sealed)))
    })?;
    Ok((sealed, mac))
}

/// The text of a file.
pub(crate) fn render(sealed: &Map<Stored>, metadata: &Metadata, format: Format) -> Result<String, Error> {
    let mut tree = sealed.as_ref().try_map(&mut Path::root(), &mut |stored, _| {
        Ok(Some(match stored {
            Stored::Encrypted(sealed) => Value::str(sealed.to_string()),
            Stored::Plain(value @ Value::Bytes(_)) if value.is_empty() => Value::str(""),
            Stored::Plain(value) => value.duplicate(),
        }))
    })?;
    let block = metadata.block();
    match format {
        Format::Dotenv => {
            for (name, value) in flattened(block) {
                tree.push(format!("{FLAT_PREFIX}{name}"), Node::Leaf(value));
            }
        }
        _ => tree.push("sops".to_owned(), Node::Map(block)),
    }
    // What is plain here is plain in the file.
    store::write(&tree, format).map(|text| text.as_str().to_owned())
}

/// Refuses what SOPS could not read, or would read as something else.
pub(crate) fn check(tree: &Tree, format: Format, settings: &Settings<'_>) -> Result<(), Error> {
    settings.recipients()?;
    if matches!(settings.rule, Rule::UnencryptedCommentRegex(_) | Rule::EncryptedCommentRegex(_)) {
        return Err(Error::new(Problem::Unsupported("rules that go by comments are read, not written")));
    }
    if format == Format::Ini {
        return Err(Error::new(Problem::NotWritten));
    }
    check_root(tree, format)?;
    check_keys(tree, &mut Path::root(), settings)?;
    tree.as_ref().try_map(&mut Path::root(), &mut |value, path| {
        check_value(value, path, format, settings).map(|()| Some(()))
    })?;
    Ok(())
}

fn check_root(tree: &Tree, format: Format) -> Result<(), Error> {
    let is_bytes = matches!(tree.get("data"), Some(Node::Leaf(Value::Bytes(_)))) && tree.len() == 1;
    if format == Format::Binary && !is_bytes {
        return Err(Error::new(Problem::UnusableValue(
            "a binary file holds bytes named 'data', and nothing else",
        )));
    }
    for (key, _) in tree.iter() {
        if key == "sops" || format == Format::Dotenv && key.starts_with(FLAT_PREFIX) {
            let mut path = Path::root();
            path.enter_key(key);
            return Err(Error::at_path(
                Problem::UnusableKey("SOPS keeps what it needs under this key"),
                &path,
            ));
        }
    }
    Ok(())
}

fn check_keys(map: &Map<Value>, path: &mut Path, settings: &Settings<'_>) -> Result<(), Error> {
    for (key, node) in map.iter() {
        path.enter_key(key);
        let problem = if key.contains(':') && settings.rule.coverage(path) == Coverage::Encrypted {
            Some("a key with a ':' is the same to SOPS as two keys")
        } else if key.chars().any(char::is_control) {
            Some("a key has no control characters")
        } else if key.len() > LONGEST_KEY {
            Some("the key is longer than 128 bytes")
        } else if key == "<<" {
            Some("to YAML this key means something else")
        } else {
            None
        };
        if let Some(problem) = problem {
            return Err(Error::at_path(Problem::UnusableKey(problem), path));
        }
        check_keys_in(node, path, settings)?;
        path.leave();
    }
    Ok(())
}

fn check_keys_in(node: &Node<Value>, path: &mut Path, settings: &Settings<'_>) -> Result<(), Error> {
    match node {
        Node::Leaf(_) => Ok(()),
        Node::Map(map) => check_keys(map, path, settings),
        Node::List(items) => {
            for (at, item) in items.iter().enumerate() {
                path.enter_index(at);
                check_keys_in(item, path, settings)?;
                path.leave();
            }
            Ok(())
        }
    }
}

fn check_value(value: &Value, path: &Path, format: Format, settings: &Settings<'_>) -> Result<(), Error> {
    let refuse = |problem| Err(Error::at_path(problem, path));
    match value {
        Value::Float(number) if !number.expose().is_finite() => {
            return refuse(Problem::UnusableValue("SOPS files have no infinite numbers"));
        }
        Value::Bytes(_) if format != Format::Binary => {
            return refuse(Problem::UnusableValue("bytes go into binary files only"));
        }
        Value::Null if format == Format::Dotenv => {
            return refuse(Problem::UnusableValue("dotenv files have texts only"));
        }
        _ => {}
    }
    let stays_plain = !value.is_empty() && settings.rule.coverage(path) != Coverage::Encrypted;
    if stays_plain && !settings.may_stay_plain { refuse(Problem::WouldStayPlain) } else { Ok(()) }
}
