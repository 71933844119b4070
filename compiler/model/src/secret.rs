//! Secrets by name. No value of a secret is ever in a model.

use std::fmt;

use domain::Duration;
use source::Place;

/// Names a value: a secret, or a key of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretRef {
    /// The secret's full name (`pihole-admin`, `affine-db-password`), unique in the lab.
    pub name: String,
    /// Which of its values, where it has several.
    pub key: Option<String>,
}

/// A text with secrets in it, of which at least one part is a secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretText {
    /// In order.
    pub parts: Vec<SecretPart>,
}

/// A part of such a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SecretPart {
    /// Plain text.
    Plain(String),
    /// The secret's value.
    Secret(SecretRef),
    /// The secret's value, which is bytes and not a text, in Base64. Always the only part.
    Bytes(SecretRef),
}

/// A declared secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Secret {
    /// Its full name.
    pub name: String,
    /// Its values: one, or one for each key in the order of their names. None if it is made of other secrets.
    pub values: Vec<SecretValue>,
    /// Where it is declared.
    pub place: Place,
}

/// What is to be known of a value to make it, and to tell whether it is one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretValue {
    /// Which value it is, where the secret has several.
    pub key: Option<String>,
    /// What it is.
    pub kind: SecretKind,
    /// How hlc makes one when there is none.
    pub generate: Option<Generator>,
    /// How long one may be used.
    pub rotate: Option<Duration>,
    /// Whether another one may just be made.
    pub rotation: Rotation,
    /// What must be done for another one, in the words of whoever declared it.
    pub rotation_steps: Option<String>,
    /// Where it is declared.
    pub place: Place,
}

/// How a value gets another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rotation {
    /// One is made, and that is all.
    #[default]
    Freely,
    /// Something must be done with it where it is used.
    ByHand,
    /// Not at all: what is stored is encrypted with it.
    Never,
}

/// What a secret's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretKind {
    /// A line of text.
    Text,
    /// Lines of text.
    File,
    /// Bytes; kept and handed out in Base64.
    Bytes,
    /// Lines of the form `NAME=value`.
    Dotenv,
    /// A bcrypt hash of a password.
    Bcrypt,
    /// A hash of a password as Linux keeps it, whatever its method: crypt(5).
    Crypt,
    /// Lines of the form `user:hash`.
    Htpasswd,
}

/// How a value is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Generator {
    /// Random characters.
    Random {
        /// How many.
        length: u32,
        /// Which ones, each once.
        alphabet: String,
    },
    /// That many random bytes, in hexadecimal.
    Hex(u32),
    /// That many random bytes, in Base64.
    Base64(u32),
    /// That many random bytes, as they are.
    Bytes(u32),
    /// A random UUID.
    Uuid,
    /// The private half of an Ed25519 pair of keys, as OpenSSH has it.
    SshKey {
        /// What stands behind the public half.
        comment: String,
    },
    /// The private half of an X25519 pair of keys, as age has it.
    AgeKey,
    /// The bcrypt hash of another secret.
    Bcrypt {
        /// What is hashed.
        of: SecretRef,
        /// The logarithm of how often.
        cost: u8,
    },
    /// A user's name and the bcrypt hash of another secret.
    Htpasswd {
        /// The user.
        user: String,
        /// What is hashed.
        of: SecretRef,
        /// The logarithm of how often.
        cost: u8,
    },
}

/// A secret as a file on a host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretFile {
    /// What it is called, and what its value is called among the host's.
    pub name: String,
    /// What is in it.
    pub content: SecretText,
    /// Its owner; root when not given.
    pub owner: Option<String>,
    /// Its group; the owner's when not given.
    pub group: Option<String>,
    /// Its mode: `0400`.
    pub mode: Option<String>,
    /// Units to restart when it changes.
    pub restart: Vec<String>,
}

impl SecretFile {
    /// A file of root's.
    pub fn new(name: impl Into<String>, content: SecretText) -> Self {
        let name = name.into();
        Self { name, content, owner: None, group: None, mode: None, restart: Vec::new() }
    }

    /// The encrypted file that it is in for `host`, relative to `nixos/`: one for all texts, and one for each that
    /// is bytes.
    pub fn store(&self, host: &str) -> String {
        if self.content.is_bytes() {
            format!("secrets/{host}/{}.bin", self.name)
        } else {
            format!("secrets/{host}.yaml")
        }
    }
}

impl SecretRef {
    /// The only value of a secret.
    pub fn whole(name: impl Into<String>) -> Self {
        Self { name: name.into(), key: None }
    }

    /// A value of a secret that has several.
    pub fn key(name: impl Into<String>, key: impl Into<String>) -> Self {
        Self { name: name.into(), key: Some(key.into()) }
    }
}

/// `pihole-admin`, `db.password`.
impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.key.iter().try_for_each(|key| write!(f, ".{key}"))
    }
}

impl SecretText {
    /// Just the value.
    pub fn of(secret: SecretRef) -> Self {
        Self { parts: vec![SecretPart::Secret(secret)] }
    }

    /// The bytes of a value.
    pub fn of_bytes(secret: SecretRef) -> Self {
        Self { parts: vec![SecretPart::Bytes(secret)] }
    }

    /// Whether it is bytes in Base64 and not a text.
    pub fn is_bytes(&self) -> bool {
        matches!(self.parts.as_slice(), [SecretPart::Bytes(_)])
    }

    /// The value that it is, if it is just that.
    pub fn alone(&self) -> Option<&SecretRef> {
        match self.parts.as_slice() {
            [SecretPart::Secret(secret) | SecretPart::Bytes(secret)] => Some(secret),
            _ => None,
        }
    }

    /// The values that it is made of.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        self.parts.iter().filter_map(|part| match part {
            SecretPart::Plain(_) => None,
            SecretPart::Secret(secret) | SecretPart::Bytes(secret) => Some(secret),
        })
    }
}

impl Secret {
    /// Its values, each with its name.
    pub fn named_values(&self) -> impl Iterator<Item = (SecretRef, &SecretValue)> {
        self.values.iter().map(|value| (SecretRef { name: self.name.clone(), key: value.key.clone() }, value))
    }
}

impl Generator {
    /// What is made.
    pub const fn kind(&self) -> SecretKind {
        match self {
            Self::Random { .. } | Self::Hex(_) | Self::Base64(_) | Self::Uuid | Self::AgeKey => {
                SecretKind::Text
            }
            Self::Bytes(_) => SecretKind::Bytes,
            Self::SshKey { .. } => SecretKind::File,
            Self::Bcrypt { .. } => SecretKind::Bcrypt,
            Self::Htpasswd { .. } => SecretKind::Htpasswd,
        }
    }

    /// Whether a public half belongs to it, which anybody may know.
    pub const fn has_public_half(&self) -> bool {
        matches!(self, Self::SshKey { .. } | Self::AgeKey)
    }

    /// The secret whose value it needs.
    pub const fn source(&self) -> Option<&SecretRef> {
        match self {
            Self::Bcrypt { of, .. } | Self::Htpasswd { of, .. } => Some(of),
            _ => None,
        }
    }

    /// How many bits of chance are in a value; nothing where it is made of another one.
    pub fn bits(&self) -> Option<u32> {
        match self {
            Self::Random { length, alphabet } => {
                #[expect(clippy::cast_precision_loss, reason = "an alphabet is short")]
                let each = (alphabet.chars().count() as f64).log2();
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand")]
                let bits = (each * f64::from(*length)) as u32;
                Some(bits)
            }
            Self::Hex(bytes) | Self::Base64(bytes) | Self::Bytes(bytes) => Some(bytes.saturating_mul(8)),
            Self::Uuid => Some(122),
            Self::SshKey { .. } | Self::AgeKey => Some(256),
            Self::Bcrypt { .. } | Self::Htpasswd { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_called_by_secret_and_key() {
        assert_eq!(SecretRef::whole("pihole-admin").to_string(), "pihole-admin");
        assert_eq!(SecretRef::key("db", "password").to_string(), "db.password");
    }

    #[test]
    fn texts_know_their_secrets() {
        let (user, password) = (SecretRef::key("db", "user"), SecretRef::key("db", "password"));
        let text = SecretText {
            parts: vec![
                SecretPart::Secret(user.clone()),
                SecretPart::Plain(":".into()),
                SecretPart::Secret(password.clone()),
            ],
        };
        assert_eq!(text.secrets().collect::<Vec<_>>(), [&user, &password]);
        assert_eq!(text.alone(), None);
        assert_eq!(SecretText::of(user.clone()).alone(), Some(&user));
        assert!(SecretText::of_bytes(user).is_bytes() && !text.is_bytes());
    }

    #[test]
    fn chance_is_counted_in_bits() {
        let random = |length, alphabet: &str| Generator::Random { length, alphabet: alphabet.into() };
        assert_eq!(random(8, "0123456789").bits(), Some(26));
        assert_eq!(random(32, "ab").bits(), Some(32));
        assert_eq!(Generator::Hex(16).bits(), Some(128));
        assert_eq!(Generator::Bcrypt { of: SecretRef::whole("a"), cost: 12 }.bits(), None);
    }
}
