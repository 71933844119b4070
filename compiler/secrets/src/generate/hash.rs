//! Hashes of passwords.

use bcrypt::{HashParts, Version};
use zeroize::Zeroizing;

/// What bcrypt would silently leave out of longer passwords is refused.
const LONGEST: &str = "bcrypt looks at the first 72 bytes of a password only, and this one is longer";

/// The bcrypt hash of a password.
pub(super) fn bcrypt(password: &str, cost: u8) -> Result<Zeroizing<String>, &'static str> {
    Ok(Zeroizing::new(parts(password, cost)?.format_for_version(Version::TwoB)))
}

/// `user:hash`; web servers know the hash by `$2y$`.
pub(super) fn htpasswd(user: &str, password: &str, cost: u8) -> Result<Zeroizing<String>, &'static str> {
    Ok(Zeroizing::new(format!("{user}:{}", parts(password, cost)?.format_for_version(Version::TwoY))))
}

/// Whether a bcrypt hash is of this password; nothing where it is none.
pub(super) fn is_of(password: &str, hash: &str) -> Option<bool> {
    bcrypt::verify(password, hash.trim_end()).ok()
}

fn parts(password: &str, cost: u8) -> Result<HashParts, &'static str> {
    bcrypt::non_truncating_hash_with_result(password, u32::from(cost)).map_err(|_| LONGEST)
}
