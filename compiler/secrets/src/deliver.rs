//! Makes the encrypted copies.

use emit_secrets::{Delivered, Format};
use model::SecretRef;
use sops::{DataKey, Document, Settings};

use crate::derive::derived_key;
use crate::fingerprint::Hash;
use crate::resolve::resolve;
use crate::source::DELIVERY;
use crate::{Error, Source};

/// What is there of a delivered file.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    /// Nothing.
    Nothing,
    /// This, and nothing shows that hlc wrote it.
    Something(&'a [u8]),
    /// This, as hlc wrote it.
    Own(&'a [u8]),
}

/// Makes `file` anew, with as few changes to what is there as are safe.
///
/// Its data key is derived from a key that the file of all values has, whoever reads it: so nobody plants one, nobody
/// who was taken out has it, and what did not change keeps its bytes also where only a host reads. Nothing is taken from
/// what is there but what is encrypted under that key and verifies; and the copies of the data key, which anybody can
/// put there, only where hlc wrote them.
pub fn deliver(
    file: &Delivered,
    source: &Source,
    found: Found<'_>,
    settings: &Settings<'_>,
) -> Result<String, Error> {
    let (tree, key, format) = (resolve(file, source)?, own_key(file, source)?, format(file.format));
    let (old, is_own) = match found {
        Found::Nothing => (None, false),
        Found::Something(old) => (Some(old), false),
        Found::Own(old) => (Some(old), true),
    };
    if let Some(document) = old.and_then(|old| Document::parse(old, format).ok()) {
        let entries = if is_own { document.entries(&key, settings)? } else { sops::wrapped(&key, settings)? };
        // What does not verify under this key is nothing to go on from.
        if let Ok(text) = document.rewritten(&key, &tree, entries, settings) {
            return Ok(text);
        }
    }
    Ok(sops::encrypt_with(&key, &tree, format, settings)?)
}

/// The data key of a delivered file. Other readers, or another key to derive from, make another one.
pub(crate) fn own_key(file: &Delivered, source: &Source) -> Result<DataKey, Error> {
    let delivery = source.delivery().ok_or_else(|| Error::NoValue(SecretRef::whole(DELIVERY)))?;
    let about = Hash::of_file("hlc delivered file 2", file);
    Ok(DataKey::from_bytes(derived_key(delivery.as_bytes(), &about)))
}

/// How SOPS calls a format.
pub fn format(format: Format) -> sops::Format {
    match format {
        Format::Yaml => sops::Format::Yaml,
        Format::Binary => sops::Format::Binary,
    }
}
