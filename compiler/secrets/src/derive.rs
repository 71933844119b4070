//! What is derived from one key for many uses, so that none tells anything of another: HKDF-SHA256.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::fingerprint::Hash;

/// A key for the use that `about` comes to.
pub(crate) fn derived_key(key: &[u8], about: &Hash) -> Zeroizing<[u8; 32]> {
    let mut made = Zeroizing::new([0; 32]);
    // 32 bytes are never too many.
    let _ = Hkdf::<Sha256>::new(None, key).expand(about.clone().finish().as_bytes(), &mut *made);
    made
}

/// The same in hexadecimal: a number that only who has `key` can make, of what `about` comes to.
pub(crate) fn derived(key: &[u8], about: &Hash) -> String {
    crate::generate::hex(&*derived_key(key, about)).to_string()
}
