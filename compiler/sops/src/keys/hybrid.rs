//! Post-quantum recipients and identities of age: `age1pq1…` and `AGE-SECRET-KEY-PQ-1…`.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use aes_gcm::aead::OsRng;
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use age_core::primitives::{bech32_decode, bech32_encode, hpke_open, hpke_seal};
use age_core::secrecy::ExposeSecret;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use bech32::Hrp;
use hpke::{Deserializable, Kem, Serializable};
use zeroize::Zeroizing;

use super::x_wing::{EncappedKey, PrivateKey, PublicKey, XWing};

const RECIPIENT: Hrp = Hrp::parse_unchecked("age1pq");
const IDENTITY: Hrp = Hrp::parse_unchecked("age-secret-key-pq-");
const TAG: &str = "mlkem768x25519";
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
const LABEL: &str = "postquantum";
const BODY_BYTES: usize = FILE_KEY_BYTES + 16;

/// A recipient.
#[derive(Clone, PartialEq)]
pub(super) struct Recipient(PublicKey);

/// An identity.
pub(super) struct Identity(PrivateKey);

impl Identity {
    pub(super) fn to_public(&self) -> Recipient {
        Recipient(XWing::sk_to_pk(&self.0))
    }
}

impl FromStr for Recipient {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        decoded(text, RECIPIENT).and_then(|bytes| PublicKey::from_bytes(&bytes).map(Self).map_err(|_| ()))
    }
}

impl FromStr for Identity {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        decoded(text, IDENTITY).and_then(|bytes| PrivateKey::from_bytes(&bytes).map(Self).map_err(|_| ()))
    }
}

fn decoded(text: &str, prefix: Hrp) -> Result<Zeroizing<Vec<u8>>, ()> {
    let is_prefix = |found| if found == prefix { Ok(()) } else { Err(()) };
    bech32_decode(
        text,
        |_| (),
        is_prefix,
        |_, bytes| {
            let mut found = Zeroizing::new(Vec::with_capacity(text.len()));
            found.extend(bytes);
            Ok(found)
        },
    )
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32_encode(RECIPIENT, &self.0.to_bytes()))
    }
}

impl age::Recipient for Recipient {
    fn wrap_file_key(&self, key: &FileKey) -> Result<(Vec<Stanza>, HashSet<String>), age::EncryptError> {
        let (encapped, body) = hpke_seal::<XWing, _>(&self.0, INFO, key.expose_secret(), &mut OsRng);
        let argument = BASE64_STANDARD_NO_PAD.encode(encapped.to_bytes());
        let stanza = Stanza { tag: TAG.to_owned(), args: vec![argument], body };
        Ok((vec![stanza], HashSet::from([LABEL.to_owned()])))
    }
}

impl age::Identity for Identity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, age::DecryptError>> {
        if stanza.tag != TAG {
            return None;
        }
        let invalid = Some(Err(age::DecryptError::InvalidHeader));
        let [argument] = &stanza.args[..] else { return invalid };
        let encapped = BASE64_STANDARD_NO_PAD.decode(argument).ok();
        let Some(encapped) = encapped.and_then(|bytes| EncappedKey::from_bytes(&bytes).ok()) else {
            return invalid;
        };
        if stanza.body.len() != BODY_BYTES {
            return invalid;
        }
        // A stanza for somebody else decapsulates to some other secret, and cannot be opened with it.
        let opened = hpke_open::<XWing>(&encapped, &self.0, INFO, &stanza.body).ok()?;
        let opened = Zeroizing::new(opened);
        Some(Ok(FileKey::init_with_mut(|key| key.copy_from_slice(&opened))))
    }
}
