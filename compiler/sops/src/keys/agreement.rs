//! What two holders of keys have in common without a word: X25519 between the private key of one and the public key of
//! the other. Nobody else comes to the same, so it shows who of them wrote something.

use age_core::primitives::bech32_decode;
use bech32::Hrp;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::recipient::key_of;
use super::ssh::recipient_from_ssh;

/// A private key that agrees with public ones.
#[derive(Clone)]
pub(crate) struct Half(StaticSecret);

impl Half {
    /// That of `AGE-SECRET-KEY-1…`, which an SSH key of type Ed25519 is, too.
    pub(super) fn of_age(text: &str) -> Option<Self> {
        let bytes = decoded(&Zeroizing::new(text.to_ascii_lowercase()), "age-secret-key-")?;
        Some(Self(StaticSecret::from(*bytes)))
    }

    /// What it comes to with the public key of a recipient; nothing where that is of a kind that cannot.
    pub(crate) fn agreed(&self, recipient: &str) -> Option<Zeroizing<[u8; 32]>> {
        let common = self.0.diffie_hellman(&PublicKey::from(point(recipient)?));
        common.was_contributory().then(|| Zeroizing::new(*common.as_bytes()))
    }
}

/// Whether a recipient is of a kind that agrees with others: X25519, or an SSH key of type Ed25519. Those for quantum
/// computers, of plugins, and of RSA do not.
pub fn can_agree(recipient: &str) -> bool {
    point(recipient).is_some()
}

/// The public key of a recipient.
fn point(recipient: &str) -> Option<[u8; 32]> {
    let recipient = key_of(recipient);
    if recipient.starts_with("ssh-") {
        return point(recipient_from_ssh(recipient).ok()?.as_str());
    }
    decoded(recipient, "age").map(|bytes| *bytes)
}

fn decoded(text: &str, prefix: &'static str) -> Option<Zeroizing<[u8; 32]>> {
    let prefix = Hrp::parse_unchecked(prefix);
    let is_prefix = |found| if found == prefix { Ok(()) } else { Err(()) };
    let copy = |bytes: &mut dyn Iterator<Item = u8>| {
        let (mut found, mut count) = (Zeroizing::new([0; 32]), 0);
        for byte in bytes {
            *found.get_mut(count)? = byte;
            count += 1;
        }
        (count == 32).then_some(found)
    };
    bech32_decode(text, |_| (), is_prefix, |_, mut bytes| copy(&mut bytes).ok_or(())).ok()
}

#[cfg(test)]
mod tests {
    use age::secrecy::ExposeSecret as _;

    use super::*;

    fn key() -> (Half, String) {
        let identity = age::x25519::Identity::generate();
        (Half::of_age(identity.to_string().expose_secret()).unwrap(), identity.to_public().to_string())
    }

    #[test]
    fn two_come_to_the_same_and_a_third_does_not() {
        let ((ana, ana_public), (rui, rui_public), (eve, _)) = (key(), key(), key());
        assert_eq!(ana.agreed(&rui_public), rui.agreed(&ana_public));
        assert!(ana.agreed(&rui_public).is_some() && ana.agreed(&rui_public) != eve.agreed(&rui_public));
        assert!(ana.agreed(&ana_public).is_some());
    }

    #[test]
    fn only_keys_of_two_kinds_agree() {
        let ssh =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA ana@laptop";
        assert!(can_agree(ssh) && can_agree(&key().1));
        for other in ["", "age1", "age1pq1qqqq", "age1yubikey1qqqq", "ssh-rsa AAAA", "ssh-ed25519 AAAA"] {
            assert!(!can_agree(other), "{other}");
        }
    }
}
