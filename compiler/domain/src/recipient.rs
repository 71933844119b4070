//! Public keys that secrets are encrypted to.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Checksum, Hrp};
use curve25519_dalek::edwards::CompressedEdwardsY;

use crate::Invalid;
use crate::invalid::quoted;

/// A public key of age: who has its private half reads what is encrypted to it. Shown without the comment of an SSH
/// key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecipientKey {
    kind: RecipientKind,
    text: String,
}

/// What a recipient's key is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecipientKind {
    /// `age1…`: age's own kind.
    X25519,
    /// `age1pq1…`: age's kind that quantum computers do not break.
    PostQuantum,
    /// `age1NAME1…`: a key that the program `age-plugin-NAME` knows.
    Plugin(String),
    /// `ssh-ed25519 …`.
    SshEd25519,
    /// `ssh-rsa …`.
    SshRsa,
}

/// Bech32 as age has it: without a limit of length, since post-quantum keys are long.
enum Bech32 {}

impl Checksum for Bech32 {
    type MidstateRepr = u32;
    const CODE_LENGTH: usize = usize::MAX;
    const CHECKSUM_LENGTH: usize = 6;
    const GENERATOR_SH: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    const TARGET_RESIDUE: u32 = 1;
}

/// The bytes of a post-quantum key: ML-KEM-768 and X25519.
const POST_QUANTUM: usize = 1216;
/// The bits that an RSA key must have for age to use it.
const RSA_BITS: usize = 2048;
/// How texts begin that are private keys.
const PRIVATE: [&str; 3] = ["AGE-SECRET-KEY-", "AGE-PLUGIN-", "-----BEGIN"];

impl RecipientKey {
    /// Reads `age1…`, `age1pq1…`, `age1NAME1…`, `ssh-ed25519 …` or `ssh-rsa …`, and checks all of it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let trimmed = text.trim();
        if PRIVATE.iter().any(|start| trimmed.to_ascii_uppercase().starts_with(start)) {
            // Never repeated in a message.
            return Err(Invalid::new("this is a private key, and whoever reads the lab could use it")
                .with_help(
                    "write the public half here, as 'age-keygen -y FILE' prints it, and make a new key",
                ));
        }
        Self::read(trimmed).map_err(|cause| cause.of(text, "a public key of age"))
    }

    /// What it is.
    pub const fn kind(&self) -> &RecipientKind {
        &self.kind
    }

    /// An Ed25519 key of SSH as the X25519 key that the same private half makes, which is what hosts decrypt with;
    /// any other key as it is.
    #[must_use]
    pub fn to_age(&self) -> Self {
        let point = || {
            let bytes = ssh_parts(&self.text).ok()?;
            ed25519_point(bytes.get(1)?)
        };
        match (&self.kind, point()) {
            (RecipientKind::SshEd25519, Some(point)) => {
                let text = encoded(Hrp::parse_unchecked("age"), &point.to_montgomery().to_bytes());
                Self { kind: RecipientKind::X25519, text }
            }
            _ => self.clone(),
        }
    }

    fn read(text: &str) -> Result<Self, Invalid> {
        match text.split_whitespace().next().unwrap_or_default() {
            "ssh-ed25519" => ssh(text, RecipientKind::SshEd25519),
            "ssh-rsa" => ssh(text, RecipientKind::SshRsa),
            kind if ["ssh-", "ecdsa-", "sk-"].iter().any(|start| kind.starts_with(start)) => {
                Err(Invalid::new(format!("age knows no keys of the kind {}", quoted(kind)))
                    .with_help("use a key of the kind ssh-ed25519, or one that 'age-keygen' makes"))
            }
            word if word.starts_with("age1") && word == text => native(text),
            _ => Err(Invalid::new("it begins with neither 'age1' nor 'ssh-ed25519'")
                .with_help("make a key with 'age-keygen', which prints the public half")),
        }
    }
}

impl fmt::Display for RecipientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A key in Bech32: age's own kinds, and those of plugins.
fn native(text: &str) -> Result<RecipientKey, Invalid> {
    let broken = || {
        Invalid::new("its checksum is wrong, so a character was lost or changed")
            .with_help("copy the whole key again")
    };
    let read = CheckedHrpstring::new::<Bech32>(text).map_err(|_| broken())?;
    let bytes: Vec<u8> = read.byte_iter().collect();
    if encoded(read.hrp(), &bytes) != text {
        return Err(broken());
    }
    let prefix = read.hrp().to_lowercase();
    let (kind, length) = match prefix.strip_prefix("age1") {
        None if prefix == "age" => (RecipientKind::X25519, Some(32)),
        None => return Err(broken()),
        Some("pq") => (RecipientKind::PostQuantum, Some(POST_QUANTUM)),
        Some(name) if is_plugin(name) => (RecipientKind::Plugin(name.to_owned()), None),
        Some(name) => return Err(Invalid::new(format!("no plugin can be called {}", quoted(name)))),
    };
    match length {
        Some(length) if bytes.len() != length => {
            Err(Invalid::new(format!("it has {} bytes instead of {length}", bytes.len())))
        }
        _ => Ok(RecipientKey { kind, text: text.to_owned() }),
    }
}

/// Whether a program `age-plugin-NAME` may be run: a name, and never a path.
fn is_plugin(name: &str) -> bool {
    let allowed = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || "+-._".contains(char);
    !name.is_empty() && name.chars().all(allowed)
}

fn encoded(prefix: Hrp, bytes: &[u8]) -> String {
    // The length has no limit, so there is always a text.
    bech32::encode::<Bech32>(prefix, bytes).unwrap_or_default()
}

/// A key as it stands in `id_ed25519.pub`.
fn ssh(text: &str, kind: RecipientKind) -> Result<RecipientKey, Invalid> {
    let parts = ssh_parts(text)?;
    let is_good = match (&kind, parts.as_slice()) {
        (RecipientKind::SshEd25519, [_, point]) => ed25519_point(point).is_some(),
        (_, [_, _, modulus]) => {
            let bits = modulus.iter().skip_while(|byte| **byte == 0).count() * 8;
            if bits < RSA_BITS {
                return Err(Invalid::new(format!("it is too short: {bits} bits, {RSA_BITS} are needed"))
                    .with_help("use a key of the kind ssh-ed25519"));
            }
            true
        }
        _ => false,
    };
    if !is_good {
        return Err(cut_off());
    }
    let text = text.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    Ok(RecipientKey { kind, text })
}

pub(crate) fn cut_off() -> Invalid {
    Invalid::new("what stands behind its kind is no such key, or not all of it")
        .with_help("copy the whole line of the '.pub' file again")
}

/// The parts of an SSH public key, each with its length before it. The first one is the kind again.
pub(crate) fn ssh_parts(text: &str) -> Result<Vec<Vec<u8>>, Invalid> {
    let mut words = text.split_whitespace();
    let (kind, body) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let bytes = STANDARD.decode(body).map_err(|_| cut_off())?;
    let mut rest = bytes.as_slice();
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<4>().ok_or_else(cut_off)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| cut_off())?;
        let (part, after) = after.split_at_checked(length).ok_or_else(cut_off)?;
        parts.push(part.to_vec());
        rest = after;
    }
    let is_kind = parts.first().is_some_and(|part| part == kind.as_bytes());
    if is_kind { Ok(parts) } else { Err(cut_off()) }
}

pub(crate) fn ed25519_point(bytes: &[u8]) -> Option<curve25519_dalek::EdwardsPoint> {
    CompressedEdwardsY::from_slice(bytes).ok()?.decompress()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGE: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    const SSH: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIkNwhcuCJsc6oD3QEFYfC/8qSl56NqEJAJ7Hmru/APR";

    fn of(prefix: &str, bytes: &[u8]) -> String {
        encoded(Hrp::parse(prefix).unwrap(), bytes)
    }

    fn rsa(bytes: usize) -> String {
        let part = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
        let modulus = [vec![0], vec![0xab; bytes]].concat();
        let body = [part(b"ssh-rsa"), part(&[1, 0, 1]), part(&modulus)].concat();
        format!("ssh-rsa {} ana@laptop", STANDARD.encode(body))
    }

    #[test]
    fn reads_every_kind() {
        let kind = |text: &str| RecipientKey::parse(text).unwrap().kind;
        assert_eq!(kind(AGE), RecipientKind::X25519);
        assert_eq!(kind(&of("age1pq", &[7; POST_QUANTUM])), RecipientKind::PostQuantum);
        assert_eq!(kind(&of("age1yubikey", &[2; 33])), RecipientKind::Plugin("yubikey".into()));
        assert_eq!(kind(SSH), RecipientKind::SshEd25519);
        assert_eq!(kind(&rsa(256)), RecipientKind::SshRsa);
    }

    #[test]
    fn comments_are_no_part_of_a_key() {
        let key = RecipientKey::parse(&format!(" {SSH}  ana@laptop, at home\n")).unwrap();
        assert_eq!(key.to_string(), SSH);
        assert_eq!(RecipientKey::parse(SSH).unwrap(), key);
    }

    #[test]
    fn an_ssh_key_is_an_age_key_too() {
        let key = RecipientKey::parse(SSH).unwrap().to_age();
        assert_eq!(key.to_string(), "age1cw2pgccs0kg0vnxtzcks9at6rnfpv095mzmxhleu2e9f5up765dqqnnxvc");
        assert_eq!(RecipientKey::parse(&key.to_string()), Ok(key.clone()));
        assert_eq!(key.to_age(), key);
    }

    #[test]
    fn refuses_with_a_cause() {
        let long = of("age", &[1; 33]);
        let path = of("age1../x", &[1]);
        let (cut, small) = (&SSH[..60], rsa(128));
        for (text, cause) in [
            ("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8q", "its checksum is wrong"),
            (&AGE[..40], "its checksum is wrong"),
            (&AGE.to_uppercase(), "it begins with neither"),
            (&long, "it has 33 bytes instead of 32"),
            (&path, "no plugin can be called '../x'"),
            (cut, "what stands behind its kind is no such key"),
            ("ssh-ed25519", "what stands behind its kind is no such key"),
            ("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIIkNwhcuCJsc6oD3QEFYfC/8qSl56NqEJAJ7Hmru/APR", "what stands"),
            (&small, "it is too short: 1024 bits, 2048 are needed"),
            ("ecdsa-sha2-nistp256 AAAA", "age knows no keys of the kind 'ecdsa-sha2-nistp256'"),
            ("sk-ssh-ed25519@openssh.com AAAA", "age knows no keys of the kind"),
            ("hunter2", "it begins with neither 'age1' nor 'ssh-ed25519'"),
            ("", "it begins with neither 'age1' nor 'ssh-ed25519'"),
        ] {
            let reason = RecipientKey::parse(text).unwrap_err().reason;
            assert!(reason.contains(&format!("is not a public key of age: {cause}")), "{text}: {reason}");
        }
    }

    #[test]
    fn a_private_key_is_not_repeated() {
        for text in ["AGE-SECRET-KEY-1QQPQQ", " age-secret-key-1qqpqq", "-----BEGIN OPENSSH PRIVATE KEY-----"]
        {
            let invalid = RecipientKey::parse(text).unwrap_err();
            assert!(!format!("{invalid:?}").to_lowercase().contains("qqpqq"), "{invalid:?}");
            assert!(invalid.reason.starts_with("this is a private key"), "{invalid:?}");
        }
    }
}
