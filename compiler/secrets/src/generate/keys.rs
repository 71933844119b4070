//! Pairs of keys.

use age::secrecy::ExposeSecret;
use ssh_key::rand_core::OsRng;
use ssh_key::{Algorithm, LineEnding, PrivateKey};
use zeroize::Zeroizing;

use super::Made;

/// A pair of SSH keys (Ed25519); the private one as OpenSSH writes it.
pub(super) fn ssh(comment: &str) -> Result<Made, &'static str> {
    let mut key = PrivateKey::random(&mut OsRng, Algorithm::Ed25519).map_err(|_| "no key could be made")?;
    key.set_comment(comment);
    let value = key.to_openssh(LineEnding::LF).map_err(|_| "the key cannot be written")?;
    let public = key.public_key().to_openssh().map_err(|_| "the public key cannot be written")?;
    Ok(Made { value, public: Some(public) })
}

/// A pair of keys of age (X25519).
pub(super) fn age() -> Made {
    let identity = age::x25519::Identity::generate();
    let value = Zeroizing::new(identity.to_string().expose_secret().to_owned());
    Made { value, public: Some(identity.to_public().to_string()) }
}

/// The public half of an SSH key that is not encrypted.
pub(super) fn public_ssh(private: &str) -> Option<String> {
    PrivateKey::from_openssh(private).ok()?.public_key().to_openssh().ok()
}

/// The public half of a key of age.
pub(super) fn public_age(private: &str) -> Option<String> {
    let identity: age::x25519::Identity = private.trim().parse().ok()?;
    Some(identity.to_public().to_string())
}
