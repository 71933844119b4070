//! One encrypted value: `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]`.

use std::fmt;

use aes_gcm::aead::consts::{U12, U16, U32};
use aes_gcm::aead::{AeadInPlace, KeyInit, Nonce, Tag};
use aes_gcm::{Aes256Gcm, AesGcm, aes::Aes256};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use crate::data_key::DataKey;
use crate::error::{Error, Problem};
use crate::random::fill;
use crate::value::Kind;

/// How many random bytes SOPS takes for an IV. With so many two never meet.
const IV: usize = 32;
const PREFIX: &str = "ENC[";

/// An encrypted value.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Sealed {
    data: Vec<u8>,
    iv: Vec<u8>,
    tag: [u8; 16],
    kind: SealedKind,
}

/// The type behind an encrypted value. Nothing protects it: whoever may write to the file may change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SealedKind {
    Value(Kind),
    /// A comment; in a list it is an item like any other.
    Comment,
}

impl Sealed {
    /// Whether a text wants to be an encrypted value.
    pub(crate) fn is_meant(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// Reads an encrypted value. SOPS overlooks what stands behind the bracket; here it is an error.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let malformed = Problem::MalformedValue;
        let inside = text.strip_prefix("ENC[AES256_GCM,").and_then(|text| text.strip_suffix(']'));
        let mut parts = inside.ok_or(malformed.clone())?.split(',');
        let mut part = |name: &str| {
            let part = parts.next().and_then(|part| part.strip_prefix(name)?.strip_prefix(':'));
            part.ok_or(malformed.clone())
        };
        let data = decoded(part("data")?)?;
        let iv = decoded(part("iv")?)?;
        let tag = decoded(part("tag")?)?.try_into().map_err(|_| malformed.clone())?;
        let kind = SealedKind::named(part("type")?)?;
        if data.is_empty() || parts.next().is_some() {
            return Err(malformed);
        }
        Ok(Self { data, iv, tag, kind })
    }

    pub(crate) fn kind(&self) -> SealedKind {
        self.kind
    }

    /// Whether its IV is of the length that SOPS can encrypt with; it panics at others.
    pub(crate) fn has_usual_iv(&self) -> bool {
        self.iv.len() == IV
    }

    /// Encrypts, with an IV that was never used before.
    pub(crate) fn seal(key: &DataKey, bound_to: &str, kind: Kind, plain: &[u8]) -> Result<Self, Error> {
        let mut iv = [0; IV];
        fill(&mut iv)?;
        let mut data = plain.to_vec();
        let cipher = AesGcm::<Aes256, U32>::new(key.expose().into());
        let nonce = Nonce::<AesGcm<Aes256, U32>>::from_slice(&iv);
        let tag = cipher.encrypt_in_place_detached(nonce, bound_to.as_bytes(), &mut data);
        let tag = tag.map_err(|_| Error::new(Problem::TooLarge))?.into();
        Ok(Self { data, iv: iv.to_vec(), tag, kind: SealedKind::Value(kind) })
    }

    /// Decrypts; fails when any of it was changed, or when it was encrypted for another place or with another key.
    pub(crate) fn open(&self, key: &DataKey, bound_to: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
        match self.iv.len() {
            12 => self.open_with::<Aes256Gcm, U12>(key, bound_to),
            16 => self.open_with::<AesGcm<Aes256, U16>, U16>(key, bound_to),
            IV => self.open_with::<AesGcm<Aes256, U32>, U32>(key, bound_to),
            _ => Err(Problem::MalformedValue),
        }
    }

    fn open_with<C, N>(&self, key: &DataKey, bound_to: &str) -> Result<Zeroizing<Vec<u8>>, Problem>
    where
        C: KeyInit<KeySize = U32> + AeadInPlace<NonceSize = N, TagSize = U16>,
        N: aes_gcm::aead::generic_array::ArrayLength<u8>,
    {
        let mut plain = Zeroizing::new(self.data.clone());
        let nonce = Nonce::<C>::from_slice(&self.iv);
        let tag = Tag::<C>::from_slice(&self.tag);
        let opened = C::new(key.expose().into()).decrypt_in_place_detached(
            nonce,
            bound_to.as_bytes(),
            &mut plain,
            tag,
        );
        opened.map_err(|_| Problem::AlteredValue)?;
        Ok(plain)
    }
}

fn decoded(text: &str) -> Result<Vec<u8>, Problem> {
    BASE64_STANDARD.decode(text).map_err(|_| Problem::MalformedValue)
}

impl SealedKind {
    fn named(name: &str) -> Result<Self, Problem> {
        Ok(match name {
            "str" => Self::Value(Kind::Str),
            "int" => Self::Value(Kind::Int),
            "float" => Self::Value(Kind::Float),
            "bool" => Self::Value(Kind::Bool),
            "time" => Self::Value(Kind::Time),
            "comment" => Self::Comment,
            _ => return Err(Problem::UnknownType),
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Value(kind) => kind.name(),
            Self::Comment => "comment",
        }
    }
}

impl fmt::Display for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [data, iv, tag] = [&self.data[..], &self.iv, &self.tag].map(|part| BASE64_STANDARD.encode(part));
        write!(f, "ENC[AES256_GCM,data:{data},iv:{iv},tag:{tag},type:{}]", self.kind.name())
    }
}

/// Ciphertext is no secret, but of no use in a log either.
impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ENC[…,type:{}]", self.kind.name())
    }
}
