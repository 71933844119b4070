//! Keys and recipients for tests.

use std::sync::Arc;

use domain::RecipientKey;
use model::{Recipient, SecretRef, SecretText};
use source::{ItemKey, Place, Span};

/// A key of age.
pub(crate) const AGE: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
/// A key of SSH.
pub(crate) const SSH: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIkNwhcuCJsc6oD3QEFYfC/8qSl56NqEJAJ7Hmru/APR";
/// The same as a key of age.
pub(crate) const SSH_AS_AGE: &str = "age1cw2pgccs0kg0vnxtzcks9at6rnfpv095mzmxhleu2e9f5up765dqqnnxvc";

pub(crate) fn key(text: &str) -> RecipientKey {
    RecipientKey::parse(text).unwrap()
}

pub(crate) fn recipient(name: &str, text: &str) -> Recipient {
    let item = ItemKey::new(Arc::from("homelab.hl"), Arc::from("recipient"), 0);
    Recipient { name: name.to_owned(), key: key(text), place: Place::new(&item, Span::default()) }
}

pub(crate) fn text(secret: &str) -> SecretText {
    SecretText::of(SecretRef::whole(secret))
}
