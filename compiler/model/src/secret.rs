//! Secrets by name. No value of a secret is ever in a model.

use source::Place;

/// Names a declared secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretRef {
    /// The secret's full name (`pihole-admin`, `affine-db-password`), unique in the lab.
    pub name: String,
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
}

/// A declared secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Secret {
    /// Its full name.
    pub name: String,
    /// What its value is.
    pub kind: SecretKind,
    /// How hlc makes a value when there is none.
    pub generate: Option<Generator>,
    /// Where it is declared.
    pub place: Place,
}

/// What a secret's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// A line of text.
    Text,
    /// A bcrypt hash of a password.
    Bcrypt,
    /// A whole file.
    File,
}

/// How a value is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Generator {
    /// `random`, `hex`, `base64`, `uuid`, ….
    pub method: String,
    /// Characters or bytes, as the method counts.
    pub length: Option<i64>,
}
