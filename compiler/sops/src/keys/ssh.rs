//! SSH keys as recipients and identities, and as keys of age.
//!
//! An Ed25519 key is a point on a curve that has another form, on which X25519 works. So the SSH key of a host is also
//! a key of age; sops-nix converts it so.

use age::secrecy::{ExposeSecret, SecretString};
use age::ssh::ParseRecipientKeyError;
use age_core::primitives::bech32_encode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bech32::Hrp;
use sha2::{Digest, Sha512};
use ssh_key::{LineEnding, PrivateKey};
use zeroize::Zeroizing;

use super::recipient::Recipient;
use crate::error::{Error, Problem};

/// More than any SSH key has.
const LARGEST: usize = 64 * 1024;

/// The recipient that an `ssh-ed25519` public key is converted to: `age1…`.
pub fn recipient_from_ssh(public_key: &str) -> Result<Recipient, Error> {
    let bad = |what| Error::new(Problem::BadRecipient(what));
    match recipient(public_key.trim()).map_err(bad)? {
        age::ssh::Recipient::SshEd25519(_, point) => {
            bech32_encode(Hrp::parse_unchecked("age"), &point.to_montgomery().to_bytes()).parse()
        }
        age::ssh::Recipient::SshRsa(..) => Err(bad("only 'ssh-ed25519' keys can be converted to 'age1…'")),
    }
}

/// The identity that an unencrypted `ssh-ed25519` private key is converted to: `AGE-SECRET-KEY-1…`.
pub fn identity_from_ssh(private_key: &str) -> Result<Zeroizing<String>, Error> {
    match identity(private_key)? {
        age::ssh::Identity::Unencrypted(_) => {
            converted(private_key).ok_or_else(|| bad_identity("only 'ssh-ed25519' keys can be converted"))
        }
        age::ssh::Identity::Encrypted(_) => Err(Error::new(Problem::NoPassphrase)),
        age::ssh::Identity::Unsupported(_) => Err(bad_identity("SSH keys of this kind cannot be used")),
    }
}

fn bad_identity(what: &'static str) -> Error {
    Error::new(Problem::BadIdentity(what))
}

/// The identity of age that an unencrypted Ed25519 key is converted to.
pub(super) fn converted(private_key: &str) -> Option<Zeroizing<String>> {
    let seed = seed(private_key)?;
    let hash = Zeroizing::new(<[u8; 64]>::from(Sha512::digest(*seed)));
    let mut text = Zeroizing::new(bech32_encode(Hrp::parse_unchecked("age-secret-key-"), &hash[..32]));
    text.make_ascii_uppercase();
    Some(text)
}

/// An Ed25519 key that is not behind its passphrase any more. age decrypts such keys, too, but gives nothing of them out.
pub(super) fn unlocked(private_key: &str, passphrase: &SecretString) -> Option<Zeroizing<String>> {
    let key = PrivateKey::from_openssh(private_key.trim()).ok()?;
    if !key.algorithm().is_ed25519() {
        return None;
    }
    key.decrypt(passphrase.expose_secret()).ok()?.to_openssh(LineEnding::LF).ok()
}

/// What an unencrypted Ed25519 key is grown from. age reads such keys, too, but does not give this out.
fn seed(private_key: &str) -> Option<Zeroizing<[u8; 32]>> {
    let body = private_key.trim().strip_prefix("-----BEGIN OPENSSH PRIVATE KEY-----")?;
    let body = body.strip_suffix("-----END OPENSSH PRIVATE KEY-----")?;
    let mut encoded = Zeroizing::new(String::with_capacity(body.len()));
    body.split_ascii_whitespace().for_each(|line| encoded.push_str(line));
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(encoded.as_bytes()).ok()?);

    let mut rest = bytes.strip_prefix(b"openssh-key-v1\0")?;
    let (cipher, _, _) = (field(&mut rest)?, field(&mut rest)?, field(&mut rest)?);
    let is_single = rest.split_off(..4)? == 1_u32.to_be_bytes();
    let (_, mut inside) = (field(&mut rest)?, field(&mut rest)?);
    // Two equal numbers, by which a wrong passphrase would show.
    inside.split_off(..8)?;
    let (kind, _, pair) = (field(&mut inside)?, field(&mut inside)?, field(&mut inside)?);
    if cipher != b"none" || !is_single || kind != b"ssh-ed25519" {
        return None;
    }
    // The first half of the pair is the seed, the second the public key.
    let mut seed = Zeroizing::new([0; 32]);
    seed.copy_from_slice(pair.first_chunk::<64>()?.first_chunk::<32>()?);
    Some(seed)
}

/// A field with its length before it.
fn field<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = rest.split_off(..4)?.try_into().ok().map(u32::from_be_bytes)?;
    rest.split_off(..usize::try_from(length).ok()?)
}

/// A public key as a recipient.
pub(super) fn recipient(text: &str) -> Result<age::ssh::Recipient, &'static str> {
    // The key is two words; what is behind them is a comment.
    let words: Vec<&str> = text.split_ascii_whitespace().take(2).collect();
    words.join(" ").parse().map_err(|error| match error {
        ParseRecipientKeyError::RsaModulusTooSmall => "the SSH key is too short to be safe",
        ParseRecipientKeyError::RsaModulusTooLarge => "the SSH key is longer than age can use",
        ParseRecipientKeyError::Unsupported(_) => "of SSH keys 'ssh-ed25519' and 'ssh-rsa' can be recipients",
        _ => "the SSH key is damaged",
    })
}

/// A private key.
pub(super) fn identity(text: &str) -> Result<age::ssh::Identity, Error> {
    if text.len() > LARGEST {
        return Err(Error::new(Problem::TooLarge));
    }
    age::ssh::Identity::from_buffer(text.trim_start().as_bytes(), None)
        .map_err(|_| bad_identity("the SSH private key is damaged"))
}

/// The public key of a private key, as one word and another.
pub(super) fn public(identity: &age::ssh::Identity) -> Option<String> {
    age::ssh::Recipient::try_from(identity.clone()).ok().map(|recipient| recipient.to_string())
}
