//! Who wrote the file of values.
//!
//! Public keys are public, so anybody can make a whole file for somebody. But two holders of private keys have something
//! in common that nobody else knows (X25519 of one's private and the other's public key). By that, whoever writes the
//! file shows each reader that it was one of them.
//!
//! Not all kinds of keys have that. What a reader is told depends on the reader's own key alone, whoever else reads: one
//! that could be shown it takes nothing for granted, or the forger would only have to say less.

use sops::DataKey;
use sops::keys::can_agree;

use crate::derive::derived;
use crate::fingerprint::Hash;
use crate::seal::Seal;

/// What is known of who wrote the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// One of those who may, or the reader.
    Shown,
    /// Somebody whom the lab does not name as a recipient, or does not name any more.
    Other(String),
    /// The reader could be shown it, and nobody says that it was them: somebody whose key cannot, or anybody at all.
    Unsigned,
    /// Nothing can be shown to the reader, whose key is in hardware, of RSA, or for quantum computers.
    Unknown,
    /// None of those who may, whatever it says.
    Forged,
}

/// What shows each reader that it was `by` who wrote the file, whose private key opened `key`.
pub(crate) fn shown_to_readers(seal: &Seal, by: &str, key: &DataKey) -> Vec<(String, String)> {
    let shown = |(reader, _): &(String, String)| Some((reader.clone(), number(seal, by, reader, key)?));
    seal.readers.iter().filter_map(shown).collect()
}

/// What is known of who wrote the file, to the reader whose private key opened `key`, where `recipients` are those who may
/// write it.
pub(crate) fn origin(seal: Option<&Seal>, key: &DataKey, recipients: &[String]) -> Origin {
    let own = key.opened().first().map(|opened| opened.says.as_str());
    let Some(own) = own.filter(|own| key.agreed(own).is_some()) else { return Origin::Unknown };
    let is_for_them = |seal: &&Seal| seal.readers.iter().any(|(reader, _)| is_same(reader, own));
    let Some(seal) = seal.filter(is_for_them) else { return Origin::Unsigned };
    let Some(by) = &seal.by else { return Origin::Unsigned };
    // What the writer has in common with the reader, the reader has in common with the writer.
    let number = number_read(seal, by, own, key);
    let is_shown =
        seal.origins.iter().any(|(reader, says)| is_same(reader, own) && number.as_ref() == Some(says));
    match is_shown {
        false => Origin::Forged,
        true if recipients.iter().any(|one| is_same(one, by)) => Origin::Shown,
        // Only oneself could have made that, whatever the lab says by now.
        true if is_same(by, own) => Origin::Shown,
        true => Origin::Other(by.clone()),
    }
}

/// Those readers who could be shown who wrote the file, and are not.
pub(crate) fn left_to_ask(seal: &Seal) -> Vec<String> {
    let is_shown = |name: &String| seal.origins.iter().any(|(reader, _)| reader == name);
    let all = seal.readers.iter().map(|(reader, _)| reader);
    all.filter(|reader| can_agree(reader) && !is_shown(reader)).cloned().collect()
}

/// Whether two texts name one key; what stands behind an SSH key is a comment.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let words = |text: &str| text.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>();
    words(one) == words(other)
}

fn number(seal: &Seal, by: &str, reader: &str, writers: &DataKey) -> Option<String> {
    Some(derived(&*writers.agreed(reader)?, &about(seal, by, reader)))
}

fn number_read(seal: &Seal, by: &str, reader: &str, readers: &DataKey) -> Option<String> {
    Some(derived(&*readers.agreed(by)?, &about(seal, by, reader)))
}

/// What is said to be `by`'s: what all keys of copies are derived from, and who may read it.
fn about(seal: &Seal, by: &str, reader: &str) -> Hash {
    let mut hash = Hash::new("hlc origin 1");
    for text in [by, reader, &seal.delivery] {
        hash.text(text);
    }
    for (name, _) in &seal.readers {
        hash.text(name);
    }
    hash
}
