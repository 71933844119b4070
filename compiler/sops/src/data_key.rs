//! The key of one file, with which its values are encrypted.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::keys::Half;
use crate::random::fill;

/// How many bytes a data key has.
pub(crate) const LENGTH: usize = 32;

/// The key of one file. No two files share one: whoever may write could move values between them unnoticed.
pub struct DataKey {
    bytes: Zeroizing<[u8; LENGTH]>,
    opened: Vec<Opened>,
    half: Option<Half>,
}

/// How a data key came out of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Whom the file says that the entry is for. Nothing protects this.
    pub says: String,
    /// Whom the identity that opened it belongs to, where that can be known without asking a plugin.
    pub is: Option<String>,
}

impl DataKey {
    /// A new one.
    pub fn generate() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        fill(&mut *bytes)?;
        Ok(Self::from_bytes(bytes))
    }

    /// One that was kept elsewhere.
    pub fn from_bytes(bytes: Zeroizing<[u8; LENGTH]>) -> Self {
        Self { bytes, opened: Vec::new(), half: None }
    }

    pub(crate) fn opened_by(self, opened: Vec<Opened>, half: Option<Half>) -> Self {
        Self { opened, half, ..self }
    }

    /// What the identity that opened the file has in common with a recipient, and with nobody else; nothing where one of
    /// them is of a kind that has not.
    pub fn agreed(&self, recipient: &str) -> Option<Zeroizing<[u8; 32]>> {
        self.half.as_ref()?.agreed(recipient)
    }

    /// The entries of the file that it came out of.
    pub fn opened(&self) -> &[Opened] {
        &self.opened
    }

    /// Whether two files have the same key, which must not be.
    pub fn is_same(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }

    /// What tells it from other keys, for those who may know it: a hash, from which nobody gets back.
    pub fn number(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"number of a data key\n");
        hash.update(self.bytes.as_slice());
        hash.finalize().into()
    }

    pub(crate) fn expose(&self) -> &[u8; LENGTH] {
        &self.bytes
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKey").field("opened", &self.opened).finish_non_exhaustive()
    }
}
