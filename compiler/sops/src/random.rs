//! Randomness for keys and IVs, from the operating system: the one thing here that is not a function of its input.

use aes_gcm::aead::OsRng;
use aes_gcm::aead::rand_core::RngCore;

use crate::error::{Error, Problem};

/// Fills with random bytes.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    OsRng.try_fill_bytes(bytes).map_err(|_| Error::new(Problem::NoRandomness))
}
