//! Whether a file is the one that should be there, for what SOPS itself does not protect.
//!
//! The MAC of SOPS goes over values in their order, but not over names of plain values, types, empty values, comments,
//! and the list of recipients. Whoever knows what a file should be like can compare all of these.

use std::fmt;

use crate::data_key::DataKey;
use crate::document::{Document, Stored};
use crate::encrypt::render;
use crate::error::Error;
use crate::keys::{Recipient, key_of};
use crate::metadata::Metadata;
use crate::path::Path;
use crate::sealed::SealedKind;
use crate::settings::Settings;
use crate::shown::Shown;
use crate::tree::{Map, Node};
use crate::value::{Kind, Tree, Value};

/// The names and types of a tree, without its values.
pub type Shape = Map<Kind>;

/// Something about a file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deviation {
    /// Something that should be there is not.
    Missing(Path),
    /// Something is there that should not be.
    Unexpected(Path),
    /// Entries are not in their order.
    Order(Path),
    /// A value is of another type: the one it should have, and the one it has.
    Type(Path, Kind, &'static str),
    /// A map, a list or a value is something else of these.
    Form(Path),
    /// A value is readable that should be encrypted.
    Plain(Path),
    /// A comment stands on this line.
    Comment(usize),
    /// The file has so many documents.
    Documents(usize),
    /// Another rule says what is encrypted.
    Rule,
    /// The MAC does not go over plain values.
    MacOnlyEncrypted,
    /// The data key is split between groups of keys.
    Groups,
    /// The `sops` block has a name that means nothing to SOPS.
    Unknown(String),
    /// Somebody should be able to read the file, and is not named as a recipient.
    MissingRecipient(String),
    /// Somebody is named as a recipient who should not be.
    UnexpectedRecipient(String),
    /// An entry of the list of recipients is not for whom it says: for whom it says, and for whom it is.
    Mislabelled(String, String),
    /// The file cannot be decrypted, or its MAC is not that of its values.
    Broken(Error),
}

impl Map<Value> {
    /// Its names and types.
    pub fn shape(&self) -> Shape {
        let kinds = self.as_ref().try_map(&mut Path::root(), &mut |value, _| Ok(Some(value.kind())));
        kinds.unwrap_or_default()
    }
}

impl DataKey {
    /// An entry of the file that is not for whom it says.
    pub fn mislabelled(&self) -> Option<Deviation> {
        let lies = |says: &str, is: &str| says != is;
        self.opened().iter().find_map(|opened| {
            let is = opened.is.as_ref()?;
            let says = key_of(&opened.says);
            lies(says, is).then(|| Deviation::Mislabelled(opened.says.clone(), is.clone()))
        })
    }
}

impl Document {
    /// All values in the clear, if the file is whole and is the one that should be there.
    pub fn verify(
        &self,
        key: &DataKey,
        shape: &Shape,
        settings: &Settings<'_>,
    ) -> Result<Tree, Vec<Deviation>> {
        let mut deviations = self.deviations(shape, settings);
        deviations.extend(key.mislabelled());
        match self.decrypt(key) {
            Ok(tree) if deviations.is_empty() => Ok(tree),
            Ok(_) => Err(deviations),
            Err(error) => {
                deviations.push(Deviation::Broken(error));
                Err(deviations)
            }
        }
    }

    /// How the file differs from what it should be, as far as that can be seen without its key.
    pub fn deviations(&self, shape: &Shape, settings: &Settings<'_>) -> Vec<Deviation> {
        let mut found = Vec::new();
        self.compare_metadata(settings, &mut found);
        found.extend(self.comments().iter().map(|line| Deviation::Comment(*line)));
        match &self.trees[..] {
            [tree] => compare_maps(shape, tree, &mut Path::root(), settings, &mut found),
            trees => found.push(Deviation::Documents(trees.len())),
        }
        found
    }

    /// Whether `bytes`, which the file was read from, are those that hlc would write for these names, types and
    /// recipients: all of them, but for what is encrypted. Others may mean something else to another reader.
    pub fn is_as_written(&self, bytes: &[u8], shape: &Shape, settings: &Settings<'_>) -> bool {
        let ([group], [tree]) = (&self.metadata().groups[..], &self.trees[..]) else { return false };
        let named = group.age.iter().map(|entry| entry.recipient.as_str());
        if !named.eq(settings.recipients().unwrap_or_default().iter().map(Recipient::as_str)) {
            return false;
        }
        let (time, mac) = (self.metadata().last_modified.clone(), self.metadata().mac.clone());
        let metadata = Metadata::new(group.age.clone(), settings.rule.clone(), time, mac.unwrap_or_default());
        self.deviations(shape, settings).is_empty()
            && render(tree, &metadata, self.format()).is_ok_and(|text| text.as_bytes() == bytes)
    }

    fn compare_metadata(&self, settings: &Settings<'_>, found: &mut Vec<Deviation>) {
        let metadata = self.metadata();
        if metadata.rule != settings.rule {
            found.push(Deviation::Rule);
        }
        if metadata.mac_only_encrypted {
            found.push(Deviation::MacOnlyEncrypted);
        }
        if metadata.threshold.is_some() {
            found.push(Deviation::Groups);
        }
        found.extend(metadata.unknown.iter().cloned().map(Deviation::Unknown));
        found.extend(self.reader_deviations(settings));
    }

    /// Whom the file is for and should not be, or is not for and should be.
    pub fn reader_deviations(&self, settings: &Settings<'_>) -> Vec<Deviation> {
        let (metadata, mut found) = (self.metadata(), Vec::new());
        let wanted = settings.recipients().unwrap_or_default();
        for recipient in wanted {
            if !metadata.recipients().any(|text| recipient.is(text)) {
                found.push(Deviation::MissingRecipient(recipient.to_string()));
            }
        }
        let mut named = Vec::new();
        for text in metadata.recipients() {
            let key = key_of(text);
            if !wanted.iter().any(|recipient| recipient.is(text)) || named.contains(&key) {
                found.push(Deviation::UnexpectedRecipient(text.to_owned()));
            }
            named.push(key);
        }
        found
    }
}

fn compare_maps(
    shape: &Shape,
    map: &Map<Stored>,
    path: &mut Path,
    settings: &Settings<'_>,
    found: &mut Vec<Deviation>,
) {
    let before = found.len();
    for (key, wanted) in shape.iter() {
        path.enter_key(key);
        match map.get(key) {
            Some(node) => compare(wanted, node, path, settings, found),
            None => found.push(Deviation::Missing(path.clone())),
        }
        path.leave();
    }
    for (key, _) in map.iter().filter(|(key, _)| shape.get(key).is_none()) {
        path.enter_key(key);
        found.push(Deviation::Unexpected(path.clone()));
        path.leave();
    }
    let is_in_order = shape.iter().map(|(key, _)| key).eq(map.iter().map(|(key, _)| key));
    if found.len() == before && !is_in_order {
        found.push(Deviation::Order(path.clone()));
    }
}

fn compare(
    wanted: &Node<Kind>,
    node: &Node<Stored>,
    path: &mut Path,
    settings: &Settings<'_>,
    found: &mut Vec<Deviation>,
) {
    match (wanted, node) {
        (Node::Leaf(kind), Node::Leaf(stored)) => found.extend(compare_values(*kind, stored, path, settings)),
        (Node::Map(shape), Node::Map(map)) => compare_maps(shape, map, path, settings, found),
        (Node::List(shapes), Node::List(items)) => {
            for at in 0..shapes.len().max(items.len()) {
                path.enter_index(at);
                match (shapes.get(at), items.get(at)) {
                    (Some(shape), Some(item)) => compare(shape, item, path, settings, found),
                    (Some(_), None) => found.push(Deviation::Missing(path.clone())),
                    (None, _) => found.push(Deviation::Unexpected(path.clone())),
                }
                path.leave();
            }
        }
        _ => found.push(Deviation::Form(path.clone())),
    }
}

fn compare_values(wanted: Kind, stored: &Stored, path: &Path, settings: &Settings<'_>) -> Option<Deviation> {
    let kind = match stored {
        Stored::Encrypted(sealed) => match sealed.kind() {
            SealedKind::Value(kind) => kind,
            SealedKind::Comment => return Some(Deviation::Type(path.clone(), wanted, "comment")),
        },
        Stored::Plain(value) if value.is_empty() || settings.may_stay_plain => value.kind(),
        Stored::Plain(_) => return Some(Deviation::Plain(path.clone())),
    };
    (kind != wanted).then(|| Deviation::Type(path.clone(), wanted, kind.name()))
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "'{path}' is missing"),
            Self::Unexpected(path) => write!(f, "'{path}' should not be there"),
            Self::Order(path) if path.len() == 0 => f.write_str("the values are not in their order"),
            Self::Order(path) => write!(f, "the values in '{path}' are not in their order"),
            Self::Type(path, wanted, is) => {
                write!(f, "'{path}' should be of type {}, and is {is}", wanted.name())
            }
            Self::Form(path) => write!(f, "'{path}' should be something else: a value, a list or a map"),
            Self::Plain(path) => write!(f, "'{path}' should be encrypted, and can be read by everybody"),
            Self::Comment(line) => write!(f, "line {line} has a comment, which anybody could have put there"),
            Self::Documents(count) => write!(f, "the file has {count} documents instead of one"),
            Self::Rule => f.write_str("the rule of what is encrypted is another"),
            Self::MacOnlyEncrypted => f.write_str("the MAC does not go over plain values"),
            Self::Groups => f.write_str("the data key is split between groups of keys"),
            Self::Unknown(name) => {
                write!(f, "'{}' in the 'sops' block means nothing to SOPS", Shown(name))
            }
            Self::MissingRecipient(text) => write!(f, "the file should be for '{text}', too"),
            Self::UnexpectedRecipient(text) => {
                write!(f, "the file should not be for '{}'", Shown(text))
            }
            Self::Mislabelled(says, is) => {
                write!(f, "what says that it is for '{}' is for '{}'", Shown(says), Shown(is))
            }
            Self::Broken(error) => error.fmt(f),
        }
    }
}
