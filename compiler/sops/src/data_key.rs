//! The key of one file, with which its values are encrypted.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::Error;
use crate::random::fill;

/// How many bytes a data key has.
pub(crate) const LENGTH: usize = 32;

/// The key of one file. No two files share one: whoever may write could move values between them unnoticed.
pub struct DataKey {
    bytes: Zeroizing<[u8; LENGTH]>,
    opened: Vec<Opened>,
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
    pub(crate) fn generate() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        fill(&mut *bytes)?;
        Ok(Self::from_bytes(bytes))
    }

    /// One that was kept elsewhere.
    pub fn from_bytes(bytes: Zeroizing<[u8; LENGTH]>) -> Self {
        Self { bytes, opened: Vec::new() }
    }

    pub(crate) fn opened_by(mut self, opened: Vec<Opened>) -> Self {
        self.opened = opened;
        self
    }

    /// The entries of the file that it came out of.
    pub fn opened(&self) -> &[Opened] {
        &self.opened
    }

    /// Whether two files have the same key, which must not be.
    pub fn is_same(&self, other: &Self) -> bool {
        self.bytes == other.bytes
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
