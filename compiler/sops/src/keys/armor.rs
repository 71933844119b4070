//! A data key, or a part of one, as an armored age file for one recipient.

use std::io::{Read, Write};
use std::iter::once;

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::{DecryptError, Decryptor, EncryptError, Encryptor};
use zeroize::Zeroizing;

use super::plugins::{Plugins, said};
use super::recipient::Recipient;
use crate::data_key::DataKey;
use crate::error::{Error, Problem};
use crate::metadata::Entry;

/// Longer than any age file of one recipient. age reads the beginning of a file again for every line of it.
const LONGEST: usize = 16 * 1024;

/// Encrypts a data key for a recipient.
pub(crate) fn wrap(key: &DataKey, recipient: &Recipient, plugins: &dyn Plugins) -> Result<Entry, Error> {
    let to = recipient.to_age(plugins)?;
    let enc = encrypted(key.expose(), &*to).map_err(|error| wrap_error(recipient, &error))?;
    Ok(Entry { recipient: recipient.as_str().to_owned(), enc })
}

fn encrypted(bytes: &[u8], to: &dyn age::Recipient) -> Result<String, EncryptError> {
    let encryptor = Encryptor::with_recipients(once(to))?;
    let armor = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
    let mut stream = encryptor.wrap_output(armor)?;
    stream.write_all(bytes)?;
    let text = stream.finish()?.finish()?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn wrap_error(recipient: &Recipient, error: &EncryptError) -> Error {
    let said = match error {
        EncryptError::Plugin(_) | EncryptError::PluginResolve(_) => said(error),
        _ => {
            return Error::at_entry(
                Problem::BadRecipient("age could not encrypt for it"),
                recipient.as_str(),
            );
        }
    };
    Error::new(Problem::Plugin(recipient.plugin().unwrap_or_default().to_owned(), said))
}

/// What an entry holds for an identity. Nothing is not for this identity.
pub(super) fn unwrapped(
    entry: &Entry,
    identity: &dyn age::Identity,
) -> Result<Option<Zeroizing<Vec<u8>>>, DecryptError> {
    if entry.enc.len() > LONGEST {
        return Err(DecryptError::InvalidHeader);
    }
    // Go's age overlooks an empty line in front.
    match decrypted(entry.enc.trim_start().as_bytes(), identity) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(DecryptError::NoMatchingKeys) => Ok(None),
        Err(error) => Err(error),
    }
}

fn decrypted(text: &[u8], identity: &dyn age::Identity) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let decryptor = Decryptor::new_buffered(ArmoredReader::new(text))?;
    let stream = decryptor.decrypt(once(identity))?;
    // A data key, or a part of one: more would be no data key, and need not be read.
    let mut bytes = Zeroizing::new(Vec::with_capacity(64));
    stream.take(64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
