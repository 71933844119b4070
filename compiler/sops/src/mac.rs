//! The MAC over the values of a file: that none was added, removed, changed or moved.

use sha2::{Digest, Sha512};
use zeroize::Zeroizing;

use crate::data_key::DataKey;
use crate::error::{Error, Problem};
use crate::metadata::Metadata;
use crate::sealed::{Sealed, SealedKind};
use crate::timestamp::Timestamp;
use crate::value::{Kind, Value};

/// What the MAC over encrypted values only begins with, so that it is never that over all values: the SHA-256 of `sops`.
const ENCRYPTED_ONLY: [u8; 32] = [
    0x8a, 0x3f, 0xd2, 0xad, 0x54, 0xce, 0x66, 0x52, 0x7b, 0x10, 0x34, 0xf3, 0xd1, 0x47, 0xbe, 0x0b, 0x0b,
    0x97, 0x5b, 0x3b, 0xf4, 0x4f, 0x72, 0xc6, 0xfd, 0xad, 0xec, 0x81, 0x76, 0xf2, 0x7d, 0x69,
];

/// A MAC in the making: values go in one after the other, with nothing in between, and without their names and types.
pub(crate) struct Mac {
    hash: Sha512,
    encrypted_only: bool,
}

impl Mac {
    pub(crate) fn new(encrypted_only: bool) -> Self {
        let mut hash = Sha512::new();
        if encrypted_only {
            hash.update(ENCRYPTED_ONLY);
        }
        Self { hash, encrypted_only }
    }

    pub(crate) fn update(&mut self, value: &Value, is_encrypted: bool) {
        if is_encrypted || !self.encrypted_only {
            value.with_bytes(|bytes| self.hash.update(bytes));
        }
    }

    /// Encrypts it, bound to the time.
    pub(crate) fn seal(self, key: &DataKey, time: &Timestamp) -> Result<String, Error> {
        Ok(Sealed::seal(key, time.as_str(), Kind::Str, self.text().as_bytes())?.to_string())
    }

    /// Fails if it is not that of a file.
    pub(crate) fn compare(self, key: &DataKey, metadata: &Metadata) -> Result<(), Error> {
        let mac = metadata.mac.as_ref().ok_or_else(|| Error::new(Problem::NoMac))?;
        let wrong = || Error::new(Problem::WrongMac);
        let sealed = Sealed::parse(mac).map_err(|_| wrong())?;
        let plain = sealed.open(key, metadata.last_modified.as_str()).map_err(|_| wrong())?;
        let is_right = sealed.kind() == SealedKind::Value(Kind::Str) && *plain == self.text().as_bytes();
        if is_right { Ok(()) } else { Err(wrong()) }
    }

    fn text(self) -> Zeroizing<String> {
        let digits = self.hash.finalize();
        let mut text = Zeroizing::new(String::with_capacity(2 * digits.len()));
        for byte in digits {
            text.extend(
                [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])),
            );
        }
        text
    }
}
