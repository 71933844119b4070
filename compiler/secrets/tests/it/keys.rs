//! Keys of age for one test, and files for them.

use age::secrecy::ExposeSecret;
use domain::{Date, RecipientKey};
use secrets::{Error, Source};
use sops::keys::{Access, Identities};
use sops::{Outcome, Settings, Timestamp};
use zeroize::Zeroizing;

/// A key of age.
pub(crate) struct Key {
    identities: Identities,
    pub(crate) public: String,
}

impl Key {
    pub(crate) fn new() -> Self {
        let identity = age::x25519::Identity::generate();
        let mut identities = Identities::new();
        identities.add(identity.to_string().expose_secret().as_bytes(), "test").unwrap();
        Self { identities, public: identity.to_public().to_string() }
    }

    /// With this key alone.
    pub(crate) fn access(&self) -> Access<'_> {
        Access::new(&self.identities)
    }

    /// As the lab names it.
    pub(crate) fn recipient(&self) -> RecipientKey {
        RecipientKey::parse(&self.public).unwrap()
    }

    /// Opens a file of values.
    pub(crate) fn open(&self, text: &str) -> Result<Source, Error> {
        Source::open(text.as_bytes(), &self.access())
    }
}

/// A file for these keys, a while after the beginning.
pub(crate) fn settings(keys: &[&Key], seconds: u64) -> Settings<'static> {
    let recipients = keys.iter().map(|key| key.public.parse().unwrap());
    Settings::new(recipients, Timestamp::from_unix(1_700_000_000 + seconds))
}

pub(crate) fn today() -> Date {
    Date::parse("2026-05-22").unwrap()
}

/// Keeps a value, and says that it must work.
pub(crate) fn set(source: &mut Source, name: &str, value: &str) {
    let secret = secret(name);
    source.set(&secret, Zeroizing::new(value.to_owned()), None, today()).unwrap();
}

/// `name` or `name.key`.
pub(crate) fn secret(name: &str) -> model::SecretRef {
    match name.split_once('.') {
        Some((name, key)) => model::SecretRef::key(name, key),
        None => model::SecretRef::whole(name),
    }
}

/// The file as it is written by whom `by` belongs to; nothing where it need not be.
pub(crate) fn written(source: &mut Source, settings: &Settings<'_>, by: &Key) -> Option<String> {
    match source.update(settings, &by.access()).unwrap() {
        Outcome::Untouched => None,
        Outcome::New(new) => Some(new.text),
    }
}
