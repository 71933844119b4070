//! Public keys of people, as OpenSSH's `authorized_keys` has them.

use std::fmt;

use crate::Invalid;
use crate::invalid::quoted;
use crate::recipient::{cut_off, ed25519_point, ssh_parts};

/// The bits that OpenSSH asks of an RSA key.
const RSA_BITS: usize = 1024;

/// A line of `id_ed25519.pub`: kind, key and comment. All of the key is checked, since who is locked out by half of one
/// cannot log in to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SshKey(String);

impl SshKey {
    /// Reads a key of any kind that OpenSSH makes today.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let trimmed = text.trim();
        if trimmed.starts_with("-----BEGIN") {
            // Never repeated in a message.
            return Err(Invalid::new("this is a private key, and whoever reads the lab could use it")
                .with_help("write the line of its '.pub' file, and make a new key"));
        }
        match check(trimmed) {
            Ok(()) => Ok(Self(trimmed.to_owned())),
            Err(cause) => Err(cause.of(trimmed, "a public key of SSH")),
        }
    }
}

impl fmt::Display for SshKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check(text: &str) -> Result<(), Invalid> {
    if text.contains(['\n', '\r']) {
        return Err(Invalid::new("it has several lines").with_help("write each key as a text of its own"));
    }
    let kind = text.split_whitespace().next().unwrap_or_default();
    let Some(is_whole) = form(kind) else {
        return Err(Invalid::new(format!("OpenSSH knows no keys of the kind {}", quoted(kind)))
            .with_help("copy the whole line of the '.pub' file, which begins with its kind"));
    };
    let parts = ssh_parts(text)?;
    let parts: Vec<&[u8]> = parts.iter().skip(1).map(Vec::as_slice).collect();
    if is_whole(&parts) { Ok(()) } else { Err(cut_off()) }
}

/// Whether the parts behind the kind are those of a whole key.
type Form = fn(&[&[u8]]) -> bool;

/// What the parts behind the kind must be.
fn form(kind: &str) -> Option<Form> {
    Some(match kind {
        "ssh-ed25519" => |parts| matches!(parts, [point] if ed25519_point(point).is_some()),
        "sk-ssh-ed25519@openssh.com" => |parts| matches!(parts, [point, _] if ed25519_point(point).is_some()),
        "ssh-rsa" => |parts| matches!(parts, [_, modulus] if bits(modulus) >= RSA_BITS),
        "ecdsa-sha2-nistp256" => |parts| matches!(parts, [b"nistp256", point] if is_point(point, 32)),
        "ecdsa-sha2-nistp384" => |parts| matches!(parts, [b"nistp384", point] if is_point(point, 48)),
        "ecdsa-sha2-nistp521" => |parts| matches!(parts, [b"nistp521", point] if is_point(point, 66)),
        "sk-ecdsa-sha2-nistp256@openssh.com" => {
            |parts| matches!(parts, [b"nistp256", point, _] if is_point(point, 32))
        }
        _ => return None,
    })
}

fn bits(number: &[u8]) -> usize {
    number.iter().skip_while(|byte| **byte == 0).count() * 8
}

/// A point of a curve, with both coordinates.
fn is_point(bytes: &[u8], coordinate: usize) -> bool {
    bytes.len() == 1 + 2 * coordinate && bytes[0] == 4
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA ana@laptop";

    fn of(kind: &str, parts: &[&[u8]]) -> String {
        let part = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
        let body: Vec<u8> =
            std::iter::once(kind.as_bytes()).chain(parts.iter().copied()).flat_map(part).collect();
        format!("{kind} {} ana@laptop", STANDARD.encode(body))
    }

    fn point(coordinate: usize) -> Vec<u8> {
        [vec![4], vec![7; 2 * coordinate]].concat()
    }

    #[test]
    fn reads_every_kind() {
        let ed25519 = STANDARD.decode(&KEY[12..80]).unwrap();
        let ed25519 = &ed25519[ed25519.len() - 32..];
        for text in [
            KEY.to_owned(),
            KEY[..80].to_owned(),
            of("ssh-rsa", &[&[1, 0, 1], &[0xab; 256]]),
            of("sk-ssh-ed25519@openssh.com", &[ed25519, b"ssh:"]),
            of("ecdsa-sha2-nistp256", &[b"nistp256", &point(32)]),
            of("ecdsa-sha2-nistp384", &[b"nistp384", &point(48)]),
            of("ecdsa-sha2-nistp521", &[b"nistp521", &point(66)]),
            of("sk-ecdsa-sha2-nistp256@openssh.com", &[b"nistp256", &point(32), b"ssh:"]),
        ] {
            assert_eq!(SshKey::parse(&text).map(|key| key.to_string()), Ok(text));
        }
    }

    #[test]
    fn half_a_key_is_none() {
        let end = 80;
        for length in 12..end {
            assert!(SshKey::parse(&KEY[..length]).is_err(), "{}", &KEY[..length]);
        }
        for (text, cause) in [
            ("ssh-ed25519 hello", "what stands behind its kind is no such key, or not all of it"),
            ("ssh-dss AAAA", "OpenSSH knows no keys of the kind 'ssh-dss'"),
            (&format!("{KEY}\n{KEY}"), "it has several lines"),
            (&of("ssh-rsa", &[&[1, 0, 1], &[0xab; 96]]), "what stands behind its kind"),
            (&of("ecdsa-sha2-nistp256", &[b"nistp384", &point(32)]), "what stands behind its kind"),
            ("", "OpenSSH knows no keys of the kind ''"),
        ] {
            let reason = SshKey::parse(text).unwrap_err().reason;
            assert!(reason.contains(&format!("is not a public key of SSH: {cause}")), "{text}: {reason}");
        }
    }

    #[test]
    fn a_private_key_is_not_repeated() {
        let invalid = SshKey::parse("-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2").unwrap_err();
        assert!(!format!("{invalid:?}").contains("hunter2"));
    }
}
