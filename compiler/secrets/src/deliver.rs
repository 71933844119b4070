//! Makes the encrypted copies.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::RecipientKey;
use emit_secrets::{Delivered, Format};
use hkdf::Hkdf;
use sha2::Sha256;
use sops::keys::Access;
use sops::{DataKey, Document, Outcome, Settings, Tree};
use zeroize::Zeroizing;

use crate::resolve::resolve;
use crate::{Error, Source};

/// What becomes of a delivered file.
#[derive(Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It is as it should be.
    Untouched,
    /// It is to be written.
    New(String),
}

/// Makes `file`, of which `old` is there already, with as few changes as are safe.
///
/// A file that an admin can read, too, keeps its data key. That of a file which only a host can read is derived from a
/// key that the file of all values has, so that here, too, a value that did not change keeps its bytes.
pub fn deliver(
    file: &Delivered,
    source: &Source,
    admins: &[RecipientKey],
    old: Option<&[u8]>,
    access: &Access<'_>,
    settings: &Settings<'_>,
) -> Result<Delivery, Error> {
    let tree = resolve(file, source)?;
    let format = format(file.format);
    let own = own_key(file, source, admins);
    let document = old.and_then(|old| Document::parse(old, format).ok());
    // What is there and cannot be used is made anew: what it should hold is known.
    if let Some(document) = &document
        && let Ok(outcome) = updated(document, own.as_ref(), &tree, access, settings)
    {
        return Ok(match outcome {
            Outcome::Untouched if document.deviations(&tree.shape(), settings).is_empty() => {
                Delivery::Untouched
            }
            Outcome::Untouched => Delivery::New(fresh(own.as_ref(), &tree, format, settings)?),
            Outcome::New(new) => Delivery::New(new.text),
        });
    }
    fresh(own.as_ref(), &tree, format, settings).map(Delivery::New)
}

fn updated(
    document: &Document,
    own: Option<&DataKey>,
    tree: &Tree,
    access: &Access<'_>,
    settings: &Settings<'_>,
) -> Result<Outcome, Error> {
    let unwrapped;
    let key = if let Some(own) = own {
        own
    } else {
        unwrapped = document.unwrap_key(access)?;
        &unwrapped
    };
    Ok(document.update(key, tree, settings)?)
}

fn fresh(
    own: Option<&DataKey>,
    tree: &Tree,
    format: sops::Format,
    settings: &Settings<'_>,
) -> Result<String, Error> {
    Ok(match own {
        Some(key) => sops::encrypt_with(key, tree, format, settings)?,
        None => sops::encrypt(tree, format, settings)?,
    })
}

/// The data key of a file that no admin can read. Other readers, or another key to derive from, make another one.
pub(crate) fn own_key(file: &Delivered, source: &Source, admins: &[RecipientKey]) -> Option<DataKey> {
    if file.readers.iter().any(|reader| admins.contains(reader)) {
        return None;
    }
    let secret = Zeroizing::new(BASE64_STANDARD.decode(source.delivery()?).ok()?);
    let readers: Vec<String> = file.readers.iter().map(ToString::to_string).collect();
    let about = format!("hlc delivered file\n{}\n{}", file.path, readers.join("\n"));
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, &secret).expand(about.as_bytes(), &mut *key).ok()?;
    Some(DataKey::from_bytes(key))
}

/// How SOPS calls a format.
pub(crate) fn format(format: Format) -> sops::Format {
    match format {
        Format::Yaml => sops::Format::Yaml,
        Format::Binary => sops::Format::Binary,
    }
}
