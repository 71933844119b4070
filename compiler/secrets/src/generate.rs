//! Makes values.

mod hash;
mod keys;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use model::{Generator, SecretRef};
use ssh_key::rand_core::{OsRng, RngCore};
use zeroize::Zeroizing;

use crate::{Error, Source};

/// A value that was made.
pub struct Made {
    /// The value.
    pub value: Zeroizing<String>,
    /// The public half of a pair of keys.
    pub public: Option<String>,
}

/// Makes the pair of keys that a host shows itself by (Ed25519).
///
/// # Errors
///
/// If the operating system has no randomness.
pub fn host_key(host: &str) -> Result<Made, Error> {
    keys::ssh(&format!("root@{host}")).map_err(Error::Plain)
}

/// The public half of a private SSH key of a host, if it is Ed25519 and not behind a passphrase.
pub fn public_of_host(private: &str) -> Option<String> {
    sops::keys::identity_from_ssh(private).ok()?;
    keys::public_ssh(private)
}

/// The public half of a private key that somebody gave instead of one that is made; nothing where it is none.
pub fn public_half(generator: &Generator, value: &str) -> Option<String> {
    match generator {
        Generator::SshKey { .. } => keys::public_ssh(value),
        Generator::AgeKey => keys::public_age(value),
        _ => None,
    }
}

/// Whether a value is what would be made of the one that it is made of; nothing where that cannot be told.
pub fn is_made_of(generator: &Generator, value: &str, source: &Source) -> Option<bool> {
    let of = source.value(generator.source()?)?;
    match generator {
        Generator::Bcrypt { .. } => hash::is_of(of, value),
        Generator::Htpasswd { user, .. } => {
            let (name, hash) = value.trim_end().split_once(':')?;
            Some(name == user && hash::is_of(of, hash)?)
        }
        _ => None,
    }
}

/// Makes a value for `secret`; `source` has the value that it may be made of.
pub fn generate(secret: &SecretRef, generator: &Generator, source: &Source) -> Result<Made, Error> {
    let failed = |why| Error::Generate(secret.clone(), why);
    let of = |of: &SecretRef| source.value(of).ok_or_else(|| Error::NoValue(of.clone()));
    let alone = |value| Made { value, public: None };
    Ok(match generator {
        Generator::Random { length, alphabet } => alone(random(*length, alphabet)?),
        Generator::Hex(bytes) => alone(hex(&chance(*bytes)?)),
        Generator::Base64(bytes) | Generator::Bytes(bytes) => alone(random_bytes(*bytes)?),
        Generator::Uuid => alone(uuid()?),
        Generator::SshKey { comment } => keys::ssh(comment).map_err(failed)?,
        Generator::AgeKey => keys::age(),
        Generator::Bcrypt { of: password, cost } => {
            alone(hash::bcrypt(of(password)?, *cost).map_err(failed)?)
        }
        Generator::Htpasswd { user, of: password, cost } => {
            alone(hash::htpasswd(user, of(password)?, *cost).map_err(failed)?)
        }
    })
}

/// That many random bytes, in Base64.
pub(crate) fn random_bytes(bytes: u32) -> Result<Zeroizing<String>, Error> {
    Ok(Zeroizing::new(BASE64_STANDARD.encode(&*chance(bytes)?)))
}

fn chance(bytes: u32) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut chance = Zeroizing::new(vec![0; bytes as usize]);
    OsRng.try_fill_bytes(&mut chance).map_err(|_| Error::Plain("the operating system has no randomness"))?;
    Ok(chance)
}

/// Characters of an alphabet, each as likely as the others.
fn random(length: u32, alphabet: &str) -> Result<Zeroizing<String>, Error> {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let count = u32::try_from(alphabet.len()).unwrap_or(u32::MAX).max(1);
    // Numbers past the last whole round would favour the first characters.
    let rounds = u32::MAX - u32::MAX % count;
    let mut text = Zeroizing::new(String::with_capacity(length as usize * 4));
    let mut left = length;
    while left > 0 {
        for number in chance(left.saturating_mul(4))?.chunks_exact(4) {
            let number = u32::from_le_bytes([number[0], number[1], number[2], number[3]]);
            if number < rounds && left > 0 {
                text.push(alphabet[(number % count) as usize]);
                left -= 1;
            }
        }
    }
    Ok(text)
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> Zeroizing<String> {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    for byte in bytes {
        text.extend([digit(byte >> 4), digit(byte & 15)]);
    }
    text
}

/// A random UUID: version 4 of RFC 9562.
fn uuid() -> Result<Zeroizing<String>, Error> {
    let mut bytes = chance(16)?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex(&bytes);
    let mut text = Zeroizing::new(String::with_capacity(36));
    for (at, digit) in digits.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    Ok(text)
}
