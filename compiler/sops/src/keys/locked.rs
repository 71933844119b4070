//! Identities behind a passphrase.

use std::io::Read;
use std::iter::once;

use age::armor::ArmoredReader;
use age::secrecy::SecretString;
use age::ssh::EncryptedKey;
use age::{DecryptError, Decryptor, scrypt};
use zeroize::Zeroizing;

use super::identity::{Identity, lines, ssh_key};
use super::ssh;
use crate::error::{Error, Problem};

/// How much work a file may ask for: two to this power. age takes 18, which needs 256 MiB; this is a gigabyte.
const MOST_WORK: u8 = 20;

pub(super) struct Locked {
    source: String,
    kind: Kind,
    /// Whom it belongs to, where that is not encrypted, too.
    recipients: Vec<String>,
}

enum Kind {
    Ssh {
        identity: Box<age::ssh::Identity>,
        /// What it was read from.
        text: String,
    },
    /// Identities of age as an age file.
    File(Vec<u8>),
}

impl Locked {
    /// Whether a file is encrypted by age.
    pub(super) fn is_file(bytes: &[u8]) -> bool {
        bytes.starts_with(b"age-encryption.org/") || bytes.starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----")
    }

    pub(super) fn file(bytes: &[u8], source: &str) -> Self {
        Self { source: source.to_owned(), kind: Kind::File(bytes.to_vec()), recipients: Vec::new() }
    }

    pub(super) fn ssh(key: EncryptedKey, text: &str, source: &str) -> Self {
        let identity = age::ssh::Identity::from(key);
        let recipients = ssh::public(&identity).into_iter().collect();
        Self {
            source: source.to_owned(),
            kind: Kind::Ssh { identity: Box::new(identity), text: text.to_owned() },
            recipients,
        }
    }

    pub(super) fn recipients(&self) -> &[String] {
        &self.recipients
    }

    /// Unlocks it, with a passphrase that is asked for by the name of the file.
    pub(super) fn unlock(&self, ask: &dyn Fn(&str) -> Option<SecretString>) -> Result<Vec<Identity>, Error> {
        let passphrase = || ask(&self.source).ok_or_else(|| Error::new(Problem::NoPassphrase));
        match &self.kind {
            Kind::Ssh { identity, text } => {
                let (passphrase, mut found) = (passphrase()?, Vec::new());
                // The same with what it agrees with others by, where it has that.
                if let Some(text) = ssh::unlocked(text, &passphrase) {
                    ssh_key(&text, &self.source, &mut found)?;
                } else if let age::ssh::Identity::Encrypted(key) = &**identity {
                    let key = key.decrypt(passphrase).map_err(|_| Error::new(Problem::WrongPassphrase))?;
                    found.push(Identity::ssh(key.into(), None));
                }
                Ok(found)
            }
            Kind::File(bytes) => {
                let text = decrypted(bytes, passphrase)?;
                let mut found = Vec::new();
                lines(&text, &self.source, &mut found);
                if found.is_empty() { Err(Error::new(Problem::NoIdentities)) } else { Ok(found) }
            }
        }
    }
}

fn decrypted(
    bytes: &[u8],
    passphrase: impl FnOnce() -> Result<SecretString, Error>,
) -> Result<Zeroizing<String>, Error> {
    let bad = |what| Error::new(Problem::BadIdentity(what));
    let damaged = "the encrypted file of identities is damaged";
    let decryptor = Decryptor::new_buffered(ArmoredReader::new(bytes)).map_err(|_| bad(damaged))?;
    if !decryptor.is_scrypt() {
        return Err(bad("the file of identities is not encrypted with a passphrase"));
    }
    // age measures here how fast the machine is, for a limit that is replaced at once.
    let mut identity = scrypt::Identity::new(passphrase()?);
    identity.set_max_work_factor(MOST_WORK);
    let stream = decryptor.decrypt(once(&identity as &dyn age::Identity)).map_err(|error| match error {
        DecryptError::ExcessiveWork { .. } => bad("the file of identities asks for too much work"),
        _ => Error::new(Problem::WrongPassphrase),
    })?;
    // Never longer than what it was encrypted to, so the text does not move while it is read.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len()));
    stream.take(bytes.len() as u64).read_to_string(&mut text).map_err(|_| bad(damaged))?;
    Ok(text)
}
